/* Questionnaires: loading, drafts and versions, every fault by its name, audiences, digests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "office.h"
#include "form/form_in.h"

static struct tk_form_files shipped(struct office *o)
{
	static const char *const name[] = { "survey", "choices", "settings" };
	struct tk_form_files f = { 0 };
	const char **text[] = { &f.survey, &f.choices, &f.settings };
	size_t *n[] = { &f.nsurvey, &f.nchoices, &f.nsettings };

	for (int i = 0; i < 3; i++) {
		FILE *in = fopen(tk_sprintf(o->t->mem, FORMS "/self_inspection/%s.csv", name[i]), "rb");
		char *p = tk_alloc(o->t->mem, 1 << 20);

		assert_non_null(in);
		*n[i] = fread(p, 1, (1 << 20) - 1, in);
		*text[i] = p;
		fclose(in);
	}
	return f;
}

static enum tk_rc load(struct office *o, const struct tk_form_files *f, int64_t *id, bool *fresh)
{
	enum tk_rc rc;

	OK(o->t, tk_db_begin(o->t->db, &o->t->e));
	rc = tk_form_load(&o->op, f, true, id, fresh);
	if (rc == TK_OK)
		OK(o->t, tk_db_commit(o->t->db, &o->t->e));
	else
		tk_db_rollback(o->t->db);
	return rc;
}

static void test_shipped(void **state)
{
	OFFICE(state);
	struct tk_form_files f = shipped(&o);
	const struct tk_form *form;
	int64_t id, again, found;
	char *changed;
	bool fresh;

	OK(t, load(&o, &f, &id, &fresh));
	assert_true(fresh);
	OK(t, tk_form_get(&o.op, id, &form));
	assert_int_equal(form->nitem, 81);
	assert_int_equal(form->ngroup, 13);
	assert_int_equal(form->naudience, 3);
	assert_true(form->published);
	assert_int_equal(form->item[0].noption, 3);
	assert_string_equal(form->item[0].option[2].label_en, "Not done");
	assert_true(form->item[0].not_applicable && form->item[0].required);
	OK(t, load(&o, &f, &again, &fresh));
	assert_false(fresh);
	assert_true(again == id);
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM form_version WHERE id <> $1", id), 0);
	/* a changed word is a new version; the first text once more is the third, not the first */
	changed = tk_strdup(t->mem, f.survey);
	*strstr(changed, "Done if you") = 'd';
	f.survey = changed;
	OK(t, load(&o, &f, &again, &fresh));
	assert_true(fresh && again != id);
	f = shipped(&o);
	OK(t, load(&o, &f, &again, &fresh));
	assert_true(fresh);
	assert_int_equal(int_sql(&o, "SELECT number FROM form_version WHERE id = $1", again), 3);
	OK(t, tk_form_find(&o.op, "self-inspection", &found));
	assert_true(found == again);
	OK(t, tk_form_find(&o.op, "self_inspection@1", &found));
	assert_true(found == id);
	FAILS(t, TK_ENOTFOUND, tk_form_find(&o.op, "self_inspection@9", &found));
	FAILS(t, TK_ENOTFOUND, tk_form_find(&o.op, "nothing", &found));
	FAILS(t, TK_EINVAL, tk_form_find(&o.op, "self_inspection@x", &found));
}

static void refused(struct office *o, const char *survey, const char *choices, const char *says)
{
	struct tk_form_files f = { survey, choices, "form_id,form_title::Japanese (ja)\nq,題\n", strlen(survey), strlen(choices),
				   strlen("form_id,form_title::Japanese (ja)\nq,題\n") };
	int64_t id;
	bool fresh;

	assert_int_not_equal(load(o, &f, &id, &fresh), TK_OK);
	SAYS(o->t, says);
	assert_int_equal(int_sql(o, "SELECT COUNT(*) FROM form_item WHERE $1 = 0", 0), 0);
}

static void test_bad_files(void **state)
{
#define HEAD "type,name,label::Japanese (ja),relevant,audience\n"
#define LIST "list_name,name,label::Japanese (ja)\nyn,yes,はい\n"
	OFFICE(state);

	refused(&o, HEAD "select_one yn,a,問,,\nselect_one yn,a,問,,\n", LIST, "Sheet survey, row 3: The code a is used twice.");
	refused(&o, HEAD "select_one yn,a,問,,\n", LIST "yn,yes,また\n", "Sheet choices, row 3: The code yes is used twice.");
	refused(&o, HEAD "select_one zz,a,問,,\n", LIST, "list of choices \"zz\" is empty or missing");
	refused(&o, HEAD "rank yn,a,問,,\n", LIST, "row 2: the type \"rank yn\" is not known");
	refused(&o, HEAD "text,1a,問,,\n", LIST, "must begin with a letter");
	refused(&o, HEAD "text,,問,,\n", LIST, "row 2");
	refused(&o, HEAD "text,a,問,${b} = 'x',\n", LIST, "b");
	refused(&o, HEAD "text,a,問,${b =,\n", LIST, "row 2");
	refused(&o, HEAD "text,a,問,,divison_head\n", LIST, "There is no audience \"divison_head\"");
	refused(&o, HEAD "text,a,問,,${shoe} = 'x'\n", LIST, "shoe");
	refused(&o, "name\na\n", LIST, "this one has 0");
#undef HEAD
}

struct said { char text[4000]; };

static void say(void *ctx, const char *item, const char *text)
{
	struct said *s = ctx;
	size_t n = strlen(s->text);

	snprintf(s->text + n, sizeof(s->text) - n, "[%s] %s\n", item, text);
}

static void test_every_fault(void **state)
{
	static const char *const rows[] = {
		"choice yn yes", "single a|list=yn|relevant=${zz} = 'x'", "single b|list=none", "text c|group_code=nowhere",
		"text d|audience=${post =", "text e|audience=nobody", "int f|min_value=5|max_value=4", "text g|relevant=. = 'x'",
		"text h|relevant=${i} = ''", "text i|relevant=${h} = ''", "group s|group_code=later", NULL,
	};
	OFFICE(state);
	struct said s = { "" };
	size_t n;

	office_draft(&o, "faulty", rows);
	OK(t, tk_form_check(&o.op, o.version, say, &s, &n));
	if (n < 9)
		fail_msg("%zu faults: %s", n, s.text);
	assert_non_null(strstr(s.text, "[a] "));
	assert_non_null(strstr(s.text, "zz"));
	assert_non_null(strstr(s.text, "[b] Item b: the list of choices \"none\" is empty or missing."));
	assert_non_null(strstr(s.text, "[c] Item c: there is no section \"nowhere\" before it."));
	assert_non_null(strstr(s.text, "[d] "));
	assert_non_null(strstr(s.text, "[e] There is no audience \"nobody\"."));
	assert_non_null(strstr(s.text, "[f] Item f: the smallest value is above the largest."));
	assert_non_null(strstr(s.text, "[g] A condition cannot use \".\""));
	assert_non_null(strstr(s.text, "whether it is asked depends on itself, through"));
	assert_non_null(strstr(s.text, "[s] Item s: there is no section \"later\" before it."));
	FAILS(t, TK_EINVAL, tk_form_publish(&o.op, o.version));
	STATUS(CALL(&o, as_office(), "POST", tk_sprintf(t->mem, "form-versions/%lld/publish", (long long)o.version)), 422);
	HAS(CALL(&o, as_office(), "POST", tk_sprintf(t->mem, "form-versions/%lld/publish", (long long)o.version)), "\"field\":\"b\"");
}

static const char *path(struct office *o, const char *type, int64_t id, const char *tail)
{
	return tk_sprintf(o->t->mem, "%s/%lld%s", type, (long long)id, tail);
}

static void test_frozen_copy_publish(void **state)
{
	OFFICE(state);
	int64_t one = office_form(&o, "life", office_basic), two, item, choice;
	const struct tk_form *f1, *f2;
	struct reply r;

	item = int_sql(&o, "SELECT id FROM form_item WHERE form_version_id = $1 AND code = 'a'", one);
	choice = int_sql(&o, "SELECT id FROM choice WHERE form_version_id = $1 AND code = 'done'", one);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, "form-items", item, ""), "{\"label_ja\":\"x\"}", "1"), 409);
	STATUS(CALL(&o, as_office(), "DELETE", path(&o, "form-items", item, ""), NULL, "1"), 409);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, "choices", choice, ""), "{\"label_ja\":\"x\"}", "1"), 409);
	STATUS(CALL(&o, as_office(), "DELETE", path(&o, "choices", choice, ""), NULL, "1"), 409);
	STATUS(CALL(&o, as_office(), "POST", "choices", tk_sprintf(t->mem, "{\"form_version_id\":\"%lld\",\"list\":\"impl\",\"code\":\"new\","
	       "\"label_ja\":\"x\",\"sort\":1}", (long long)one)), 409);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, "form-versions", one, ""), "{\"state\":\"draft\"}", "2"), 422);
	STATUS(CALL(&o, as_office(), "DELETE", path(&o, "form-versions", one, ""), NULL, "2"), 409);
	STATUS(CALL(&o, as_office(), "POST", path(&o, "form-versions", one, "/publish")), 409);
	STATUS(CALL(&o, as_staff(&o, "102"), "POST", path(&o, "form-versions", one, "/copy")), 403);
	FAILS(t, TK_ECONFLICT, tk_rec_delete(&o.op, &tk_form_version_type, one, -1));

	r = CALL(&o, as_office(), "POST", path(&o, "form-versions", one, "/copy"));
	STATUS(r, 201);
	HAS(r, "\"number\":2,\"state\":\"draft\"");
	two = int_sql(&o, "SELECT id FROM form_version WHERE form_id = $1 AND number = 2", o.form);
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM form_item WHERE form_version_id = $1", two), 3);
	OK(t, tk_form_get(&o.op, one, &f1));
	OK(t, tk_form_get(&o.op, two, &f2));
	assert_string_equal(f1->digest, f2->digest);
	assert_string_equal(text_sql(&o, "SELECT digest FROM form_version WHERE id = $1", one), f1->digest);
	FAILS(t, TK_EINVAL, tk_form_find(&o.op, "life@", &item));
	item = int_sql(&o, "SELECT id FROM form_item WHERE form_version_id = $1 AND code = 'c'", two);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, "form-items", item, ""), "{\"code\":\"a\"}", "1"), 409);
	HAS(CALL(&o, as_office(), "PATCH", path(&o, "form-items", item, ""), "{\"code\":\"a\"}", "1"), "The code a is used twice.");
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, "form-items", item, ""), "{\"relevant\":\"${a\"}", "1"), 422);
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, "form-items", item, ""), "{\"group_code\":\"gone\",\"max_value\":7}", "1"), 200);
	r = CALL(&o, as_office(), "GET", path(&o, "form-versions", two, "/tree"));
	HAS(r, "\"max_value\":7");          /* also what names a section that is not there */
	STATUS(CALL(&o, as_office(), "PATCH", path(&o, "form-items", item, ""), "{\"group_code\":null}", "2"), 200);
	r = CALL(&o, as_office(), "POST", path(&o, "form-versions", two, "/publish"));
	STATUS(r, 200);
	HAS(r, "\"number\":2,\"state\":\"published\"");
	OK(t, tk_form_get(&o.op, two, &f2));
	assert_string_not_equal(f1->digest, f2->digest);
	OK(t, tk_form_find(&o.op, "life", &item));
	assert_true(item == two);
}

static void test_audiences(void **state)
{
	static const char *const rows[] = {
		"text a", "text b|audience=division_head", "text c|audience=role_ciso",
		"text d|audience=${bureau} = '監督局' and ${post} != '課長'", "text e|audience=selected(${role}, 'system_admin')",
		"text f|audience=${division_code} = 'D1'", "text g|audience=division_head", NULL,
	};
	OFFICE(state);
	struct tk_subject head = { .roles = "all_staff division_head system_admin", .bureau = "監督局", .bureau_code = "B2", .division = "監理課",
		.division_code = "D3", .post = "課長" };
	struct tk_subject clerk = { .roles = "all_staff role_ciso_aide", .bureau = "監督局", .bureau_code = "B2", .division = "監理課",
		.division_code = "D3", .post = "係員" };
	struct tk_subject ciso = { .roles = "all_staff role_ciso", .bureau = "総務企画局", .bureau_code = "B1", .division = "総務課",
		.division_code = "D1", .post = "" };
	const struct tk_form *f;

	OK(t, tk_form_get(&o.op, office_form(&o, "aud", rows), &f));
	assert_int_equal(f->naudience, 6);
	assert_int_equal(f->item[6].audience, f->item[1].audience);
#define ASKED(p, i) ((int)(tk_form_audiences(f, &(p), t->mem) >> f->item[i].audience & 1))
	for (int i = 0; i < 6; i++) {
		assert_int_equal(ASKED(head, i), "110010"[i] - '0');
		assert_int_equal(ASKED(clerk, i), "100100"[i] - '0');
		assert_int_equal(ASKED(ciso, i), "101001"[i] - '0');
	}
#undef ASKED
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TESTDB_BOTH(test_shipped), TESTDB_BOTH(test_bad_files), TESTDB_BOTH(test_every_fault),
		TESTDB_BOTH(test_frozen_copy_publish), TESTDB_BOTH(test_audiences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
