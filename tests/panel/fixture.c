#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "auth/account.h"
#include "auth/person.h"
#include "base/clock.h"
#include "base/hash.h"
#include "fixture.h"
#include "main/wiring.h"
#include "org/institution.h"

const char *const panel_form[] = {
	"choice impl done|label_ja=実施|label_en=Done", "choice impl partly|label_ja=一部実施|label_en=Partly done",
	"choice impl not_done|label_ja=未実施|label_en=Not done",
	"choice kind pc|label_ja=端末|label_en=PC", "choice kind tab|label_ja=板|label_en=Tablet",
	"group g1", "single a|list=impl|required=1|evidence=1|group_code=g1", "int n|group_code=g1|max_value=1000",
	"group g2", "single b|list=impl|required=1|group_code=g2|evidence=1", "multi m|list=kind|group_code=g2", "text t|group_code=g2",
	"text x|group_code=g2|relevant=${a} = 'done'", "text rest", NULL,
};

static int64_t put(struct panel *p, const struct tk_rtype *type, void *rec, const char *text)
{
	struct testdb *t = p->o.t;
	char *copy = tk_strdup(t->mem, text), *save = NULL;

	for (char *w = strtok_r(copy, "|", &save); w; w = strtok_r(NULL, "|", &save)) {
		size_t n = strcspn(w, "=");
		int i = tk_field_index(type, tk_strndup(t->mem, w, n));

		assert_true(i >= 0);
		OK(t, tk_set_text(&p->o.op, type, rec, (size_t)i, w + n + 1));
	}
	OK(t, tk_rec_insert(&p->o.op, type, rec));
	return ((struct tk_rec *)rec)->id;
}

void panel_up(struct panel *p, struct testdb *t)
{
	static const char *const inst[NINST] = {
		"code=B001|name=見本銀行|sector_id=bank|prefecture=13|corporate_number=4999900001234|bank_code=0901",
		"code=B002|name=標本銀行|sector_id=bank|prefecture=27", "code=S001|name=例示信用金庫|sector_id=shinkin|prefecture=13",
	};

	office_up(&p->o, t);
	tk_wire_types();
	office_routes = tk_all_routes;
	p->sector[0] = put(p, &tk_sector, &(struct tk_sector){ 0 }, "code=bank|name=銀行|name_en=Banks");
	p->sector[1] = put(p, &tk_sector, &(struct tk_sector){ 0 }, "code=shinkin|name=信用金庫|name_en=Shinkin banks");
	for (int i = 0; i < NINST; i++) {
		char code[8];

		p->inst[i] = put(p, &tk_institution, &(struct tk_institution){ 0 }, inst[i]);
		snprintf(code, sizeof(code), "%.4s", inst[i] + 5);
		p->contact[i] = put(p, &tk_contact, &(struct tk_contact){ 0 },
				    tk_sprintf(t->mem, "institution_id=%s|name=担当 %s|mail=c%d@example.org|coordinator=1", code, code, i));
	}
	put(p, &tk_institution_attribute, &(struct tk_institution_attribute){ 0 }, "institution_id=B001|name=group|value=regional|from_on=2020-04-01");
	run_sql(&p->o, "INSERT INTO account(id, version, login, name, state, failed_count) VALUES(1, 1, 'office', 'Office', 'active', 0)");
	run_sql(&p->o, "INSERT INTO account_role(id, version, account_id, role) VALUES(1, 1, 1, 'office')");
}

struct campaign panel_open(struct panel *p, const char *name, const char *rule)
{
	struct office *o = &p->o;
	struct campaign c, now = { 0 };
	struct tk_campaign_new n = { .name = name, .title_ja = "実態調査", .title_en = "Survey", .population = rule, .asks = "institution",
				     .form = text_sql(o, "SELECT code FROM form WHERE id = $1", o->form), .closes_on = day(o, 10),
				     .fiscal_year = tk_fiscal_year(tk_today()) };

	OK(o->t, tk_campaign_create(&o->op, &n, &c));
	OK(o->t, tk_campaign_open(&o->op, c.rec.id));
	OK(o->t, tk_rec_load(&o->op, &tk_campaign_type, c.rec.id, &now));
	return now;
}

int64_t panel_respondent(struct panel *p, const struct campaign *c, int inst)
{
	int64_t id = 0;

	OK(p->o.t, tk_db_int(p->o.t->db, &p->o.t->e, "SELECT id FROM respondent WHERE campaign_id = $1 AND institution_id = $2",
			     TK_ARGS(TK_I(c->rec.id), TK_I(p->inst[inst])), 0, &id));
	return id;
}

int64_t panel_account(struct panel *p, int inst, const char *name, bool coordinator)
{
	struct testdb *t = p->o.t;
	int64_t id = tk_id_new();

	OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO account(id, version, login, name, state, failed_count, institution_id, contact_id)"
			 " VALUES($1, 1, $2, $2, 'active', 0, $3, $4)", TK_I(id), TK_S(name), TK_I(p->inst[inst]),
			 TK_I0(coordinator ? p->contact[inst] : 0)));
	OK(t, tk_db_exec(t->db, &t->e, "INSERT INTO account_role(id, version, account_id, role) VALUES($1, 1, $2, $3)", TK_I(tk_id_new()),
			 TK_I(id), TK_S(coordinator ? "coordinator" : "respondent")));
	return id;
}

struct tk_who as_account(struct panel *p, int64_t account)
{
	struct tk_person who;

	OK(p->o.t, tk_person_load(&p->o.op, account, &who));
	who.who.source = "test";
	who.who.lang = TK_EN;
	return who.who;
}

const char *my(struct panel *p, const struct campaign *c, const char *rest)
{
	return tk_sprintf(p->o.t->mem, "my/responses/%" PRId64 "%s", c->rec.id, rest);
}

const char *panel_path(struct panel *p, const struct campaign *c, int inst, const char *rest)
{
	return tk_sprintf(p->o.t->mem, "campaigns/%" PRId64 "/panel/%" PRId64 "%s", c->rec.id, panel_respondent(p, c, inst), rest);
}

const char *member(struct panel *p, struct reply r, const char *path)
{
	cJSON *o = cJSON_Parse(r.body);
	const cJSON *v = o;
	char *copy = tk_strdup(p->o.t->mem, path), *save = NULL, *s;
	const char *ret;

	for (char *w = strtok_r(copy, ".", &save); w && v; w = strtok_r(NULL, ".", &save))
		v = cJSON_IsArray(v) ? cJSON_GetArrayItem(v, atoi(w)) : cJSON_GetObjectItemCaseSensitive(v, w);
	s = v && !cJSON_IsString(v) ? cJSON_PrintUnformatted(v) : NULL;
	ret = tk_strdup(p->o.t->mem, !v ? "" : cJSON_IsString(v) ? v->valuestring : s);
	cJSON_free(s);
	cJSON_Delete(o);
	return ret;
}
