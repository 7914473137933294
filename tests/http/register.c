#include <stdio.h>
#include <string.h>
#include "main/wiring.h"
#include "register.h"

static const struct tk_choice states[] = {
	{ "requested", "Requested" }, { "approved", "Approved" }, { "reported", "Reported" }, { "closed", "Closed" }, { 0 },
};
static const struct tk_case_transition moves[] = {
	{ "requested", "approve", "approved", TK_P_REQUEST_APPROVE, TK_CASE_NOT_REQUESTER, "Approve" },
	{ "approved", "report", "reported", TK_P_NOBODY, TK_CASE_REQUESTER, "Report" },
	{ "reported", "close", "closed", TK_P_REQUEST_APPROVE, TK_CASE_COMMENT, "Close" },
	{ 0 },
};
static const struct tk_case_type permit_case = {
	.name = "permit", .label = "Permit", .prefix = "T", .state = states, .closed = "closed",
	.editable = "requested", .transition = moves,
};
static const struct tk_choice kinds[] = { { "take_out", "Taking out" }, { "device", "Own device" }, { 0 } };
static const char *const title_alias[] = { "件名", NULL };
static const struct tk_field field[] = {
	TK_TEXT(struct permit, title, .label = "Title", .flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200,
		.alias = title_alias),
	TK_LONG(struct permit, reason, .label = "Reason", .flags = TK_SEARCH),
	TK_ENUM(struct permit, kind, .label = "Kind", .flags = TK_LIST, .choice = kinds),
	TK_DATE(struct permit, until, .label = "Until", .flags = TK_LIST),
	TK_INT(struct permit, amount, .label = "Amount", .min = 0, .max = 1000),
	TK_BOOL(struct permit, urgent, .label = "Urgent"),
	TK_LIFE_FIELDS(struct permit, states),
};
const struct tk_rtype permit_type = {
	.name = "permit", .path = "permits", .table = "permit", .label = "Permit", .label_plural = "Permits",
	.group = "requests", .size = sizeof(struct permit), .field = field, .nfield = TK_LEN(field), .title = "title",
	.order = "receipt_no", .read = TK_P_REQUEST_READ, .write = TK_P_REQUEST_MAKE, .scope_own = TK_LIFE_OWN,
	.scope_division = "division_id", .grade = 2, .life = &permit_case,
};

static int add(void **state)
{
	static const struct tk_rtype *types[256];
	static const struct tk_case_type *cases[100];
	const struct tk_rtype *const *t;
	const struct tk_case_type *const *c;
	struct world *w = *state;
	size_t n, k;

	if (!w)
		return 0;
	n = tk_rtypes(&t);
	memcpy(types, t, n * sizeof(*types));
	types[n] = &permit_type;
	k = tk_case_types(&c);
	memcpy(cases, c, k * sizeof(*cases));
	cases[k] = &permit_case;
	tk_rtypes_set(types, n + 1);
	tk_case_types_set(cases, k + 1);
	OK(w->t, tk_case_type_check(&permit_case, &w->t->e));
	OK(w->t, tk_db_script(w->t->db,
		"CREATE TABLE permit(id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT, title TEXT NOT NULL,"
		" reason TEXT, kind TEXT, until TEXT, amount BIGINT, urgent SMALLINT, receipt_no TEXT NOT NULL,"
		" state TEXT NOT NULL, due_on TEXT, requester_staff_id BIGINT, owner_staff_id BIGINT,"
		" deputy_staff_id BIGINT, division_id BIGINT, closed_at BIGINT);"
		"CREATE UNIQUE INDEX permit_receipt ON permit(receipt_no);", &w->t->e));
	OK(w->t, tk_rtype_check_table(w->t->db, &permit_type, &w->t->e));
	return 0;
}

int permit_sqlite(void **state)
{
	return world_sqlite(state) || add(state);
}

int permit_postgres(void **state)
{
	return world_postgres(state) || add(state);
}

const char *permit_new(struct world *w, enum actor_id who, const char *title, const char *more)
{
	struct reply r = ask(w, who, "POST", "/api/v1/permits", .keep = true,
			     .body = fmt(w, "{\"title\":\"%s\"%s}", title, more ? more : ""));

	STATUS(r, 201);
	return reply_member(w, &r, "id");
}
