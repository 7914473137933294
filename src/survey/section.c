/* section.c - which sections there are, how far they are, who sees them. */
#include <cjson/cJSON.h>
#include <string.h>
#include "survey/form_view.h"
#include "survey/section.h"

const char *tk_section_code(const struct tk_form *f, int group)
{
	return group < 0 ? "general" : f->group[group].code;
}

/* -- what is stored ---------------------------------------------------------------------------- */
struct load {
	struct tk_arena *a;
	struct tk_section *v;
	size_t n;
	int64_t me;
};

static struct tk_section *find(struct load *l, const char *code)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].code, code))
			return &l->v[i];
	return NULL;
}

static enum tk_rc state_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct load *l = ctx;
	struct tk_section *s = find(l, col[0].s);

	(void)n;
	if (!s)
		return TK_OK;
	s->done = !strcmp(col[1].s, "done");
	s->done_by = tk_strdup(l->a, col[2].s);
	s->done_at = col[3].i;
	return TK_OK;
}

static enum tk_rc account_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct load *l = ctx;
	struct tk_section *s = find(l, col[0].s);
	struct tk_section_account *v;

	(void)n;
	if (!s)
		return TK_OK;
	v = tk_alloc_n(l->a, s->naccount + 1, sizeof(*v));
	if (s->naccount)
		memcpy(v, s->account, s->naccount * sizeof(*v));
	v[s->naccount++] = (struct tk_section_account){ col[1].i, tk_strdup(l->a, col[2].s) };
	s->account = v;
	s->mine |= col[1].i == l->me;
	return TK_OK;
}

static enum tk_rc load_stored(const struct tk_op *op, int64_t response_id, struct load *l)
{
	enum tk_rc rc = tk_db_run(op->db, op->e,
				  "SELECT section, state, done_name, done_at FROM section_state "
				  "WHERE response_id = $1",
				  TK_ARGS(TK_I(response_id)), state_row, l);

	return rc != TK_OK ? rc
			   : tk_db_run(op->db, op->e,
				       "SELECT x.section, a.id, a.name FROM section_account x JOIN "
				       "account a ON a.id = x.account_id WHERE x.response_id = $1 "
				       "AND a.deleted_at IS NULL ORDER BY a.id",
				       TK_ARGS(TK_I(response_id)), account_row, l);
}

/* -- how far they are -------------------------------------------------------------------------- */
static void count(const struct tk_op *op, const struct tk_response *r, const struct tk_xval *slot,
		  struct tk_section *s)
{
	for (size_t i = 0; i < r->form->nitem; i++) {
		const struct tk_item *it = &r->form->item[i];

		if (tk_view_section(r->form, it->group) != s->group || it->silent)
			continue;
		s->asked += r->answer[i].state != TK_ANSWER_NOT_ASKED;
		s->answered += r->answer[i].state > TK_ANSWER_NO_ANSWER;
		s->missing += r->answer[i].state == TK_ANSWER_NO_ANSWER &&
			      tk_answer_needed(r, i, slot, op->mem);
	}
}

static bool has_items(const struct tk_response *r, int group)
{
	for (size_t i = 0; i < r->form->nitem; i++)
		if (tk_view_section(r->form, r->form->item[i].group) == group &&
		    !r->form->item[i].silent && tk_response_possible(r, i))
			return true;
	return false;
}

static void list(const struct tk_op *op, const struct tk_response *r, struct load *l)
{
	const struct tk_form *f = r->form;
	const struct tk_xval *slot = tk_answer_slots(r, op->mem);
	enum tk_lang lang = op->who->lang;

	l->a = op->mem;
	l->me = op->who->account_id;
	l->v = tk_alloc_n(op->mem, f->ngroup + 1, sizeof(*l->v));
	for (int g = -1; g < (int)f->ngroup; g++) {
		struct tk_section *s = &l->v[l->n];

		if (!has_items(r, g))
			continue;
		*s = (struct tk_section){
			.code = tk_section_code(f, g),
			.group = g,
			.label = g < 0 ? tk_in(lang, f->title_ja, f->title_en)
				       : tk_in(lang, f->group[g].label_ja, f->group[g].label_en),
		};
		count(op, r, slot, s);
		l->n++;
	}
}

static bool sees_all(const struct tk_op *op, const struct tk_response *r)
{
	return op->who->system || !r->institution_id ||
	       (op->who->coordinator && op->who->institution_id == r->institution_id);
}

enum tk_rc tk_sections(const struct tk_op *op, const struct tk_response *r,
		       struct tk_section **ret, size_t *n)
{
	struct load l = { 0 };
	size_t kept = 0;
	enum tk_rc rc;

	list(op, r, &l);
	rc = load_stored(op, r->id, &l);
	for (size_t i = 0; i < l.n; i++)
		if (sees_all(op, r) || l.v[i].mine)
			l.v[kept++] = l.v[i];
	*ret = l.v;
	*n = kept;
	return rc;
}

/* -- the mask ---------------------------------------------------------------------------------- */
static void allow(const struct tk_form *f, const struct tk_section *s, bool *see, bool *write)
{
	for (size_t i = 0; i < f->nitem; i++) {
		if (tk_view_section(f, f->item[i].group) != s->group)
			continue;
		if (see)
			see[i] = true;
		if (write)
			write[i] = !s->done;
	}
}

enum tk_rc tk_panel_mask(const struct tk_op *op, const struct tk_response *r, bool *may_see,
			 bool *may_write)
{
	size_t nitem = r->form->nitem, n = 0;
	bool all = sees_all(op, r);
	struct tk_section *s;
	enum tk_rc rc;

	for (size_t i = 0; i < nitem; i++) {
		if (may_see)
			may_see[i] = all;
		if (may_write)
			may_write[i] = all;
	}
	if (all || op->who->institution_id != r->institution_id)
		return TK_OK;
	rc = tk_sections(op, r, &s, &n);
	for (size_t k = 0; k < n && rc == TK_OK; k++)
		allow(r->form, &s[k], may_see, may_write);
	return rc;
}

void tk_panel_hide(struct tk_response *r, const bool *may_see)
{
	for (size_t i = 0; i < r->form->nitem; i++)
		if (!may_see[i])
			r->answer[i] = r->kept[i] = (struct tk_ans){ 0 };
}

enum tk_rc tk_panel_may_write(const struct tk_op *op, const struct tk_response *r,
			      const cJSON *answers)
{
	bool *see = tk_alloc_n(op->mem, r->form->nitem + 1, sizeof(*see)),
	     *write = tk_alloc_n(op->mem, r->form->nitem + 1, sizeof(*write));
	const cJSON *o;
	enum tk_rc rc = tk_panel_mask(op, r, see, write);

	if (rc != TK_OK)
		return rc;
	cJSON_ArrayForEach(o, answers) {
		int i = o->string ? tk_form_item_index(r->form, o->string) : -1;

		if (i < 0 || write[i])
			continue;
		if (see[i])
			return tk_fail(op->e, TK_ECONFLICT, o->string,
				       N_("%s: this section is marked as done. Open it again "
					  "first."),
				       o->string);
		return tk_fail(op->e, TK_EPERM, o->string,
			       N_("%s belongs to a section that is not given to you."), o->string);
	}
	return TK_OK;
}
