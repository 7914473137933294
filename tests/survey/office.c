#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "case/case.h"
#include "http/task_api.h"
#include "http/work.h"
#include "job/outbox.h"
#include "office.h"
#include "form/form_in.h"
#include "org/org.h"
#include "form/form_api.h"
#include "workbook/workbook_api.h"
#include "survey/rollup.h"
#include "survey/survey_api.h"
#include "survey/tasks.h"
#include "table/follow_up.h"

static const struct tk_rtype *const types[] = {
	&tk_bureau, &tk_division, &tk_post, &tk_staff, &tk_role_holder, &tk_role_title, &tk_fiscal_year_type, &tk_form_type,
	&tk_form_version_type, &tk_form_item_type, &tk_choice_type, &tk_campaign_type, &tk_respondent_type, &tk_follow_up_type,
	&tk_case_rtype, &tk_mail_type,
};
static const tk_task_source tasks[] = { tk_survey_tasks, tk_case_tasks };
static const struct tk_case_type *const cases[] = { &tk_sign_off_case, &tk_send_back_case };

void run_sql(struct office *o, const char *sql)
{
	OK(o->t, tk_db_script(o->t->db, sql, &o->t->e));
}

int64_t int_sql(struct office *o, const char *sql, int64_t arg)
{
	int64_t n = 0;

	OK(o->t, tk_db_int(o->t->db, &o->t->e, sql, TK_ARGS(TK_I(arg)), -1, &n));
	return n;
}

const char *text_sql(struct office *o, const char *sql, int64_t arg)
{
	struct tk_value v[1];
	bool found;

	OK(o->t, tk_db_first(o->t->db, o->t->mem, &o->t->e, sql, TK_ARGS(TK_I(arg)), v, 1, &found));
	return found ? v[0].s : NULL;
}

static void run(struct office *o, const char *sql, const struct tk_value *v, size_t n)
{
	OK(o->t, tk_db_run(o->t->db, &o->t->e, sql, v, n, NULL, NULL));
}

int64_t office_staff(struct office *o, const char *number, const char *name, int division, int post)
{
	int64_t id = tk_id_new();
	bool mail = strcmp(number, "103") != 0 && strcmp(number, "303") != 0;

	run(o, "INSERT INTO staff(id, version, staff_number, name, mail, division_id, post_id) VALUES($1, 1, $2, $3, $4, $5, $6)",
	    TK_ARGS(TK_I(id), TK_S(number), TK_S(name), TK_S(mail ? tk_sprintf(o->t->mem, "m%s@example.org", number) : NULL),
		    TK_I(o->division[division]), TK_I(o->post[post])));
	return id;
}

void office_up(struct office *o, struct testdb *t)
{
	static const struct { const char *number, *name; int division, post; } who[STAFF] = {
		{ "101", "標本 一号", 0, 0 }, { "102", "標本 二号", 0, 1 }, { "103", "標本 三号", 0, 1 }, { "201", "標本 四号", 1, 0 },
		{ "202", "標本 五号", 1, 1 }, { "301", "標本 六号", 2, 0 }, { "302", "標本 七号", 2, 1 }, { "303", "標本 八号", 2, 1 },
	};
	static const char *const division[] = { "総務課", "検査課", "監理課" };

	*o = (struct office){ .t = t, .program = tk_who_system("test", "test", TK_EN) };
	o->op = (struct tk_op){ t->db, t->mem, &o->program, &t->e };
	tk_rtypes_set(types, TK_LEN(types));
	tk_case_types_set(cases, TK_LEN(cases));
	tk_task_sources_set(tasks, TK_LEN(tasks));
	for (int b = 0; b < 2; b++) {
		o->bureau[b] = tk_id_new();
		run(o, "INSERT INTO bureau(id, version, code, name, sort) VALUES($1, 1, $2, $3, $4)",
		    TK_ARGS(TK_I(o->bureau[b]), TK_S(b ? "B2" : "B1"), TK_S(b ? "監督局" : "総務企画局"), TK_I(b)));
	}
	for (int d = 0; d < 3; d++) {
		o->division[d] = tk_id_new();
		run(o, "INSERT INTO division(id, version, bureau_id, code, name, sort, owns_system) VALUES($1, 1, $2, $3, $4, $5, $6)",
		    TK_ARGS(TK_I(o->division[d]), TK_I(o->bureau[d == 2]), TK_S(tk_sprintf(t->mem, "D%d", d + 1)), TK_S(division[d]),
			    TK_I(d), TK_I(d == 2)));
	}
	for (int p = 0; p < 2; p++) {
		o->post[p] = tk_id_new();
		run(o, "INSERT INTO post(id, version, code, name, rank, is_head) VALUES($1, 1, $2, $3, $4, $5)",
		    TK_ARGS(TK_I(o->post[p]), TK_S(p ? "P2" : "P1"), TK_S(p ? "係員" : "課長"), TK_I(p + 1), TK_I(!p)));
	}
	for (int i = 0; i < STAFF; i++)
		o->staff[i] = office_staff(o, who[i].number, who[i].name, who[i].division, who[i].post);
}

int64_t staff_id(struct office *o, const char *number)
{
	int64_t id = 0;

	OK(o->t, tk_db_int(o->t->db, &o->t->e, "SELECT id FROM staff WHERE staff_number = $1", TK_ARGS(TK_S(number)), 0, &id));
	assert_true(id > 0);
	return id;
}

const char *day(struct office *o, int n)
{
	char iso[11];

	tk_date_iso(tk_date_of_days(tk_date_days(tk_today()) + n), iso);
	return tk_strdup(o->t->mem, iso);
}

/* -- forms -------------------------------------------------------------------------------------- */

const char *const office_basic[] = {
	"choice impl done|label_ja=実施|label_en=Done", "choice impl partly|label_ja=一部実施|label_en=Partly done",
	"choice impl not_done|label_ja=未実施|label_en=Not done",
	"single a|list=impl|required=1|not_applicable=1|dont_know=1|evidence=1", "single b|list=impl|required=1", "text c", NULL,
};

static void add_row(struct office *o, int64_t version, int64_t sort, const char *text)
{
	char *copy = tk_strdup(o->t->mem, text), *save = NULL, *head = strtok_r(copy, "|", &save), *pair;
	char kind[20], one[60], two[60] = "";
	bool choice;
	const struct tk_rtype *type;
	void *rec;

	assert_true(sscanf(head, "%19s %59s %59s", kind, one, two) >= 2);
	choice = !strcmp(kind, "choice");
	type = choice ? &tk_choice_type : &tk_form_item_type;
	rec = tk_alloc(o->t->mem, type->size);
	tk_set_by(type, rec, "form_version_id", TK_I(version));
	tk_set_by(type, rec, "sort", TK_I(sort));
	tk_set_by(type, rec, "code", TK_S(tk_strdup(o->t->mem, choice ? two : one)));
	tk_set_by(type, rec, "label_ja", TK_S(tk_sprintf(o->t->mem, "問 %s", choice ? two : one)));
	tk_set_by(type, rec, choice ? "list" : "kind", TK_S(tk_strdup(o->t->mem, choice ? one : kind)));
	while ((pair = strtok_r(NULL, "|", &save))) {
		size_t n = strcspn(pair, "=");
		int i = tk_field_index(type, tk_strndup(o->t->mem, pair, n));

		assert_true(i >= 0);
		OK(o->t, tk_set_text(&o->op, type, rec, (size_t)i, pair + n + 1));
	}
	OK(o->t, tk_rec_insert(&o->op, type, rec));
}

int64_t office_draft(struct office *o, const char *code, const char *const *rows)
{
	struct form f = { 0 };

	tk_set_by(&tk_form_type, &f, "code", TK_S(code));
	tk_set_by(&tk_form_type, &f, "title_ja", TK_S("点検"));
	tk_set_by(&tk_form_type, &f, "title_en", TK_S("Inspection"));
	OK(o->t, tk_rec_insert(&o->op, &tk_form_type, &f));
	o->form = f.rec.id;
	OK(o->t, tk_form_draft(&o->op, o->form, &o->version));
	for (int i = 0; rows[i]; i++)
		add_row(o, o->version, (i + 1) * 10, rows[i]);
	return o->version;
}

int64_t office_form(struct office *o, const char *code, const char *const *rows)
{
	office_draft(o, code, rows);
	OK(o->t, tk_form_publish(&o->op, o->version));
	return o->version;
}

/* -- campaigns ---------------------------------------------------------------------------------- */
struct campaign office_campaign(struct office *o, const char *name, const char *rule)
{
	const struct tk_rtype *type = &tk_campaign_type;
	struct campaign c = { 0 };

	tk_set_by(type, &c, "name", TK_S(name));
	tk_set_by(type, &c, "title_ja", TK_S("自己点検"));
	tk_set_by(type, &c, "title_en", TK_S("Self-inspection"));
	tk_set_by(type, &c, "fiscal_year", TK_I(tk_fiscal_year(tk_today())));
	tk_set_by(type, &c, "form_version_id", TK_I(o->version));
	tk_set_by(type, &c, "closes_on", TK_S(day(o, 10)));
	tk_set_by(type, &c, "population", TK_S(rule));
	OK(o->t, tk_rec_insert(&o->op, type, &c));
	return c;
}

struct campaign office_open(struct office *o, const char *name)
{
	struct campaign c = office_campaign(o, name, NULL), now = { 0 };

	OK(o->t, tk_campaign_open(&o->op, c.rec.id));
	OK(o->t, tk_rec_load(&o->op, &tk_campaign_type, c.rec.id, &now));
	return now;
}

int64_t respondent(struct office *o, const struct campaign *c, const char *number)
{
	int64_t id = 0;

	OK(o->t, tk_db_int(o->t->db, &o->t->e, "SELECT id FROM respondent WHERE campaign_id = $1 AND staff_number = $2",
			   TK_ARGS(TK_I(c->rec.id), TK_S(number)), 0, &id));
	return id;
}

struct tk_response response_of(struct office *o, const struct campaign *c, const char *number)
{
	struct tk_response r;

	OK(o->t, tk_response_of(&o->op, respondent(o, c, number), &r));
	return r;
}

enum tk_rc apply(struct office *o, struct tk_response *r, const char *json)
{
	cJSON *x = NULL;

	OK(o->t, tk_json_parse(o->t->mem, json, strlen(json), &x, &o->t->e));
	return tk_response_apply(&o->op, r, x);
}

void submit(struct office *o, const struct campaign *c, const char *number, const char *json)
{
	struct tk_response r = response_of(o, c, number);

	OK(o->t, apply(o, &r, json));
	OK(o->t, tk_response_submit(&o->op, &r));
}

const char *answers(struct office *o, const struct tk_response *r)
{
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_json j = TK_JSON(&b);
	const char *s;

	tk_response_json(&j, r, NULL, NULL);
	s = tk_strdup(o->t->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

/* -- requests ----------------------------------------------------------------------------------- */
struct tk_who as_office(void)
{
	struct tk_who w = { .account_id = 1, .name = "Office", .source = "test", .lang = TK_EN };

	for (enum tk_perm p = TK_P_SIGNED_IN; p < TK_P_MAX; p++)
		w.scope[p] = TK_SCOPE_ALL;
	w.scope[TK_P_ANSWER_OWN] = TK_SCOPE_NONE;
	return w;
}

struct tk_who as_staff(struct office *o, const char *number)
{
	struct tk_who w = { .account_id = 1000 + staff_id(o, number) % 1000000, .staff_id = staff_id(o, number), .name = number,
			    .source = "test", .lang = TK_EN };

	w.scope[TK_P_SIGNED_IN] = TK_SCOPE_OWN;
	w.scope[TK_P_ANSWER_OWN] = w.scope[TK_P_CAMPAIGN_READ] = TK_SCOPE_OWN;
	return w;
}

static void rollup(struct tk_who *w, enum tk_scope s)
{
	w->scope[TK_P_CAMPAIGN_READ] = w->scope[TK_P_ROLLUP_READ] = w->scope[TK_P_ROLLUP_SIGN] = w->scope[TK_P_TABLE_READ] = s;
}

struct tk_who as_head(struct office *o, const char *number, int division)
{
	struct tk_who w = as_staff(o, number);

	rollup(&w, TK_SCOPE_DIVISION);
	w.division[w.ndivision++] = o->division[division];
	return w;
}

struct tk_who as_bureau(struct office *o, int bureau)
{
	struct tk_who w = { .account_id = 3, .name = "Bureau", .source = "test", .lang = TK_EN };

	w.scope[TK_P_SIGNED_IN] = TK_SCOPE_OWN;
	rollup(&w, TK_SCOPE_BUREAU);
	w.bureau[w.nbureau++] = o->bureau[bureau];
	return w;
}

static struct tk_who caller;

static enum tk_rc somebody(struct tk_req *rq)
{
	rq->who = caller;
	rq->session_csrf = "token";
	return TK_OK;
}

static void queries(struct tk_req *rq, const char *text)
{
	char *q = tk_strdup(rq->mem, text ? text : ""), *save = NULL;

	for (char *w = strtok_r(q, "&", &save); w; w = strtok_r(NULL, "&", &save)) {
		size_t n = strcspn(w, "=");

		rq->query[rq->nquery++] = (struct tk_pair){ tk_strndup(rq->mem, w, n), w[n] ? w + n + 1 : "" };
	}
}

static const struct tk_route *const survey_routes[] = {
	tk_task_routes,
	tk_my_routes,
	tk_workbook_routes,
	tk_campaign_routes,
	tk_form_routes,
	tk_xlsform_routes,
	tk_preview_routes,
	tk_generic_routes,
	NULL,
};
const struct tk_route *const *office_routes = survey_routes;

static struct reply handle(struct tk_req *rq, struct tk_who who, const char *query)
{
	struct reply r;

	queries(rq, query);
	caller = who;
	tk_req_handle(rq, office_routes, somebody);
	r = (struct reply){ .status = rq->status, .body = tk_strndup(rq->mem, rq->out.p ? rq->out.p : "", rq->out.len),
			    .n = rq->out.len, .type = rq->content_type, .policy = rq->policy };
	for (size_t i = 0; i < rq->nheader; i++)
		if (!strcmp(rq->header[i].name, "ETag"))
			r.etag = rq->header[i].value;
	tk_req_drop(rq);
	return r;
}

static struct tk_req request(struct office *o, const char *method, const char *path)
{
	return (struct tk_req){
		.mem = o->t->mem, .db = o->t->db, .method = method, .peer = "127.0.0.1", .host = "localhost", .csrf = "token",
		.path = tk_sprintf(o->t->mem, "/api/v1/%s", path), .who = { .lang = TK_EN }, .err = { .lang = TK_EN },
		.out = TK_BUF(16 << 20),
	};
}

struct reply call(struct office *o, struct tk_who who, const char *const ask[6])
{
	struct tk_req rq = request(o, ask[0], ask[1]);

	rq.body = ask[2];
	rq.nbody = ask[2] ? strlen(ask[2]) : 0;
	rq.if_match = ask[3];
	rq.idempotency_key = ask[4];
	return handle(&rq, who, ask[5]);
}

struct reply call_raw(struct office *o, struct tk_who who, const char *method, const char *path, const void *body, size_t n, const char *query)
{
	struct tk_req rq = request(o, method, path);

	rq.body = body;
	rq.nbody = n;
	return handle(&rq, who, query);
}

struct reply call_file(struct office *o, struct tk_who who, const char *path, const void *body, size_t n, const char *if_match,
		       const char *query)
{
	struct tk_req rq = request(o, "POST", path);

	rq.body = body;
	rq.nbody = n;
	rq.if_match = if_match;
	return handle(&rq, who, query);
}
