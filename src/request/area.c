/* area.c - secure areas and who enters them: entry only after the keeper has confirmed what for and
 * with whom (CORE-04). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "request/request_in.h"

/* -- secure areas ------------------------------------------------------------------------------ */
#define F struct secure_area
static const struct tk_choice kind[] = {
	{ "server_room", N_("Server room") },
	{ "office", N_("Office") },
	{ "store", N_("Store of media or papers") },
	{ "other", N_("Other") },
	{ 0 },
};
static const char *const area_alias[] = { "安全区域", "区域名", NULL };
static const char *const place_alias[] = { "場所", "所在", NULL };
static const char *const keeper_alias[] = { "管理者", "区域管理者", NULL };
static const char *const division_alias[] = { "管理課室", "所管課室", NULL };

static const struct tk_field area_field[] = {
	TK_TEXT(F, name, .label = N_("Secure area"), .alias = area_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH | TK_UNIQUE),
	TK_ENUM(F, kind, .label = N_("Kind"), .choice = kind, .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(F, place, .label = N_("Where it is kept"), .alias = place_alias, .max = 200,
		.flags = TK_LIST | TK_SEARCH),
	TK_REF(F, division_id, .label = N_("Keeping division"), .alias = division_alias,
	       .ref = &tk_division, .flags = TK_REQUIRED | TK_LIST),
	TK_REF(F, keeper_staff_id, .label = N_("Keeper"), .alias = keeper_alias, .ref = &tk_staff,
	       .flags = TK_LIST, .help = N_("Confirms entries.")),
	TK_REF(F, deputy_staff_id, .label = N_("Deputy"), .ref = &tk_staff),
	TK_LONG(F, rule, .label = N_("Rule of entry"), .max = 4000),
};

const struct tk_rtype tk_secure_area = {
	.name = "secure_area",
	.path = "secure-areas",
	.table = "secure_area",
	.label = N_("Secure area"),
	.label_plural = N_("Secure areas"),
	.group = "requests",
	.size = sizeof(F),
	.field = area_field,
	.nfield = TK_LEN(area_field),
	.title = "name",
	.order = "name",
	.flags = TK_T_COMMON,
	.read = TK_P_REQUEST_READ,
	.write = TK_P_SYSTEM_WRITE,
	.scope_division = "division_id",
	.grade = 2,
};
#undef F

/* -- entries ----------------------------------------------------------------------------------- */
#define F struct area_entry
static const struct tk_choice state[] = {
	{ "requested", N_("Requested") },
	{ "confirmed", N_("Confirmed") },
	{ "entered", N_("Inside") },
	{ "left", N_("Left the area") },
	{ "refused", N_("Refused") },
	{ "withdrawn", N_("Withdrawn") },
	{ 0 },
};
static const struct tk_case_transition transition[] = {
	{ "requested", "confirm", "confirmed", TK_P_SYSTEM_WRITE,
	  TK_CASE_OWNER | TK_CASE_NOT_REQUESTER, N_("Confirm purpose and companion") },
	{ "requested", "refuse", "refused", TK_P_SYSTEM_WRITE,
	  TK_CASE_OWNER | TK_CASE_NOT_REQUESTER | TK_CASE_COMMENT, N_("Refuse") },
	{ "requested", "withdraw", "withdrawn", TK_P_NOBODY, TK_CASE_REQUESTER, N_("Withdraw") },
	{ "confirmed", "enter", "entered", TK_P_SYSTEM_WRITE, TK_CASE_OWNER | TK_CASE_REQUESTER,
	  N_("Enter") },
	{ "confirmed", "withdraw", "withdrawn", TK_P_NOBODY, TK_CASE_REQUESTER, N_("Withdraw") },
	{ "entered", "leave", "left", TK_P_SYSTEM_WRITE, TK_CASE_OWNER | TK_CASE_REQUESTER,
	  N_("Leave") },
	{ 0 },
};

static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	struct tk_value day;
	bool found;
	enum tk_rc rc;

	(void)before;
	if (strcmp(action, "enter") != 0)
		return TK_OK;
	rc = tk_db_first(op->db, op->mem, op->e, "SELECT planned_on FROM area_entry WHERE id = $1",
			 TK_ARGS(TK_I(after->subject_id)), &day, 1, &found);
	if (rc == TK_OK && found && strcmp(tk_today_iso(op->mem), day.s) != 0)
		return tk_fail(op->e, TK_ECONFLICT, "planned_on",
			       N_("The entry was confirmed for %s. Ask for another day."), day.s);
	return rc;
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	struct tk_stamp s = { NULL, TK_I(tk_now()) };

	(void)before;
	if (!strcmp(action, "confirm"))
		s = (struct tk_stamp){ "confirmed_by", TK_S(op->who->name ? op->who->name : "") };
	else if (!strcmp(action, "enter"))
		s.field = "entered_at";
	else if (!strcmp(action, "leave"))
		s.field = "left_at";
	return s.field ? tk_request_stamp(op, &tk_area_entry, after->subject_id, &s, 1) : TK_OK;
}

const struct tk_case_type tk_area_entry_case = {
	.name = "area_entry",
	.label = N_("Entry of a secure area"),
	.prefix = "N",
	.state = state,
	.closed = "left refused withdrawn",
	.editable = "requested",
	.transition = transition,
	.moving = moving,
	.moved = moved,
};

static const char *const secure_alias[] = { "安全区域", "入室する区域", NULL };
static const char *const purpose_alias[] = { "目的", "入室目的", NULL };
static const char *const companion_alias[] = { "同行者", "立会者", NULL };
static const char *const visitors_alias[] = { "入室者", "外部の入室者", NULL };
static const char *const brought_alias[] = { "持込み機器", "持込み品", NULL };
static const char *const planned_alias[] = { "入室予定日", "予定日", NULL };

static const struct tk_field entry_field[] = {
	TK_REF(F, secure_area_id, .label = N_("Secure area"), .alias = secure_alias,
	       .ref = &tk_secure_area, .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(F, purpose, .label = N_("Purpose"), .alias = purpose_alias, .max = 500, .min = 2,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_TEXT(F, companion, .label = N_("Accompanied by"), .alias = companion_alias, .max = 200,
		.min = 2, .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.help = N_("Who goes in with those who enter.")),
	TK_TEXT(F, visitors, .label = N_("Those who enter"), .alias = visitors_alias, .max = 500,
		.flags = TK_SEARCH, .help = N_("Names and firms of people from outside. Empty: "
					       "only who makes the request.")),
	TK_TEXT(F, brought_in, .label = N_("Devices brought in"), .alias = brought_alias,
		.max = 500),
	TK_DATE(F, planned_on, .label = N_("Planned day"), .alias = planned_alias,
		.flags = TK_REQUIRED | TK_LIST),
	TK_REF(F, from_division_id, .label = N_("Division of the request"), .ref = &tk_division,
	       .flags = TK_READONLY),
	TK_TEXT(F, confirmed_by, .label = N_("Confirmed by"), .flags = TK_READONLY, .max = 200),
	TK_TIME(F, entered_at, .label = N_("Entered at"), .flags = TK_READONLY | TK_LIST),
	TK_TIME(F, left_at, .label = N_("Left at"), .flags = TK_READONLY | TK_LIST),
	TK_INT(F, fiscal_year, .label = N_("Fiscal year"), .min = 1950, .max = 2200,
	       .flags = TK_READONLY),
	TK_LIFE_FIELDS(F, state),
};

/* The area's keeper and division decide, not those of who asks. */
static enum tk_rc to_keeper(const struct tk_op *op, F *x)
{
	const struct tk_rtype *t = &tk_area_entry;
	struct tk_who w = tk_who_system("", "", op->e->lang);
	struct tk_op any = { op->db, op->mem, &w, op->e };
	struct secure_area a = { 0 };
	int64_t from = 0;
	enum tk_rc rc = tk_rec_load(&any, &tk_secure_area, x->secure_area_id, &a);

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
			       TK_ARGS(TK_I(x->life.requester_staff_id)), 0, &from);
	if (rc != TK_OK)
		return rc;
	tk_set_by(t, x, "division_id", TK_I(a.division_id));
	tk_set_by(t, x, "owner_staff_id", TK_I0(a.keeper_staff_id));
	tk_set_by(t, x, "deputy_staff_id", TK_I0(a.deputy_staff_id));
	tk_set_by(t, x, "from_division_id", TK_I0(from));
	tk_set_by(t, x, "due_on", TK_S(x->planned_on));
	return TK_OK;
}

static enum tk_rc entry_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_date d;
	F *x = now;

	if (deleted)
		return TK_OK;
	if (tk_is_blank(x->purpose))
		return tk_fail(op->e, TK_EINVAL, "purpose", N_("The purpose is missing."));
	if (tk_is_blank(x->companion))
		return tk_fail(op->e, TK_EINVAL, "companion",
			       N_("Who accompanies those who enter is missing."));
	if (x->planned_on && tk_date_from_iso(x->planned_on, &d))
		tk_set_by(&tk_area_entry, x, "fiscal_year", TK_I(tk_fiscal_year(d)));
	if (!x->planned_on || !x->secure_area_id)
		return TK_OK;           /* what is missing is said by the table of fields */
	if (!was && !op->who->system && strcmp(x->planned_on, tk_today_iso(op->mem)) < 0)
		return tk_fail(op->e, TK_EINVAL, "planned_on",
			       N_("Entry is asked for beforehand: choose today or a later day."));
	/* the area may have another keeper by the time an old entry is touched again */
	return was && op->who->system ? TK_OK : to_keeper(op, x);
}

const struct tk_rtype tk_area_entry = {
	.name = "area_entry",
	.path = "area-entries",
	.table = "area_entry",
	.label = N_("Entry of a secure area"),
	.label_plural = N_("Entries of secure areas"),
	.group = "requests",
	.size = sizeof(F),
	.field = entry_field,
	.nfield = TK_LEN(entry_field),
	.title = "purpose",
	.order = "-planned_on",
	.read = TK_P_REQUEST_READ,
	.write = TK_P_REQUEST_MAKE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.grade = 2,
	.check = entry_check,
	.life = &tk_area_entry_case,
	.flags = TK_T_DUE_BY_RULE,
};
