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

int main(void)
{
	const struct CMUnitTest tests[] = { TESTDB_BOTH(test_import_and_export), TESTDB_BOTH(test_faults_stop_publication) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
