/* portal.c - what offices tell and ask each other on the staff portal (SYS-04, DOC-05): notices,
 * questions with their answers. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "policy/policy_in.h"

/* -- notices ----------------------------------------------------------------------------------- */
#define F struct portal_notice
static const char *const title_alias[] = { "件名", "標題", NULL };
static const char *const body_alias[] = { "本文", "内容", NULL };
static const char *const from_alias[] = { "掲載開始日", "掲載日", NULL };
static const char *const to_alias[] = { "掲載終了日", NULL };

static const struct tk_field notice_field[] = {
	TK_TEXT(F, title, .label = N_("Title"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_LONG(F, body, .label = N_("Text of the document"), .alias = body_alias, .max = 10000,
		.flags = TK_REQUIRED | TK_SEARCH),
	TK_BOOL(F, important, .label = N_("Important"), .flags = TK_LIST,
		.help = N_("Stands first on the portal.")),
	TK_DATE(F, from_on, .label = N_("Shown from"), .alias = from_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_DATE(F, to_on, .label = N_("Shown until"), .alias = to_alias, .flags = TK_LIST,
		.help = N_("The last day; empty: until further notice.")),
	TK_BOOL(F, published, .label = N_("Published"), .flags = TK_READONLY | TK_LIST),
};

static bool shown(const F *x, const char *today)
{
	return strcmp(x->from_on, today) <= 0 && (!x->to_on || strcmp(x->to_on, today) >= 0);
}

static enum tk_rc notice_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	F *x = now;

	(void)was;
	if (deleted || !x->from_on)
		return TK_OK;
	if (x->to_on && strcmp(x->to_on, x->from_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The last day is before the first."));
	tk_set_by(&tk_portal_notice, x, "published", TK_I(shown(x, tk_today_iso(op->mem))));
	return TK_OK;
}

const struct tk_rtype tk_portal_notice = {
	.name = "portal_notice",
	.path = "portal-notices",
	.table = "portal_notice",
	.label = N_("Notice"),
	.label_plural = N_("Notices"),
	.group = "documents",
	.size = sizeof(F),
	.field = notice_field,
	.nfield = TK_LEN(notice_field),
	.title = "title",
	.order = "-from_on",
	.read = TK_P_DOC_READ,
	.write = TK_P_DOC_WRITE,
	.published = "published",
	.grade = 1,
	.check = notice_check,
};
#undef F

/* -- questions and answers --------------------------------------------------------------------- */
#define F struct portal_question
static const struct tk_choice state[] = {
	{ "asked", N_("Waiting for an answer") },
	{ "answered", N_("Answered") },
	{ "published", N_("Published") },
	{ "closed", N_("Concluded") },
	{ 0 },
};
static const struct tk_case_transition transition[] = {
	{ "asked", "answer", "answered", TK_P_DOC_WRITE, TK_CASE_OWNER | TK_CASE_COMMENT,
	  N_("Answer") },
	{ "asked", "close", "closed", TK_P_DOC_WRITE, TK_CASE_REQUESTER | TK_CASE_COMMENT,
	  N_("Close without an answer") },
	{ "answered", "ask_again", "asked", TK_P_NOBODY, TK_CASE_REQUESTER | TK_CASE_COMMENT,
	  N_("Ask again") },
	{ "answered", "answer", "answered", TK_P_DOC_WRITE, TK_CASE_OWNER | TK_CASE_COMMENT,
	  N_("Correct the answer") },
	{ "answered", "publish", "published", TK_P_DOC_WRITE, 0, N_("Publish on the portal") },
	{ "answered", "close", "closed", TK_P_DOC_WRITE, TK_CASE_REQUESTER, N_("Close") },
	{ "published", "take_down", "closed", TK_P_DOC_WRITE, TK_CASE_COMMENT, N_("Take down") },
	{ 0 },
};

/* The answer is what was written with the move. */
static enum tk_rc answer(const struct tk_op *op, const struct tk_case *c)
{
	struct tk_value text;
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
		"SELECT comment FROM case_log WHERE case_id = $1 AND action = 'answer' ORDER BY id"
		" DESC LIMIT 1", TK_ARGS(TK_I(c->rec.id)), &text, 1, &found);
	struct tk_policy_stamp s[] = { { "answer", text },
				       { "answered_on", TK_S(tk_today_iso(op->mem)) } };

	if (rc != TK_OK || !found)
		return rc;
	s[0].v = text;
	return tk_policy_stamp(op, &tk_portal_question, c->subject_id, s, 2);
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	struct tk_policy_stamp s = { "published", TK_I(!strcmp(after->state, "published")) };

	if (!strcmp(action, "answer"))
		return answer(op, after);
	if (strcmp(after->state, "published") != 0 && strcmp(before->state, "published") != 0)
		return TK_OK;
	return tk_policy_stamp(op, &tk_portal_question, after->subject_id, &s, 1);
}

const struct tk_case_type tk_question_case = {
	.name = "portal_question",
	.label = N_("Question to the office"),
	.prefix = "Q",
	.state = state,
	.closed = "published closed",
	.editable = "asked",
	.transition = transition,
	.remind_before = 1,
	.moved = moved,
};

static const char *const subject_alias[] = { "件名", "標題", NULL };
static const char *const question_alias[] = { "質問", "質問内容", NULL };
static const char *const about_alias[] = { "文書", "対象文書", NULL };

static const struct tk_field question_field[] = {
	TK_TEXT(F, title, .label = N_("Title"), .alias = subject_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_LONG(F, question, .label = N_("Question to the office"),
		.alias = question_alias, .max = 4000,
		.flags = TK_REQUIRED | TK_SEARCH),
	TK_REF(F, policy_document_id, .label = N_("About the document"), .alias = about_alias,
	       .ref = &tk_policy_document, .flags = TK_LIST),
	TK_LONG(F, answer, .label = N_("Answer"), .max = 4000,
		.flags = TK_READONLY | TK_SEARCH),
	TK_DATE(F, answered_on, .label = N_("Answer given on"), .flags = TK_READONLY | TK_LIST),
	TK_BOOL(F, published, .label = N_("Published"), .flags = TK_READONLY),
	TK_LIFE_FIELDS(F, state),
};

/* The division that asks is that of the person. */
static enum tk_rc question_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_portal_question;
	F *x = now;
	int64_t division = 0;
	enum tk_rc rc;

	if (deleted)
		return TK_OK;
	if (!was)
		tk_set_by(t, x, "published", TK_I(0));
	if (op->who->system || !x->life.requester_staff_id)
		return TK_OK;
	rc = tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
		       TK_ARGS(TK_I(x->life.requester_staff_id)), 0, &division);
	if (rc == TK_OK)
		tk_set_by(t, x, "division_id", TK_I0(division));
	return rc;
}

const struct tk_rtype tk_portal_question = {
	.name = "portal_question",
	.path = "portal-questions",
	.table = "portal_question",
	.label = N_("Question to the office"),
	.label_plural = N_("Questions and answers"),
	.group = "documents",
	.size = sizeof(F),
	.field = question_field,
	.nfield = TK_LEN(question_field),
	.title = "title",
	.order = "-answered_on",
	.read = TK_P_DOC_READ,
	.write = TK_P_REQUEST_MAKE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.published = "published",
	.grade = 1,
	.check = question_check,
	.life = &tk_question_case,
};

/* -- day by day -------------------------------------------------------------------------------- */
struct ids { struct tk_arena *a; int64_t *v; size_t n, cap; };

static enum tk_rc id_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *x = ctx;

	(void)n;
	if (x->n == x->cap) {
		int64_t *more = tk_alloc(x->a, sizeof(*more) * (x->cap = x->cap * 2 + 64));

		if (x->n)
			memcpy(more, x->v, x->n * sizeof(*more));
		x->v = more;
	}
	x->v[x->n++] = col[0].i;
	return TK_OK;
}

enum tk_rc tk_policy_daily(const struct tk_op *op, const char *today)
{
	struct ids notice = { .a = op->mem }, edition = { .a = op->mem };
	enum tk_rc rc = tk_db_run(op->db, op->e,
		"SELECT id FROM portal_notice WHERE deleted_at IS NULL AND published <> CASE WHEN"
		" from_on <= $1 AND (to_on IS NULL OR to_on >= $1) THEN 1 ELSE 0 END",
		TK_ARGS(TK_S(today)), id_row, &notice);

	for (size_t i = 0; i < notice.n && rc == TK_OK; i++) {
		struct portal_notice x = { 0 };

		if ((rc = tk_rec_load(op, &tk_portal_notice, notice.v[i], &x)) == TK_OK)
			rc = tk_rec_update(op, &tk_portal_notice, &x, -1);
	}
	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			"SELECT id FROM document_edition WHERE state = 'decided' AND from_on <= $1"
			" AND deleted_at IS NULL ORDER BY policy_document_id, from_on, id",
			TK_ARGS(TK_S(today)), id_row, &edition);
	for (size_t i = 0; i < edition.n && rc == TK_OK; i++)
		rc = tk_policy_push(op, &tk_document_edition, edition.v[i], "put_in_force");
	return rc;
}
