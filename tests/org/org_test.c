#include <string.h>
#include "org/role.h"
#include "world.h"

/* Two bureaus: 総務局 with 総務課 (11) and 情報課 (12, owns a system), 調査局 with 調査課 (21). */
struct office { int64_t soumu, chousa, d11, d12, d21, head, clerk, aide; int64_t s1, s2, s3, s4, s5, s6; };

static struct office office_up(struct world *w)
{
	struct office o;

	o.soumu = make(w, &tk_bureau, "code=B1", "name=総務局", NULL);
	o.chousa = make(w, &tk_bureau, "code=B2", "name=調査局", NULL);
	o.d11 = make(w, &tk_division, "bureau_id=B1", "code=D11", "name=総務課", NULL);
	o.d12 = make(w, &tk_division, "bureau_id=B1", "code=D12", "name=情報課", "owns_system=はい", NULL);
	o.d21 = make(w, &tk_division, "bureau_id=B2", "code=D21", "name=調査課", NULL);
	o.head = make(w, &tk_post, "code=P1", "name=課長", "is_head=1", NULL);
	o.aide = make(w, &tk_post, "code=P2", "name=課長補佐", NULL);
	o.clerk = make(w, &tk_post, "code=P3", "name=総務担当係長", NULL);
	o.s1 = make(w, &tk_staff, "staff_number=１００１", "name=模擬　一", "kana=もぎ　ｲﾁ", "mail=Ａ１@Example.JP",
		    "division_id=D11", "post_id=P1", "joined_on=H12.4.1", NULL);
	o.s2 = make(w, &tk_staff, "staff_number=1002", "name=模擬 二", "division_id=D11", "post_id=P3", NULL);
	o.s3 = make(w, &tk_staff, "staff_number=1003", "name=模擬 三", "division_id=D12", "post_id=P1", NULL);
	o.s4 = make(w, &tk_staff, "staff_number=1004", "name=模擬 四", "division_id=D12", "post_id=P2",
		    "joined_on=2012-01-01", NULL);
	o.s5 = make(w, &tk_staff, "staff_number=1005", "name=模擬 五", "division_id=D21", "post_id=P1", NULL);
	o.s6 = make(w, &tk_staff, "staff_number=1006", "name=模擬 六", "division_id=D21", "post_id=P2",
		    "left_on=2012-03-01", NULL);
	return o;
}

static void tables_fit(void **state)
{
	WORLD(state);

	for (size_t i = 0; i < tk_org_ntypes; i++)
		OK(t, tk_rtype_check_table(t->db, tk_org_types[i], &t->e));
}

static void staff_forms(void **state)
{
	WORLD(state);
	struct office o = office_up(&w);
	struct tk_staff s = { 0 };

	OK(t, tk_rec_load(&w.op, &tk_staff, o.s1, &s));
	assert_string_equal(s.staff_number, "1001");
	assert_string_equal(s.name, "模擬 一");
	assert_string_equal(s.kana, "モギ イチ");
	assert_string_equal(s.mail, "a1@example.jp");
	assert_string_equal(s.joined_on, "2000-04-01");
	FAILS(t, TK_EINVAL, try_make(&w, &tk_staff, NULL, "staff_number=9", "name=模擬", "division_id=D11",
				     "joined_on=2012-04-01", "left_on=2012-03-31", NULL));
	assert_string_equal(t->e.field, "left_on");
	FAILS(t, TK_ECONFLICT, try_make(&w, &tk_staff, NULL, "staff_number=1002", "name=模擬", "division_id=D11", NULL));
	FAILS(t, TK_ECONFLICT, tk_rec_delete(&w.op, &tk_division, o.d11, -1));
	FAILS(t, TK_ECONFLICT, tk_rec_delete(&w.op, &tk_bureau, o.soumu, -1));
	FAILS(t, TK_ECONFLICT, try_make(&w, &tk_division, NULL, "bureau_id=B1", "code=D19", "name=総務課", NULL));
}

static void fiscal_years(void **state)
{
	WORLD(state);
	struct tk_fiscal_year y = { 0 };
	int64_t id, again;

	OK(t, tk_fiscal_year_ensure(&w.op, 2011, &id));
	OK(t, tk_fiscal_year_ensure(&w.op, 2011, &again));
	assert_int_equal(id, again);
	OK(t, tk_rec_load(&w.op, &tk_fiscal_year_type, id, &y));
	assert_string_equal(y.name, "平成23年度");
	assert_string_equal(y.starts_on, "2011-04-01");
	assert_string_equal(y.ends_on, "2012-03-31");
}

static enum tk_rc sum(void *ctx, const struct tk_head *h)
{
	int64_t *n = ctx;

	n[0]++;
	n[1] += h->count;
	return TK_OK;
}

static void head_counts(void **state)
{
	WORLD(state);
	int64_t n[2] = { 0, 0 }, total;

	office_up(&w);
	make(&w, &tk_division, "bureau_id=B2", "code=D22", "name=空課", NULL);
	OK(t, tk_head_count(&w.op, "2011-12-31", TK_HEAD_TOTAL, NULL, NULL, &total));
	assert_int_equal(total, 5);     /* 1004 joins the day after */
	OK(t, tk_head_count(&w.op, "2012-02-29", TK_HEAD_BUREAU, sum, n, &total));
	assert_int_equal(total, 6);
	assert_int_equal(n[0], 2);
	OK(t, tk_head_count(&w.op, "2012-03-01", TK_HEAD_DIVISION, sum, n, &total));
	assert_int_equal(total, 5);     /* 1006 has left */
	assert_int_equal(n[0], 6);
	FAILS(t, TK_EINVAL, tk_head_count(&w.op, "2012-02-30", TK_HEAD_TOTAL, NULL, NULL, &total));
}

struct held { int n; char names[400]; };

static enum tk_rc held(void *ctx, const struct tk_holder *h)
{
	struct held *x = ctx;

	x->n++;
	strncat(x->names, h->name ? h->name : "-", sizeof(x->names) - strlen(x->names) - 2);
	strcat(x->names, ";");
	return TK_OK;
}

static void holders(struct world *w, const char *role, const char *date, const char *want)
{
	struct held x = { 0 };

	OK(w->t, tk_role_holders(&w->op, role, date, held, &x));
	assert_string_equal(x.names, want);
}

static void roles_by_rule_and_record(void **state)
{
	WORLD(state);

	office_up(&w);
	holders(&w, "role_division_officer", "2012-01-10", "模擬 一;模擬 三;模擬 五;");
	holders(&w, "role_system_officer", "2012-01-10", "模擬 三;");
	holders(&w, "role_bureau_officer", "2012-01-10", "模擬 一;");
	/* an acting head for a while */
	make(&w, &tk_role_holder, "role=role_division_officer", "holder_kind=nominee", "staff_id=1006", "division_id=D21",
	     "from_on=2012-01-01", "to_on=2012-01-31", NULL);
	holders(&w, "role_division_officer", "2012-01-31", "模擬 六;模擬 一;模擬 三;");
	holders(&w, "role_division_officer", "2012-02-01", "模擬 一;模擬 三;模擬 五;");
	/* by post wherever it exists, by post in a unit, from outside */
	make(&w, &tk_role_holder, "role=role_division_clerk", "holder_kind=post", "post_id=P3", "from_on=2011-04-01", NULL);
	holders(&w, "role_division_clerk", "2012-01-10", "模擬 二;");
	make(&w, &tk_role_holder, "role=role_bureau_officer", "holder_kind=post", "post_id=P1", "division_id=D21",
	     "bureau_id=B2", "from_on=2011-04-01", NULL);
	holders(&w, "role_bureau_officer", "2012-01-10", "模擬 五;模擬 一;");
	make(&w, &tk_role_holder, "role=role_adviser", "holder_kind=outside", "outside_name=模擬 外", "from_on=2011-04-01", NULL);
	holders(&w, "role_adviser", "2012-01-10", "模擬 外;");
	holders(&w, "role_adviser", "2011-03-31", "");
}

static void fields_of_holders(void **state)
{
	WORLD(state);

	office_up(&w);
#define REFUSED(f, ...) FAILS(t, TK_EINVAL, try_make(&w, &tk_role_holder, NULL, "from_on=2011-04-01", __VA_ARGS__, NULL)); \
	assert_string_equal(t->e.field, f)
	REFUSED("post_id", "role=role_ciso", "holder_kind=post");
	REFUSED("staff_id", "role=role_ciso", "holder_kind=nominee");
	REFUSED("post_id", "role=role_ciso", "holder_kind=nominee", "staff_id=1002", "post_id=P1");
	REFUSED("outside_name", "role=role_adviser", "holder_kind=outside");
	REFUSED("holder_kind", "role=role_adviser", "holder_kind=post", "post_id=P1");
	REFUSED("holder_kind", "role=role_ciso", "holder_kind=outside", "outside_name=模擬 外");
	REFUSED("to_on", "role=role_ciso", "holder_kind=nominee", "staff_id=1002", "to_on=2011-03-31");
	REFUSED("role", "role=role_unknown", "holder_kind=nominee");
}

static void audits_and_is_audited(void **state)
{
	WORLD(state);
	struct tk_role_holder h = { 0 };

	office_up(&w);
	REFUSED("role", "role=role_audit_head", "holder_kind=nominee", "staff_id=1001");
	assert_non_null(strstr(t->e.msg, "模擬 一"));
	h.rec.id = make(&w, &tk_role_holder, "role=role_audit_head", "holder_kind=nominee", "staff_id=1004", "from_on=2012-04-01", NULL);
	/* its own row is no obstacle to changing it */
	OK(t, tk_rec_load(&w.op, &tk_role_holder, h.rec.id, &h));
	tk_set_by(&tk_role_holder, &h, "role", TK_S("role_system_clerk"));
	OK(t, tk_rec_update(&w.op, &tk_role_holder, &h, -1));
	tk_set_by(&tk_role_holder, &h, "role", TK_S("role_audit_head"));
	OK(t, tk_rec_update(&w.op, &tk_role_holder, &h, -1));
	/* the same person, from a later day on, directly and by post */
	REFUSED("role", "role=role_ciso", "holder_kind=nominee", "staff_id=1004");
	REFUSED("role", "role=role_system_clerk", "holder_kind=post", "post_id=P2");
	make(&w, &tk_role_holder, "role=role_ciso", "holder_kind=nominee", "staff_id=1004", "from_on=2011-04-01",
	     "to_on=2012-03-31", NULL);
	make(&w, &tk_role_holder, "role=role_adviser", "holder_kind=nominee", "staff_id=1004", "from_on=2012-04-01", NULL);
}

struct seen { int n, heads, admins; char roles1003[200]; };

static enum tk_rc seen(void *ctx, const struct tk_audience *a)
{
	struct seen *s = ctx;

	s->n++;
	s->heads += (a->flags & TK_AUD_DIVISION_HEAD) != 0;
	s->admins += (a->flags & TK_AUD_SYSTEM_ADMIN) != 0;
	if (!strcmp(a->staff_number, "1003"))
		strcpy(s->roles1003, a->roles);
	return TK_OK;
}

static void audiences(void **state)
{
	WORLD(state);
	struct seen s = { 0 };

	office_up(&w);
	OK(t, tk_audiences(&w.op, "2012-01-10", seen, &s));
	assert_int_equal(s.n, 6);
	assert_int_equal(s.heads, 3);
	assert_int_equal(s.admins, 1);
	assert_string_equal(s.roles1003, "role_system_officer role_division_officer");
}

static void titles(void **state)
{
	WORLD(state);
	const char *title;

	OK(t, tk_role_title_of(&w.op, "role_ciso", TK_EN, &title));
	assert_string_equal(title, "Chief information security officer");
	make(&w, &tk_role_title, "title_set=founding", "role=role_ciso", "title_ja=最高責任者", "title_en=Chief", NULL);
	make(&w, &tk_role_title, "title_set=common_standard", "role=role_ciso", "title_ja=CISO", "title_en=The CISO", NULL);
	OK(t, tk_role_title_of(&w.op, "role_ciso", TK_JA, &title));
	assert_string_equal(title, "最高責任者");
	OK(t, tk_db_exec0(t->db, &t->e, "INSERT INTO setting(name, value) VALUES('title_set', 'common_standard')"));
	OK(t, tk_role_title_of(&w.op, "role_ciso", TK_EN, &title));
	assert_string_equal(title, "The CISO");
}

static void names_of_posts(void **state)
{
	(void)state;
	assert_true(tk_post_heads("課長"));
	assert_true(tk_post_heads("総務課長"));
	assert_true(tk_post_heads("情報化・業務企画室長"));
	assert_true(tk_post_heads("参事官（課長級）"));
	assert_true(tk_post_heads("Division head"));
	assert_false(tk_post_heads("課長補佐"));
	assert_false(tk_post_heads("副課長"));
	assert_false(tk_post_heads("係長"));
	assert_false(tk_post_heads("局長"));
	assert_false(tk_post_heads("参事官"));
	assert_true(tk_post_usual_rank("局長") < tk_post_usual_rank("課長"));
	assert_true(tk_post_usual_rank("課長") < tk_post_usual_rank("情報セキュリティ担当補佐"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(tables_fit), TESTDB_BOTH(staff_forms), TESTDB_BOTH(fiscal_years), TESTDB_BOTH(head_counts),
		TESTDB_BOTH(roles_by_rule_and_record), TESTDB_BOTH(fields_of_holders), TESTDB_BOTH(audits_and_is_audited),
		TESTDB_BOTH(audiences), TESTDB_BOTH(titles), cmocka_unit_test(names_of_posts),
	};

	return cmocka_run_group_tests_name("org", tests, NULL, NULL);
}
