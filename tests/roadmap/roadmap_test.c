/* The roadmap: nine cells of which the empty ones show, improvements from every record, the life of
 * an item, the adviser's part, and the months of the burn-down. */
#include "../outsourcing/walk.h"
#include "base/clock.h"
#include "fact/module.h"
#include "main/wiring.h"
#include "roadmap/roadmap.h"

enum { YEAR = 1999 };   /* a year that the demonstration has nothing of */

static int64_t item(struct world *w, const char *title, const char *more)
{
	return make(w, A_OFFICE, "roadmap-items", fmt(w, "{\"title\":\"%s\",\"fiscal_year\":%d%s}", title, YEAR, more));
}

static struct tk_roadmap read_year(struct world *w, int year)
{
	struct tk_roadmap r;

	OK(w->t, tk_roadmap_read(&w->op, year, &r));
	return r;
}

/* RMP-01, RMP-03: 3 x 3 cells, each counted by state; a cell without an item is told as empty. */
static void nine_cells_and_the_empty_ones(void **state)
{
	struct world *w = world_of(state);
	int64_t a = item(w, "標的型攻撃への入口対策", ",\"threat\":\"external\",\"property\":\"confidentiality\"");
	int64_t b = item(w, "誤送信の防止", ",\"threat\":\"error\",\"property\":\"confidentiality\"");
	int64_t c = item(w, "権限の見直し", ",\"threat\":\"insider\",\"property\":\"integrity\"");
	struct tk_roadmap r;
	struct reply g;

	item(w, "置き場所の決まらない改善", "");
	MOVE(w, A_OFFICE, "roadmap-items", b, "start", NULL);
	MOVE(w, A_OFFICE, "roadmap-items", c, "drop", "別の施策に含める");
	assert_int_equal(read_year(w, YEAR).cell[2][1].doing, 1);       /* it was dropped after that year */
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE roadmap_item SET closed_at = $2 WHERE id = $1", TK_I(c),
			    TK_I(tk_date_time((struct tk_date){ YEAR, 6, 1 }))));
	r = read_year(w, YEAR);
	assert_int_equal(r.empty, 7);           /* the dropped one fills no cell */
	assert_int_equal(r.cell[0][0].planned, 1);
	assert_int_equal(r.cell[1][0].doing, 1);
	assert_int_equal(r.cell[2][1].dropped, 1);
	assert_int_equal(r.unplaced.planned, 1);
	assert_int_equal(r.nloose, 1);
	assert_int_equal(r.total.planned, 2);
	g = get(w, A_OFFICE, fmt(w, "/api/v1/roadmap/grid?year=%d", YEAR));
	STATUS(g, 200);
	assert_string_equal(reply_member(w, &g, "empty"), "7");
	HAS(g, "置き場所の決まらない改善");
	HAS(g, "\"threat\":\"insider\",\"property\":\"integrity\",\"planned\":0,\"doing\":0,\"done\":0,\"dropped\":1,\"empty\":true");
	g = ask(w, A_OFFICE, "GET", fmt(w, "/api/v1/roadmap/grid?year=%d", YEAR), .ja = true);
	HAS(g, "人為的ミス");
	HAS(g, "完全性");
	MOVE(w, A_OFFICE, "roadmap-items", a, "start", NULL);
	MOVE(w, A_OFFICE, "roadmap-items", a, "finish", NULL);
	r = read_year(w, tk_fiscal_year(tk_today()));
	assert_true(r.cell[0][0].done >= 1);    /* still open in 1999's time, so it came along to this year */
	assert_int_equal(read_year(w, YEAR - 1).total.planned, 0);
	NAMES(get(w, A_OFFICE, "/api/v1/roadmap/grid?year=x"), 422, "year");
	STATUS(get(w, A_STAFF, "/api/v1/roadmap-items/4711"), 404);
}

/* Half a place is no place: the field that is missing is named. */
static void a_place_needs_both(void **state)
{
	struct world *w = world_of(state);

	NAMES(made(w, A_OFFICE, "roadmap-items", "{\"title\":\"x\",\"threat\":\"error\"}"), 422, "property");
	NAMES(made(w, A_OFFICE, "roadmap-items", "{\"title\":\"x\",\"property\":\"integrity\"}"), 422, "threat");
	NAMES(made(w, A_OFFICE, "roadmap-items", "{\"title\":\"x\",\"cost\":-1}"), 422, "cost");
	NAMES(made(w, A_OFFICE, "roadmap-items", "{\"title\":\"x\",\"source_label\":\"y\"}"), 422, "source_label");
	STATUS(made(w, A_HEAD, "roadmap-items", "{\"title\":\"x\"}"), 403);
	STATUS(made(w, A_ADVISER, "roadmap-items", "{\"title\":\"x\"}"), 403);
}

/* RMP-02: the adviser gives advice, nobody else does, and the record says so. */
static void the_adviser_has_a_part(void **state)
{
	struct world *w = world_of(state);
	int64_t id = item(w, "助言を受ける改善", "");
	struct reply r;

	STATUS(move(w, A_OFFICE, "roadmap-items", id, "advise", "よい"), 403);
	NAMES(move(w, A_ADVISER, "roadmap-items", id, "advise", NULL), 422, "comment");
	STATUS(move(w, A_ADVISER, "roadmap-items", id, "start", NULL), 403);
	MOVE(w, A_ADVISER, "roadmap-items", id, "advise", "効果の大きいものから始めること");
	assert_string_equal(member(w, A_OFFICE, "roadmap-items", id, "state"), "planned");
	assert_string_equal(member(w, A_OFFICE, "roadmap-items", id, "advised_by"), w->actor[A_ADVISER].who.name);
	assert_int_equal(strlen(member(w, A_OFFICE, "roadmap-items", id, "advised_on")), 10);
	r = get(w, A_OFFICE, fmt(w, "/api/v1/roadmap-items/%lld/case", ID(id)));
	HAS(r, "効果の大きいものから始めること");
}

/* The owner does the work without a permission of the roadmap; a reason is asked for dropping. */
static void life_of_an_item(void **state)
{
	struct world *w = world_of(state);
	int64_t id = item(w, "担当者が進める改善",
			  fmt(w, ",\"owner_staff_id\":\"%lld\",\"division_id\":\"%lld\"", ID(w->actor[A_STAFF].staff),
			      ID(w->actor[A_HEAD].division)));

	STATUS(get(w, A_STAFF, fmt(w, "/api/v1/roadmap-items/%lld", ID(id))), 200);
	STATUS(get(w, A_STAFF3, fmt(w, "/api/v1/roadmap-items/%lld", ID(id))), 404);
	STATUS(get(w, A_HEAD, fmt(w, "/api/v1/roadmap-items/%lld", ID(id))), 200);
	STATUS(get(w, A_HEAD2, fmt(w, "/api/v1/roadmap-items/%lld", ID(id))), 404);
	STATUS(move(w, A_HEAD, "roadmap-items", id, "start", NULL), 403);
	MOVE(w, A_STAFF, "roadmap-items", id, "start", NULL);
	STATUS(move(w, A_STAFF, "roadmap-items", id, "drop", "やめたい"), 403);
	NAMES(move(w, A_OFFICE, "roadmap-items", id, "drop", NULL), 422, "comment");
	MOVE(w, A_STAFF, "roadmap-items", id, "finish", NULL);
	NAMES(change(w, A_OFFICE, "roadmap-items", id, "{\"title\":\"後から\"}"), 409, "title");
	STATUS(move(w, A_STAFF, "roadmap-items", id, "reopen", "x"), 403);
	MOVE(w, A_OFFICE, "roadmap-items", id, "reopen", "効果が足りない");
	assert_string_equal(member(w, A_OFFICE, "roadmap-items", id, "state"), "doing");
}

/* RMP-04: any record brings up an improvement; who may write it, or the roadmap, may do so. */
static void an_improvement_from_any_record(void **state)
{
	struct world *w = world_of(state);
	int64_t firm = make(w, A_OFFICE, "contractors", "{\"name\":\"見本システム株式会社\"}");
	const char *path = fmt(w, "/api/v1/contractors/%lld/improvement", ID(firm));
	const char *body = "{\"title\":\"認証の更新を確かめる\",\"threat\":\"external\",\"property\":\"integrity\"}";
	struct reply r = ask(w, A_OFFICE, "POST", path, .body = body, .keep = true), again;
	int64_t id = strtoll(reply_member(w, &r, "id"), NULL, 10);

	STATUS(r, 201);
	assert_string_equal(member(w, A_OFFICE, "roadmap-items", id, "source_type"), "contractor");
	assert_string_equal(member(w, A_OFFICE, "roadmap-items", id, "source_id"), fmt(w, "%lld", ID(firm)));
	assert_non_null(strstr(member(w, A_OFFICE, "roadmap-items", id, "source_label"), "見本システム株式会社"));
	again = ask(w, A_OFFICE, "POST", path, .body = body, .keep = true);     /* the same wish twice is one */
	assert_string_equal(reply_member(w, &again, "id"), reply_member(w, &r, "id"));
	STATUS(ask(w, A_AUDITOR, "POST", path, .body = body), 403);
	STATUS(ask(w, A_HEAD, "POST", path, .body = body), 403);
	STATUS(ask(w, A_STAFF, "POST", path, .body = body), 403);
	NAMES(ask(w, A_OFFICE, "POST", path, .body = "{\"threat\":\"error\",\"property\":\"integrity\"}"), 422, "title");
	NAMES(ask(w, A_OFFICE, "POST", path, .body = "{\"title\":\"x\",\"titel\":\"y\"}"), 422, "titel");
	NAMES(ask(w, A_OFFICE, "POST", path, .body = "{\"title\":\"x\",\"threat\":\"alien\",\"property\":\"integrity\"}"),
	      422, "threat");
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/contractors/4711/improvement", .body = body), 404);
	STATUS(ask(w, A_OFFICE, "POST", "/api/v1/nothing/4711/improvement", .body = body), 404);
	path = fmt(w, "/api/v1/roadmap-items/%lld/improvement", ID(id)); /* an item is none of itself */
	STATUS(ask(w, A_OFFICE, "POST", path, .body = body), 404);
}

/* RMP-04: the burn-down counts what was open at the end of each month. */
static void months_of_the_burn_down(void **state)
{
	struct world *w = world_of(state);
	int64_t id = item(w, "四半期で片付く改善", "");
	struct tk_roadmap before = read_year(w, 1998), r;
	struct reply g;

	/* on the roadmap since 10 May 1998, done on 1 August 1998, 00:00 */
	OK(w->t, tk_db_exec(w->t->db, &w->t->e, "UPDATE roadmap_item SET raised_on = '1998-05-10', fiscal_year = 1998,"
			    " state = 'done', closed_at = $2 WHERE id = $1", TK_I(id),
			    TK_I(tk_date_time((struct tk_date){ 1998, 8, 1 }))));
	r = read_year(w, 1998);
	assert_int_equal(r.nmonth, 12);
	for (int m = 0; m < 12; m++)            /* May, June, July */
		assert_int_equal(r.open[m] - before.open[m], m >= 1 && m <= 3);
	assert_int_equal(read_year(w, 1997).open[11], 0);
	g = get(w, A_OFFICE, "/api/v1/roadmap/burn-down.svg?year=1998");
	STATUS(g, 200);
	assert_string_equal(g.type, "image/svg+xml");
	HAS(g, "<svg");
	HAS(g, "Open improvements");
	STATUS(get(w, A_OFFICE, "/api/v1/roadmap/burn-down.svg?year=2199"), 404);
}

static void said(void *ctx, const char *what, int64_t n)
{
	assert_non_null(strstr(what, "improvements"));
	*(int64_t *)ctx = n;
}

/* What is open goes on into the next year and is not copied. */
static void a_year_is_opened(void **state)
{
	struct world *w = world_of(state);
	int64_t rows = world_int(w, "SELECT COUNT(*) + $1 FROM roadmap_item", 0), n = 0;
	int64_t open = world_int(w, "SELECT COUNT(*) FROM roadmap_item WHERE closed_at IS NULL AND fiscal_year <= $1", YEAR);

	assert_true(open > 0);
	OK(w->t, tk_roadmap_module.open_year(&w->op, YEAR, YEAR + 1, said, &n));
	assert_int_equal(n, open);
	assert_int_equal(world_int(w, "SELECT COUNT(*) + $1 FROM roadmap_item", 0), rows);
	assert_true(read_year(w, YEAR + 1).total.planned + read_year(w, YEAR + 1).total.doing >= open);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nine_cells_and_the_empty_ones), cmocka_unit_test(a_place_needs_both),
		cmocka_unit_test(the_adviser_has_a_part), cmocka_unit_test(life_of_an_item),
		cmocka_unit_test(an_improvement_from_any_record), cmocka_unit_test(months_of_the_burn_down),
		cmocka_unit_test(a_year_is_opened),
	};
	int failed = cmocka_run_group_tests_name("roadmap (SQLite)", tests, world_sqlite, world_down);

	return failed + cmocka_run_group_tests_name("roadmap (PostgreSQL)", tests, world_postgres, world_down);
}
