/* Position sheets of the demonstration's survey, on both engines: only strata with enough others, no
 * small count of others, nothing that the publication leaves out, nobody else's name, one mail each
 * (SRV-09). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "../survey/office.h"
#include "auth/access.h"
#include "base/hash.h"
#include "demo/demo.h"
#include "main/wiring.h"
#include "publish/position_int.h"
#include "table/survey_table.h"

struct world {
	struct testdb *t;
	struct office o;                /* only to send requests */
	struct tk_op op;
	struct campaign c;
	struct publication p;
};

static struct world *filled(void **state)
{
	struct tk_demo_opt opt = { .staff = 200 };
	struct testdb *t = testdb_of(state);
	struct world *w = tk_alloc(t->mem, sizeof(*w));

	tk_arena_raise(t->mem, (size_t)2 << 30);
	tk_wire_types();
	office_routes = tk_all_routes;
	w->t = t;
	w->o.t = t;
	w->o.program = tk_who_system("test", "test", TK_EN);
	w->op = (struct tk_op){ t->db, t->mem, &w->o.program, &t->e };
	OK(t, tk_ship_forms(&w->op));
	OK(t, tk_demo_fill(&w->op, &opt));
	OK(t, tk_campaign_find(&w->op, "telework-2020", &w->c));
	return w;
}

/* Published under this rule.  The files do not matter here. */
static void published(struct world *w, const char *min_cell, int64_t min_position)
{
	struct tk_pack_file file = { "manifest.json", "application/json", "{}", 2 };
	struct tk_pack pack = { .file = &file, .n = 1, .cap = 1 };

	pack.editions = testdb_int(w->t, "SELECT COUNT(*) FROM publication WHERE published_at IS "
					 "NOT NULL");
	OK(w->t, tk_db_begin(w->t->db, &w->t->e));
	OK(w->t, tk_publication_new(&w->op, &w->c, NULL, min_cell, "Corrected", &w->p));
	tk_set_by(&tk_publication_type, &w->p, "min_position", TK_I(min_position));
	OK(w->t, tk_rec_update(&w->op, &tk_publication_type, &w->p, -1));
	OK(w->t, tk_db_int(w->t->db, &w->t->e,
			   "SELECT COUNT(*) FROM publication WHERE published_at IS NOT NULL", NULL, 0, 0,
			   &pack.editions));
	OK(w->t, tk_publication_publish(&w->op, w->p.rec.id, &pack, &w->p));
	OK(w->t, tk_db_commit(w->t->db, &w->t->e));
}

static int64_t respondent_of(struct world *w, const char *code)
{
	int64_t id = 0;

	OK(w->t, tk_db_int(w->t->db, &w->t->e,
			   "SELECT id FROM respondent WHERE campaign_id = $1 AND institution_code = $2",
			   TK_ARGS(TK_I(w->c.rec.id), TK_S(code)), 0, &id));
	return id;
}

static const char *page_of(struct world *w, const char *code, enum tk_lang lang)
{
	struct tk_positions *ps;
	struct tk_buf b = TK_BUF(8 << 20);
	const char *s;

	OK(w->t, tk_positions_open(&w->op, w->c.rec.id, &ps));
	OK(w->t, tk_position_page(&w->op, ps, respondent_of(w, code), lang, &b));
	tk_positions_close(ps);
	assert_false(b.bad);
	s = tk_strdup(w->t->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}
#define IN(s, text) do { if (!strstr((s), (text))) fail_msg("%s is not in %.3000s", (text), (s)); } while (0)
#define NOT_IN(s, text) do { if (strstr((s), (text))) fail_msg("%s is there: %.300s", (text), strstr((s), (text))); } while (0)

/* -- what stands on it ------------------------------------------------------------------------- */
static void own_answers_stand_against_sector_and_all(void **state)
{
	struct world *w = filled(state);
	const char *en, *ja;

	published(w, "3", 10);
	en = page_of(w, "B001", TK_EN);
	ja = page_of(w, "B001", TK_JA);
	IN(en, "<html lang=\"en\">");
	IN(en, "<dt>Answered: Banks</dt><dd>184 institutions</dd>");
	IN(en, "<dt>Answered: All institutions</dt><dd>239 institutions</dd>");
	/* the printed figures are those of the published tables */
	IN(en, "71.2% (131)");
	IN(en, "69.5% (166)");
	IN(en, "<svg");
	IN(ja, "<html lang=\"ja\">");
	IN(ja, "機密性2");
	IN(ja, "貴先の回答：");
	NOT_IN(ja, "style=\"");
	NOT_IN(ja, "<script");
	NOT_IN(ja, "src=");
	IN(ja, "<th scope=\"col\"");
	IN(ja, "<th scope=\"row\"");
}

struct name { struct world *w; const char *page, *own; size_t n; };

static enum tk_rc not_named(void *ctx, const struct tk_value *col, size_t k)
{
	struct name *n = ctx;

	(void)k;
	if (!strcmp(col[0].s, n->own))
		return TK_OK;
	n->n++;
	for (size_t i = 0; i < 4; i++)
		if (col[i].s && *col[i].s)
			NOT_IN(n->page, col[i].s);
	return TK_OK;
}

static void nobody_else_is_named(void **state)
{
	struct world *w = filled(state);
	struct name n = { .w = w, .own = "S005" };

	published(w, "3", 10);
	n.page = page_of(w, "S005", TK_JA);
	IN(n.page, "S005");
	OK(w->t, tk_db_run(w->t->db, &w->t->e,
			   "SELECT i.code, i.name, c.name, c.mail FROM institution i LEFT JOIN contact c ON "
			   "c.institution_id = i.id", NULL, 0, not_named, &n));
	assert_true(n.n > 200);
}

/* -- others ------------------------------------------------------------------------------------ */
static void the_threshold_counts_others(void **state)
{
	struct world *w = filled(state);
	int64_t in_sector = 0;
	const char *s;

	OK(w->t, tk_db_int(w->t->db, &w->t->e,
			   "SELECT COUNT(*) FROM respondent r JOIN respondent me ON me.sector_id = r.sector_id AND "
			   "me.campaign_id = r.campaign_id WHERE me.id = $1", TK_ARGS(TK_I(respondent_of(w, "S005"))), 0,
			   &in_sector));
	assert_true(in_sector > 6);
	published(w, "3", in_sector - 1);
	s = page_of(w, "S005", TK_EN);
	NOT_IN(s, "figures are not shown");
	published(w, "3", in_sector);
	s = page_of(w, "S005", TK_EN);
	IN(s, tk_sprintf(w->t->mem, "figures are not shown, because fewer than %" PRId64 " other", in_sector));
	IN(s, "(239)");
	published(w, "3", 239);
	s = page_of(w, "S005", TK_EN);
	NOT_IN(s, "(239)");
	NOT_IN(s, "% (");
}

static bool own_is(const struct tk_position_item *it, size_t o)
{
	if (o == it->item->noption)
		return it->own->state == TK_ANSWER_DONT_KNOW;
	return it->own->state == TK_ANSWER_VALUE &&
	       (it->item->q == TK_Q_SINGLE ? it->own->option == (int)o : (it->own->bits >> o & 1) != 0);
}

static bool shown(const struct tk_position_cell *c)
{
	return c->show == TK_POSITION_SHOWN;
}

/* Nobody, or enough of them. */
static void enough(int64_t n, int64_t min, const struct tk_position_item *it)
{
	if (n && n < min)
		fail_msg("%" PRId64 " of %s are told", n, it->item->code);
}

/* What the reader gets from one question by taking the own answer and sums away. */
static size_t look(const struct tk_position *s, const struct tk_position_item *it)
{
	int64_t min = s->ps->min_cell;
	size_t out = 0;

	for (int k = 0; k < NSTRATUM; k++) {
		bool mine = it->own->state == TK_ANSWER_VALUE || it->own->state == TK_ANSWER_DONT_KNOW;
		size_t gone = 0;

		if (shown(&it->base[k]))
			assert_true(it->base[k].n - mine >= s->ps->p.min_position);
		for (size_t o = 0; o < it->noption; o++) {
			const struct tk_position_cell *c = it->option[o];
			int64_t others = c[k].n - own_is(it, o);

			gone += !shown(&c[k]);
			if (!shown(&c[k]))
				continue;
			assert_true(shown(&it->base[k]));
			enough(others, min, it);
			enough(it->base[k].n - mine - others, min, it);
			if (shown(&c[SECTOR]) && shown(&c[ALL]))
				enough(c[ALL].n - c[SECTOR].n, min, it);
		}
		if (it->item->q == TK_Q_SINGLE && shown(&it->base[k]))
			assert_int_not_equal(gone, 1);
		out += gone;
	}
	if (shown(&it->base[SECTOR]) && shown(&it->base[ALL]))
		enough(it->base[ALL].n - it->base[SECTOR].n, min, it);
	return out;
}

struct looking { struct world *w; struct tk_positions *ps; size_t n, out; };

static enum tk_rc look_at(void *ctx, const struct tk_position_row *r)
{
	struct looking *l = ctx;
	struct tk_position s;

	/* every ninth bank, all of the small sectors */
	if (l->n++ % 9 && r->code[0] == 'B')
		return TK_OK;
	OK(l->w->t, tk_position_make(&l->w->op, l->ps, r->respondent_id, TK_EN, &s));
	assert_true(s.nitem > 20);
	for (size_t i = 0; i < s.nitem; i++)
		l->out += look(&s, &s.item[i]);
	return TK_OK;
}

static void no_small_count_of_others_is_told(void **state)
{
	struct looking l = { .w = filled(state) };

	published(l.w, "5", 8);
	OK(l.w->t, tk_positions_open(&l.w->op, l.w->c.rec.id, &l.ps));
	OK(l.w->t, tk_position_each(&l.w->op, l.w->c.rec.id, look_at, &l));
	assert_true(l.out > 100);
	tk_positions_close(l.ps);
}

/* -- the publication --------------------------------------------------------------------------- */
static const struct tk_position_item *asked(const struct tk_position *s, const char *code)
{
	for (size_t i = 0; i < s->nitem; i++)
		if (!strcmp(s->item[i].item->code, code))
			return &s->item[i];
	return NULL;
}

/* In a table by sector: what it leaves out of the reader's row is not on the sheet. */
static size_t compare(const struct tk_position *s, const struct tk_table *t, const char *sector)
{
	size_t n = 0;

	for (size_t f = 0; f < t->nfigure; f++) {
		const struct tk_figure *g = &t->figure[f];
		const struct tk_position_item *it = g->item ? asked(s, g->item) : NULL;

		if (!it || strcmp(g->code, sector) != 0)
			continue;
		for (size_t o = 0; o < t->noption; o++) {
			int k = tk_item_option(it->item, t->option[o].code);

			if (k < 0 || g->count[o] != TK_COUNT_HIDDEN)
				continue;
			assert_false(shown(&it->option[k][SECTOR]));
			n++;
		}
	}
	return n;
}

struct comparing { struct world *w; struct tk_positions *ps; size_t n; };

static enum tk_rc compare_one(void *ctx, const struct tk_position_row *r)
{
	struct comparing *x = ctx;
	const struct tk_disclosure *d = &x->ps->d;
	struct tk_position s;

	if (r->code[0] == 'B' && strcmp(r->code, "B001") != 0)
		return TK_OK;
	OK(x->w->t, tk_position_make(&x->w->op, x->ps, r->respondent_id, TK_EN, &s));
	for (size_t k = 0; k < d->ntable; k++)
		if (d->table[k].table->by && !strcmp(d->table[k].table->by, "sector"))
			x->n += compare(&s, d->table[k].table,
					x->ps->l->bureau[s.sector].code);
	return TK_OK;
}

static void table_by_sector(struct world *w)
{
	const struct tk_rtype *t = &tk_survey_table_type;
	struct survey_table s = { 0 };
	int64_t form = 0;

	OK(w->t, tk_db_int(w->t->db, &w->t->e, "SELECT form_id FROM form_version WHERE id = $1",
			   TK_ARGS(TK_I(w->c.form_version_id)), 0, &form));
	tk_set_by(t, &s, "form_id", TK_I(form));
	tk_set_by(t, &s, "name", TK_S("staff-by-sector"));
	tk_set_by(t, &s, "sort", TK_I(900));
	tk_set_by(t, &s, "kind", TK_S("groups"));
	tk_set_by(t, &s, "title_ja", TK_S("業態別"));
	tk_set_by(t, &s, "items", TK_S("staff_share_after"));
	tk_set_by(t, &s, "by_group", TK_S("sector"));
	OK(w->t, tk_rec_insert(&w->op, t, &s));
}

static void what_the_publication_leaves_out_stays_out(void **state)
{
	struct comparing x = { .w = filled(state) };

	table_by_sector(x.w);
	published(x.w, "10", 5);
	OK(x.w->t, tk_positions_open(&x.w->op, x.w->c.rec.id, &x.ps));
	assert_true(x.ps->d.nout > 5);
	OK(x.w->t, tk_position_each(&x.w->op, x.w->c.rec.id, compare_one, &x));
	assert_true(x.n > 0);
	tk_positions_close(x.ps);
}

/* -- numbers ----------------------------------------------------------------------------------- */
static size_t digits(const char *s)
{
	size_t n = 0, zeros = 0;

	for (s += strspn(s, "-0."); *s; s++)
		if (*s == '0')
			zeros++;
		else if (*s != '.') {
			n += zeros + 1;
			zeros = 0;
		}
	return n;
}

static void quartiles_are_nobodys_answer(void **state)
{
	static const struct { int64_t num, den; int scale; const char *want; } row[] = {
		{ 12345, 1, 0, "12000" }, { 12500, 1, 0, "13000" }, { 99, 1, 0, "99" }, { 7, 2, 0, "3.5" },
		{ 401, 4, 0, "100" }, { 996, 1, 0, "1000" }, { 123, 1, 2, "1.2" }, { 456, 1, 4, "0.046" },
		{ 0, 1, 0, "0" }, { -12345, 1, 1, "-1200" }, { 120, 1, 0, "120" },
		{ INT64_MAX, 1, 0, "9200000000000000000" },
	};
	struct world *w = filled(state);
	const struct tk_position_item *it;
	struct tk_positions *ps;
	struct tk_position s;

	for (size_t i = 0; i < TK_LEN(row); i++)
		assert_string_equal(tk_position_print(w->t->mem, (struct tk_frac){ row[i].num, row[i].den },
						      row[i].scale, false), row[i].want);
	published(w, "3", 5);
	OK(w->t, tk_positions_open(&w->op, w->c.rec.id, &ps));
	OK(w->t, tk_position_make(&w->op, ps, respondent_of(w, "B001"), TK_EN, &s));
	it = asked(&s, "staff_total");
	assert_true(it && it->own_known && it->quarter[ALL].show == TK_POSITION_SHOWN);
	assert_true(digits(tk_position_print(w->t->mem, it->quarter[ALL].median, it->scale, false)) <= 2);
	/* a quarter holds min_cell others: 12 for 3 */
	for (size_t i = 0; i < s.nitem; i++)
		if (s.item[i].spread && s.item[i].quarter[SECTOR].show == TK_POSITION_SHOWN)
			assert_true(s.item[i].others[SECTOR] >= 12);
	/* measures: those that go with no other are none */
	it = asked(&s, "conn_measures");
	assert_true(it && it->spread);
	assert_false(ps->measure[it->at] >> tk_item_option(it->item, "password_only") & 1);
	assert_true(ps->measure[it->at] >> tk_item_option(it->item, "mfa") & 1);
	tk_positions_close(ps);
}

/* -- requests ---------------------------------------------------------------------------------- */
static struct tk_who reviewer(enum tk_access role)
{
	struct tk_who who = { .account_id = 4712, .name = "office", .source = "test", .lang = TK_EN };

	tk_access_grant(&who, role, 0, 0);
	return who;
}

static struct tk_who institution(struct world *w, const char *code, bool coordinator)
{
	struct tk_who who = { .account_id = 4711, .name = "outside", .source = "test", .lang = TK_EN,
			      .coordinator = coordinator };

	OK(w->t, tk_db_int(w->t->db, &w->t->e, "SELECT id FROM institution WHERE code = $1", TK_ARGS(TK_S(code)), 0,
			   &who.institution_id));
	tk_access_grant(&who, coordinator ? TK_ACCESS_COORDINATOR : TK_ACCESS_RESPONDENT, 0, 0);
	return who;
}

static const char *sheet_path(struct world *w, int64_t respondent)
{
	return tk_sprintf(w->t->mem, "campaigns/%" PRId64 "/position/%" PRId64 ".html", w->c.rec.id, respondent);
}

static void everybody_gets_the_own_sheet_only(void **state)
{
	struct world *w = filled(state);
	struct tk_who me = institution(w, "S005", true), colleague = institution(w, "S005", false),
		      office = reviewer(TK_ACCESS_OFFICE), auditor = reviewer(TK_ACCESS_AUDITOR), staff = reviewer(TK_ACCESS_STAFF);
	const char *my = tk_sprintf(w->t->mem, "my/responses/%" PRId64 "/position.html", w->c.rec.id);
	char digest[TK_SHA256_BASE64];
	struct campaign other;
	struct reply r = CALL(&w->o, me, "GET", my);

	STATUS(r, 404);
	HAS(r, "The results of this survey are not published yet.");
	published(w, "3", 10);
	r = CALL(&w->o, me, "GET", my);
	STATUS(r, 200);
	HAS(r, "(S005)");
	assert_string_equal(r.type, "text/html; charset=utf-8");
	/* its own style and nothing else */
	tk_sha256_base64(tk_position_style, strlen(tk_position_style), digest);
	assert_non_null(strstr(r.policy, tk_sprintf(w->t->mem, "style-src 'sha256-%s';", digest)));
	assert_non_null(strstr(r.policy, "default-src 'none'"));
	assert_null(strstr(r.policy, "unsafe"));
	HAS(r, tk_sprintf(w->t->mem, "<style>%s</style>", tk_position_style));
	r = CALL(&w->o, colleague, "GET", my);
	STATUS(r, 403);
	STATUS(CALL(&w->o, staff, "GET", my), 404);
	/* there is no way to another's */
	STATUS(CALL(&w->o, me, "GET", sheet_path(w, respondent_of(w, "S006"))), 403);
	STATUS(CALL(&w->o, auditor, "GET", sheet_path(w, respondent_of(w, "S006"))), 403);
	r = CALL(&w->o, office, "GET", sheet_path(w, respondent_of(w, "S006")));
	STATUS(r, 200);
	HAS(r, "(S006)");
	STATUS(CALL(&w->o, office, "GET", sheet_path(w, 4711)), 404);
	STATUS(CALL(&w->o, office, "GET", tk_sprintf(w->t->mem, "campaigns/%" PRId64 "/position/1.txt", w->c.rec.id)), 404);
	/* of another campaign */
	OK(w->t, tk_campaign_find(&w->op, "telework-2026", &other));
	STATUS(CALL(&w->o, office, "GET", sheet_path(w, int_sql(&w->o, "SELECT MIN(id) FROM respondent WHERE campaign_id = $1", other.rec.id))), 404);
}

static void not_while_answers_may_change(void **state)
{
	struct world *w = filled(state);
	struct tk_who office = reviewer(TK_ACCESS_OFFICE);
	struct reply r;

	published(w, "3", 10);
	run_sql(&w->o, "UPDATE campaign SET state = 'open', closed_at = NULL WHERE name = 'telework-2020'");
	r = CALL(&w->o, office, "GET", sheet_path(w, respondent_of(w, "B001")));
	STATUS(r, 409);
	HAS(r, "publish a new edition first");
	run_sql(&w->o, "UPDATE campaign SET state = 'closed', closed_at = 99999999999 WHERE name = 'telework-2020'");
	STATUS(CALL(&w->o, office, "GET", sheet_path(w, respondent_of(w, "B001"))), 409);
}

/* -- mail -------------------------------------------------------------------------------------- */
static void one_mail_each(void **state)
{
	struct world *w = filled(state);
	struct tk_who office = reviewer(TK_ACCESS_OFFICE);
	const char *path = tk_sprintf(w->t->mem, "campaigns/%" PRId64 "/positions/send", w->c.rec.id);
	struct reply r = CALL(&w->o, office, "POST", path, "{}");

	STATUS(r, 404);
	published(w, "3", 10);
	run_sql(&w->o, "UPDATE contact SET mail = NULL WHERE institution_id = (SELECT id FROM institution WHERE code = 'B002')");
	STATUS(CALL(&w->o, reviewer(TK_ACCESS_AUDITOR), "POST", path, "{}"), 403);
	STATUS(CALL(&w->o, institution(w, "S005", true), "POST", path, "{}"), 403);
	STATUS(CALL(&w->o, office, "POST", path, "{\"to\":\"x\"}"), 422);
	r = CALL(&w->o, office, "POST", path, "{}");
	STATUS(r, 200);
	HAS(r, "\"queued\":238");
	HAS(r, "\"without_mail\":1");
	HAS(r, "\"already\":0");
	r = CALL(&w->o, office, "POST", path, "{}");
	HAS(r, "\"queued\":0");
	HAS(r, "\"already\":238");
	assert_int_equal(int_sql(&w->o, "SELECT COUNT(*) + $1 FROM mail WHERE dedupe LIKE 'position:%'", 0), 238);
	assert_non_null(strstr(text_sql(&w->o, "SELECT body FROM mail WHERE dedupe LIKE 'position:%' AND id > $1", 0),
			       tk_sprintf(w->t->mem, "/#/answer/%" PRId64, w->c.rec.id)));
	/* a new edition is news */
	published(w, "5", 10);
	r = CALL(&w->o, office, "POST", path, "{}");
	HAS(r, "\"queued\":238");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(own_answers_stand_against_sector_and_all),
		TESTDB_BOTH(nobody_else_is_named),
		TESTDB_BOTH(the_threshold_counts_others),
		TESTDB_BOTH(no_small_count_of_others_is_told),
		TESTDB_BOTH(what_the_publication_leaves_out_stays_out),
		TESTDB_BOTH(quartiles_are_nobodys_answer),
		TESTDB_BOTH(everybody_gets_the_own_sheet_only),
		TESTDB_BOTH(not_while_answers_may_change),
		TESTDB_BOTH(one_mail_each),
	};

	return cmocka_run_group_tests_name("position sheets", tests, NULL, NULL);
}
