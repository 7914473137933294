/* register_bench - a register of 100,000 records whose every record is a case: what a person asks of
 * its list, and the import that makes it.
 *
 *   ninja -C build bench/register_bench && build/bench/register_bench [FILE|postgres://...] [ROWS]
 *
 * Times are those of the server without its network: the query and the JSON of the page. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "case/life.h"
#include "db/migrate.h"
#include "main/wiring.h"
#include "record/transfer.h"

enum { PAGE = 50, REPEAT = 5 };
static struct tk_arena *mem;
static struct tk_err e = { .lang = TK_EN };
static struct tk_who who;
static struct tk_op op;

static void must(enum tk_rc rc)
{
	if (rc == TK_OK)
		return;
	fprintf(stderr, "register_bench: %s: %s\n", e.field, e.msg);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* -- the register ------------------------------------------------------------------------------ */
struct loan {
	struct tk_rec  rec;
	struct tk_life life;
	const char    *title, *reason, *kind, *until;
	int64_t        amount;
	bool           urgent;
};
static const struct tk_choice states[] = { { "requested", "Requested" }, { "approved", "Approved" }, { "closed", "Closed" }, { 0 } };
static const struct tk_case_transition moves[] = {
	{ "requested", "approve", "approved", TK_P_REQUEST_APPROVE, 0, "Approve" },
	{ "approved", "close", "closed", TK_P_REQUEST_APPROVE, 0, "Close" },
	{ 0 },
};
static const struct tk_case_type loan_case = {
	.name = "loan", .label = "Loan", .prefix = "Z", .state = states, .closed = "closed", .transition = moves,
};
static const struct tk_choice kinds[] = { { "pc", "PC" }, { "medium", "Medium" }, { "paper", "Paper" }, { 0 } };
static const struct tk_field field[] = {
	TK_TEXT(struct loan, title, .label = "Title", .flags = TK_REQUIRED | TK_LIST | TK_SEARCH, .max = 200),
	TK_LONG(struct loan, reason, .label = "Reason", .flags = TK_SEARCH),
	TK_ENUM(struct loan, kind, .label = "Kind", .flags = TK_LIST, .choice = kinds),
	TK_DATE(struct loan, until, .label = "Until"),
	TK_INT(struct loan, amount, .label = "Amount", .min = 0, .max = 1000000),
	TK_BOOL(struct loan, urgent, .label = "Urgent"),
	TK_LIFE_FIELDS(struct loan, states),
};
static const struct tk_rtype loan_type = {
	.name = "loan", .path = "loans", .table = "loan", .label = "Loan", .label_plural = "Loans", .group = "requests",
	.size = sizeof(struct loan), .field = field, .nfield = TK_LEN(field), .title = "title", .order = "-receipt_no",
	.read = TK_P_REQUEST_READ, .write = TK_P_REQUEST_MAKE, .scope_own = TK_LIFE_OWN, .scope_division = "division_id",
	.grade = 2, .life = &loan_case,
};
/* the indexes that docs/EXTENDING.md asks for: the order of the list, and the division */
static const char table[] =
	"CREATE TABLE loan(id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT, title TEXT NOT NULL,"
	" reason TEXT, kind TEXT, until TEXT, amount BIGINT, urgent SMALLINT, receipt_no TEXT NOT NULL,"
	" state TEXT NOT NULL, due_on TEXT, requester_staff_id BIGINT, owner_staff_id BIGINT, deputy_staff_id BIGINT,"
	" division_id BIGINT, closed_at BIGINT);"
	"CREATE UNIQUE INDEX loan_receipt ON loan(receipt_no);"
	"CREATE INDEX loan_division ON loan(division_id, state);"
	"CREATE INDEX loan_state ON loan(state);";

static void add_type(void)
{
	static const struct tk_rtype *types[256];
	static const struct tk_case_type *cases[100];
	const struct tk_rtype *const *t;
	const struct tk_case_type *const *c;
	size_t n = tk_rtypes(&t), k = tk_case_types(&c);

	memcpy(types, t, n * sizeof(*types));
	memcpy(cases, c, k * sizeof(*cases));
	types[n] = &loan_type;
	cases[k] = &loan_case;
	tk_rtypes_set(types, n + 1);
	tk_case_types_set(cases, k + 1);
}

static void organisation(void)
{
	must(tk_db_exec(op.db, &e, "INSERT INTO bureau(id, version, code, name, sort) VALUES(1 + $1,1,'B1','見本局',1)", TK_I(0)));
}

static uint32_t random_below(uint32_t n)
{
	static uint64_t s = 88172645463325252u;

	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	return (uint32_t)(s >> 32) % n;
}

static void fill(int rows)
{
	static const char *const what[] = { "端末", "外部記録媒体", "印刷物", "可搬媒体", "私物の端末", "議事録" };
	static const char *const why[] = { "出張先の会議で使うため", "自宅での作業のため", "検査への立会いのため", "監査法人へ渡すため" };
	struct tk_buf b = TK_BUF(64 << 20);
	struct tk_report *rep = NULL;
	double t;

	tk_buf_str(&b, "title,reason,kind,until,amount,urgent,due_on,division_id\n");
	for (int i = 0; i < rows; i++)
		tk_buf_fmt(&b, "%sの持出し %d,%s%s,%s,2012-%02d-%02d,%d,%s,2012-%02d-28,第%d課\n", what[random_below(6)], i,
			   why[random_below(4)], i % 5000 == 77 ? "、鯨飲" : "", kinds[random_below(3)].id,
			   1 + (int)random_below(12), 1 + (int)random_below(28), (int)random_below(1000000),
			   random_below(10) ? "no" : "yes", 1 + (int)random_below(12), 1 + (int)random_below(50));
	t = now();
	must(tk_rec_import(&op, &loan_type, b.p, b.len, "loans.csv", false, &rep));
	if (!rep->written) {
		fprintf(stderr, "register_bench: %s\n", rep->nproblem ? rep->problem[0].message : "not written");
		exit(1);
	}
	printf("%-58s %11.1f s   %.0f rows/s\n", "import of the file, each row a case with log and trail", now() - t, rows / (now() - t));
	must(tk_db_exec(op.db, &e, "UPDATE loan SET state = 'closed' WHERE amount < $1", TK_I(850000)));
	tk_buf_drop(&b);
}

/* -- what is asked ----------------------------------------------------------------------------- */
struct page { struct tk_json j; int n; };

static enum tk_rc row(void *ctx, const void *rec, const char *const *label)
{
	struct page *p = ctx;

	tk_rec_json(&p->j, &loan_type, rec, label, TK_JA);
	p->n++;
	return TK_OK;
}

static double worst;

static const char *ask(const char *name, struct tk_query q)
{
	struct tk_buf b = TK_BUF(4 << 20);
	const char *next = NULL;
	int64_t total = -1;
	double best = 1e9;
	int n = 0;

	for (int i = 0; i < REPEAT; i++) {
		struct page p = { .j = TK_JSON(&b) };
		double t = now();

		tk_buf_clear(&b);
		must(tk_rec_list(&op, &loan_type, &q, row, &p, &next, &total));
		if (now() - t < best)
			best = now() - t;
		n = p.n;
	}
	if (best > worst)
		worst = best;
	printf("%-58s %10.1f ms   %d rows", name, best * 1000, n);
	if (q.count)
		printf(", %" PRId64 " found", total);
	puts(best < 0.1 ? "" : "   MISSED");
	tk_buf_drop(&b);
	return next;
}

static const char *deep(const char *sort, int rows)
{
	const char *id = NULL;
	struct tk_value v[2];
	bool found;

	must(tk_db_first(op.db, mem, &e, !strcmp(sort, "amount") ? "SELECT id, amount FROM loan ORDER BY amount, id LIMIT 1 OFFSET $1"
			 : "SELECT id, receipt_no FROM loan ORDER BY receipt_no DESC, id DESC LIMIT 1 OFFSET $1",
			 TK_ARGS(TK_I(rows)), v, 2, &found));
	id = v[1].type == TK_V_INT ? tk_sprintf(mem, "%" PRId64 ":%" PRId64, v[0].i, v[1].i)
				   : tk_sprintf(mem, "%" PRId64 ":%s", v[0].i, v[1].s);
	return id;
}

static void ask_all(int rows)
{
	int64_t division = 0;
	const char *id;

	must(tk_db_int(op.db, &e, "SELECT MIN(division_id) FROM loan WHERE version > $1", TK_ARGS(TK_I(0)), 0, &division));
	id = tk_sprintf(mem, "%" PRId64, division);
	ask("first page, with the count of all", (struct tk_query){ .count = true });
	ask("open ones (state), with their count", (struct tk_query){ .count = true, .nfilter = 1, .filter = { { "state", TK_EQ, "requested" } } });
	ask("of one division and kind, with their count", (struct tk_query){ .count = true, .nfilter = 2,
		.filter = { { "division_id", TK_EQ, id }, { "kind", TK_EQ, "pc" } } });
	ask("days from and to, with their count", (struct tk_query){ .count = true, .nfilter = 2,
		.filter = { { "until", TK_FROM, "2012-04-01" }, { "until", TK_TO, "2012-04-30" } } });
	ask("sorted by a number without an index, with the count", (struct tk_query){ .count = true, .sort = "-amount" });
	ask("sorted by the division's name, with the count", (struct tk_query){ .count = true, .sort = "division_id" });
	ask("nine tenths down, default order", (struct tk_query){ .cursor = deep("", rows / 10 * 9) });
	ask("nine tenths down, by a number without an index", (struct tk_query){ .sort = "amount", .cursor = deep("amount", rows / 10 * 9) });
	ask("two characters in a sixth of the records, with the count", (struct tk_query){ .count = true, .q = "議事" });
	ask("two characters in every record, with the count", (struct tk_query){ .count = true, .q = "持出" });
	ask("two rare characters, with the count", (struct tk_query){ .count = true, .q = "鯨飲" });
	ask("four characters, with the count", (struct tk_query){ .count = true, .q = "監査法人" });
	ask("two words, with the count", (struct tk_query){ .count = true, .q = "議事 監査" });
	ask("500 rows", (struct tk_query){ .limit = 500 });
}

int main(int argc, char **argv)
{
	const char *url = argc > 1 ? argv[1] : "/tmp/register_bench.db";
	int rows = argc > 2 ? atoi(argv[2]) : 100000, applied = 0;

	if (argc < 2)
		unlink(url);
	mem = tk_arena_new((size_t)2 << 30);
	who = tk_who_system("bench", "bench", TK_EN);
	tk_wire_types();
	add_type();
	op = (struct tk_op){ NULL, mem, &who, &e };
	must(tk_db_open(&op.db, url, TK_DB_CREATE, &e));
	must(tk_migrate_all(op.db, &applied, &e));
	must(tk_db_script(op.db, table, &e));
	must(tk_db_begin(op.db, &e));
	organisation();
	for (int i = 1; i <= 50; i++)
		must(tk_db_exec(op.db, &e, "INSERT INTO division(id, version, code, name, bureau_id, sort, owns_system) VALUES($1,1,$2,$3,1,$1,0)", TK_I(i),
				TK_S(tk_sprintf(mem, "D%d", i)), TK_S(tk_sprintf(mem, "第%d課", i))));
	must(tk_db_commit(op.db, &e));
	fill(rows);
	if (tk_db_kind(op.db) == TK_DB_POSTGRES)        /* as its own daemon does after such an import */
		must(tk_db_script(op.db, "ANALYZE", &e));
	ask_all(rows);
	printf("worst: %.1f ms (mark 100 ms)\n", worst * 1000);
	tk_db_close(op.db);
	if (argc < 2)
		unlink(url);
	tk_arena_free(mem);
	return worst < 0.1 ? 0 : 1;
}
