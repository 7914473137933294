/* request_rule.c - what the registers of requests share. */
#include <string.h>
#include "base/clock.h"
#include "request/request_in.h"

const struct tk_choice tk_conf_grades[] = {
	{ "3", N_("Confidentiality 3") }, { "2", N_("Confidentiality 2") },
	{ "1", N_("Confidentiality 1") }, { 0 },
};
const struct tk_choice tk_integ_grades[] = {
	{ "2", N_("Integrity 2") }, { "1", N_("Integrity 1") }, { 0 },
};
const struct tk_choice tk_avail_grades[] = {
	{ "2", N_("Availability 2") }, { "1", N_("Availability 1") }, { 0 },
};
const char *const tk_alias_conf[] = { "機密性", "機密性の格付け", NULL };
const char *const tk_alias_integ[] = { "完全性", "完全性の格付け", NULL };
const char *const tk_alias_avail[] = { "可用性", "可用性の格付け", NULL };
const char *const tk_alias_handling[] = { "取扱制限", "その他の取扱制限", NULL };

enum tk_rc tk_request_own(const struct tk_op *op, const struct tk_rtype *t, void *rec)
{
	int64_t requester = tk_get_by(t, rec, "requester_staff_id").i, division = 0;
	enum tk_rc rc;

	if (op->who->system || !requester)
		return TK_OK;
	if (tk_get_by(t, rec, "owner_staff_id").type == TK_V_NULL)
		tk_set_by(t, rec, "owner_staff_id", TK_I(requester));
	rc = tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
		       TK_ARGS(TK_I(requester)), 0, &division);
	if (rc == TK_OK && division)
		tk_set_by(t, rec, "division_id", TK_I(division));
	return rc;
}

void tk_request_day(const struct tk_op *op, const struct tk_rtype *t, void *rec)
{
	struct tk_value v = tk_get_by(t, rec, "requested_on");
	struct tk_date d;

	if (v.type == TK_V_NULL)
		tk_set_by(t, rec, "requested_on", v = TK_S(tk_today_iso(op->mem)));
	if (tk_date_from_iso(v.s, &d))
		tk_set_by(t, rec, "fiscal_year", TK_I(tk_fiscal_year(d)));
}

enum tk_rc tk_request_period(const struct tk_op *op, const struct tk_rtype *t, void *rec)
{
	struct tk_value from = tk_get_by(t, rec, "from_on"), to = tk_get_by(t, rec, "to_on");

	if (from.s && to.s && strcmp(to.s, from.s) < 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The last day is before the first."));
	tk_set_by(t, rec, "due_on", to);
	return TK_OK;
}

enum tk_rc tk_grades_check(const struct tk_op *op, const struct handling *h, bool paper,
			   const char *paper_text)
{
	const char *given = h->integ_grade ? "integ_grade" : h->avail_grade ? "avail_grade" : NULL;
	const char *none = !h->integ_grade ? "integ_grade" : !h->avail_grade ? "avail_grade" : NULL;

	if (paper && given)
		return tk_fail(op->e, TK_EINVAL, given,
			       N_("%s has no grades of integrity and availability. Leave them "
				  "empty."), tk_tr(op->e->lang, paper_text));
	if (!paper && none)
		return tk_fail(op->e, TK_EINVAL, none,
			       N_("Choose the grades of integrity and availability. Only paper "
				  "has none."));
	return TK_OK;
}

enum tk_rc tk_request_stamp(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			    const struct tk_stamp *s, size_t n)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };
	void *rec = tk_alloc(op->mem, t->size);
	enum tk_rc rc;

	w.system = true;                /* the move was permitted; this goes with it */
	if ((rc = tk_rec_load(&as, t, id, rec)) != TK_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		tk_set_by(t, rec, s[i].field, s[i].v);
	return tk_rec_update(&as, t, rec, -1);
}

enum tk_rc tk_request_decides(const struct tk_op *op, int64_t division_id, bool *ret)
{
	int64_t bureau = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT bureau_id FROM division WHERE id = $1",
				  TK_ARGS(TK_I(division_id)), 0, &bureau);

	*ret = division_id && tk_who_may(op->who, TK_P_REQUEST_APPROVE, division_id, bureau);
	return rc;
}

enum tk_rc tk_request_push(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			   const char *action, const char *comment)
{
	struct tk_who w = *op->who;
	struct tk_op as = { op->db, op->mem, &w, op->e };

	w.system = true;
	w.staff_id = 0;                 /* it is the rule that moves, not the person */
	return tk_life_move(&as, t, id, action, comment);
}
