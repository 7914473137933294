/* table_coded.c - free text by the codes a reviewer has given (coding.h): groups, then codes. */
#include <string.h>
#include "table/coding.h"
#include "table/table_figure.h"

struct given {
	struct tk_survey_job *s;
	const char *item;
	size_t index;		/* of the item */
	const char **codes;	/* by person; NULL: none that fit the answer */
	int64_t stale;
	uint32_t at;
};

static enum tk_rc on_coding(void *ctx, const struct tk_value *col, size_t n)
{
	struct given *g = ctx;
	const struct tk_live *l = g->s->l;

	(void)n;
	while (g->at < l->nperson && l->person[g->at].id < col[0].i)
		g->at++;
	if (g->at == l->nperson || l->person[g->at].id != col[0].i)
		return TK_OK;
	if (!strcmp(col[2].s, tk_coding_digest(g->s->op->mem,
				      tk_side_text(g->s->side, g->at, g->index))))
		g->codes[g->at] = tk_strdup(g->s->op->mem, col[1].s);
	else
		g->stale++;
	return TK_OK;
}

struct counting {
	const struct given *g;
	const struct tk_code *code;
	size_t n;
	int64_t *count, uncoded;
	struct tk_members *who; /* by code */
};

static void on_person(void *ctx, uint32_t index)
{
	struct counting *c = ctx;
	const char *codes = c->g->codes[index];

	c->uncoded += !codes;
	for (size_t k = 0; codes && k < c->n; k++)
		if (tk_coded_as(codes, &c->code[k])) {
			c->count[k]++;
			tk_members_add(&c->who[k], index);
		}
}

static enum tk_rc read_codings(struct tk_survey_job *s, struct given *g)
{
	enum tk_rc rc = tk_side_get(s->op, s->l, &s->side);

	if (rc != TK_OK)
		return rc;
	return tk_db_run(s->op->db, s->op->e,
		"SELECT respondent_id, codes, text_digest FROM coding WHERE campaign_id = $1 AND "
		"item = $2 AND deleted_at IS NULL ORDER BY respondent_id",
		TK_ARGS(TK_I(s->l->campaign_id), TK_S(g->item)), on_coding, g);
}

static void notes(struct tk_survey_job *s, int64_t uncoded, int64_t stale)
{
	if (uncoded)
		tk_table_note(s->j, tk_say(s->op->mem, s->lang, N_("Not coded yet: %lld answers."),
					    (long long)uncoded));
	if (stale)
		tk_table_note(s->j, tk_say(s->op->mem, s->lang,
					    N_("Changed after they were coded, to be looked at "
					       "again: %lld answers."),
					    (long long)stale));
}

/* Codes stand in from their group. */
static const char *below(struct tk_survey_job *s, const struct tk_code *c, const char *label)
{
	return c->group || !label ? label : tk_sprintf(s->op->mem, "　%s", label);
}

enum tk_rc tk_figures_coded(struct tk_survey_job *s)
{
	struct given g = {.s = s, .index = (size_t)s->want[0].item};
	const struct tk_code *code;
	size_t n;
	int64_t form = 0, uncoded = 0;
	enum tk_rc rc;

	for (size_t w = 1; w < s->nwant; w++)
		if (s->want[w].item != s->want[0].item)
			return tk_fail(s->op->e, TK_EINVAL, "items",
				N_("A table of coded answers is about one question."));
	g.item = s->l->form->item[g.index].code;
	g.codes = tk_alloc_n(s->op->mem, s->l->nperson + 1, sizeof(*g.codes));
	rc = tk_db_int(s->op->db, s->op->e, "SELECT form_id FROM form_version WHERE id = $1",
		TK_ARGS(TK_I(s->l->form->id)), 0, &form);
	if (rc != TK_OK || (rc = tk_codes(s->op, form, g.item, &code, &n)) != TK_OK)
		return rc;
	if (!n)
		return tk_fail(s->op->e, TK_EINVAL, "items",
			N_("There are no codes for item %s yet."), g.item);
	if ((rc = read_codings(s, &g)) != TK_OK)
		return rc;
	s->option = tk_alloc_n(s->op->mem, n + 1, sizeof(*s->option));
	for (size_t k = 0; k < n; k++)
		s->option[k] = (struct tk_option){.code = code[k].code,
			.label_ja = below(s, &code[k], code[k].label_ja),
			.label_en = below(s, &code[k], code[k].label_en)};
	s->noption = n;
	s->multi = true;
	for (size_t w = 0; w < s->nwant && rc == TK_OK; w++) {
		struct counting c = {&g, code, n, NULL, 0, NULL};

		c.count = tk_alloc_n(s->op->mem, n + 1, sizeof(*c.count));
		c.who = tk_alloc_n(s->op->mem, n + 1, sizeof(*c.who));
		for (size_t k = 0; k < n; k++)
			c.who[k] = tk_members_new(s->op->mem, s->l->nperson);
		rc = tk_filter_each(s->base[w], s->l->plane, on_person, &c, s->op->e);
		s->figure[w].count = c.count;
		tk_figure_chosen(&s->figure[w], c.who, n, s->op->mem);
		uncoded = c.uncoded > uncoded ? c.uncoded : uncoded;
	}
	notes(s, uncoded, g.stale);
	return rc;
}
