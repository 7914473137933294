/* table_before.c - a declared table beside an earlier survey: a campaign, or what was published.
 *
 * Only questions that are the same, or reworded, are compared, and only conditions that name such
 * questions can choose whom the earlier figures are about; all else stays empty, and a note says
 * why.  Each side has its own base.  Matched: only those who submitted in both. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "table/published.h"
#include "table/table_figure.h"

/* -- matched panel ----------------------------------------------------------------------------- */
struct matching {
	struct tk_arena *a;
	struct tk_matched *m;
	size_t cap;
};

static enum tk_rc on_pair(void *ctx, const struct tk_value *col, size_t n)
{
	struct matching *k = ctx;
	struct tk_matched *m = k->m;

	(void)n;
	if (m->n == k->cap) {
		size_t cap = k->cap ? k->cap * 2 : 256;
		int64_t *v = tk_alloc_n(k->a, cap, sizeof(*v));

		if (m->n)
			memcpy(v, m->id, m->n * sizeof(*v));
		m->id = v;
		k->cap = cap;
	}
	m->id[m->n++] = col[0].i;
	return TK_OK;
}

static enum tk_rc matched(
	const struct tk_op *op, int64_t of, int64_t with, bool panel,
	const struct tk_matched **ret)
{
	struct tk_matched *m = tk_alloc(op->mem, sizeof(*m));
	struct matching k = {op->mem, m, 0};

	*ret = m;
	return panel ? tk_db_run(op->db, op->e,
			       "SELECT a.id FROM respondent a JOIN respondent b ON "
			       "b.institution_id = a.institution_id AND b.campaign_id = $2"
			       " JOIN response x ON x.id = a.id JOIN response y ON y.id = b.id"
			       " WHERE a.campaign_id = $1 AND x.state IN('submitted', 'accepted')"
			       " AND y.state IN('submitted', 'accepted') ORDER BY a.id",
			       TK_ARGS(TK_I(of), TK_I(with)), on_pair, &k)
		     : tk_db_run(op->db, op->e,
			       "SELECT a.id FROM respondent a JOIN respondent b ON b.staff_id = "
			       "a.staff_id AND b.campaign_id = $2"
			       " JOIN response x ON x.id = a.id JOIN response y ON y.id = b.id"
			       " WHERE a.campaign_id = $1 AND x.state = 'submitted'"
			       " AND y.state = 'submitted' ORDER BY a.id",
			       TK_ARGS(TK_I(of), TK_I(with)), on_pair, &k);
}

/* -- another campaign -------------------------------------------------------------------------- */
static void not_compared(struct tk_survey_job *s, const char *what, const char *why)
{
	tk_table_note(s->j, tk_say(s->op->mem, s->lang, N_("%s: not compared (%s)."), what, why));
}

/* Counts the same table in the other campaign; its figures meet the table's by their codes. */
static enum tk_rc count_other(struct tk_survey_job *s, const struct campaign *c)
{
	struct tk_survey_job *b = tk_alloc(s->op->mem, sizeof(*b));
	struct tk_table_job *j = tk_alloc(s->op->mem, sizeof(*j));
	const struct tk_form *later, *earlier;
	struct tk_err *e = s->op->e;
	enum tk_rc rc;

	*j = *s->j;
	j->c = c;
	j->t = tk_alloc(s->op->mem, sizeof(*j->t));
	j->note = tk_alloc_n(s->op->mem, TK_TABLE_NOTES, sizeof(*j->note));
	j->t->shape = tk_is_blank(s->by) ? TK_TABLE_LONG : TK_TABLE_WIDE;
	*b = *s;
	b->j = j;
	b->notes = s;
	if ((rc = tk_form_get(s->op, s->j->c->form_version_id, &later)) != TK_OK ||
		(rc = tk_form_get(s->op, c->form_version_id, &earlier)) != TK_OK ||
		(rc = tk_item_links(s->op, earlier, later, &b->link)) != TK_OK ||
		(s->j->ask->matched && (rc = matched(s->op, c->rec.id, s->j->c->rec.id,
						tk_campaign_asks_panel(c), &b->matched)) != TK_OK))
		return rc;
	b->later = later;
	if ((rc = tk_live_get(s->op, c->rec.id, &b->l)) != TK_OK)
		return rc;
	rc = tk_survey_count(b);
	if (rc == TK_OK && b->nwant)
		s->before_base = tk_figures_base(b);
	tk_live_put(b->l);
	if (rc == TK_EINVAL) { /* it does not fit the other campaign: say so, and go on without */
		not_compared(s, tk_in(s->lang, c->title_ja, c->title_en), e->msg);
		*e = (struct tk_err){.lang = e->lang};
		return TK_OK;
	}
	s->before = rc == TK_OK ? b : NULL;
	return rc;
}

static enum tk_rc other_campaign(struct tk_survey_job *s, const char *name)
{
	struct tk_who system = tk_who_system("tenken", s->op->who->source, s->op->who->lang);
	struct tk_op op = *s->op;
	struct campaign *c = tk_alloc(s->op->mem, sizeof(*c));
	enum tk_rc rc;

	op.who = &system;
	rc = tk_campaign_find(&op, name, c);
	if (rc == TK_ENOTFOUND)
		return tk_fail(s->op->e, TK_EINVAL, "with", N_("There is no campaign \"%.60s\"."),
			name);
	if (rc != TK_OK)
		return rc;
	if (c->rec.id == s->j->c->rec.id ||
		tk_campaign_asks_panel(c) != tk_campaign_asks_panel(s->j->c))
		return tk_fail(s->op->e, TK_EINVAL, "with",
			N_("Name another campaign that asks the same kind of respondents."));
	s->before_title = tk_in(s->lang, c->title_ja, c->title_en);
	if (s->j->ask->matched) {
		tk_table_note(s->j,
			tk_tr(s->lang, N_("Matched: only those who submitted in both surveys.")));
		rc = matched(s->op, s->j->c->rec.id, c->rec.id, tk_campaign_asks_panel(c),
			&s->matched);
	}
	return rc == TK_OK ? count_other(s, c) : rc;
}

/* -- what was published ------------------------------------------------------------------------ */
static enum tk_rc published(struct tk_survey_job *s, const char *wave)
{
	const char *found;
	enum tk_rc rc = tk_published_list(s->op, s->def.rec.id, wave, &s->published, &s->npublished,
		&found);

	if (rc == TK_OK && !found)
		return tk_fail(s->op->e, TK_EINVAL, "with",
			N_("No published figures of this table are recorded."));
	s->before_title = found;
	return rc;
}

enum tk_rc tk_before_take(struct tk_survey_job *s)
{
	const char *with = s->j->ask->with;
	size_t n = strlen("published");

	if (tk_is_blank(with)) {
		if (s->j->ask->matched)
			return tk_fail(s->op->e, TK_EINVAL, "matched",
				N_("Name the campaign to be matched with."));
		return TK_OK;
	}
	if (!strcmp(s->def.kind, "panel") || !strcmp(s->def.kind, "numbers"))
		return tk_fail(s->op->e, TK_EINVAL, "with",
			N_("Only tables of choices are compared."));
	s->comparing = true;
	if (!strncmp(with, "published", n) && (!with[n] || with[n] == ':'))
		return published(s, with[n] ? with + n + 1 : NULL);
	return other_campaign(s, with);
}

/* -- cells ------------------------------------------------------------------------------------- */
struct tk_was tk_before_of(const struct tk_survey_job *s, const char *figure, const char *option)
{
	const struct tk_survey_job *b = s->before;
	size_t w = 0, k = 0;

	for (size_t i = 0; i < s->npublished; i++) {
		const struct tk_published *p = &s->published[i];

		if (!strcmp(p->series, figure) && !strcmp(p->option, option))
			return (struct tk_was){true, p->count, p->base, p->share};
	}
	while (b && w < b->nwant && strcmp(b->figure[w].code, figure) != 0)
		w++;
	while (b && k < b->noption && strcmp(b->option[k].code, option) != 0)
		k++;
	if (!b || w == b->nwant || k == b->noption || b->figure[w].count[k] < 0)
		return (struct tk_was){.count = -1, .share = TK_SHARE_NONE};
	return (struct tk_was){
		true, b->figure[w].count[k], b->figure[w].n, b->figure[w].share[k]};
}

/* The item of the earlier version; -1 (with a note): it is not compared. */
int tk_before_item(struct tk_survey_job *b, const char *code)
{
	int at = tk_form_item_index(b->later, code);
	const struct tk_item_link *link = at < 0 ? NULL : &b->link[at];

	if (link && link->from >= 0) {
		if (!strcmp(link->kind, "reworded"))
			tk_table_note(b->notes->j,
				tk_say(b->op->mem, b->lang,
					N_("%s: reworded since the earlier survey."), code));
		return link->from;
	}
	not_compared(b->notes, code, link ? tk_item_link_label(b->lang, link->kind) : "－");
	return -1;
}

/* May this condition be asked of the earlier answers as it stands? */
bool tk_before_condition(struct tk_survey_job *b, const char *text)
{
	struct tk_expr *x;
	const char *const *name;
	size_t n;

	if (tk_is_blank(text) || tk_expr_parse(b->op->mem, text, &x, NULL) != TK_OK)
		return true;
	name = tk_expr_names(x, &n);
	for (size_t i = 0; i < n; i++) {
		int at = tk_form_item_index(b->later, name[i]);

		if (at < 0) /* about respondents */
			continue;
		if (b->link[at].from < 0 ||
			strcmp(b->l->form->item[b->link[at].from].code, name[i]) != 0) {
			not_compared(b->notes, name[i],
				tk_item_link_label(b->lang, b->link[at].kind));
			return false;
		}
	}
	return true;
}
