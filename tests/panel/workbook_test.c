/* The workbook of an institution: a colleague's holds the sections given to that colleague and nothing else, and
 * who changed an answer meanwhile is named beside it (SRV-01, issue 3 part 4). */
#include <inttypes.h>
#include <string.h>
#include "book.h"
#include "base/hash.h"
#include "fixture.h"

static struct reply give(struct panel *p, const struct campaign *c, struct tk_who who, const char *section, const char *json)
{
	return CALL(&p->o, who, "PUT", my(p, c, tk_sprintf(p->o.t->mem, "/sections/%s", section)), json);
}

static struct file download(struct panel *p, const struct campaign *c, struct tk_who who)
{
	struct reply r = CALL(&p->o, who, "GET", my(p, c, "/workbook.xlsx"), NULL, NULL, NULL, "lang=en");

	STATUS(r, 200);
	return (struct file){ r.body, r.n };
}

#define UPLOAD(who, f, version, query) call_file(&p.o, (who), my(&p, &c, "/workbook"), (f).p, (f).n, (version), (query))
#define EDIT(f, ...) changed(&p.o, (f), (const struct edit[]){ __VA_ARGS__, { 0 } }, 0)

static void a_workbook_for_each_colleague(void **state)
{
	PANEL(state);
	struct campaign c;
	struct tk_who head, one;
	struct file whole, part, mine;
	struct reply r;
	int64_t id;

	office_form(&p.o, "s", panel_form);
	c = panel_open(&p, "c", NULL);
	head = as_account(&p, panel_account(&p, B001, "head", true));
	id = panel_account(&p, B001, "one", false);
	STATUS(give(&p, &c, head, "g2", tk_sprintf(t->mem, "{\"account_ids\":[\"%" PRId64 "\"]}", id)), 200);
	one = as_account(&p, id);
	STATUS(CALL(&p.o, head, "PATCH", my(&p, &c, ""), "{\"answers\":{\"n\":{\"value\":\"77\"},\"t\":{\"value\":\"old\"}}}", "0"), 200);
	whole = download(&p, &c, head);
	part = download(&p, &c, one);
	r = UPLOAD(head, whole, NULL, "dry_run=1");
	HAS(r, "\"problems\":[]");
	HAS(r, "\"changes\":[]");
	MEMBER(&p, r, "rows", "7");
	r = UPLOAD(one, part, NULL, "dry_run=1");
	HAS(r, "\"problems\":[]");
	MEMBER(&p, r, "rows", "4");
	/* rows of somebody else's section are not taken, and nothing of the server's is told */
	r = UPLOAD(one, EDIT(whole, { "n", "answer", "1" }, { "b", "answer", "Done" }), NULL, "dry_run=1");
	STATUS(r, 200);
	HAS(r, "n belongs to a section that somebody else answers");
	HASNT(r, "\"77\"");
	MEMBER(&p, r, "counts.changed", "1");
	/* both sections at once: neither overwrites the other, and a conflict names who it is with */
	mine = EDIT(part, { "t", "answer", "new" }, { "m/pc", "answer", "○" });
	STATUS(CALL(&p.o, head, "PATCH", my(&p, &c, ""), "{\"answers\":{\"n\":{\"value\":\"5\"},\"t\":{\"value\":\"head's\"}}}", "1"), 200);
	r = UPLOAD(one, mine, "2", NULL);
	STATUS(r, 422);
	MEMBER(&p, r, "undecided", "1");
	MEMBER(&p, r, "changes.1.item", "t");
	MEMBER(&p, r, "changes.1.server", "head's");
	MEMBER(&p, r, "changes.1.by", "head");
	r = UPLOAD(one, mine, "2", "keep=t");
	STATUS(r, 200);
	MEMBER(&p, r, "written", "true");
	r = CALL(&p.o, head, "GET", my(&p, &c, ""));
	MEMBER(&p, r, "answers.n.value", "5");
	MEMBER(&p, r, "answers.t.value", "head's");
	MEMBER(&p, r, "answers.m.value.0", "pc");
	assert_string_equal(text_sql(&p.o, "SELECT who FROM answer_change WHERE item_code = 'm' AND response_id = $1",
				     panel_respondent(&p, &c, B001)), "one");
	/* a section that is done is seen and not written */
	STATUS(give(&p, &c, one, "g2", "{\"state\":\"done\"}"), 200);
	part = download(&p, &c, one);
	r = UPLOAD(one, EDIT(part, { "t", "answer", "late" }), NULL, "dry_run=1");
	MEMBER(&p, r, "accepted", "false");
	HAS(r, "t: you cannot change this answer now");
	/* another institution's */
	r = UPLOAD(as_account(&p, panel_account(&p, B002, "other", true)), whole, NULL, "dry_run=1");
	MEMBER(&p, r, "accepted", "false");
	HAS(r, "made for 見本銀行, not for 標本銀行");
}

int main(void)
{
	const struct CMUnitTest tests[] = { TESTDB_BOTH(a_workbook_for_each_colleague) };

	tk_hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
