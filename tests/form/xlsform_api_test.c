/* Questionnaire workbooks over their routes. */
#include <inttypes.h>
#include <string.h>
#include "office.h"

static const char sheet[] = "type,name,label,relevant,constraint,constraint_message\n"
			    "integer,n,人数,,. <= 10,10 人まで\n"
			    "text,why,理由,${n} > 5\n";

static void test_import_and_export(void **state)
{
	OFFICE(state);
	struct reply r, again;
	int64_t id;
	const char *path;

	r = call_raw(&o, as_office(), "POST", "form-versions/import", sheet, strlen(sheet), "name=kenshu.csv");
	STATUS(r, 201);
	HAS(r, "\"form\":\"kenshu\",\"new\":true,\"faults\":[],\"warnings\":[]}");
	id = int_sql(&o, "SELECT MAX(id) FROM form_version WHERE id > $1", 0);
	path = tk_sprintf(t->mem, "form-versions/%" PRId64, id);
	again = call_raw(&o, as_office(), "POST", "form-versions/import", sheet, strlen(sheet), "name=kenshu.csv");
	STATUS(again, 200);
	HAS(again, "\"new\":false");
	r = CALL(&o, as_office(), "GET", tk_sprintf(t->mem, "%s/export.xlsx", path));
	STATUS(r, 200);
	assert_memory_equal(r.body, "PK", 2);
	again = call_raw(&o, as_office(), "POST", "form-versions/import", r.body, r.n, "name=other.xlsx");
	STATUS(again, 200);
	HAS(again, "\"form\":\"kenshu\",\"new\":false");
	STATUS(CALL(&o, as_office(), "POST", tk_sprintf(t->mem, "%s/publish", path)), 200);
	STATUS(CALL(&o, as_staff(&o, "102"), "GET", tk_sprintf(t->mem, "%s/export.xlsx", path)), 403);
	STATUS(call_raw(&o, as_staff(&o, "102"), "POST", "form-versions/import", sheet, strlen(sheet), ""), 403);
	STATUS(call_raw(&o, as_office(), "POST", "form-versions/import", "a,b\n1,2\n", 8, ""), 422);
}

static void test_faults_stop_publication(void **state)
{
	static const char bad[] = "type,name,label\ngeopoint,w,どこ\ntext,a,あ\n";
	OFFICE(state);
	struct reply r = call_raw(&o, as_office(), "POST", "form-versions/import", bad, strlen(bad), "name=bad.csv");

	STATUS(r, 201);
	HAS(r, "{\"sheet\":\"survey\",\"row\":2,\"column\":\"type\",\"item\":\"w\",\"text\":");
	r = CALL(&o, as_office(), "POST",
		 tk_sprintf(t->mem, "form-versions/%" PRId64 "/publish", int_sql(&o, "SELECT MAX(id) FROM form_version WHERE id > $1", 0)));
	STATUS(r, 422);
	HAS(r, "geopoint");
}

/* The author sees every fault with the row it leads to, tries the draft as a respondent, and an expression by
 * itself; nothing of it is kept. */
static void test_trying(void **state)
{
	static const char form[] =
		"survey,type,name,label,relevant,constraint,choice_filter,default\n"
		",select_one area,p,県,,,,a\n,select_one city,c,市,,,area = ${p},\n,integer,n,数,${c} != '',. < 9,,\n,calculate,k,計,,,,\n"
		"choices,list_name,name,label,area\n,area,a,甲,\n,area,b,乙,\n,city,a1,甲一,a\n,city,b1,乙一,b\n";
	OFFICE(state);
	struct reply r = call_raw(&o, as_office(), "POST", "form-versions/import", form, strlen(form), "name=try.csv");
	const char *path;
	int64_t id, item;

	STATUS(r, 201);
	id = int_sql(&o, "SELECT MAX(id) FROM form_version WHERE id > $1", 0);
	item = int_sql(&o, "SELECT id FROM form_item WHERE form_version_id = $1 AND code = 'k'", id);
	path = tk_sprintf(t->mem, "form-versions/%" PRId64, id);
	r = CALL(&o, as_office(), "GET", tk_sprintf(t->mem, "%s/check", path));
	STATUS(r, 200);
	HAS(r, tk_sprintf(t->mem, "{\"faults\":[{\"sheet\":\"survey\",\"row\":5,\"column\":\"calculation\",\"item\":\"k\",\"item_id\":\"%" PRId64 "\",\"list\":null,", item));
	HAS(r, "\"runs\":false}");
	STATUS(CALL(&o, as_office(), "POST", tk_sprintf(t->mem, "%s/preview", path), "{}"), 422);
	STATUS(CALL(&o, as_office(), "PATCH", tk_sprintf(t->mem, "form-items/%" PRId64, item), "{\"calculation\":\"${n} * 2\"}", "\"1\""), 200);
	HAS(CALL(&o, as_office(), "GET", tk_sprintf(t->mem, "%s/check", path)), "{\"faults\":[],\"runs\":true}");
	r = CALL(&o, as_office(), "POST", tk_sprintf(t->mem, "%s/preview", path), "{}");
	STATUS(r, 200);
	HAS(r, "{\"form\":{\"title\":\"try\",\"sections\":[");
	HAS(r, "\"asked\":[\"p\",\"c\"],\"needed\":[],\"offered\":{\"c\":[\"a1\"]}");
	HAS(r, "\"answers\":{\"p\":{\"state\":\"value\",\"value\":\"a\"");
	r = CALL(&o, as_office(), "POST", tk_sprintf(t->mem, "%s/preview", path),
		      "{\"answers\":{\"p\":{\"value\":\"b\"},\"c\":{\"value\":\"a1\"},\"n\":{\"value\":\"12\"}}}");
	STATUS(r, 200);
	HASNT(r, "\"form\":");
	HAS(r, "\"asked\":[\"p\",\"c\",\"n\"]");
	HAS(r, "\"values\":{\"k\":\"24\"}");
	HAS(r, "\"errors\":[{\"field\":\"c\",");
	HAS(r, "{\"field\":\"n\",");
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM response WHERE id > $1", 0), 0);
	r = CALL(&o, as_office(), "POST", tk_sprintf(t->mem, "%s/expression", path),
		      "{\"expression\":\"${n} > 5 and ${m} = ''\",\"values\":{\"n\":\"6\"}}");
	STATUS(r, 200);
	HAS(r, "{\"value\":\"true\",\"type\":\"boolean\",\"self\":false,\"names\":[\"n\",\"m\"],\"unknown\":[\"m\"]}");
	STATUS(CALL(&o, as_office(), "POST", tk_sprintf(t->mem, "%s/expression", path), "{\"expression\":\"${n} >\"}"), 422);
	STATUS(CALL(&o, as_office(), "POST", tk_sprintf(t->mem, "%s/expression", path), "{\"expression\":\"area = ${p}\",\"filter\":true}"), 200);
	STATUS(CALL(&o, as_staff(&o, "102"), "GET", tk_sprintf(t->mem, "%s/check", path)), 403);
	STATUS(CALL(&o, as_staff(&o, "102"), "POST", tk_sprintf(t->mem, "%s/preview", path), "{}"), 403);
}

int main(void)
{
	const struct CMUnitTest tests[] = { TESTDB_BOTH(test_import_and_export), TESTDB_BOTH(test_faults_stop_publication), TESTDB_BOTH(test_trying) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
