/* print_matrix - docs/PERMISSIONS.md from the permission matrix and the route tables.
 * With a file name: fails when that file is not what would be printed now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "auth/access.h"
#include "main/wiring.h"

struct line { const char *method, *path, *perm, *doc; unsigned flags; bool list; };
struct lines { struct tk_arena *mem; struct line v[1024]; size_t n; };

static const char intro[] =
	"# Who may do what\n\n"
	"Printed from `src/auth/access.c` and the route tables by `tests/http/print_matrix`; a test fails when it is out of date.\n"
	"To bring it up to date: `build/tests/http/print_matrix > docs/PERMISSIONS.md`.\n\n"
	"A permission is held with a scope: **own** (what is about oneself), **division** and **bureau** (what belongs to one's own),\n"
	"**all**. What is not named is not granted. A person has all roles that fit: staff of the roster are *staff*, heads and the\n"
	"recorded officers of a division also *division_head*, those of a system also *system_admin*; *admin*, *office*, *ciso* and\n"
	"*auditor* are given to an account. The widest scope counts for each permission. A division head with a bureau instead of a\n"
	"division has the scope bureau.\n\n"
	"Answers: nobody but the person reads or changes them over these addresses, with any role; everybody else sees counts and\n"
	"states. The one other way in is the office's import of answers that were gathered on paper or by mail\n"
	"(`/campaigns/{id}/import`), which the audit trail names.\n\n";

static void roles(struct tk_buf *b)
{
	tk_buf_str(b, "## Permissions of the roles\n\n| permission |");
	for (enum tk_access r = 0; r < TK_ACCESS_MAX; r++)
		tk_buf_fmt(b, " %s |", tk_access_choice[r].id);
	tk_buf_str(b, "\n| --- |");
	for (enum tk_access r = 0; r < TK_ACCESS_MAX; r++)
		tk_buf_str(b, " --- |");
	for (enum tk_perm p = TK_P_SIGNED_IN + 1; p < TK_P_MAX; p++) {
		tk_buf_fmt(b, "\n| `%s` |", tk_perm_code(p));
		for (enum tk_access r = 0; r < TK_ACCESS_MAX; r++) {
			enum tk_scope s = tk_access_scope(r, p);

			tk_buf_fmt(b, " %s |", s == TK_SCOPE_NONE ? "–" : tk_scope_code(s));
		}
	}
	tk_buf_str(b, "\n\n");
}

/* Addresses of their own; those of every register stand once, below. */
static void add(void *ctx, const struct tk_route *r, const struct tk_rtype *t)
{
	struct lines *l = ctx;

	if (t || l->n == TK_LEN(l->v))
		return;
	l->v[l->n++] = (struct line){
		.method = r->method, .path = r->path,
		.perm = r->flags & TK_R_PUBLIC ? r->flags & TK_R_LOOPBACK ? "public, this machine only" : "public" : tk_perm_code(r->perm),
		.doc = r->doc, .flags = r->flags,
	};
}

static int by_path(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int d = strcmp(x->path, y->path);

	return d ? d : strcmp(x->method, y->method);
}

static void who(struct tk_buf *b, const char *perm)
{
	enum tk_perm p = TK_P_SIGNED_IN + 1;
	bool any = false;

	while (p < TK_P_MAX && strcmp(tk_perm_code(p), perm) != 0)
		p++;
	for (enum tk_access r = 0; p < TK_P_MAX && r < TK_ACCESS_MAX; r++) {
		enum tk_scope s = tk_access_scope(r, p);

		if (s == TK_SCOPE_NONE)
			continue;
		tk_buf_fmt(b, "%s%s", any ? ", " : "", tk_access_choice[r].id);
		if (s != TK_SCOPE_ALL)
			tk_buf_fmt(b, " (%s)", tk_scope_code(s));
		any = true;
	}
	if (!any)
		tk_buf_str(b, p < TK_P_MAX ? "nobody" : !strcmp(perm, "signed_in") ? "everybody signed in" :
			   !strncmp(perm, "public", 6) ? "everybody" : "the program itself");
}

static void routes(struct tk_buf *b, struct tk_arena *mem)
{
	struct lines *l = tk_alloc(mem, sizeof(*l));

	l->mem = mem;
	tk_routes_each(tk_all_routes, add, l);
	qsort(l->v, l->n, sizeof(l->v[0]), by_path);
	tk_buf_str(b, "## Addresses\n\nEvery change needs the session's token (`X-CSRF-Token`) besides.\n\n"
		   "| method | address | permission | roles | what |\n| --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < l->n; i++) {
		tk_buf_fmt(b, "| %s | `%s` | `%s` | ", l->v[i].method, l->v[i].path, l->v[i].perm);
		who(b, l->v[i].perm);
		tk_buf_fmt(b, " | %s |\n", l->v[i].doc ? l->v[i].doc : "");
	}
}

/* -- what every register has ------------------------------------------------------------------- */
static void of_types(struct tk_buf *b)
{
	static const struct { unsigned flag; const char *word; } not[] = {
		{ TK_T_NO_CREATE, "add" }, { TK_T_NO_UPDATE, "change" }, { TK_T_NO_DELETE, "delete" },
		{ TK_T_NO_IMPORT, "import" },
	};
	const struct tk_rtype *const *t;
	size_t n = tk_rtypes(&t);

	tk_buf_str(b, "\n## Registers\n\n| `{type}` | read | roles | write | roles | not offered |\n"
		   "| --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < n; i++) {
		const char *comma = "";

		if (t[i]->flags & TK_T_HIDDEN)
			continue;
		tk_buf_fmt(b, "| %s | `%s` | ", t[i]->path, tk_perm_code(t[i]->read));
		who(b, tk_perm_code(t[i]->read));
		tk_buf_fmt(b, " | `%s` | ", tk_perm_code(t[i]->write));
		who(b, tk_perm_code(t[i]->write));
		tk_buf_str(b, " | ");
		for (size_t k = 0; k < TK_LEN(not); k++)
			if (t[i]->flags & not[k].flag) {
				tk_buf_fmt(b, "%s%s", comma, not[k].word);
				comma = ", ";
			}
		tk_buf_str(b, " |\n");
	}
}

static void of_every_type(struct tk_buf *b)
{
	tk_buf_str(b, "\n## Addresses of every register\n\n*Read* and *write* are those of the register; "
		   "\"read, then\" asks for more inside: whose record it is, or the permission of the transition.\n\n"
		   "| method | address | permission | what |\n| --- | --- | --- | --- |\n");
	for (const struct tk_route *const *table = tk_all_routes; *table; table++)
		for (const struct tk_route *r = *table; r->path; r++)
			if (!strncmp(r->path, "/api/v1/{type}", 14))
				tk_buf_fmt(b, "| %s | `%s` | %s | %s |\n", r->method, r->path,
					   r->flags & TK_R_READER ? "read, then" : !strcmp(r->method, "GET") ? "read" : "write",
					   r->doc ? r->doc : "");
}

static int compare(const char *file, const struct tk_buf *b)
{
	FILE *f = fopen(file, "rb");
	char *have = tk_xcalloc(1, b->len + 2);
	bool same = f && fread(have, 1, b->len + 1, f) == b->len && !memcmp(have, b->p, b->len);

	if (f)
		fclose(f);
	free(have);
	puts("1..1");
	printf("%s 1 - docs/PERMISSIONS.md is what the program does\n", same ? "ok" : "not ok");
	return same ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct tk_arena *mem = tk_arena_new(16 << 20);
	struct tk_buf b = TK_BUF(4 << 20);
	int code = 0;

	tk_wire_types();
	tk_buf_str(&b, intro);
	roles(&b);
	routes(&b, mem);
	of_types(&b);
	of_every_type(&b);
	if (argc > 1)
		code = compare(argv[1], &b);
	else
		fwrite(b.p, 1, b.len, stdout);
	tk_buf_drop(&b);
	tk_arena_free(mem);
	return code;
}
