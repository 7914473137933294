/* table_bench - tables of a survey of 500 institutions with 2,000 questions.
 *
 *   ninja -C build bench/table_bench && build/bench/table_bench [FILE]
 *
 * Makes the survey in FILE (a new database; the default is removed at the end) through the rules of
 * the program, then times what a person asks for.  A hundred of the questions hold numbers, a
 * hundred free text. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/hash.h"
#include "main/wiring.h"
#include "org/institution.h"
#include "record/transfer.h"
#include "survey/live.h"
#include "survey/response.h"
#include "table/table.h"

enum { ITEMS = 2000, INSTITUTIONS = 500, SECTORS = 8, OPTIONS = 6 };
static struct tk_arena *mem;
static struct tk_err e = { .lang = TK_EN };
static struct tk_who who;
static struct tk_op op;

static void must(enum tk_rc rc)
{
	if (rc == TK_OK)
		return;
	fprintf(stderr, "table_bench: %s: %s\n", e.field, e.msg);
	exit(1);
}

static uint32_t random_below(uint32_t n)
{
	static uint64_t s = 88172645463325252u;

	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	return (uint32_t)(s >> 32) % n;
}

/* -- the survey -------------------------------------------------------------------------------- */
static enum tk_q_kind kind_of(int i)
{
	return i % 20 == 18 ? TK_Q_NUMBER : i % 20 == 19 ? TK_Q_TEXT : i % 4 == 3 ? TK_Q_MULTI : TK_Q_SINGLE;
}

static int64_t form(void)
{
	static const char *const type[] = { [TK_Q_SINGLE] = "select_one l", [TK_Q_MULTI] = "select_multiple l",
		[TK_Q_NUMBER] = "integer", [TK_Q_TEXT] = "text" };
	static const char settings[] = "form_id,form_title::Japanese (ja)\nbench,調査\n";
	struct tk_buf s = TK_BUF(4 << 20), c = TK_BUF(1 << 16);
	struct tk_form_files f = { .settings = settings, .nsettings = sizeof(settings) - 1 };
	int64_t id = 0;
	bool fresh;

	tk_buf_str(&s, "type,name,label::Japanese (ja),relevant\n");
	for (int i = 0; i < ITEMS; i++)
		tk_buf_fmt(&s, "%s,q%d,設問%d,%s\n", type[kind_of(i)], i, i, i % 10 == 7 ? "${q0} = 'o1'" : "");
	tk_buf_str(&c, "list_name,name,label::Japanese (ja)\n");
	for (int k = 0; k < OPTIONS; k++)
		tk_buf_fmt(&c, "l,o%d,選択肢%d\n", k, k);
	f.survey = s.p;
	f.nsurvey = s.len;
	f.choices = c.p;
	f.nchoices = c.len;
	must(tk_form_load(&op, &f, true, &id, &fresh));
	return id;
}

static void panel(void)
{
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_report *rep = NULL;

	tk_buf_str(&b, "code,name,sort\n");
	for (int i = 0; i < SECTORS; i++)
		tk_buf_fmt(&b, "s%d,業態%d,%d\n", i, i, i);
	must(tk_rec_import(&op, &tk_sector, b.p, b.len, "s.csv", false, &rep));
	tk_buf_drop(&b);
	tk_buf_str(&b, "code,name,sector_id,prefecture\n");
	for (int i = 0; i < INSTITUTIONS; i++)
		tk_buf_fmt(&b, "i%03d,機関%d,s%u,%02u\n", i, i, random_below(SECTORS), 1 + random_below(47));
	must(tk_rec_import(&op, &tk_institution, b.p, b.len, "i.csv", false, &rep));
	tk_buf_drop(&b);
}

static struct campaign campaign(void)
{
	struct tk_campaign_new n = { .name = "bench", .title_ja = "調査", .form = "bench", .asks = "institution",
		.fiscal_year = tk_fiscal_year(tk_today()) };
	struct campaign c;

	must(tk_campaign_create(&op, &n, &c));
	must(tk_campaign_open(&op, c.rec.id));
	return c;
}

static void answer(int64_t respondent, struct tk_arena *a)
{
	struct tk_op own = op;
	struct tk_response r = { 0 };

	own.mem = a;
	must(tk_response_of(&own, respondent, &r));
	for (size_t i = 0; i < ITEMS; i++) {
		enum tk_q_kind q = kind_of((int)i);
		char text[80];

		if (random_below(20) == 0)
			continue;
		if (q == TK_Q_NUMBER)
			snprintf(text, sizeof(text), "%u", random_below(10000));
		else if (q == TK_Q_TEXT)
			snprintf(text, sizeof(text), "自由に書いた回答 %u", random_below(1000));
		else if (q == TK_Q_SINGLE)
			snprintf(text, sizeof(text), "o%u", random_below(OPTIONS));
		else
			snprintf(text, sizeof(text), "o%u o%u", random_below(3), 3 + random_below(3));
		must(tk_response_set_text(&own, &r, i, text));
	}
	tk_response_settle(&r, a);
	must(tk_response_submit(&own, &r));
}

struct ids { int64_t v[INSTITUTIONS]; size_t n; };
static enum tk_rc on_id(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *l = ctx;

	(void)n;
	if (l->n < INSTITUTIONS)
		l->v[l->n++] = col[0].i;
	return TK_OK;
}

static struct campaign survey(void)
{
	struct tk_arena *a = tk_arena_new((size_t)1 << 30);
	struct ids l = { .n = 0 };
	struct campaign c;

	must(tk_db_begin(op.db, &e));
	panel();
	form();
	c = campaign();
	must(tk_db_run(op.db, &e, "SELECT id FROM respondent WHERE campaign_id = $1 ORDER BY id", TK_ARGS(TK_I(c.rec.id)), on_id, &l));
	for (size_t i = 0; i < l.n; i++) {
		answer(l.v[i], a);
		tk_arena_reset(a);
	}
	must(tk_db_commit(op.db, &e));
	tk_arena_free(a);
	tk_live_forget_all();
	return c;
}

/* -- asking ------------------------------------------------------------------------------------ */
static int64_t ask(const struct campaign *c, struct tk_table_ask a)
{
	struct tk_arena *own = tk_arena_new((size_t)1 << 30);
	struct tk_op o = op;
	struct tk_table *t;
	int64_t begin = tk_mono_us();

	o.mem = own;
	must(tk_table_make(&o, c, &a, &t));
	begin = tk_mono_us() - begin;
	tk_arena_free(own);
	return begin;
}
#define ASK(c, ...) ask((c), (struct tk_table_ask){ .name = "question", .lang = TK_JA, __VA_ARGS__ })

/* The best of some, which other programs disturb least. */
#define BEST(us, what) do { (us) = INT64_MAX; for (int b_ = 0; b_ < 7; b_++) { int64_t t_ = (what); (us) = t_ < (us) ? t_ : (us); } } while (0)

int main(int argc, char **argv)
{
	const char *file = argc > 1 ? argv[1] : "table_bench.db";
	struct campaign c;
	int64_t us, all = 0;
	int applied;

	tk_hash_init();
	tk_wire_types();
	mem = tk_arena_new((size_t)2 << 30);
	who = tk_who_system("bench", "bench", TK_EN);
	op = (struct tk_op){ .mem = mem, .who = &who, .e = &e };
	must(tk_db_open(&op.db, file, TK_DB_CREATE, &e));
	must(tk_migrate_all(op.db, &applied, &e));
	us = tk_mono_us();
	c = survey();
	printf("made %d x %d answers in %.1f s\n", INSTITUTIONS, ITEMS, (double)(tk_mono_us() - us) / 1e6);
	printf("first table, with loading the campaign   %8.2f ms\n", (double)ASK(&c, .item = "q1") / 1e3);
	BEST(us, ASK(&c, .item = "q1"));
	printf("one question                             %8.2f ms\n", (double)us / 1e3);
	BEST(us, ASK(&c, .item = "q3", .by = "prefecture"));
	printf("one question by 47 prefectures           %8.2f ms\n", (double)us / 1e3);
	for (int i = 0; i < ITEMS; i++)
		if (kind_of(i) == TK_Q_SINGLE || kind_of(i) == TK_Q_MULTI)
			all += ASK(&c, .item = tk_sprintf(mem, "q%d", i), .by = "sector");
	printf("every question of choices by sector      %8.2f ms together\n", (double)all / 1e3);
	BEST(us, ASK(&c, .item = "q1", .base = "${q0} = 'o1' and selected(${q3}, 'o2')"));
	printf("one question, base over choices          %8.2f ms\n", (double)us / 1e3);
	BEST(us, ASK(&c, .item = "q1", .base = "${q18} > 5000"));
	printf("one question, base over a number         %8.2f ms\n", (double)us / 1e3);
	BEST(us, ASK(&c, .item = "q18", .by = "sector"));
	printf("numbers of one question by sector        %8.2f ms\n", (double)us / 1e3);
	printf("memory of the counted campaign           %8.1f MB\n", (double)tk_live_bytes() / 1e6);
	tk_db_close(op.db);
	if (argc < 2)
		unlink(file);
	return 0;
}
