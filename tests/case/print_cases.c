/* print_cases - docs/CASES.md from the declared case types.
 * With a file name: fails when that file is not what would be printed now (SYS-01). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "case/case.h"
#include "main/wiring.h"

static const char intro[] =
	"# Cases: states, moves, and who may make them\n\n"
	"Printed from the declared case types by `tests/case/print_cases`; a test fails when it is out of date.\n"
	"To bring it up to date: `build/tests/case/print_cases > docs/CASES.md`.\n\n"
	"A case begins in the state at the top, has a receipt number that begins with the letter named here, and a log of who did\n"
	"what when. A move needs its permission (see PERMISSIONS.md) for the division of the case. *Reason*: needs a comment. *Not\n"
	"one's own*: never by the person whose request it is. *Requester*, *owner*: also by that person (an owner's deputy too)\n"
	"without the permission. Every case stands with whoever is to move it next under \"my tasks\" and in the daily mail.\n\n";

static void who(struct tk_buf *b, const struct tk_case_transition *x)
{
	const char *sep = "";

	if (x->perm != TK_P_NOBODY) {
		tk_buf_fmt(b, "`%s`", tk_perm_code(x->perm));
		sep = ", ";
	}
	if (x->flags & TK_CASE_REQUESTER) {
		tk_buf_fmt(b, "%srequester", sep);
		sep = ", ";
	}
	if (x->flags & TK_CASE_OWNER) {
		tk_buf_fmt(b, "%sowner", sep);
		sep = ", ";
	}
	if (!*sep)
		tk_buf_str(b, "Tenken itself");
}

static void days(struct tk_buf *b, const struct tk_case_type *t)
{
	if (t->remind_before)
		tk_buf_fmt(b, "Reminded from %u days before the due date. ", t->remind_before);
	if (t->escalate_after)
		tk_buf_fmt(b, "%u days late, whoever holds `%s` for the division is told. ", t->escalate_after,
			   tk_perm_code(t->escalate));
	if (t->by_rule)
		tk_buf_str(b, "Moved by procedures of its own only. ");
}

static void print(struct tk_buf *b, const struct tk_case_type *t)
{
	tk_buf_fmt(b, "## %s (%s)\n\n`%s`, receipt numbers %s…. ", t->label, tk_tr(TK_JA, t->label), t->name, t->prefix);
	days(b, t);
	tk_buf_str(b, "\n\n```mermaid\n");
	tk_case_diagram(t, TK_EN, b);
	tk_buf_str(b, "```\n\n| state | move | to | who may | rules |\n| --- | --- | --- | --- | --- |\n");
	for (const struct tk_case_transition *x = t->transition; x->from; x++) {
		tk_buf_fmt(b, "| %s (%s) | %s (%s) | %s | ", tk_case_state_label(t, x->from, TK_EN),
			   tk_case_state_label(t, x->from, TK_JA), x->label, tk_tr(TK_JA, x->label),
			   tk_case_state_label(t, x->to, TK_EN));
		who(b, x);
		tk_buf_fmt(b, " | %s%s%s |\n", x->flags & TK_CASE_COMMENT ? "reason" : "",
			   x->flags & TK_CASE_COMMENT && x->flags & TK_CASE_NOT_REQUESTER ? ", " : "",
			   x->flags & TK_CASE_NOT_REQUESTER ? "not one's own" : "");
	}
	tk_buf_str(b, "\n");
}

static int compare(const char *file, const struct tk_buf *b)
{
	FILE *f = fopen(file, "rb");
	char *was = calloc(1, b->len + 2);
	size_t n = f ? fread(was, 1, b->len + 1, f) : 0;
	bool same = n == b->len && !memcmp(was, b->p, n);

	if (f)
		fclose(f);
	free(was);
	printf("1..1\n%s 1 - docs/CASES.md is what the declared case types say\n", same ? "ok" : "not ok");
	if (!same)
		puts("# build/tests/case/print_cases > docs/CASES.md");
	return same ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct tk_buf b = TK_BUF(4 << 20);
	struct tk_err e = { .lang = TK_EN };
	const struct tk_case_type *const *t;
	size_t n;
	int rc = 0;

	tk_wire_types();
	n = tk_case_types(&t);
	tk_buf_str(&b, intro);
	for (size_t i = 0; i < n; i++) {
		if (tk_case_type_check(t[i], &e) != TK_OK) {
			fprintf(stderr, "%s\n", e.msg);
			rc = 1;
		}
		print(&b, t[i]);
	}
	b.p[--b.len] = '\0';            /* one line feed at the end */
	if (argc > 1)
		rc |= compare(argv[1], &b);
	else
		fwrite(b.p, 1, b.len, stdout);
	tk_buf_drop(&b);
	return rc;
}
