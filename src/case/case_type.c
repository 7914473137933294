/* case_type.c - the declared types of case: lookup, check, diagram. */
#include <string.h>
#include "case/life.h"

static const struct tk_case_type *const *all;
static size_t nall;

void tk_case_types_set(const struct tk_case_type *const *types, size_t n)
{
	all = types;
	nall = n;
	tk_life_hooks = (struct tk_life_hooks){ tk_life_check, tk_life_saved,
						  tk_life_attach };
}

const struct tk_case_type *tk_case_type_by_name(const char *name)
{
	for (size_t i = 0; i < nall; i++)
		if (!strcmp(all[i]->name, name))
			return all[i];
	return NULL;
}

size_t tk_case_types(const struct tk_case_type *const **ret)
{
	*ret = all;
	return nall;
}

/* Is id one of the blank-separated words of list? */
static bool among(const char *list, const char *id)
{
	size_t n = strlen(id);

	for (const char *s = list; s && *s; s += strcspn(s, " "), s += *s == ' ')
		if (!strncmp(s, id, n) && (s[n] == ' ' || !s[n]))
			return true;
	return false;
}

bool tk_case_is_closed(const struct tk_case_type *t, const char *state)
{
	return among(t->closed, state);
}

bool tk_case_is_editable(const struct tk_case_type *t, const char *state)
{
	return t->editable ? among(t->editable, state) : !tk_case_is_closed(t, state);
}

static const struct tk_choice *state_of(const struct tk_case_type *t, const char *id)
{
	for (const struct tk_choice *s = t->state; s->id; s++)
		if (!strcmp(s->id, id))
			return s;
	return NULL;
}

const char *tk_case_state_label(const struct tk_case_type *t, const char *state, enum tk_lang lang)
{
	const struct tk_choice *s = t ? state_of(t, state) : NULL;

	return s ? tk_tr(lang, s->label) : state;
}

const char *tk_case_action_label(const struct tk_case_type *t, const char *action,
				 enum tk_lang lang)
{
	if (!strcmp(action, "open"))
		return tk_tr(lang, N_("Opened"));
	if (!strcmp(action, "change"))
		return tk_tr(lang, N_("Owner or due date changed"));
	if (!strcmp(action, "comment"))
		return tk_tr(lang, N_("Comment"));
	if (!strcmp(action, "hand_over"))
		return tk_tr(lang, N_("Handed over"));
	for (const struct tk_case_transition *x = t ? t->transition : NULL; x && x->from; x++)
		if (!strcmp(x->action, action))
			return tk_tr(lang, x->label);
	return action;
}

static enum tk_rc broken(const struct tk_case_type *t, const char *what, const char *name,
			 struct tk_err *e)
{
	return tk_fail(e, TK_EINTERNAL, name, N_("The case type %s is declared wrongly: %s (%s)."),
		       t->name, what, name);
}

static bool reached(const struct tk_case_type *t, const char *state)
{
	for (const struct tk_case_transition *x = t->transition; x->from; x++)
		if (!strcmp(x->to, state) && strcmp(x->from, state) != 0)
			return true;
	return !strcmp(t->state[0].id, state);
}

/* The first word of list that is no state; NULL: all are. */
static const char *no_state(const struct tk_case_type *t, const char *list)
{
	static _Thread_local char word[64];

	for (const char *s = list; s && *s; s += strcspn(s, " "), s += *s == ' ') {
		size_t n = strcspn(s, " ");

		if (n >= sizeof(word))
			n = sizeof(word) - 1;
		memcpy(word, s, n);
		word[n] = '\0';
		if (!state_of(t, word))
			return word;
	}
	return NULL;
}

enum tk_rc tk_case_type_check(const struct tk_case_type *t, struct tk_err *e)
{
	for (const struct tk_case_transition *x = t->transition; x->from; x++) {
		if (!state_of(t, x->from))
			return broken(t, "unknown state", x->from, e);
		if (!state_of(t, x->to))
			return broken(t, "unknown state", x->to, e);
		for (const struct tk_case_transition *y = x + 1; y->from; y++)
			if (!strcmp(x->from, y->from) && !strcmp(x->action, y->action))
				return broken(t, "action stands twice", x->action, e);
	}
	if (no_state(t, t->closed))
		return broken(t, "unknown state among the closed", no_state(t, t->closed), e);
	if (no_state(t, t->editable))
		return broken(t, "unknown state among the editable", no_state(t, t->editable), e);
	for (const struct tk_choice *s = t->state; s->id; s++)
		if (!reached(t, s->id))
			return broken(t, "state is never reached", s->id, e);
	return TK_OK;
}

void tk_case_diagram(const struct tk_case_type *t, enum tk_lang lang, struct tk_buf *b)
{
	tk_buf_str(b, "stateDiagram-v2\n");
	for (const struct tk_choice *s = t->state; s->id; s++)
		tk_buf_fmt(b, "    state \"%s\" as %s\n", tk_tr(lang, s->label), s->id);
	tk_buf_fmt(b, "    [*] --> %s\n", t->state[0].id);
	for (const struct tk_case_transition *x = t->transition; x->from; x++)
		tk_buf_fmt(b, "    %s --> %s : %s (%s)%s\n", x->from, x->to, tk_tr(lang, x->label),
			   tk_perm_code(x->perm),
			   x->flags & TK_CASE_COMMENT ? tk_tr(lang, N_(", with a reason")) : "");
	for (const struct tk_choice *s = t->state; s->id; s++)
		if (tk_case_is_closed(t, s->id))
			tk_buf_fmt(b, "    %s --> [*]\n", s->id);
}
