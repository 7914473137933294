/* course_test.c - the test of a course: questions with one right answer, and results (EDU-07). */
#include "training/training_in.h"

static enum tk_rc question_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct course_question *q = now;
	int64_t last = 0, options = 2 + (q->option_3 != NULL) + (q->option_4 != NULL);
	enum tk_rc rc;

	(void)was;
	if (deleted)
		return TK_OK;
	if (q->option_4 && !q->option_3)
		return tk_fail(op->e, TK_EINVAL, "option_3", N_("The third option is missing."));
	if (q->answer > options)
		return tk_fail(op->e, TK_EINVAL, "answer",
			       N_("The right answer is number %d, but there are %d options."),
			       (int)q->answer, (int)options);
	if (tk_get_by(&tk_course_question_type, q, "sort").type != TK_V_NULL)
		return TK_OK;
	rc = tk_db_int(op->db, op->e, "SELECT MAX(sort) FROM course_question WHERE course_id = $1",
		       TK_ARGS(TK_I(q->course_id)), 0, &last);
	tk_set_by(&tk_course_question_type, q, "sort", TK_I(last + 10));
	return rc;
}

#define S struct course_question
static const struct tk_field question_field[] = {
	TK_REF(S, course_id, .label = N_("Course"), .flags = TK_REQUIRED | TK_LIST | TK_FIXED,
	       .ref = &tk_course_type),
	TK_INT(S, sort, .label = N_("Order"), .flags = TK_LIST, .min = 0, .max = 1000000),
	TK_TEXT(S, text, .label = N_("Question"), .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.max = 1000),
	TK_TEXT(S, option_1, .label = N_("Option 1"), .flags = TK_REQUIRED, .max = 400),
	TK_TEXT(S, option_2, .label = N_("Option 2"), .flags = TK_REQUIRED, .max = 400),
	TK_TEXT(S, option_3, .label = N_("Option 3"), .max = 400),
	TK_TEXT(S, option_4, .label = N_("Option 4"), .max = 400),
	TK_INT(S, answer, .label = N_("Right answer"), .flags = TK_REQUIRED, .min = 1, .max = 4,
	       .help = N_("Number of the right option.")),
};
#undef S

/* Who takes the test may not read the answers: this list is the office's. */
const struct tk_rtype tk_course_question_type = {
	.name = "course_question",
	.path = "course-questions",
	.table = "course_question",
	.label = N_("Question of a test"),
	.label_plural = N_("Questions of tests"),
	.group = "education",
	.size = sizeof(struct course_question),
	.field = question_field,
	.nfield = TK_LEN(question_field),
	.title = "text",
	.order = "sort",
	.read = TK_P_EDU_WRITE,
	.write = TK_P_EDU_WRITE,
	.grade = 2,
	.check = question_check,
};

#define S struct course_result
static const struct tk_field result_field[] = {
	TK_REF(S, course_id, .label = N_("Course"), .flags = TK_READONLY | TK_LIST,
	       .ref = &tk_course_type),
	TK_REF(S, staff_id, .label = N_("Staff member"), .flags = TK_READONLY | TK_LIST,
	       .ref = &tk_staff),
	TK_REF(S, division_id, .label = N_("Division"), .flags = TK_READONLY | TK_LIST,
	       .ref = &tk_division),
	TK_INT(S, right_answers, .label = N_("Right answers"), .flags = TK_READONLY | TK_LIST),
	TK_INT(S, questions, .label = N_("Questions"), .flags = TK_READONLY | TK_LIST),
	TK_BOOL(S, passed, .label = N_("Passed"), .flags = TK_READONLY | TK_LIST),
	TK_TIME(S, answered_at, .label = N_("Answered at"), .flags = TK_READONLY | TK_LIST),
};
#undef S

const struct tk_rtype tk_course_result_type = {
	.name = "course_result",
	.path = "course-results",
	.table = "course_result",
	.label = N_("Result of a test"),
	.label_plural = N_("Results of tests"),
	.group = "education",
	.size = sizeof(struct course_result),
	.field = result_field,
	.nfield = TK_LEN(result_field),
	.order = "-answered_at",
	.flags = TK_T_READONLY,
	.read = TK_P_EDU_READ,
	.write = TK_P_EDU_WRITE,
	.scope_own = "staff_id",
	.scope_division = "division_id",
	.grade = 2,
};
