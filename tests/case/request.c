#include <string.h>
#include "request.h"

#define S struct request
static const struct tk_choice states[] = {
	{ "requested", "Requested" }, { "approved", "Approved" }, { "returned", "Returned" }, { "running", "Running" },
	{ "rejected", "Rejected" }, { "done", "Done" }, { 0 } };
static const struct tk_case_transition transition[] = {
	{ "requested", "approve", "approved", TK_P_REQUEST_APPROVE, TK_CASE_NOT_REQUESTER, "Approve" },
	{ "requested", "reject", "rejected", TK_P_REQUEST_APPROVE, TK_CASE_NOT_REQUESTER | TK_CASE_COMMENT, "Reject" },
	{ "requested", "return", "returned", TK_P_REQUEST_APPROVE, TK_CASE_COMMENT, "Return" },
	{ "returned", "resubmit", "requested", TK_P_NOBODY, TK_CASE_REQUESTER, "Submit again" },
	{ "approved", "start", "running", TK_P_REQUEST_APPROVE, TK_CASE_OWNER, "Start" },
	{ "running", "finish", "done", TK_P_REQUEST_APPROVE, TK_CASE_OWNER, "Finish" },
	{ "running", "advise", "running", TK_P_REQUEST_APPROVE, TK_CASE_COMMENT, "Give advice" },
	{ "done", "reopen", "running", TK_P_YEAR_WRITE, TK_CASE_COMMENT, "Reopen" },
	{ 0 } };

int request_moved;
bool request_moved_fails;

static enum tk_rc after(const struct tk_op *op, const struct tk_case *before, const struct tk_case *now, const char *action)
{
	(void)before;
	(void)now;
	(void)action;
	request_moved++;
	return request_moved_fails ? tk_fail(op->e, TK_ECONFLICT, "effect", "The effect failed.") : TK_OK;
}

const struct tk_case_type request_case = {
	.name = "test_request", .label = "Request", .prefix = "Q", .state = states, .closed = "rejected done",
	.editable = "requested returned", .transition = transition, .moved = after,
	.remind_before = 3, .escalate_after = 5, .escalate = TK_P_YEAR_WRITE,
};
static const struct tk_field field[] = {
	TK_TEXT(S, title, .label = "Title", .flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 300),
	TK_LONG(S, note, .label = "Note"),
	TK_LIFE_FIELDS(S, states),
};
const struct tk_rtype request_type = {
	.name = "test_request", .path = "test-requests", .table = "test_request", .label = "Request",
	.label_plural = "Requests", .group = "requests", .size = sizeof(S), .field = field, .nfield = TK_LEN(field),
	.title = "title", .order = "-receipt_no", .read = TK_P_REQUEST_READ, .write = TK_P_REQUEST_MAKE,
	.scope_own = TK_LIFE_OWN, .scope_division = "division_id", .life = &request_case,
};

static const struct tk_case_type *const cases[] = { &request_case };
static const struct tk_rtype *const types[] = { &tk_bureau, &tk_division, &tk_staff, &tk_case_rtype, &request_type };

void requests_up(struct testdb *t)
{
	OK(t, tk_db_script(t->db,
		"CREATE TABLE test_request(id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,"
		" title TEXT NOT NULL, note TEXT, receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT,"
		" requester_staff_id BIGINT, owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT,"
		" closed_at BIGINT);"
		"CREATE UNIQUE INDEX test_request_receipt ON test_request(receipt_no);"
		"INSERT INTO bureau(id, version, code, name, sort) VALUES(1,1,'B1','総務局',1),(2,1,'B2','監督局',2);"
		"INSERT INTO division(id, version, bureau_id, code, name, sort, owns_system) VALUES"
		"(11,1,1,'D11','総務課',1,0),(12,1,1,'D12','企画課',2,0),(21,1,2,'D21','監督課',3,0);"
		"INSERT INTO staff(id, version, staff_number, name, division_id) VALUES"
		"(101,1,'101','見本 一郎',11),(102,1,'102','見本 二郎',11),(103,1,'103','見本 三郎',11),"
		"(111,1,'111','例示 一子',12),(121,1,'121','例示 二子',21)", &t->e));
	tk_rtypes_set(types, TK_LEN(types));
	tk_case_types_set(cases, TK_LEN(cases));
	request_moved = 0;
	request_moved_fails = false;
}

struct tk_who requester(int64_t staff)
{
	struct tk_who w = { .account_id = 1000 + staff, .staff_id = staff, .name = "職員", .source = "test", .lang = TK_EN };

	w.scope[TK_P_REQUEST_MAKE] = w.scope[TK_P_REQUEST_READ] = TK_SCOPE_OWN;
	return w;
}

struct tk_who head_of(int64_t staff, int64_t division)
{
	struct tk_who w = requester(staff);

	w.name = "課室長";
	w.scope[TK_P_REQUEST_READ] = w.scope[TK_P_REQUEST_APPROVE] = TK_SCOPE_DIVISION;
	w.division[w.ndivision++] = division;
	return w;
}

struct tk_who office(void)
{
	struct tk_who w = { .account_id = 9, .name = "所管課", .source = "test", .lang = TK_EN };

	w.scope[TK_P_REQUEST_READ] = w.scope[TK_P_REQUEST_APPROVE] = w.scope[TK_P_REQUEST_MAKE] =
		w.scope[TK_P_YEAR_WRITE] = TK_SCOPE_ALL;
	return w;
}

struct tk_op op_of(struct testdb *t, const struct tk_who *w)
{
	return (struct tk_op){ t->db, t->mem, w, &t->e };
}

struct request made(struct testdb *t, const struct tk_who *w, const char *title, const char *due)
{
	struct tk_op op = op_of(t, w);
	struct request r = { 0 };

	tk_set_by(&request_type, &r, "title", TK_S(title));
	tk_set_by(&request_type, &r, "due_on", TK_S(due));
	OK(t, tk_rec_insert(&op, &request_type, &r));
	return r;
}

enum tk_rc moved(struct testdb *t, const struct tk_who *w, const struct request *r, const char *action,
		 const char *comment)
{
	struct tk_op op = op_of(t, w);
	enum tk_rc rc;

	OK(t, tk_db_begin(t->db, &t->e));
	rc = tk_life_move(&op, &request_type, r->rec.id, action, comment);
	if (rc == TK_OK)
		OK(t, tk_db_commit(t->db, &t->e));
	else
		tk_db_rollback(t->db);
	return rc;
}

const char *state_of(struct testdb *t, const struct request *r)
{
	struct tk_who sys = tk_who_system("", "", TK_EN);
	struct tk_op op = op_of(t, &sys);
	struct request now = { 0 };

	OK(t, tk_rec_load(&op, &request_type, r->rec.id, &now));
	return now.life.state;
}
