/* seed.c - data for the benchmarks; everything a measurement is not about.
 *
 *   seed roster N DIVISIONS              a personnel system's roster of N people, CSV
 *   seed form DB                         a questionnaire "bench": 81 single choices for everybody
 *   seed answers DB CAMPAIGN             answers of everybody in the campaign, CSV
 *   seed sessions DB N                   accounts and sessions of the first N staff and of the
 * office; prints "TOKEN CSRF" lines, the office's first
 *
 * Generator: 64-bit LCG; answers are 88 done : 5 partly : 3 not done : 2 not applicable : 2 don't
 * know; divisions take turns in the roster.  People are plainly made up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "main/wiring.h"
#include "survey/campaign.h"

enum { ITEMS = 81, BUREAUS = 10, POSTS = 20, LIFE = 30 * 86400 };

static struct tk_err err = { .lang = TK_EN };
static struct tk_who who;
static uint64_t state = 20120331;

static void must(enum tk_rc rc)
{
	if (rc != TK_OK) {
		fprintf(stderr, "seed: %s\n", err.msg);
		exit(1);
	}
}

static unsigned rnd(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(((state >> 32) * n) >> 32);
}

static void roster(unsigned n, unsigned divisions)
{
	puts("staff_number,name,kana,bureau,division,post,mail");
	for (unsigned i = 0; i < n; i++) {
		unsigned d = i % divisions, k = i / divisions;

		printf("%07u,見本 %07u,ミホン %07u,第%u局,第%u課,%s%u,m%07u@mihon.example\n", i + 1,
		       i + 1, i + 1, d % BUREAUS + 1, d + 1, k ? "係員" : "係長",
		       k ? k % POSTS + 1 : 1, i + 1);
	}
}

static const char *const code[] = { "done", "partly", "not_done", "na", "dk" };

static const char *answer(void)
{
	unsigned x = rnd(100);

	return code[x < 88 ? 0 : x < 93 ? 1 : x < 96 ? 2 : x < 98 ? 3 : 4];
}

static void form(const struct tk_op *op)
{
	static const char choices[] =
		"list_name,name,label::Japanese (ja),label::English (en)\n"
		"implementation,done,実施,Done\nimplementation,partly,一部実施,Partly "
		"done\nimplementation,not_done,未実施,Not done\n";
	static const char settings[] =
		"form_id,form_title::Japanese (ja),form_title::English "
		"(en)\nbench,測定用の質問票,Questionnaire of the benchmarks\n";
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_form_files f = { .choices = choices,
				   .settings = settings,
				   .nchoices = sizeof(choices) - 1,
				   .nsettings = sizeof(settings) - 1 };
	int64_t id;
	bool fresh;

	tk_buf_str(&b, "type,name,label::Japanese (ja),label::English (en),required,audience\n");
	for (int i = 1; i <= ITEMS; i++)
		tk_buf_fmt(&b,
			   "select_one implementation,q%02d,対策%dを実施していますか。,Do you "
			   "carry out measure %d?,yes,all_staff\n",
			   i, i, i);
	f.survey = b.p;
	f.nsurvey = b.len;
	must(tk_db_begin(op->db, op->e));
	must(tk_form_load(op, &f, true, &id, &fresh));
	must(tk_db_commit(op->db, op->e));
	tk_buf_drop(&b);
}

static enum tk_rc answers_row(void *ctx, const struct tk_value *col, size_t n)
{
	(void)ctx;
	(void)n;
	fputs(col[0].s, stdout);
	for (int i = 0; i < ITEMS; i++)
		printf(",%s", answer());
	putchar('\n');
	return TK_OK;
}

static void answers(const struct tk_op *op, const char *campaign)
{
	struct campaign c = { 0 };

	must(tk_campaign_find(op, campaign, &c));
	fputs("staff_number", stdout);
	for (int i = 1; i <= ITEMS; i++)
		printf(",q%02d", i);
	putchar('\n');
	must(tk_db_run(
		op->db, op->e,
		"SELECT staff_number FROM respondent WHERE campaign_id = $1 ORDER BY staff_number",
		TK_ARGS(TK_I(c.rec.id)), answers_row, NULL));
}

/* -- accounts and sessions --------------------------------------------------------------------- */
static void session(const struct tk_op *op, const char *login, int64_t staff_id, const char *role)
{
	int64_t account = tk_id_new(), now = tk_now();
	char *token = tk_token(op->mem, 32), *csrf = tk_token(op->mem, 32), digest[TK_SHA256_HEX];

	must(tk_db_exec(
		op->db, op->e,
		"INSERT INTO account(id, version, login, name, staff_id, state, lang, failed_count)"
		" VALUES($1,1,$2,$2,$3,'active','ja',0)",
		TK_I(account), TK_S(login), TK_I0(staff_id)));
	if (role)
		must(tk_db_exec(op->db, op->e,
				"INSERT INTO account_role(id, version, account_id, role) "
				"VALUES($1,1,$2,$3)",
				TK_I(tk_id_new()), TK_I(account), TK_S(role)));
	tk_sha256_hex(token, strlen(token), digest);
	must(tk_db_exec(op->db, op->e,
			"INSERT INTO session(digest, account_id, csrf, peer, created_at, seen_at, "
			"expires_at)"
			" VALUES($1,$2,$3,'127.0.0.1',$4,$4,$5)",
			TK_S(digest), TK_I(account), TK_S(csrf), TK_I(now), TK_I(now + LIFE)));
	printf("%s %s\n", token, csrf);
}

struct staff { int64_t *id; size_t n; };

static enum tk_rc staff_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct staff *s = ctx;

	(void)n;
	s->id[s->n++] = col[0].i;
	return TK_OK;
}

static void sessions(struct tk_op *op, unsigned n)
{
	struct staff s = { tk_xcalloc(n, sizeof(*s.id)), 0 };
	char login[32];

	must(tk_db_run(
		op->db, op->e,
		"SELECT id FROM staff WHERE deleted_at IS NULL ORDER BY staff_number LIMIT $1",
		TK_ARGS(TK_I(n)), staff_row, &s));
	must(tk_db_begin(op->db, op->e));
	session(op, "office", 0, "office");
	for (size_t i = 0; i < s.n; i++) {
		snprintf(login, sizeof(login), "m%07zu", i + 1);
		session(op, login, s.id[i], NULL);
		if (i % 1000 == 0)
			tk_arena_reset(op->mem);
	}
	must(tk_db_commit(op->db, op->e));
	free(s.id);
}

int main(int argc, char **argv)
{
	struct tk_arena *mem;
	struct tk_db *db = NULL;
	struct tk_op op;

	if (argc == 4 && !strcmp(argv[1], "roster")) {
		roster((unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]));
		return 0;
	}
	if (argc < 3) {
		fputs("seed roster N DIVISIONS | form DB | answers DB CAMPAIGN | sessions DB N\n",
		      stderr);
		return 2;
	}
	tk_hash_init();
	tk_wire_types();
	mem = tk_arena_new((size_t)1 << 30);
	who = tk_who_system("seed", "command line", TK_JA);
	must(tk_db_open(&db, argv[2], 0, &err));
	op = (struct tk_op){ db, mem, &who, &err };
	if (argc == 3 && !strcmp(argv[1], "form"))
		form(&op);
	else if (argc == 4 && !strcmp(argv[1], "answers"))
		answers(&op, argv[3]);
	else if (argc == 4 && !strcmp(argv[1], "sessions"))
		sessions(&op, (unsigned)atoi(argv[3]));
	tk_db_close(db);
	tk_arena_free(mem);
	return 0;
}
