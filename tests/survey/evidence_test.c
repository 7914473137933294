/* Evidence files: size, kind by content, count, whose they are, and what stays when one is deleted. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "office.h"
#include "survey/evidence.h"

static const char *files(struct office *o, const struct campaign *c, const char *tail)
{
	return tk_sprintf(o->t->mem, "my/responses/%" PRId64 "/evidence/%s", c->rec.id, tail);
}

static struct reply put(struct office *o, const struct campaign *c, const char *who, const char *item, const char *name, const char *p, size_t n)
{
	return call_raw(o, as_staff(o, who), "PUT", files(o, c, item), p, n, tk_sprintf(o->t->mem, "name=%s", name));
}
#define PUT(who, item, name, text) put(&o, &c, (who), (item), (name), (text), sizeof(text) - 1)

static const char *id_in(struct office *o, struct reply r)
{
	const char *p = strstr(r.body, "\"id\":\"");

	assert_non_null(p);
	return tk_strndup(o->t->mem, p + 6, strcspn(p + 6, "\""));
}

static void test_kinds(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct reply r;

	office_form(&o, "kinds", office_basic);
	c = office_open(&o, "kinds");
	r = PUT("102", "a", "証明 書.PDF", "%PDF-1.4 x");
	STATUS(r, 201);
	HAS(r, "\"name\":\"証明 書.PDF\",\"size\":10,\"sha256\":\"");
	STATUS(PUT("102", "a", "a.png", "\x89PNG\r\n\x1a\n.."), 201);
	STATUS(PUT("102", "a", "a.JPEG", "\xff\xd8\xff\xe0"), 201);
	STATUS(PUT("102", "a", "a.xlsx", "PK\x03\x04....xl/workbook.xml"), 201);
	STATUS(PUT("102", "a", "a.txt", "plain words"), 201);
	/* five is the most, for this item */
	r = PUT("102", "a", "b.txt", "one more");
	STATUS(r, 409);
	HAS(r, "at most 5");
	/* another person's five are that person's own */
	STATUS(PUT("103", "a", "a.exe", "MZ"), 415);
	STATUS(PUT("103", "a", "a.pdf", "MZ not a PDF"), 415);
	STATUS(PUT("103", "a", "a.pdf", "%PDF-"), 415);
	STATUS(PUT("103", "a", "a.xlsx", "PK\x03\x04....word/document.xml"), 415);
	STATUS(PUT("103", "a", "a.docx", "PK\x03\x04....word/document.xml"), 201);
	STATUS(PUT("103", "a", "a.txt", "a\0b"), 415);
	STATUS(PUT("103", "a", "a.html", "<script>"), 415);
	STATUS(PUT("103", "a", "pdf", "%PDF-1.4 x"), 415);
	STATUS(PUT("103", "a", "../a.txt", "x"), 422);
	STATUS(PUT("103", "a", "a\nb.txt", "x"), 422);
	STATUS(PUT("103", "a", "\xff.txt", "x"), 422);
	STATUS(PUT("103", "a", "", "x"), 422);
	STATUS(PUT("103", "a", "a.txt", ""), 422);
	STATUS(PUT("103", "b", "a.txt", "x"), 422);
	STATUS(PUT("103", "zz", "a.txt", "x"), 404);
}

static void test_size(void **state)
{
	OFFICE(state);
	struct campaign c;
	char *big = tk_alloc(t->mem, TK_EVIDENCE_MAX + 2000);
	struct tk_response resp;
	struct tk_evidence ev;

	office_form(&o, "size", office_basic);
	c = office_open(&o, "size");
	memset(big, 'x', TK_EVIDENCE_MAX + 2000);
	STATUS(put(&o, &c, "102", "a", "big.txt", big, TK_EVIDENCE_MAX), 201);
	STATUS(put(&o, &c, "102", "a", "big.txt", big, TK_EVIDENCE_MAX + 1), 413);
	STATUS(put(&o, &c, "102", "a", "big.txt", big, TK_EVIDENCE_MAX + 2000), 413);
	resp = response_of(&o, &c, "102");
	FAILS(t, TK_ETOOBIG, tk_evidence_add(&o.op, &resp, "a", "big.txt", big, TK_EVIDENCE_MAX + 1, &ev));
	SAYS(t, "at most 5 MB");
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM evidence_file WHERE campaign_id = $1", c.rec.id), 1);
}

static void test_whose(void **state)
{
	OFFICE(state);
	struct campaign c;
	struct reply r;
	const char *id, *one;

	office_form(&o, "whose", office_basic);
	c = office_open(&o, "whose");
	r = PUT("102", "a", "a.csv", "k,v\n");
	id = id_in(&o, r);
	one = files(&o, &c, tk_sprintf(t->mem, "a/%s", id));
	r = CALL(&o, as_staff(&o, "102"), "GET", one);
	STATUS(r, 200);
	assert_string_equal(r.body, "k,v\n");
	assert_string_equal(r.type, "text/csv");
	STATUS(CALL(&o, as_staff(&o, "103"), "GET", one), 404);
	STATUS(CALL(&o, as_staff(&o, "103"), "DELETE", one), 404);
	STATUS(CALL(&o, as_office(), "GET", one), 403);
	STATUS(CALL(&o, as_staff(&o, "102"), "GET", files(&o, &c, tk_sprintf(t->mem, "b/%s", id))), 404);
	STATUS(CALL(&o, as_staff(&o, "102"), "GET", files(&o, &c, "a/77")), 404);
	/* submitted answers keep their files */
	submit(&o, &c, "102", "{\"a\":{\"value\":\"done\"},\"b\":{\"value\":\"done\"}}");
	STATUS(PUT("102", "a", "b.csv", "x"), 409);
	STATUS(CALL(&o, as_staff(&o, "102"), "DELETE", one), 409);
	STATUS(CALL(&o, as_staff(&o, "102"), "GET", one), 200);
	STATUS(CALL(&o, as_staff(&o, "102"), "POST", tk_sprintf(t->mem, "my/responses/%" PRId64 "/withdraw", c.rec.id)), 200);
	HAS(CALL(&o, as_staff(&o, "102"), "GET", tk_sprintf(t->mem, "my/responses/%" PRId64, c.rec.id)),
	    tk_sprintf(t->mem, "\"comment\":null,\"evidence\":[{\"id\":\"%s\",\"name\":\"a.csv\",\"size\":4,", id));
	STATUS(CALL(&o, as_staff(&o, "102"), "DELETE", one), 204);
	STATUS(CALL(&o, as_staff(&o, "102"), "DELETE", one), 404);
	STATUS(CALL(&o, as_staff(&o, "102"), "GET", one), 404);
	/* the content is gone, what it was stays */
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM evidence_file WHERE campaign_id = $1 AND deleted_at IS NOT NULL"
				 " AND LENGTH(content) = 0 AND LENGTH(sha256) = 64 AND size = 4", c.rec.id), 1);
	assert_int_equal(int_sql(&o, "SELECT COUNT(*) FROM trail WHERE action IN ('evidence_add', 'evidence_delete') AND record_id = $1",
				 respondent(&o, &c, "102")), 2);
	OK(t, tk_campaign_close(&o.op, c.rec.id, NULL));
	STATUS(PUT("102", "a", "b.csv", "x"), 409);
}

int main(void)
{
	const struct CMUnitTest tests[] = { TESTDB_BOTH(test_kinds), TESTDB_BOTH(test_size), TESTDB_BOTH(test_whose) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
