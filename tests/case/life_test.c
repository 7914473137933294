/* A register whose records have a life: from the request to its end, and who may what (SYS-01). */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "case/receipt.h"
#include "request.h"

static int64_t count(struct testdb *t, const char *sql, int64_t arg)
{
	int64_t n = -1;

	OK(t, tk_db_int(t->db, &t->e, sql, TK_ARGS(TK_I(arg)), -1, &n));
	return n;
}

static struct request loaded(struct testdb *t, const struct tk_who *w, int64_t id)
{
	struct tk_op op = op_of(t, w);
	struct request r = { 0 };

	OK(t, tk_rec_load(&op, &request_type, id, &r));
	return r;
}

static enum tk_rc set(struct testdb *t, const struct tk_who *w, int64_t id, const char *field, struct tk_value v)
{
	struct tk_op op = op_of(t, w);
	struct request r = { 0 };
	enum tk_rc rc = tk_rec_load(&op, &request_type, id, &r);

	if (rc != TK_OK)
		return rc;
	tk_set_by(&request_type, &r, field, v);
	OK(t, tk_db_begin(t->db, &t->e));
	rc = tk_rec_update(&op, &request_type, &r, -1);
	if (rc == TK_OK)
		OK(t, tk_db_commit(t->db, &t->e));
	else
		tk_db_rollback(t->db);
	return rc;
}

#define LOG "SELECT COUNT(*) FROM case_log l JOIN tk_case c ON c.id = l.case_id WHERE c.subject_id = $1"
#define CASES "SELECT COUNT(*) FROM tk_case WHERE subject_id = $1 AND deleted_at IS NULL"

static void made_with_a_case(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101);
	struct tk_op op = op_of(t, &me);
	struct tk_case c;
	struct request r;

	requests_up(t);
	OK(t, tk_case_type_check(&request_case, &t->e));
	OK(t, tk_rtype_check_table(t->db, &request_type, &t->e));
	r = made(t, &me, "USBメモリの使用", "2026-12-24");
	assert_non_null(tk_receipt_read(t->mem, r.life.receipt_no));
	assert_int_equal(r.life.receipt_no[0], 'Q');
	assert_string_equal(r.life.state, "requested");
	assert_int_equal(r.life.requester_staff_id, 101);
	assert_int_equal(r.life.division_id, 11);                       /* the requester's */
	OK(t, tk_life_case(&op, &request_type, r.rec.id, &c));
	assert_string_equal(c.receipt_no, r.life.receipt_no);
	assert_string_equal(c.title, "USBメモリの使用");
	assert_string_equal(c.due_on, "2026-12-24");
	assert_int_equal(c.bureau_id, 1);
	assert_int_equal(c.requester_staff_id, 101);
	assert_int_equal(count(t, LOG " AND action = 'open' AND account_id = 1101", r.rec.id), 1);
	assert_int_equal(count(t, CASES, r.rec.id), 1);
	/* state and receipt number are the program's */
	{
		cJSON *j = NULL;
		struct request x = { 0 };
		const char *body = "{\"title\":\"x\",\"state\":\"approved\"}";

		OK(t, tk_json_parse(t->mem, body, strlen(body), &j, &t->e));
		FAILS(t, TK_EINVAL, tk_rec_from_json(&op, &request_type, j, &x));
		assert_string_equal(t->e.field, "state");
	}
}

/* ORG-15: nobody approves their own request, whatever else they hold. */
static void nobody_approves_their_own(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who head = head_of(102, 11), other = head_of(111, 12), all = office();
	struct request mine, theirs;

	requests_up(t);
	mine = made(t, &head, "課室長自身の申請", NULL);
	FAILS(t, TK_EPERM, moved(t, &head, &mine, "approve", NULL));
	assert_non_null(strstr(t->e.msg, "own request"));
	FAILS(t, TK_EPERM, moved(t, &head, &mine, "reject", "理由"));
	all.staff_id = 102;                                             /* the same person as the office */
	FAILS(t, TK_EPERM, moved(t, &all, &mine, "approve", NULL));
	assert_string_equal(state_of(t, &mine), "requested");
	assert_int_equal(count(t, LOG, mine.rec.id), 1);
	all.staff_id = 0;
	OK(t, moved(t, &all, &mine, "approve", NULL));
	assert_string_equal(state_of(t, &mine), "approved");
	{
		struct tk_who me = requester(101);

		theirs = made(t, &me, "申請", NULL);
		FAILS(t, TK_EPERM, moved(t, &me, &theirs, "approve", NULL));       /* holds no permission */
		FAILS(t, TK_ENOTFOUND, moved(t, &other, &theirs, "approve", NULL)); /* does not even see it */
		OK(t, moved(t, &head, &theirs, "approve", NULL));
	}
}

/* ORG-15: an account without a staff record opened it: then it is nobody's request but theirs. */
static void nor_one_without_a_staff_record(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who all = office(), other = office();
	struct request r;

	requests_up(t);
	all.staff_id = other.staff_id = 0;
	all.account_id = 1990;
	other.account_id = 1991;
	r = made(t, &all, "職員でない者の申請", NULL);
	assert_int_equal(loaded(t, &all, r.rec.id).life.requester_staff_id, 0);
	FAILS(t, TK_EPERM, moved(t, &all, &r, "approve", NULL));
	assert_non_null(strstr(t->e.msg, "own request"));
	all.staff_id = 102;                                             /* entered in the roster since */
	FAILS(t, TK_EPERM, moved(t, &all, &r, "approve", NULL));
	OK(t, moved(t, &other, &r, "approve", NULL));
}

/* Who decides has seen what they decide on: a request that says something else since is another. */
static void what_was_seen_is_what_is_decided(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101), head = head_of(102, 11);
	struct tk_op op = op_of(t, &head);
	struct request r;
	struct tk_case seen, c;

	requests_up(t);
	r = made(t, &me, "持ち出し", NULL);
	OK(t, tk_life_case(&op, &request_type, r.rec.id, &seen));
	OK(t, set(t, &me, r.rec.id, "note", TK_S("別の情報も")));
	c = seen;
	OK(t, tk_db_begin(t->db, &t->e));
	FAILS(t, TK_EVERSION, tk_case_move(&op, &c, "approve", NULL));
	tk_db_rollback(t->db);
	assert_string_equal(state_of(t, &r), "requested");
	/* what changes nothing asks nobody to look again; every version is in the trail */
	OK(t, tk_life_case(&op, &request_type, r.rec.id, &seen));
	OK(t, set(t, &me, r.rec.id, "note", TK_S("別の情報も")));
	assert_int_equal(count(t, "SELECT version - (SELECT COUNT(*) FROM trail WHERE rtype = 'tk_case' AND record_id = c.id)"
				  " FROM tk_case c WHERE subject_id = $1", r.rec.id), 0);
	OK(t, tk_db_begin(t->db, &t->e));
	OK(t, tk_case_move(&op, &seen, "approve", NULL));
	OK(t, tk_db_commit(t->db, &t->e));
	assert_string_equal(state_of(t, &r), "approved");
	/* also of a move that leads nowhere: else verify takes it for a row that was removed */
	OK(t, moved(t, &head, &r, "start", NULL));
	OK(t, moved(t, &head, &r, "advise", "早めに返してください"));
	assert_int_equal(count(t, "SELECT version - (SELECT COUNT(*) FROM trail WHERE rtype = 'tk_case' AND record_id = c.id)"
				  " FROM tk_case c WHERE subject_id = $1", r.rec.id), 0);
	FAILS(t, TK_ECONFLICT, moved(t, &head, &r, "approve", NULL));
}

/* Who moves takes the case, then its record; so does who changes the record, or each would have what
 * the other waits for. */
static void the_case_is_taken_first(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101);
	struct tk_op op = op_of(t, &me);
	struct request r;
	struct tk_db *mover;

	requests_up(t);
	r = made(t, &me, "持ち出し", NULL);
	mover = testdb_again(t, 0);
	OK(t, tk_db_script(mover, "SET lock_timeout='50ms'", &t->e));
	OK(t, tk_db_script(t->db, "SET lock_timeout='50ms'", &t->e));
	OK(t, tk_db_begin(mover, &t->e));
	OK(t, tk_db_exec(mover, &t->e, "UPDATE tk_case SET version = version WHERE subject_id = $1", TK_I(r.rec.id)));
	OK(t, tk_db_begin(t->db, &t->e));
	OK(t, tk_rec_load(&op, &request_type, r.rec.id, &r));
	tk_set_by(&request_type, &r, "note", TK_S("別の情報も"));
	FAILS(t, TK_EBUSY, tk_rec_update(&op, &request_type, &r, -1));
	OK(t, tk_db_exec(mover, &t->e, "UPDATE test_request SET state = 'approved' WHERE id = $1", TK_I(r.rec.id)));
	tk_db_rollback(t->db);
	tk_db_rollback(mover);
	tk_db_close(mover);
}

static void from_start_to_end(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101), head = head_of(102, 11), owner = requester(103), deputy = requester(111),
		      stranger = requester(121), all = office();
	struct request r;

	requests_up(t);
	r = made(t, &me, "申請", "2026-12-24");
	FAILS(t, TK_EINVAL, moved(t, &head, &r, "return", " \n"));
	assert_string_equal(t->e.field, "comment");
	OK(t, moved(t, &head, &r, "return", "期間を書いてください"));
	OK(t, set(t, &me, r.rec.id, "note", TK_S("12月まで")));         /* editable again */
	FAILS(t, TK_EPERM, moved(t, &head, &r, "resubmit", NULL));      /* the requester's alone */
	OK(t, moved(t, &me, &r, "resubmit", NULL));
	OK(t, moved(t, &head, &r, "approve", NULL));
	FAILS(t, TK_ECONFLICT, moved(t, &head, &r, "approve", NULL));   /* twice */
	/* approved: the text is fixed, who sees to it and until when is not */
	FAILS(t, TK_ECONFLICT, set(t, &me, r.rec.id, "note", TK_S("来年まで")));
	assert_string_equal(t->e.field, "note");
	FAILS(t, TK_ECONFLICT, set(t, &me, r.rec.id, "due_on", TK_S("2027-03-31")));    /* not one's own */
	OK(t, set(t, &all, r.rec.id, "owner_staff_id", TK_I(103)));
	OK(t, set(t, &all, r.rec.id, "deputy_staff_id", TK_I(111)));
	OK(t, set(t, &all, r.rec.id, "due_on", TK_S("2027-01-29")));
	FAILS(t, TK_ECONFLICT, set(t, &all, r.rec.id, "title", TK_S("別の件")));
	assert_int_equal(count(t, LOG " AND action = 'change'", r.rec.id), 3);
	assert_int_equal(count(t, "SELECT COUNT(*) FROM tk_case WHERE subject_id = $1 AND owner_staff_id = 103"
				  " AND deputy_staff_id = 111 AND due_on = '2027-01-29'", r.rec.id), 1);
	FAILS(t, TK_ENOTFOUND, moved(t, &stranger, &r, "start", NULL));
	FAILS(t, TK_EPERM, moved(t, &me, &r, "start", NULL));           /* the requester is not the owner */
	OK(t, moved(t, &deputy, &r, "start", NULL));
	OK(t, moved(t, &owner, &r, "finish", "済みました"));
	assert_string_equal(state_of(t, &r), "done");
	assert_true(loaded(t, &all, r.rec.id).life.closed_at > 0);
	FAILS(t, TK_ECONFLICT, set(t, &all, r.rec.id, "owner_staff_id", TK_I(101)));    /* closed */
	FAILS(t, TK_EPERM, moved(t, &owner, &r, "reopen", "誤り"));
	OK(t, moved(t, &all, &r, "reopen", "誤り"));
	assert_int_equal(loaded(t, &all, r.rec.id).life.closed_at, 0);
	assert_int_equal(count(t, "SELECT COUNT(*) FROM tk_case WHERE subject_id = $1 AND closed_at IS NULL"
				  " AND state = 'running'", r.rec.id), 1);
	assert_int_equal(request_moved, 6);
	assert_int_equal(count(t, LOG " AND from_state <> to_state AND action <> 'open'", r.rec.id), 6);
}

/* Requester, owner and deputy see what is theirs; a division's head what is of the division; units
 * count only for the permissions they are held for (ORG-14). */
static void who_sees_what(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101), head = head_of(102, 11), two = head_of(102, 11), owner = requester(103),
		      stranger = requester(111), all = office();
	struct tk_op op;
	struct request r, x = { 0 };

	requests_up(t);
	r = made(t, &me, "申請", NULL);
	op = op_of(t, &stranger);
	FAILS(t, TK_ENOTFOUND, tk_rec_load(&op, &request_type, r.rec.id, &x));
	op = op_of(t, &owner);
	FAILS(t, TK_ENOTFOUND, tk_rec_load(&op, &request_type, r.rec.id, &x));
	OK(t, set(t, &all, r.rec.id, "owner_staff_id", TK_I(103)));
	OK(t, tk_rec_load(&op, &request_type, r.rec.id, &x));
	op = op_of(t, &head);
	OK(t, tk_rec_load(&op, &request_type, r.rec.id, &x));
	/* division 12 is held for answering only */
	two.division[0] = 12;
	two.division[1] = 11;
	two.ndivision = 2;
	two.division_not[1] = UINT64_C(1) << TK_P_REQUEST_APPROVE;
	FAILS(t, TK_EPERM, moved(t, &two, &r, "approve", NULL));
	two.division_not[1] = 0;
	OK(t, moved(t, &two, &r, "approve", NULL));
}

static void deleted_with_its_case(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101), head = head_of(102, 11), other = requester(103);
	struct tk_op op = op_of(t, &me), by_other = op_of(t, &other);
	struct request a, b;

	requests_up(t);
	a = made(t, &me, "取り消す申請", NULL);
	b = made(t, &me, "承認される申請", NULL);
	FAILS(t, TK_ENOTFOUND, tk_rec_delete(&by_other, &request_type, a.rec.id, -1));
	OK(t, tk_rec_delete(&op, &request_type, a.rec.id, -1));
	assert_int_equal(count(t, CASES, a.rec.id), 0);
	assert_int_equal(count(t, LOG, a.rec.id), 1);                   /* the log stays */
	OK(t, moved(t, &head, &b, "approve", NULL));
	FAILS(t, TK_ECONFLICT, tk_rec_delete(&op, &request_type, b.rec.id, -1));
	assert_int_equal(count(t, CASES, b.rec.id), 1);
}

static void who_saw_an_old_version_is_told(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101), head = head_of(102, 11);
	struct tk_op op = op_of(t, &head), mine = op_of(t, &me);
	struct tk_case seen;
	struct request r, old;

	requests_up(t);
	r = made(t, &me, "申請", NULL);
	old = loaded(t, &me, r.rec.id);
	OK(t, tk_life_case(&op, &request_type, r.rec.id, &seen));
	OK(t, set(t, &me, r.rec.id, "title", TK_S("別の申請")));
	/* the head would approve what the head has not seen */
	FAILS(t, TK_EVERSION, tk_case_move(&op, &seen, "approve", NULL));
	tk_set_by(&request_type, &old, "note", TK_S("x"));
	FAILS(t, TK_EVERSION, tk_rec_update(&mine, &request_type, &old, old.rec.version));
	assert_string_equal(state_of(t, &r), "requested");
}

/* What the move brings about fails: nothing is left of the move. */
static void a_failed_move_leaves_nothing(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101), head = head_of(102, 11);
	struct request r;
	int64_t trail;

	requests_up(t);
	r = made(t, &me, "申請", NULL);
	trail = testdb_int(t, "SELECT COUNT(*) FROM trail");
	request_moved_fails = true;
	FAILS(t, TK_ECONFLICT, moved(t, &head, &r, "approve", NULL));
	assert_string_equal(t->e.field, "effect");
	assert_string_equal(state_of(t, &r), "requested");
	assert_int_equal(count(t, LOG, r.rec.id), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail"), trail);
	assert_int_equal(count(t, "SELECT version FROM tk_case WHERE subject_id = $1", r.rec.id), 1);
}

static char *text_of(struct testdb *t, size_t n)
{
	char *p = tk_alloc(t->mem, n * 3 + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(p + i * 3, "あ", 3);
	return p;
}

static void comments(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101), head = head_of(102, 11);
	struct tk_op op = op_of(t, &me);
	struct tk_case c;
	struct request r;

	requests_up(t);
	r = made(t, &me, "申請", NULL);
	OK(t, tk_life_case(&op, &request_type, r.rec.id, &c));
	OK(t, tk_case_comment(&op, &c, "資料を付けました"));
	OK(t, tk_case_comment(&op, &c, text_of(t, 2000)));
	FAILS(t, TK_EINVAL, tk_case_comment(&op, &c, text_of(t, 2001)));
	assert_string_equal(t->e.field, "comment");
	FAILS(t, TK_EINVAL, tk_case_comment(&op, &c, " \xE3\x80\x80\n"));
	FAILS(t, TK_EINVAL, tk_case_comment(&op, &c, NULL));
	FAILS(t, TK_EINVAL, moved(t, &head, &r, "return", text_of(t, 2001)));
	OK(t, moved(t, &head, &r, "return", text_of(t, 2000)));
	assert_int_equal(count(t, LOG " AND action = 'comment' AND from_state = to_state", r.rec.id), 2);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE action = 'comment' AND rtype = 'test_request'"), 2);
}

static enum tk_rc count_rec(void *ctx, const void *rec, const char *const *label)
{
	(void)rec;
	(void)label;
	++*(int *)ctx;
	return TK_OK;
}

static int found(struct testdb *t, const struct tk_who *w, const struct tk_rtype *type, const char *words)
{
	struct tk_op op = op_of(t, w);
	struct tk_query q = { .q = words };
	int n = 0;

	OK(t, tk_rec_list(&op, type, &q, count_rec, &n, NULL, NULL));
	return n;
}

static void search_finds_it(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who me = requester(101), other = requester(111), all = office(), sys = tk_who_system("", "", TK_EN);
	struct request r;
	char *longest;

	requests_up(t);
	r = made(t, &me, "外部記録媒体の持出し", NULL);
	assert_int_equal(found(t, &me, &request_type, "持出"), 1);
	assert_int_equal(found(t, &me, &request_type, r.life.receipt_no), 1);
	assert_int_equal(found(t, &sys, &tk_case_rtype, "持出"), 1);
	assert_int_equal(found(t, &other, &request_type, "持出"), 0);
	OK(t, set(t, &me, r.rec.id, "title", TK_S("端末の持帰り")));
	assert_int_equal(found(t, &sys, &tk_case_rtype, "持出"), 0);
	assert_int_equal(found(t, &sys, &tk_case_rtype, "持帰"), 1);
	/* a title longer than a case's is cut at a character */
	longest = text_of(t, 300);
	r = made(t, &all, longest, NULL);
	assert_int_equal(count(t, "SELECT LENGTH(title) FROM tk_case WHERE subject_id = $1", r.rec.id), 200);
	assert_int_equal(r.life.requester_staff_id, 0);                 /* of nobody of the staff */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(made_with_a_case), TESTDB_BOTH(nobody_approves_their_own),
		TESTDB_BOTH(nor_one_without_a_staff_record), TESTDB_BOTH(what_was_seen_is_what_is_decided),
		/* on SQLite one writes at a time */
		{ "the_case_is_taken_first (PostgreSQL)", the_case_is_taken_first, testdb_postgres, testdb_down, NULL },
		TESTDB_BOTH(from_start_to_end),
		TESTDB_BOTH(who_sees_what), TESTDB_BOTH(deleted_with_its_case), TESTDB_BOTH(who_saw_an_old_version_is_told),
		TESTDB_BOTH(a_failed_move_leaves_nothing), TESTDB_BOTH(comments), TESTDB_BOTH(search_finds_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
