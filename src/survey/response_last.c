/* response_last.c - what the same respondent answered the time before. */
#include "survey/answer.h"

enum tk_rc tk_response_before(const struct tk_op *op, const struct tk_response *r, int64_t *ret)
{
	*ret = 0;
	return tk_db_int(
		op->db, op->e,
		"SELECT o.id FROM respondent o JOIN response s ON s.id = o.id JOIN campaign c ON "
		"c.id = o.campaign_id"
		" JOIN form_version v ON v.id = c.form_version_id JOIN campaign d ON d.id = $3"
		" JOIN form_version w ON w.id = d.form_version_id AND w.form_id = v.form_id"
		" WHERE (o.staff_id = $1 OR o.institution_id = $4)"
		" AND s.state IN ('submitted', 'accepted') AND c.follow_up_of IS NULL"
		" AND (c.fiscal_year < $2 OR (o.institution_id IS NOT NULL AND c.fiscal_year = $2 "
		"AND c.base_date < d.base_date))"
		" ORDER BY c.fiscal_year DESC, c.base_date DESC LIMIT 1",
		TK_ARGS(TK_I0(r->staff_id), TK_I(r->fiscal_year), TK_I(r->campaign_id),
			TK_I0(r->institution_id)),
		0, ret);
}

/* By code: the questionnaire may have another version now. */
static void take(const struct tk_response *old, struct tk_response *r, struct tk_arena *a)
{
	struct tk_xval *last = tk_alloc_n(a, r->form->nitem + 1, sizeof(*last));

	for (size_t i = 0; i < r->form->nitem; i++) {
		int k = tk_form_item_index(old->form, r->form->item[i].code);

		if (k >= 0)
			last[i] = tk_xstr(tk_answer_text(&old->form->item[k], &old->answer[k], a));
	}
	r->last = last;
}

enum tk_rc tk_response_last(const struct tk_op *op, struct tk_response *r)
{
	struct tk_response old = { 0 };
	struct tk_value v[3];
	bool found = false;
	int64_t id;
	enum tk_rc rc = tk_response_before(op, r, &id);

	if (rc == TK_OK && id)
		rc = tk_db_first(op->db, op->mem, op->e,
				 "SELECT c.form_version_id, s.answers, s.side FROM response s"
				 " JOIN campaign c ON c.id = s.campaign_id WHERE s.id = $1",
				 TK_ARGS(TK_I(id)), v, 3, &found);
	if (rc != TK_OK || !found || v[1].type != TK_V_BLOB)
		return rc;
	if ((rc = tk_form_get(op, v[0].i, &old.form)) != TK_OK)
		return rc;
	old.answer = tk_alloc_n(op->mem, old.form->nitem + 1, sizeof(*old.answer));
	old.kept = tk_alloc_n(op->mem, old.form->nitem + 1, sizeof(*old.kept));
	rc = tk_answer_unpack(op, &old, (const uint8_t *)v[1].s, v[1].n, v[2].s);
	if (rc == TK_OK)
		take(&old, r, op->mem);
	return rc;
}
