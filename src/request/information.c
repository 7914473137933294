/* information.c - the information that the policy covers, with its grades and handling restrictions
 * (CLS-01, CLS-02, CLS-05). */
#include <string.h>
#include "request/request_in.h"

#define F struct information
static const struct tk_choice kind[] = {
	{ "in_system", N_("Inside an information system") },
	{ "on_media", N_("On a medium outside the system") },
	{ "on_paper", N_("On paper related to a system") },
	{ 0 },
};
static const char *const name_alias[] = { "情報の名称", "名称", NULL };
static const char *const kind_alias[] = { "種別", "記録形態", NULL };
static const char *const draft_alias[] = { "作業途上", NULL };
static const char *const place_alias[] = { "保存場所", "保管場所", NULL };
static const char *const division_alias[] = { "管理課室", "所管課室", "課室", NULL };
static const char *const keeper_alias[] = { "管理者", "担当者", NULL };
static const char *const until_alias[] = { "保存期限", "保存期間満了日", NULL };

static const struct tk_field field[] = {
	TK_TEXT(F, name, .label = N_("Information"), .alias = name_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_ENUM(F, kind, .label = N_("Where it is recorded"), .alias = kind_alias, .choice = kind,
		.flags = TK_REQUIRED | TK_LIST,
		.help = N_("Paper: print-outs and design documents too.")),
	TK_BOOL(F, draft, .label = N_("In draft"), .alias = draft_alias,
		.help = N_("Documents in draft are covered as well.")),
	TK_REF(F, info_system_id, .label = N_("Information system"), .ref = &tk_info_system),
	TK_TEXT(F, place, .label = N_("Where it is kept"), .alias = place_alias, .max = 200,
		.flags = TK_LIST | TK_SEARCH, .help = N_("System, folder, medium or shelf.")),
	HANDLING_FIELDS(F),
	TK_REF(F, division_id, .label = N_("Keeping division"), .alias = division_alias,
	       .ref = &tk_division, .flags = TK_LIST),
	TK_REF(F, keeper_staff_id, .label = N_("Keeper"), .alias = keeper_alias, .ref = &tk_staff,
	       .flags = TK_LIST | TK_SELF),
	TK_REF(F, deputy_staff_id, .label = N_("Deputy"), .ref = &tk_staff),
	TK_DATE(F, keep_until, .label = N_("Kept until"), .alias = until_alias,
		.help = N_("The last day of its retention.")),
	TK_DATE(F, reviewed_on, .label = N_("Grade reviewed on")),
};

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	F *x = now;
	enum tk_rc rc = TK_OK;

	(void)was;
	if (deleted)
		return TK_OK;
	if (x->keeper_staff_id && (!x->division_id || !op->who->system)) {
		int64_t division = 0;

		rc = tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
			       TK_ARGS(TK_I(x->keeper_staff_id)), 0, &division);
		tk_set_by(&tk_information, x, "division_id", TK_I0(division));
	}
	if (rc == TK_OK && !x->division_id)
		return tk_fail(op->e, TK_EINVAL, "division_id",
			       N_("Choose the division that keeps the information."));
	if (!x->kind || !x->h.conf_grade)
		return rc;              /* what is missing is said by the table of fields */
	return rc == TK_OK ? tk_grades_check(op, &x->h, !strcmp(x->kind, "on_paper"),
					     N_("Paper")) : rc;
}

const struct tk_rtype tk_information = {
	.name = "information",
	.path = "information",
	.table = "information",
	.label = N_("Information"),
	.label_plural = N_("Register of information"),
	.group = "requests",
	.size = sizeof(F),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "name",
	.order = "name",
	.read = TK_P_REQUEST_READ,
	.write = TK_P_REQUEST_MAKE,
	.scope_own = "keeper_staff_id deputy_staff_id",
	.scope_division = "division_id",
	.grade = 2,
	.check = check,
};
