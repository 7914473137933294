/* Lists: filter, sort, search, and pages that together are the whole list. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "thing.h"

#define T &thing_type

struct got { struct testdb *t; char out[8192]; int n; };

static enum tk_rc collect(void *ctx, const void *rec, const char *const *label)
{
	struct got *g = ctx;
	const struct thing *x = rec;
	size_t len = strlen(g->out);

	(void)label;
	g->n++;
	snprintf(g->out + len, sizeof(g->out) - len, "%s%s", len ? " " : "", x->code);
	return TK_OK;
}

/* The codes found for "name=value&name=value". */
static const char *found(struct world *w, const char *query)
{
	char *s = tk_strdup(w->t->mem, query), *save = NULL;
	struct got *g = tk_alloc(w->t->mem, sizeof(*g));
	struct tk_query q = { 0 };

	for (char *p = strtok_r(s, "&", &save); p; p = strtok_r(NULL, "&", &save)) {
		char *eq = strchr(p, '=');
		*eq = '\0';
		OK(w->t, tk_query_add(&q, T, p, eq + 1, &w->t->e));
	}
	OK(w->t, tk_rec_list(&w->op, T, &q, collect, g, NULL, NULL));
	return g->out;
}

static void add(struct world *w, const char *code, const char *name, const char *kana, int64_t size, int64_t unit)
{
	struct thing *x = thing_new(w, code, name);

	tk_set_by(T, x, "kana", TK_S(kana));
	tk_set_by(T, x, "size", size ? TK_I(size) : TK_NULL);
	if (unit)
		tk_set_by(T, x, "unit_id", TK_I(unit));
	tk_set_by(T, x, "ok", TK_I(size > 2));
	tk_set_by(T, x, "colour", size == 1 ? TK_S("red") : TK_NULL);
	OK(w->t, tk_rec_insert(&w->op, T, x));
}

static void filters(void **state)
{
	WORLD(state);
	struct tk_query q = { 0 };

	add(&w, "a", "one", "ア", 1, 11);
	add(&w, "b", "two", "イ", 2, 12);
	add(&w, "c", "three", "ウ", 3, 0);
	add(&w, "d", "four", "ぁ", 0, 11);
	assert_string_equal(found(&w, "sort=code&size.from=2"), "b c");
	assert_string_equal(found(&w, "sort=code&size.from=2&size.to=2"), "b");
	assert_string_equal(found(&w, "sort=code&size="), "d");
	assert_string_equal(found(&w, "sort=code&ok=true"), "c");
	assert_string_equal(found(&w, "sort=-code&ok=false"), "d b a");
	assert_string_equal(found(&w, "sort=code&unit_id=11"), "a d");
	assert_string_equal(found(&w, "sort=code&unit_id="), "c");
	assert_string_equal(found(&w, "sort=code&colour=red"), "a");
	assert_string_equal(found(&w, "sort=code&name=two' OR 1=1"), "");
	assert_string_equal(found(&w, "sort=code&kana.from=ア"), "a b c");      /* ぁ stands before ア in bytes */
	assert_string_equal(found(&w, "sort=size"), "d a b c");
	assert_string_equal(found(&w, "sort=unit_id"), "c b a d");              /* by title: "" 企画課 総務課 */
	FAILS(t, TK_EINVAL, tk_query_add(&q, T, "nothing", "1", &t->e));
	FAILS(t, TK_EINVAL, tk_query_add(&q, T, "password", "1", &t->e));
	FAILS(t, TK_EINVAL, tk_query_add(&q, T, "size.over", "1", &t->e));
	FAILS(t, TK_EINVAL, tk_query_add(&q, T, "limit", "501", &t->e));
	for (int i = 0; i < 3; i++) {
		static const char *const day[] = { "2020-13-01", "1 May", "2020/5/1" };

		q = (struct tk_query){ 0 };
		OK(t, tk_query_add(&q, T, "day.from", day[i], &t->e));
		FAILS(t, TK_EINVAL, tk_rec_list(&w.op, T, &q, collect, &(struct got){ 0 }, NULL, NULL));
		assert_string_equal(t->e.field, "day");
	}
	q = (struct tk_query){ 0 };
	OK(t, tk_query_add(&q, T, "size", "many", &t->e));
	FAILS(t, TK_EINVAL, tk_rec_list(&w.op, T, &q, collect, &(struct got){ 0 }, NULL, NULL));
	q = (struct tk_query){ .sort = "password" };
	FAILS(t, TK_EINVAL, tk_rec_list(&w.op, T, &q, collect, &(struct got){ 0 }, NULL, NULL));
	q = (struct tk_query){ .sort = "id;drop" };
	FAILS(t, TK_EINVAL, tk_rec_list(&w.op, T, &q, collect, &(struct got){ 0 }, NULL, NULL));
	q = (struct tk_query){ .cursor = "nonsense" };
	FAILS(t, TK_EINVAL, tk_rec_list(&w.op, T, &q, collect, &(struct got){ 0 }, NULL, NULL));
}

/* Bytes decide, on both databases, whatever collation the server was made with. */
static void the_same_order_everywhere(void **state)
{
	WORLD(state);

	add(&w, "1", "a", "カンサ", 1, 0);
	add(&w, "2", "b", "かんさ", 1, 0);
	add(&w, "3", "c", "監査", 1, 0);
	add(&w, "4", "d", "ガンサ", 1, 0);
	add(&w, "5", "e", "abc", 1, 0);
	add(&w, "6", "f", "ABC", 1, 0);
	add(&w, "7", "g", "ｶﾝｻ", 1, 0);
	add(&w, "8", "h", "𠮷", 1, 0);
	add(&w, "9", "i", "アー", 1, 0);
	add(&w, "10", "j", "アア", 1, 0);
	add(&w, "11", "k", NULL, 1, 0);
	add(&w, "12", "l", "_", 1, 0);
	assert_string_equal(found(&w, "sort=kana"), "11 6 12 5 2 10 9 1 4 3 7 8");
	assert_string_equal(found(&w, "sort=-kana"), "8 7 3 4 1 9 10 2 5 12 6 11");
	assert_string_equal(found(&w, "sort=code"), "1 10 11 12 2 3 4 5 6 7 8 9");
}

static void search(void **state)
{
	WORLD(state);
	struct thing x = { 0 };

	add(&w, "a", "情報セキュリティ監査の計画", "カンサ", 1, 0);
	add(&w, "b", "監視カメラ", "カンシ", 1, 0);
	add(&w, "c", "100%の達成", "タッセイ", 1, 0);
	add(&w, "d", "under_score", "アンダースコア", 1, 0);
	add(&w, "e", "Ｆｕｌｌ　Ｗｉｄｔｈ ログ", "フルワイド", 1, 0);
	add(&w, "f", "査監", "ｶﾝｻ", 1, 0);
	add(&w, "g", "back\\slash", "バック", 1, 0);
	assert_string_equal(found(&w, "sort=code&q=監査"), "a");
	assert_string_equal(found(&w, "sort=code&q=監"), "a b f");              /* one character */
	assert_string_equal(found(&w, "sort=code&q=%"), "c");                   /* literal */
	assert_string_equal(found(&w, "sort=code&q=_"), "d");
	assert_string_equal(found(&w, "sort=code&q=\\"), "g");
	assert_string_equal(found(&w, "sort=code&q=0%の"), "c");
	assert_string_equal(found(&w, "sort=code&q=r_s"), "d");
	assert_string_equal(found(&w, "sort=code&q=ｶﾝｻ"), "a f");               /* half-width kana, both ways */
	assert_string_equal(found(&w, "sort=code&q=かんさ"), "a f");
	assert_string_equal(found(&w, "sort=code&q=ログ"), "e");
	assert_string_equal(found(&w, "sort=code&q=FULL　width"), "e");         /* both words */
	assert_string_equal(found(&w, "sort=code&q=監査 計画"), "a");
	assert_string_equal(found(&w, "sort=code&q=監査 カメラ"), "");
	assert_string_equal(found(&w, "sort=code&q=画カ"), "");                 /* words do not cross fields */
	assert_string_equal(found(&w, "sort=code&q=' OR ''='"), "");
	assert_string_equal(found(&w, "sort=code&q= 　"), "a b c d e f g");     /* nothing asked */
	OK(t, tk_rec_find(&w.op, T, "code", TK_S("a"), &x));
	tk_set_by(T, &x, "name", TK_S("別の名前"));
	OK(t, tk_rec_update(&w.op, T, &x, -1));
	assert_string_equal(found(&w, "sort=code&q=監査"), "");                 /* the index follows */
	assert_string_equal(found(&w, "sort=code&q=別の"), "a");
	w.who = (struct tk_who){ .account_id = 5, .staff_id = 1, .division = { 11 }, .ndivision = 1 };
	w.who.scope[TK_P_ORG_READ] = TK_SCOPE_DIVISION;
	assert_string_equal(found(&w, "sort=code&q=監"), "");                   /* search respects permission */
}

static void check_pages(struct world *w, const char *sort, int limit, int want)
{
	struct tk_query q = { .sort = sort, .limit = -1 };
	struct got *all = tk_alloc(w->t->mem, sizeof(*all)), *pages = tk_alloc(w->t->mem, sizeof(*pages));
	const char *next = NULL;
	int64_t total = 0;
	int n = 0;

	OK(w->t, tk_rec_list(&w->op, T, &q, collect, all, &next, NULL));
	assert_null(next);
	assert_int_equal(all->n, want);
	q.limit = limit;
	q.count = true;
	do {
		q.cursor = next;
		OK(w->t, tk_rec_list(&w->op, T, &q, collect, pages, &next, &total));
		assert_int_equal(total, want);
		assert_true(++n <= want / limit + 1);
	} while (next);
	assert_string_equal(pages->out, all->out);
}

/* Pages put together are the whole list, in its order, whatever is equal or empty. */
static void pages_are_the_whole(void **state)
{
	static const char *const sort[] = { NULL, "id", "-id", "code", "-code", "kana", "-kana", "size", "-size",
					    "unit_id", "-unit_id", "ok", "colour", "-day", "seen_at", "staff_id" };
	static const char *const kana[] = { NULL, "", "ア", "ア", "カ:1", "監査", "%", "'" };
	WORLD(state);
	int64_t units[] = { 0, 11, 12, 21 };
	unsigned seed = 7;

	OK(t, tk_db_begin(t->db, &t->e));
	for (int i = 0; i < 97; i++) {
		char code[16];

		snprintf(code, sizeof(code), "%02d", i);
		seed = seed * 1103515245u + 12345u;
		add(&w, code, code, kana[seed >> 16 & 7], (int)(seed >> 20 & 3) - 1, units[seed >> 24 & 3]);
	}
	OK(t, tk_db_commit(t->db, &t->e));
	for (size_t s = 0; s < TK_LEN(sort); s++) {
		check_pages(&w, sort[s], 1, 97);
		check_pages(&w, sort[s], 7, 97);
		check_pages(&w, sort[s], 96, 97);
		check_pages(&w, sort[s], 97, 97);
		check_pages(&w, sort[s], 98, 97);
	}
}

struct label { char out[200]; };

static enum tk_rc take_label(void *ctx, const void *rec, const char *const *label)
{
	struct label *l = ctx;

	(void)rec;
	snprintf(l->out, sizeof(l->out), "%s", label[tk_field_index(T, "unit_id")] ? label[tk_field_index(T, "unit_id")] : "-");
	return TK_OK;
}

static void references_come_with_their_title(void **state)
{
	WORLD(state);
	struct tk_query q = { 0 };
	struct label l = { "" };

	add(&w, "a", "one", NULL, 1, 21);
	OK(t, tk_rec_list(&w.op, T, &q, take_label, &l, NULL, NULL));
	assert_string_equal(l.out, "監査課");
}

static enum tk_rc refuse(void *ctx, const void *rec, const char *const *label)
{
	(void)ctx;
	(void)rec;
	(void)label;
	return TK_EGONE;
}

static void a_refusal_ends_the_list(void **state)
{
	WORLD(state);
	struct tk_query q = { .limit = -1 };

	add(&w, "a", "one", NULL, 1, 21);
	add(&w, "b", "two", NULL, 1, 21);
	FAILS(t, TK_EGONE, tk_rec_list(&w.op, T, &q, refuse, NULL, NULL, NULL));
	assert_int_equal(testdb_int(t, "SELECT COUNT(*) FROM thing"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(filters),
		TESTDB_BOTH(the_same_order_everywhere),
		TESTDB_BOTH(search),
		TESTDB_BOTH(pages_are_the_whole),
		TESTDB_BOTH(references_come_with_their_title),
		TESTDB_BOTH(a_refusal_ends_the_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
