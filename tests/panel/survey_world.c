#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "org/institution.h"
#include "record/transfer.h"
#include "survey/live.h"
#include "survey_world.h"

static unsigned seed;
unsigned world_random(unsigned below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 12) % below;
}

static const char *const form[] = {
	"choice yn yes|label_ja=はい|label_en=Yes", "choice yn no|label_ja=いいえ|label_en=No",
	"choice opt a|label_ja=甲|label_en=A", "choice opt b|label_ja=乙|label_en=B", "choice opt c|label_ja=丙|label_en=C",
	"choice lv low|label_ja=低|label_en=Low", "choice lv mid|label_ja=中|label_en=Mid", "choice lv high|label_ja=高|label_en=High",
	"single use|list=yn|dont_know=1|label_ja=使っていますか。|label_en=Do you use it?",
	"multi before|list=opt|relevant=${use} = 'yes'", "multi after|list=opt", "single q0|list=lv|not_applicable=1",
	"single q1|list=lv|not_applicable=1", "int n|min_value=-1000|max_value=100000", "text t", NULL,
};

const char *const opt_code[] = { "a", "b", "c" }, *const lv_code[] = { "low", "mid", "high" };

static const char *state_text(int state) { return state == NA ? "na" : state == DK ? "dk" : ""; }

static void set(struct world *w, struct tk_response *r, size_t item, const char *text)
{
	OK(w->t, tk_response_set_text(&w->p.o.op, r, item, text));
}

static void set_multi(struct world *w, struct tk_response *r, size_t item, unsigned bits)
{
	char text[16] = "";

	for (int k = 0; k < NOPT; k++)
		if (bits >> k & 1)
			snprintf(text + strlen(text), 4, "%s%s", *text ? " " : "", opt_code[k]);
	set(w, r, item, text);
}

/* Writes the answers of one institution; those who do not count stay drafts. */
void world_answer(struct world *w, struct inst *x)
{
	struct office *o = &w->p.o;
	struct tk_response r = { 0 };
	char n[16];

	OK(w->t, tk_response_of(&o->op, x->respondent, &r));
	if (!strcmp(r.state, "submitted"))
		OK(w->t, tk_response_withdraw(&o->op, &r));
	set(w, &r, USE, x->use >= VALUE ? (x->use == VALUE ? "yes" : "no") : state_text(x->use));
	tk_response_settle(&r, w->t->mem);
	set_multi(w, &r, BEFORE, x->bits[0]);
	set_multi(w, &r, AFTER, x->bits[1]);
	for (size_t i = 0; i < 2; i++)
		set(w, &r, Q0 + i, x->q[i] >= VALUE ? lv_code[x->q[i] - VALUE] : state_text(x->q[i]));
	snprintf(n, sizeof(n), "%d", x->n);
	set(w, &r, N, x->has_n ? n : "");
	set(w, &r, T, x->text ? x->text : "");
	tk_response_settle(&r, w->t->mem);
	if (x->counts)
		OK(w->t, tk_response_submit(&o->op, &r));
	else {
		r.state = "draft";
		OK(w->t, tk_response_save(&o->op, &r));
	}
	tk_live_forget_all();
}

/* The states that follow from what was chosen. */
void world_settle(struct inst *x)
{
	x->state[0] = x->use != VALUE ? NOT_ASKED : x->bits[0] ? VALUE : NO_ANSWER;
	x->state[1] = x->bits[1] ? VALUE : NO_ANSWER;
}

static int choose(unsigned options, bool na, bool dk)
{
	unsigned k = world_random(10);

	return k == 0 ? NO_ANSWER : k == 1 && na ? NA : k == 2 && dk ? DK : VALUE + (int)world_random(options);
}

void world_invent(struct inst *x)
{
	x->counts = world_random(8) > 0;
	x->use = choose(2, false, true);
	for (int i = 0; i < 2; i++) {
		x->bits[i] = world_random(5) ? world_random(1 << NOPT) : 0;
		x->q[i] = choose(3, true, false);
	}
	x->has_n = world_random(6) > 0;
	x->n = (int)world_random(500) - 20;
	world_settle(x);
}

static void panel_of(struct world *w)
{
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_report *rep = NULL;

	tk_buf_str(&b, "code,name,sector_id,prefecture\n");
	for (int i = 0; i < MADE; i++)
		tk_buf_fmt(&b, "M%03d,模擬銀行%d,%s,%02u\n", i, i, world_random(3) ? "bank" : "shinkin", 1 + world_random(47));
	OK(w->t, tk_rec_import(&w->p.o.op, &tk_institution, b.p, b.len, "panel.csv", false, &rep));
	if (!rep->written)
		fail_msg("%s", rep->problem[0].message);
	tk_buf_drop(&b);
	run_sql(&w->p.o, "DELETE FROM institution_attribute");
	run_sql(&w->p.o, "INSERT INTO institution_attribute(id, version, institution_id, name, value, from_on)"
		" SELECT id + 7, 1, id, 'size', CASE WHEN code < 'M020' THEN 'big' ELSE 'small' END, '2001-01-01' FROM institution"
		" WHERE code < 'M030'");
}

static enum tk_rc on_inst(void *ctx, const struct tk_value *col, size_t n)
{
	struct world *w = ctx;
	struct inst *x = w->v;

	(void)n;
	while (x->id)
		x++;
	*x = (struct inst){ .id = col[0].i, .respondent = col[1].i, .sector = tk_strdup(w->t->mem, col[2].s),
		.prefecture = tk_strdup(w->t->mem, col[3].s),
		.size = strcmp(col[4].s, "M030") >= 0 ? NULL : strcmp(col[4].s, "M020") < 0 ? "big" : "small" };
	return TK_OK;
}

void world_up(struct world *w, struct testdb *t, unsigned start)
{
	seed = start;
	*w = (struct world){ .t = t };
	panel_up(&w->p, t);
	panel_of(w);
	office_form(&w->p.o, "sv", form);
	w->c = panel_open(&w->p, "sv", NULL);
	OK(t, tk_db_run(t->db, &t->e, "SELECT i.id, r.id, s.code, r.prefecture, i.code FROM respondent r JOIN institution i ON i.id ="
			" r.institution_id JOIN sector s ON s.id = r.sector_id WHERE r.campaign_id = $1 ORDER BY i.code",
			TK_ARGS(TK_I(w->c.rec.id)), on_inst, w));
	assert_int_not_equal(w->v[ALL - 1].id, 0);
	for (int i = 0; i < ALL; i++) {
		world_invent(&w->v[i]);
		world_answer(w, &w->v[i]);
	}
}

/* -- tables ------------------------------------------------------------------------------------ */
static const char tables_csv[] =
	"name,kind,title_ja,title_en,items,options,by_group,filter,base,round\n"
	"pair,options,対,Pair,after,,,,,\n"
	"part,bands,内訳,Part,q0,,,,,\n"
	"part-based,bands,内訳,Part,q0,,,,${use} != '',plain\n"
	"east,groups,東,East,use,,,,,\n"
	"by-sector,groups,業態,By sector,use,,sector,,,\n"
	"grid,grid,格子,Grid,q0 q1,,,,,\n"
	"big,options,大,Big,after,a c,,\"selected(${attribute}, 'size=big')\",,\n"
	"num,numbers,数,Numbers,n,,,,,\n";
static const char series_csv[] =
	"table,code,label_ja,label_en,item,filter,base,base_ja,base_en\n"
	"pair,before,前,Before,before,,,使っていた先,Those who used it\n"
	"pair,after,後,After,after,,,,\n"
	"east,all,全国,All,,,,,\n"
	"east,named,指定,Named,,\"selected('01 13 27 40', ${prefecture})\",,,\n"
	"east,rest,その他,Rest,,\"not(selected('01 13 27 40', ${prefecture}))\",,,\n";

size_t world_tables(struct world *w)
{
	size_t n = 0;

	OK(w->t, tk_survey_tables_load(&w->p.o.op, "sv", &(struct tk_survey_table_files){ tables_csv, series_csv,
		sizeof(tables_csv) - 1, sizeof(series_csv) - 1 }, &n));
	return n;
}

struct tk_table *world_table(struct world *w, struct tk_table_ask ask)
{
	struct tk_table *t = NULL;

	ask.lang = TK_EN;
	OK(w->t, tk_table_make(&w->p.o.op, &w->c, &ask, &t));
	return t;
}

void world_refuse(struct world *w, struct tk_table_ask ask, const char *field, const char *says)
{
	struct tk_table *t;

	ask.lang = TK_EN;
	FAILS(w->t, TK_EINVAL, tk_table_make(&w->p.o.op, &w->c, &ask, &t));
	assert_string_equal(w->t->e.field, field);
	SAYS(w->t, says);
}

const char *world_csv(struct world *w, const struct tk_table *t)
{
	char *p = NULL, *own;
	size_t n;
	FILE *f = open_memstream(&p, &n);

	OK(w->t, tk_table_write(f, t, TK_TABLE_CSV, &w->t->e));
	fclose(f);
	own = tk_strndup(w->t->mem, p, n);
	free(p);
	return own;
}

const struct tk_figure *figure(const struct tk_table *t, const char *code)
{
	for (size_t i = 0; i < t->nfigure; i++)
		if (!strcmp(t->figure[i].code, code))
			return &t->figure[i];
	fail_msg("no figure %s", code);
	return NULL;
}

size_t option(const struct tk_table *t, const char *code)
{
	for (size_t k = 0; k < t->noption; k++)
		if (!strcmp(t->option[k].code, code))
			return k;
	fail_msg("no option %s", code);
	return 0;
}
