/* takeout.c - information taken out of the office or mailed outside, with the permission of the
 * division's security officer (ORG-07, CLS-03, CLS-04).
 *
 * Who is that officer does not decide on what they ask for themselves (ORG-15): their request goes
 * to the chief officer, in a state of its own. */
#include <string.h>
#include "base/clock.h"
#include "request/request_in.h"

#define F struct takeout
static const struct tk_choice state[] = {
	{ "requested", N_("Requested") },
	{ "requested_above", N_("Requested (for the chief officer)") },
	{ "sent_back", N_("Sent back") },
	{ "approved", N_("Approved") },
	{ "out", N_("Taken out") },
	{ "brought_back", N_("Brought back") },
	{ "disposed", N_("Disposed of") },
	{ "mailed", N_("Mailed") },
	{ "rejected", N_("Rejected") },
	{ "withdrawn", N_("Withdrawn") },
	{ "lapsed", N_("Not taken out") },
	{ 0 },
};

#define DECIDE(from, perm) \
	{ (from), "approve", "approved", (perm), TK_CASE_NOT_REQUESTER, N_("Approve") }, \
	{ (from), "reject", "rejected", (perm), TK_CASE_NOT_REQUESTER | TK_CASE_COMMENT, \
	  N_("Reject") }, \
	{ (from), "send_back", "sent_back", (perm), TK_CASE_NOT_REQUESTER | TK_CASE_COMMENT, \
	  N_("Send back") }, \
	{ (from), "withdraw", "withdrawn", TK_P_NOBODY, TK_CASE_REQUESTER, N_("Withdraw") }

static const struct tk_case_transition transition[] = {
	DECIDE("requested", TK_P_REQUEST_APPROVE),
	{ "requested", "to_above", "requested_above", TK_P_NOBODY, 0,
	  N_("To the chief officer") },
	DECIDE("requested_above", TK_P_EXCEPTION_APPROVE),
	{ "sent_back", "resubmit", "requested", TK_P_NOBODY, TK_CASE_REQUESTER,
	  N_("Request again") },
	{ "sent_back", "withdraw", "withdrawn", TK_P_NOBODY, TK_CASE_REQUESTER, N_("Withdraw") },
	{ "approved", "take_out", "out", TK_P_NOBODY, TK_CASE_REQUESTER | TK_CASE_OWNER,
	  N_("Take out") },
	{ "approved", "mail", "mailed", TK_P_NOBODY, TK_CASE_REQUESTER | TK_CASE_OWNER,
	  N_("Mailed") },
	{ "approved", "lapse", "lapsed", TK_P_NOBODY, TK_CASE_REQUESTER | TK_CASE_OWNER,
	  N_("Not taken out") },
	{ "out", "bring_back", "brought_back", TK_P_REQUEST_APPROVE,
	  TK_CASE_REQUESTER | TK_CASE_OWNER, N_("Bring back") },
	{ "out", "dispose", "disposed", TK_P_REQUEST_APPROVE,
	  TK_CASE_REQUESTER | TK_CASE_OWNER | TK_CASE_COMMENT, N_("Dispose of") },
	{ 0 },
};

static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	struct tk_value col[2];
	bool found, mail;
	enum tk_rc rc;

	(void)before;
	if (strcmp(action, "take_out") != 0 && strcmp(action, "mail") != 0)
		return TK_OK;
	rc = tk_db_first(op->db, op->mem, op->e,
			 "SELECT medium, from_on FROM takeout WHERE id = $1",
			 TK_ARGS(TK_I(after->subject_id)), col, 2, &found);
	if (rc != TK_OK || !found)
		return rc;
	mail = !strcmp(col[0].s, "mail");
	if (mail != !strcmp(action, "mail"))
		return tk_fail(op->e, TK_ECONFLICT, "medium", mail ?
			       N_("Information sent by mail is not carried out. Choose "
				  "\"Mailed\".") :
			       N_("Only information sent by mail is mailed. Choose \"Take out\"."));
	if (strcmp(tk_today_iso(op->mem), col[1].s) < 0)
		return tk_fail(op->e, TK_ECONFLICT, "from_on",
			       N_("The permission begins on %s."), col[1].s);
	return TK_OK;
}

/* The officer's own request, when asked again, goes to the chief officer again. */
static enum tk_rc up(const struct tk_op *op, int64_t id, int64_t division_id)
{
	bool decides = false;
	enum tk_rc rc = op->who->system ? TK_OK : tk_request_decides(op, division_id, &decides);

	return rc == TK_OK && decides ? tk_request_push(op, &tk_takeout, id, "to_above", NULL) : rc;
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	static const struct { const char *to, *field; } stamp[] = {
		{ "approved", "decided_on" }, { "rejected", "decided_on" },
		{ "out", "taken_on" }, { "mailed", "taken_on" },
		{ "brought_back", "back_on" }, { "disposed", "back_on" },
	};

	(void)before;
	if (!strcmp(action, "resubmit"))
		return up(op, after->subject_id, after->division_id);
	for (size_t i = 0; i < TK_LEN(stamp); i++)
		if (!strcmp(stamp[i].to, after->state)) {
			struct tk_stamp s = { stamp[i].field, TK_S(tk_today_iso(op->mem)) };

			return tk_request_stamp(op, &tk_takeout, after->subject_id, &s, 1);
		}
	return TK_OK;
}

const struct tk_case_type tk_takeout_case = {
	.name = "takeout",
	.label = N_("Take-out"),
	.prefix = "T",
	.state = state,
	.closed = "brought_back disposed mailed rejected withdrawn lapsed",
	.editable = "requested requested_above sent_back",
	.transition = transition,
	.remind_before = 1,
	.escalate_after = 3,
	.escalate = TK_P_REQUEST_APPROVE,
	.moving = moving,
	.moved = moved,
};

static const struct tk_choice medium[] = {
	{ "paper", N_("Paper") },
	{ "pc", N_("Personal computer") },
	{ "usb", N_("USB memory or other medium") },
	{ "mail", N_("Mail") },
	{ "other", N_("Other") },
	{ 0 },
};
static const char *const title_alias[] = { "持ち出す情報", "情報の名称", NULL };
static const char *const medium_alias[] = { "媒体", "持出しの方法", NULL };
static const char *const device_alias[] = { "機器番号", "管理番号", NULL };
static const char *const destination_alias[] = { "持出し先", "送信先", NULL };
static const char *const purpose_alias[] = { "目的", "利用目的", NULL };
static const char *const encrypted_alias[] = { "暗号化", NULL };
static const char *const from_alias[] = { "持出し日", "期間（自）", NULL };
static const char *const to_alias[] = { "返却予定日", "期間（至）", NULL };

static const struct tk_field field[] = {
	TK_TEXT(F, title, .label = N_("Information taken out"), .alias = title_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_REF(F, information_id, .label = N_("Entry in the register of information"),
	       .ref = &tk_information),
	TK_ENUM(F, medium, .label = N_("Storage medium"), .alias = medium_alias, .choice = medium,
		.flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(F, device, .label = N_("Number of the device or medium"), .alias = device_alias,
		.max = 100),
	HANDLING_FIELDS(F),
	TK_TEXT(F, destination, .label = N_("Destination"), .alias = destination_alias,
		.max = 200, .flags = TK_REQUIRED | TK_LIST | TK_SEARCH,
		.help = N_("Where it goes; by mail: to whom.")),
	TK_LONG(F, purpose, .label = N_("Purpose"), .alias = purpose_alias, .max = 2000,
		.flags = TK_REQUIRED),
	TK_BOOL(F, encrypted, .label = N_("Encrypted"), .alias = encrypted_alias),
	TK_DATE(F, from_on, .label = N_("From"), .alias = from_alias, .flags = TK_REQUIRED),
	TK_DATE(F, to_on, .label = N_("Back by"), .alias = to_alias, .flags = TK_REQUIRED,
		.help = N_("By this day it is brought back or disposed of; by mail: the last "
			   "day of the permission.")),
	TK_DATE(F, requested_on, .label = N_("Requested on"), .flags = TK_READONLY),
	TK_DATE(F, decided_on, .label = N_("Decided on"), .flags = TK_READONLY),
	TK_DATE(F, taken_on, .label = N_("Taken out on"), .flags = TK_READONLY),
	TK_DATE(F, back_on, .label = N_("Brought back on"), .flags = TK_READONLY),
	TK_INT(F, fiscal_year, .label = N_("Fiscal year"), .min = 1950, .max = 2200,
	       .flags = TK_READONLY),
	TK_LIFE_FIELDS(F, state),
};

static bool is(const char *s, const char *want)
{
	return !strcmp(s, want);
}

/* Information that needs confidentiality leaves encrypted, unless it is on paper (CLS-03). */
static enum tk_rc encryption(const struct tk_op *op, const F *x)
{
	bool needs = x->h.must_encrypt || strcmp(x->h.conf_grade, "1") != 0;

	if (is(x->medium, "paper") || x->encrypted || !needs)
		return TK_OK;
	return tk_fail(op->e, TK_EINVAL, "encrypted", is(x->medium, "mail") ?
		       N_("Information that needs confidentiality is mailed encrypted only.") :
		       N_("Information that needs confidentiality leaves encrypted only."));
}

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_takeout;
	F *x = now;
	enum tk_rc rc;

	(void)was;
	if (deleted)
		return TK_OK;
	tk_request_day(op, t, x);
	if ((rc = tk_request_own(op, t, x)) != TK_OK ||
	    (rc = tk_request_period(op, t, x)) != TK_OK)
		return rc;
	if (!x->medium || !x->h.conf_grade)
		return TK_OK;           /* what is missing is said by the table of fields */
	rc = tk_grades_check(op, &x->h, is(x->medium, "paper"), N_("Paper"));
	return rc == TK_OK ? encryption(op, x) : rc;
}

static enum tk_rc saved(const struct tk_op *op, const void *was, const void *now, bool deleted)
{
	const F *x = now;

	return was || deleted ? TK_OK : up(op, x->rec.id, x->life.division_id);
}

const struct tk_rtype tk_takeout = {
	.name = "takeout",
	.path = "takeouts",
	.table = "takeout",
	.label = N_("Take-out"),
	.label_plural = N_("Take-outs"),
	.group = "requests",
	.size = sizeof(F),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "title",
	.order = "-requested_on",
	.read = TK_P_REQUEST_READ,
	.write = TK_P_REQUEST_MAKE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.grade = 2,
	.check = check,
	.saved = saved,
	.life = &tk_takeout_case,
	.flags = TK_T_DUE_BY_RULE,
};
