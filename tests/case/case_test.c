#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include "base/hash.h"
#include "base/text.h"
#include "case/case.h"
#include "case/receipt.h"
#include "testdb.h"

/* A sign-off as the roll-up of divisions will have it. */
static const struct tk_choice state[] = { { "open", "Open" }, { "signed", "Signed" }, { 0 } };
static const struct tk_case_transition transition[] = {
	{ "open", "sign", "signed", TK_P_ROLLUP_SIGN, 0, "Sign off" },
	{ "open", "note", "open", TK_P_ROLLUP_SIGN, TK_CASE_COMMENT, "Add a note" },
	{ "signed", "withdraw", "open", TK_P_CAMPAIGN_MANAGE, TK_CASE_COMMENT, "Withdraw the sign-off" },
	{ 0 },
};
static const struct tk_case_type sign_off = {
	.name = "test_sign_off", .label = "Sign-off", .prefix = "R", .state = state, .closed = "signed",
	.transition = transition,
};
static const struct tk_case_type *const types[] = { &sign_off };

enum { BUREAU = 11, DIV_A = 21, DIV_B = 22, CAMPAIGN = 77 };

static void units(struct testdb *t)
{
	OK(t, tk_db_script(t->db, "INSERT INTO bureau(id, version, code, name, sort) VALUES(11,1,'B1','総務局',1);"
			   "INSERT INTO division(id, version, bureau_id, code, name, sort, owns_system)"
			   " VALUES(21,1,11,'D1','総務課',1,0),(22,1,11,'D2','監査課',2,0)", &t->e));
	tk_case_types_set(types, 1);
}

static struct tk_who head_of(int64_t division)
{
	struct tk_who w = { .account_id = 5, .name = "課室長", .source = "test", .lang = TK_EN };

	w.scope[TK_P_ROLLUP_SIGN] = w.scope[TK_P_ROLLUP_READ] = TK_SCOPE_DIVISION;
	w.division[0] = division;
	w.ndivision = 1;
	return w;
}

static struct tk_case opened(struct testdb *t, const struct tk_who *w, int64_t division)
{
	struct tk_op op = { t->db, t->mem, w, &t->e };
	struct tk_case c;

	OK(t, tk_case_open(&op, &sign_off, "campaign", CAMPAIGN, CAMPAIGN, 0, division, "平成23年度 自己点検", "2011-12-22", &c));
	return c;
}

static void open_find_log(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who sys = tk_who_system("system", "test", TK_EN);
	struct tk_op op = { t->db, t->mem, &sys, &t->e };
	struct tk_buf b = TK_BUF(1 << 16);
	struct tk_json j = TK_JSON(&b);
	struct tk_case c, f;

	units(t);
	OK(t, tk_rtype_check_table(t->db, &tk_case_rtype, &t->e));
	OK(t, tk_case_type_check(&sign_off, &t->e));
	c = opened(t, &sys, DIV_A);
	assert_int_equal(c.bureau_id, BUREAU);
	assert_string_equal(c.state, "open");
	assert_non_null(tk_receipt_read(t->mem, c.receipt_no));
	assert_int_equal(c.receipt_no[0], 'R');
	OK(t, tk_case_find(&op, &sign_off, CAMPAIGN, DIV_A, 0, &f));
	assert_int_equal(f.rec.id, c.rec.id);
	assert_string_equal(f.due_on, "2011-12-22");
	OK(t, tk_case_find(&op, &sign_off, CAMPAIGN, 0, 0, &f));
	FAILS(t, TK_ENOTFOUND, tk_case_find(&op, &sign_off, CAMPAIGN, DIV_B, 0, &f));
	tk_rec_json(&j, &tk_case_rtype, &c, NULL, TK_EN);
	assert_non_null(strstr(b.p, "\"subject_id\":\"77\",\"parent_id\":\"77\""));   /* ids are text in JSON */
	assert_non_null(strstr(b.p, "\"state\":\"open\",\"state_label\":\"Open\""));       /* people read words */
	assert_non_null(strstr(b.p, "\"type_label\":"));
	tk_buf_drop(&b);
	FAILS(t, TK_ENOTFOUND, tk_case_find(&op, &sign_off, 78, 0, 0, &f));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM case_log WHERE action = 'open' AND to_state = 'open'"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE rtype = 'tk_case' AND action = 'create'"), 1);
}

static void move_rules(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who a = head_of(DIV_A), b = head_of(DIV_B), office = { .account_id = 9, .name = "所管課", .source = "test" };
	struct tk_op by_a = { t->db, t->mem, &a, &t->e }, by_b = { t->db, t->mem, &b, &t->e };
	struct tk_op by_office = { t->db, t->mem, &office, &t->e };
	struct tk_case c, old;

	office.scope[TK_P_CAMPAIGN_MANAGE] = TK_SCOPE_ALL;
	units(t);
	old = c = opened(t, &a, DIV_A);
	assert_true(tk_case_can(&by_a, &c, "sign"));
	assert_false(tk_case_can(&by_b, &c, "sign"));
	FAILS(t, TK_EPERM, tk_case_move(&by_b, &c, "sign", NULL));              /* another division's head */
	FAILS(t, TK_ECONFLICT, tk_case_move(&by_office, &c, "withdraw", "x"));  /* not from this state */
	FAILS(t, TK_ECONFLICT, tk_case_move(&by_a, &c, "no_such", NULL));
	FAILS(t, TK_EINVAL, tk_case_move(&by_a, &c, "note", " \xE3\x80\x80"));  /* a reason of blanks is none */
	assert_string_equal(t->e.field, "comment");
	assert_string_equal(c.state, "open");
	OK(t, tk_case_move(&by_a, &c, "sign", NULL));
	assert_string_equal(c.state, "signed");
	assert_true(c.closed_at > 0);
	assert_int_equal(c.rec.version, 2);
	FAILS(t, TK_EVERSION, tk_case_move(&by_a, &old, "sign", NULL));         /* saw it before the change */
	FAILS(t, TK_EPERM, tk_case_move(&by_a, &c, "withdraw", "誤り"));
	FAILS(t, TK_EINVAL, tk_case_move(&by_office, &c, "withdraw", NULL));
	OK(t, tk_case_move(&by_office, &c, "withdraw", "未提出者がいたため"));
	assert_string_equal(c.state, "open");
	assert_int_equal(c.closed_at, 0);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM tk_case WHERE state = 'open' AND closed_at IS NULL"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM case_log"), 3);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM case_log WHERE comment IS NOT NULL AND account_id = 9"), 1);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM trail WHERE rtype = 'tk_case' AND action = 'update'"), 2);
}

static enum tk_rc count_rec(void *ctx, const void *rec, const char *const *label)
{
	(void)rec; (void)label;
	++*(int *)ctx;
	return TK_OK;
}

static void reading_is_scoped(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who a = head_of(DIV_A), bureau = { .account_id = 6, .name = "局", .source = "test", .lang = TK_EN };
	struct tk_op by_a = { t->db, t->mem, &a, &t->e }, by_bureau = { t->db, t->mem, &bureau, &t->e };
	struct tk_query q = { 0 };
	struct tk_case ca, cb;
	struct tk_buf b = TK_BUF(1 << 16);
	struct tk_json j = TK_JSON(&b);
	cJSON *o;
	int n = 0;

	units(t);
	bureau.scope[TK_P_ROLLUP_READ] = TK_SCOPE_BUREAU;
	bureau.bureau[0] = BUREAU;
	bureau.nbureau = 1;
	ca = opened(t, &a, DIV_A);
	cb = opened(t, &a, DIV_B);
	OK(t, tk_rec_list(&by_a, &tk_case_rtype, &q, count_rec, &n, NULL, NULL));
	assert_int_equal(n, 1);
	OK(t, tk_rec_list(&by_bureau, &tk_case_rtype, &q, count_rec, &n, NULL, NULL));
	assert_int_equal(n, 3);
	q.q = ca.receipt_no;
	n = 0;
	OK(t, tk_rec_list(&by_bureau, &tk_case_rtype, &q, count_rec, &n, NULL, NULL));
	assert_int_equal(n, 1);
	FAILS(t, TK_ENOTFOUND, tk_case_log_json(&by_a, cb.rec.id, &j));
	tk_buf_clear(&b);
	j = TK_JSON(&b);
	OK(t, tk_case_log_json(&by_a, ca.rec.id, &j));
	o = cJSON_Parse(b.p);
	assert_non_null(o);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "items")), 1);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "actions")), 2);     /* sign, note */
	assert_string_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(o, "case"), "state_label")->valuestring, "Open");
	cJSON_Delete(o);
	tk_buf_drop(&b);
}

static void nobody_writes_from_outside(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who a = head_of(DIV_A);
	struct tk_op op = { t->db, t->mem, &a, &t->e };
	struct tk_case c;

	units(t);
	c = opened(t, &a, DIV_A);
	c.state = "signed";
	FAILS(t, TK_ENOTFOUND, tk_rec_update(&op, &tk_case_rtype, &c, -1));
	FAILS(t, TK_ENOTFOUND, tk_rec_delete(&op, &tk_case_rtype, c.rec.id, -1));
}

/* Two heads press the button at the same moment: one wins, the other is told. */
static void two_at_once(void **s)
{
	struct testdb *t = testdb_of(s);
	struct tk_who a = head_of(DIV_A);
	struct tk_db *other = testdb_again(t, 0);
	struct tk_op op = { t->db, t->mem, &a, &t->e }, op2 = { other, t->mem, &a, &t->e };
	struct tk_case c, d;

	units(t);
	c = opened(t, &a, DIV_A);
	OK(t, tk_rec_load(&op2, &tk_case_rtype, c.rec.id, &d));
	OK(t, tk_db_begin(t->db, &t->e));
	OK(t, tk_case_move(&op, &c, "sign", NULL));
	OK(t, tk_db_commit(t->db, &t->e));
	OK(t, tk_db_begin(other, &t->e));
	FAILS(t, TK_EVERSION, tk_case_move(&op2, &d, "sign", NULL));
	tk_db_rollback(other);
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM case_log WHERE action = 'sign'"), 1);
	tk_db_close(other);
}

static void diagram(void **s)
{
	struct tk_buf b = TK_BUF(4096);

	(void)s;
	tk_case_diagram(&sign_off, TK_EN, &b);
	assert_string_equal(b.p,
		"stateDiagram-v2\n"
		"    state \"Open\" as open\n"
		"    state \"Signed\" as signed\n"
		"    [*] --> open\n"
		"    open --> signed : Sign off (rollup.sign)\n"
		"    open --> open : Add a note (rollup.sign), with a reason\n"
		"    signed --> open : Withdraw the sign-off (campaign.manage), with a reason\n"
		"    signed --> [*]\n");
	tk_buf_drop(&b);
}

static void broken_types_are_found(void **s)
{
	static const struct tk_case_transition unknown[] = {
		{ "open", "sign", "singed", TK_P_ROLLUP_SIGN, 0, "Sign off" }, { 0 } };
	static const struct tk_case_transition twice[] = {
		{ "open", "sign", "signed", TK_P_ROLLUP_SIGN, 0, "Sign off" },
		{ "open", "sign", "open", TK_P_ROLLUP_SIGN, 0, "Sign off" }, { 0 } };
	static const struct tk_case_transition unreached[] = {
		{ "open", "note", "open", TK_P_ROLLUP_SIGN, 0, "Note" }, { 0 } };
	const struct tk_case_transition *const bad[] = { unknown, twice, unreached };
	struct tk_err e = { .lang = TK_EN };

	(void)s;
	for (size_t i = 0; i < TK_LEN(bad); i++) {
		struct tk_case_type t = { .name = "bad", .label = "Bad", .prefix = "R", .state = state,
					  .closed = "signed", .transition = bad[i] };

		assert_int_equal(tk_case_type_check(&t, &e), TK_EINTERNAL);
	}
}

static void receipt_numbers(void **s)
{
	struct tk_arena *a = tk_arena_new(64 << 20);
	const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

	(void)s;
	tk_hash_init();
	for (int n = 0; n < 50; n++) {
		char *r = tk_receipt_no(a, "S", 2011), typed[32];
		size_t len = strlen(r);

		assert_int_equal(len, 20);
		assert_memory_equal(r, "S2011-", 6);
		assert_string_equal(tk_receipt_read(a, r), r);
		for (size_t i = 0; i < len; i++) {                      /* every wrong character */
			for (const char *c = alphabet; *c && r[i] != '-'; c++) {
				strcpy(typed, r);
				typed[i] = *c;
				assert_true((tk_receipt_read(a, typed) != NULL) == (*c == r[i]));
			}
			for (size_t k = i + 1; k < len; k++) {          /* every swap */
				strcpy(typed, r);
				typed[i] = r[k];
				typed[k] = r[i];
				if (r[i] != r[k] && r[i] != '-' && r[k] != '-')
					assert_null(tk_receipt_read(a, typed));
			}
		}
	}
	tk_arena_free(a);
}

static void receipt_as_typed(void **s)
{
	struct tk_arena *a = tk_arena_new(1 << 20);
	char *r, low[32], full[128] = "";

	(void)s;
	tk_hash_init();
	do
		r = tk_receipt_no(a, "R", 2026);
	while (!strchr(r + 6, '0') || !strchr(r + 6, '1'));
	for (size_t i = 0; i <= strlen(r); i++)                         /* r2o26 7k3m ... */
		low[i] = (char)(r[i] == '-' ? ' ' : r[i] == '0' ? 'o' : r[i] == '1' ? 'l' :
				r[i] >= 'A' ? r[i] + 32 : r[i]);
	assert_string_equal(tk_receipt_read(a, low), r);
	for (const char *p = r; *p; p++) {                              /* full-width */
		char u[5] = { 0 };
		size_t n;

		n = tk_utf8_put((uint32_t)(unsigned char)*p + 0xFEE0, u);
		strncat(full, u, n);
	}
	assert_string_equal(tk_receipt_read(a, full), r);
	assert_null(tk_receipt_read(a, ""));
	assert_null(tk_receipt_read(a, NULL));
	assert_null(tk_receipt_read(a, "S2011"));
	assert_null(tk_receipt_read(a, "あいう"));
	tk_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(diagram), cmocka_unit_test(broken_types_are_found), cmocka_unit_test(receipt_numbers),
		cmocka_unit_test(receipt_as_typed),
		TESTDB_BOTH(open_find_log), TESTDB_BOTH(move_rules), TESTDB_BOTH(reading_is_scoped),
		TESTDB_BOTH(nobody_writes_from_outside), TESTDB_BOTH(two_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
