/* position.c - whether there is a sheet, and its parts put together. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "publish/position_int.h"

/* -- what all sheets share --------------------------------------------------------------------- */
enum tk_rc tk_position_ready(const struct tk_op *op, int64_t campaign_id, struct campaign *c,
			     struct publication *p)
{
	struct tk_who program = tk_who_system(op->who->name, op->who->source, op->e->lang);
	struct tk_op as = { op->db, op->mem, &program, op->e };
	enum tk_rc rc;

	*c = (struct campaign){ 0 };
	*p = (struct publication){ 0 };
	rc = tk_rec_load(&as, &tk_campaign_type, campaign_id, c);
	if (rc == TK_OK && !tk_campaign_asks_panel(c))
		return tk_fail(op->e, TK_ENOTFOUND, NULL,
			       N_("There are position sheets only for surveys of institutions."));
	if (rc == TK_OK)
		rc = tk_publication_newest(&as, campaign_id, p);
	/* the difference of two states would be the answers that changed */
	if (rc == TK_OK && (strcmp(c->state, "closed") != 0 || c->closed_at > p->published_at))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("The survey was opened again after it had been published. Close "
				  "it and publish a new edition first."));
	return rc;
}

static void closed(void *ps)
{
	tk_positions_close(ps);
}

enum tk_rc tk_positions_open(const struct tk_op *op, int64_t campaign_id, struct tk_positions **ret)
{
	struct tk_positions *ps = tk_alloc(op->mem, sizeof(*ps));
	struct tk_op as = { op->db, op->mem, &ps->program, op->e };
	enum tk_rc rc;

	ps->program = tk_who_system(op->who->name, op->who->source, op->e->lang);
	if ((rc = tk_position_ready(op, campaign_id, &ps->c, &ps->p)) != TK_OK ||
	    (rc = tk_disclose(&as, &ps->p, &ps->c, op->e->lang, &ps->d)) != TK_OK ||
	    (rc = tk_live_get(&as, campaign_id, &ps->l)) != TK_OK)
		return rc;
	tk_on_free(op->mem, closed, ps);
	ps->min_cell = ps->d.rule.k;
	ps->measure = tk_position_measures(ps->l->form, op->mem);
	*ret = ps;
	rc = tk_side_get(&as, ps->l, &ps->side);
	return rc;
}

void tk_positions_close(struct tk_positions *ps)
{
	if (ps)
		tk_live_put(ps->l);
}

/* -- one sheet --------------------------------------------------------------------------------- */
static int by_id(const void *key, const void *p)
{
	int64_t x = *(const int64_t *)key, y = ((const struct tk_live_person *)p)->id;

	return (x > y) - (x < y);
}

/* Where the reader stands among those who are counted. */
static enum tk_rc find(const struct tk_op *op, struct tk_position *s)
{
	const struct tk_live *l = s->ps->l;
	const struct tk_live_person *p =
		l->nperson ? bsearch(&s->r->id, l->person, l->nperson, sizeof(*p), by_id) : NULL;
	struct tk_plane_key key;
	const uint8_t *answers;

	if (!p || p->state != TK_LIVE_SUBMITTED || !tk_response_counts(s->r->state) ||
	    !tk_plane_get(l->plane, (uint32_t)(p - l->person), &key, &answers))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("There is a position sheet only for institutions whose answers "
				  "were submitted."));
	s->person = (uint32_t)(p - l->person);
	s->sector = key.bureau;
	return TK_OK;
}

/* How many answered, and whether they are enough others. */
static void strata(struct tk_position *s)
{
	const struct tk_live *l = s->ps->l;

	for (size_t i = 0; i < l->nperson; i++) {
		if (l->person[i].state != TK_LIVE_SUBMITTED)
			continue;
		s->answered[ALL]++;
		s->answered[SECTOR] += l->kind[l->person[i].kind].key.bureau == s->sector;
	}
	for (int k = 0; k < NSTRATUM; k++)
		s->shown[k] = s->answered[k] - 1 >= s->ps->p.min_position;
}

/* Choices and numbers that were asked of the reader, as a person answers them. */
static bool belongs(const struct tk_item *it, const struct tk_ans *x)
{
	return !it->silent && !it->rank && x->state != TK_ANSWER_NOT_ASKED &&
	       (it->q == TK_Q_SINGLE || it->q == TK_Q_MULTI ? it->noption > 0
							    : it->q == TK_Q_NUMBER ||
								      it->q == TK_Q_DECIMAL);
}

static void items(const struct tk_op *op, struct tk_position *s)
{
	const struct tk_form *f = s->r->form;

	s->item = tk_alloc_n(op->mem, f->nitem + 1, sizeof(*s->item));
	for (size_t i = 0; i < f->nitem; i++)
		if (belongs(&f->item[i], &s->r->answer[i]))
			s->item[s->nitem++] = (struct tk_position_item){
				.item = &f->item[i], .at = i, .own = &s->r->answer[i]
			};
}

static enum tk_rc names(const struct tk_op *op, struct tk_position *s, enum tk_lang lang)
{
	struct tk_value v[3];
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT r.institution_code, r.name, i.name_en FROM respondent r"
				    " LEFT JOIN institution i ON i.id = r.institution_id"
				    " WHERE r.id = $1", TK_ARGS(TK_I(s->r->id)), v, 3, &found);

	if (rc == TK_OK) {
		s->code = v[0].s;
		s->institution = tk_in(lang, v[1].s, v[2].s);
	}
	return rc;
}

enum tk_rc tk_position_make(const struct tk_op *op, struct tk_positions *ps, int64_t respondent_id,
			    enum tk_lang lang, struct tk_position *ret)
{
	struct tk_response *r = tk_alloc(op->mem, sizeof(*r));
	enum tk_rc rc = tk_response_of(op, respondent_id, r);

	*ret = (struct tk_position){ .ps = ps, .r = r };
	if (rc == TK_OK && (r->campaign_id != ps->c.rec.id || !r->institution_id))
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such respondent."));
	if (rc != TK_OK || (rc = find(op, ret)) != TK_OK || (rc = names(op, ret, lang)) != TK_OK)
		return rc;
	strata(ret);
	items(op, ret);
	rc = tk_position_guard(op, ret);
	return rc == TK_OK ? tk_position_spreads(op, ret) : rc;
}

enum tk_rc tk_position_page(const struct tk_op *op, struct tk_positions *ps, int64_t respondent_id,
			    enum tk_lang lang, struct tk_buf *out)
{
	struct tk_position s;
	enum tk_rc rc = tk_position_make(op, ps, respondent_id, lang, &s);

	return rc == TK_OK ? tk_position_html(op, &s, lang, out) : rc;
}
