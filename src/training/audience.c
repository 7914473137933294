/* audience.c - who ought to attend, who has, and the recommendation to others (EDU-05, EDU-06).
 *
 * The rule: the staff of the audience in office on the base date of the fiscal year.  Who joins
 * later or has left by then is in neither number; one person counts once. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "job/outbox.h"
#include "job/template.h"
#include "training/training_in.h"

/* $1 course */
#define MEANT                                                                                      \
	"(c.audience = 'all_staff' OR (c.audience = 'newcomers' AND s.joined_on >= "               \
	"c.audience_since) OR (c.audience = 'system_divisions' AND d.owns_system = 1))"
#define BASE_DATE                                                                                  \
	"COALESCE((SELECT COALESCE(y.base_date, y.ends_on) FROM fiscal_year y WHERE "              \
	"y.year = c.fiscal_year AND y.deleted_at IS NULL), $2)"
#define IN_OFFICE                                                                                  \
	"s.deleted_at IS NULL AND (s.joined_on IS NULL OR s.joined_on <= " BASE_DATE               \
	") AND (s.left_on IS NULL OR s.left_on > " BASE_DATE ")"

struct walk {
	const struct tk_op *op;
	tk_due_fn fn;
	void *ctx;
};

static enum tk_rc due_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct walk *w = ctx;
	struct tk_person_due p = {
		.staff_id = col[0].i,
		.division_id = col[1].i,
		.number = col[2].s,
		.name = col[3].s,
		.division = col[4].s,
		.mail = col[5].s,
		.attended_on = col[6].s,
		.recommended_on = col[7].s,
		.recommended = col[8].i,
	};

	(void)n;
	p.attended = p.attended_on != NULL;
	/* a head sees those of the own division only */
	if (!tk_who_may(w->op->who, TK_P_EDU_READ, col[1].i, col[9].i))
		return TK_OK;
	return w->fn(w->ctx, &p);
}

enum tk_rc tk_course_audience(const struct tk_op *op, const struct course *c, int64_t division,
			      tk_due_fn fn, void *ctx)
{
	struct walk w = { op, fn, ctx };

	return tk_db_run(
		op->db, op->e,
		"SELECT s.id, s.division_id, s.staff_number, s.name, d.name, s.mail, (SELECT "
		"MIN(a.attended_on) FROM attendance a WHERE a.course_id = c.id AND a.staff_id = "
		"s.id AND a.state = 'attended' AND a.deleted_at IS NULL), (SELECT "
		"MAX(n.recommended_on) FROM attendance_notice n WHERE n.course_id = c.id AND "
		"n.staff_id = s.id AND n.deleted_at IS NULL), (SELECT COUNT(*) FROM "
		"attendance_notice n WHERE n.course_id = c.id AND n.staff_id = s.id AND "
		"n.deleted_at IS NULL), d.bureau_id FROM course c CROSS JOIN staff s JOIN division "
		"d ON d.id = s.division_id WHERE c.id = $1 AND " IN_OFFICE " AND " MEANT
		" AND (CAST($3 AS BIGINT) = 0 OR s.division_id = $3) ORDER BY d.sort, d.id, "
		"s.staff_number "
		"COLLATE \"C\"",
		TK_ARGS(TK_I(c->rec.id),
			TK_S(tk_sprintf(op->mem, "%d-03-31", (int)c->fiscal_year + 1)),
			TK_I(division)),
		due_row, &w);
}

enum tk_rc tk_course_is_for(const struct tk_op *op, const struct course *c, int64_t staff_id,
			    bool *ret)
{
	int64_t n = 0;
	enum tk_rc rc;

	*ret = !strcmp(c->audience, "volunteers");
	if (*ret)
		return TK_OK;
	rc = tk_db_int(
		op->db, op->e,
		"SELECT COUNT(*) FROM course c CROSS JOIN staff s JOIN division d ON d.id = "
		"s.division_id WHERE c.id = $1 AND s.id = $2 AND s.deleted_at IS NULL AND " MEANT,
		TK_ARGS(TK_I(c->rec.id), TK_I(staff_id)), 0, &n);
	*ret = n > 0;
	return rc;
}

/* -- recommendation ---------------------------------------------------------------------------- */
static enum tk_rc notice_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct attendance_notice *n = now;
	const struct tk_rtype *t = &tk_attendance_notice_type;
	char today[11];
	int64_t division = 0, there = 0;
	enum tk_rc rc;

	if (deleted || was)
		return TK_OK;
	tk_date_iso(tk_today(), today);
	if (!n->recommended_on)
		tk_set_by(t, n, "recommended_on", TK_S(tk_strdup(op->mem, today)));
	if (!n->recommended_by) {
		tk_set_by(t, n, "recommended_by", TK_S(op->who->name));
		tk_set_by(t, n, "by_staff_id", TK_I0(op->who->staff_id));
	}
	rc = tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
		       TK_ARGS(TK_I(n->staff_id)), 0, &division);
	if (rc == TK_OK && n->division_id && division != n->division_id)
		return tk_fail(op->e, TK_EINVAL, "staff_id",
			       N_("This person is not in that division."));
	tk_set_by(t, n, "division_id", TK_I0(division));
	if (rc == TK_OK)
		rc = tk_db_int(
			op->db, op->e,
			"SELECT COUNT(*) FROM attendance WHERE course_id = $1 AND staff_id "
			"= $2 AND state = 'attended' AND attended_on <= $3 AND deleted_at "
			"IS NULL",
			TK_ARGS(TK_I(n->course_id), TK_I(n->staff_id), TK_S(n->recommended_on)), 0,
			&there);
	if (rc == TK_OK && there)
		return tk_fail(op->e, TK_ECONFLICT, "staff_id",
			       N_("This person has attended the course already."));
	return rc;
}

static enum tk_rc notice_saved(const struct tk_op *op, const void *was, const void *now,
			       bool deleted)
{
	const struct attendance_notice *n = now;
	struct tk_mail_new m = { .staff_id = n->staff_id };
	struct tk_template_values v = { 0 };
	struct tk_value col[5];
	bool found;
	char today[11];
	enum tk_rc rc;

	tk_date_iso(tk_today(), today);
	if (was || deleted || strcmp(n->recommended_on, today) != 0)
		return TK_OK; /* what was entered later is history */
	rc = tk_db_first(op->db, op->mem, op->e,
			 "SELECT p.mail, p.name, c.title, p.division_id, c.fiscal_year FROM staff "
			 "p, course c WHERE p.id = $1 AND c.id = $2",
			 TK_ARGS(TK_I(n->staff_id), TK_I(n->course_id)), col, 5, &found);
	if (rc != TK_OK || !found || !col[0].s)
		return rc;
	v.name = col[1].s;
	v.title = col[2].s;
	v.closes_on = tk_sprintf(op->mem, "%d-03-31", (int)col[4].i + 1);
	v.url = tk_mail_link(op, "#/my-courses");
	v.reason = tk_sprintf(op->mem, "%s %s", n->recommended_by, n->note ? n->note : "");
	m.to = col[0].s;
	m.division_id = col[3].i;
	m.dedupe = tk_sprintf(op->mem, "recommend-%lld", (long long)n->rec.id);
	rc = tk_template_fill(op, "recommendation", TK_JA, &v, &m.subject, &m.body);
	return rc == TK_OK ? tk_mail_queue(op, &m) : rc;
}

#define S struct attendance_notice
static const struct tk_field notice_field[] = {
	TK_REF(S, course_id, .label = N_("Course"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
	       .ref = &tk_course_type),
	TK_REF(S, staff_id, .label = N_("Staff member"), .ref = &tk_staff,
	       .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_REF(S, division_id, .label = N_("Division"), .flags = TK_LIST | TK_FIXED,
	       .ref = &tk_division),
	TK_TEXT(S, recommended_by, .label = N_("Recommended by"), .max = 100,
		.flags = TK_REQUIRED | TK_READONLY | TK_LIST),
	TK_REF(S, by_staff_id, .label = N_("Recommended by (staff)"), .flags = TK_READONLY,
	       .ref = &tk_staff),
	TK_DATE(S, recommended_on, .label = N_("Recommended on"), .flags = TK_LIST | TK_FIXED,
		.help = N_("Left empty: today.")),
	TK_LONG(S, note, .label = N_("Note"), .max = 1000),
	TK_DATE(S, attended_on, .label = N_("Attended afterwards on"),
		.flags = TK_READONLY | TK_LIST),
};
#undef S

const struct tk_rtype tk_attendance_notice_type = {
	.name = "attendance_notice",
	.path = "attendance-notices",
	.table = "attendance_notice",
	.label = N_("Attendance recommendation"),
	.label_plural = N_("Attendance recommendations"),
	.group = "education",
	.size = sizeof(struct attendance_notice),
	.field = notice_field,
	.nfield = TK_LEN(notice_field),
	.order = "-recommended_on",
	.read = TK_P_EDU_READ,
	.write = TK_P_EDU_RECOMMEND,
	.scope_own = "staff_id",
	.scope_division = "division_id",
	.grade = 2,
	.check = notice_check,
	.saved = notice_saved,
};

enum tk_rc tk_recommend(const struct tk_op *op, const struct course *c, int64_t staff_id,
			const char *note)
{
	const struct tk_rtype *t = &tk_attendance_notice_type;
	struct attendance_notice n = { 0 };
	int64_t division = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
				  TK_ARGS(TK_I(staff_id)), 0, &division);

	tk_set_by(t, &n, "course_id", TK_I(c->rec.id));
	tk_set_by(t, &n, "staff_id", TK_I(staff_id));
	tk_set_by(t, &n, "division_id", TK_I0(division));
	tk_set_by(t, &n, "note", note && *note ? TK_S(note) : TK_NULL);
	return rc == TK_OK ? tk_rec_insert(op, t, &n) : rc;
}
