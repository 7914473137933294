#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "world.h"

void world_up(struct world *w, struct testdb *t)
{
	*w = (struct world){ .t = t, .who = tk_who_system("test", "test", TK_EN) };
	w->op = (struct tk_op){ t->db, t->mem, &w->who, &t->e };
	tk_rtypes_set(tk_org_types, tk_org_ntypes);
}

static enum tk_rc from_pairs(struct world *w, const struct tk_rtype *type, void *rec, va_list ap)
{
	const char *pair;
	enum tk_rc rc = TK_OK;

	while (rc == TK_OK && (pair = va_arg(ap, const char *))) {
		size_t n = strcspn(pair, "=");
		int i = tk_field_index(type, tk_strndup(w->t->mem, pair, n));

		assert_true(i >= 0);
		rc = tk_set_text(&w->op, type, rec, (size_t)i, pair + n + 1);
	}
	return rc;
}

int64_t make(struct world *w, const struct tk_rtype *type, ...)
{
	struct tk_rec *rec = tk_alloc(w->t->mem, type->size);
	va_list ap;

	va_start(ap, type);
	OK(w->t, from_pairs(w, type, rec, ap));
	va_end(ap);
	OK(w->t, tk_rec_insert(&w->op, type, rec));
	return rec->id;
}

enum tk_rc try_make(struct world *w, const struct tk_rtype *type, int64_t *id, ...)
{
	struct tk_rec *rec = tk_alloc(w->t->mem, type->size);
	enum tk_rc rc;
	va_list ap;

	va_start(ap, id);
	rc = from_pairs(w, type, rec, ap);
	va_end(ap);
	if (rc == TK_OK)
		rc = tk_rec_insert(&w->op, type, rec);
	if (id)
		*id = rec->id;
	return rc;
}

struct file slurp(struct world *w, const char *folder, const char *name)
{
	struct file f;
	FILE *in = fopen(folder ? tk_sprintf(w->t->mem, "%s/%s", folder, name) : name, "rb");
	long n;

	assert_non_null(in);
	fseek(in, 0, SEEK_END);
	n = ftell(in);
	rewind(in);
	f.n = (size_t)n;
	f.data = tk_alloc(w->t->mem, f.n + 1);
	assert_int_equal(fread(f.data, 1, f.n, in), f.n);
	fclose(in);
	return f;
}

struct tk_roster *import_bytes(struct world *w, const void *data, size_t n, const char *name,
			       const struct tk_roster_opt *opt, bool dry)
{
	struct tk_roster *r = NULL;

	OK(w->t, tk_roster_import(&w->op, data, n, name, opt, dry, &r));
	return r;
}

struct tk_roster *import_text(struct world *w, const char *csv, const struct tk_roster_opt *opt)
{
	return import_bytes(w, csv, strlen(csv), "roster.csv", opt, false);
}

void counts(const struct tk_roster *r, int added, int changed, int ended, int unchanged, int errors, const char *file, int line)
{
	const struct tk_report *p = tk_roster_report(r);

	if (p->count[TK_REP_ADDED] == added && p->count[TK_REP_CHANGED] == changed && p->count[TK_REP_ENDED] == ended &&
	    p->count[TK_REP_UNCHANGED] == unchanged && p->errors == errors)
		return;
	for (size_t i = 0; i < p->nproblem; i++)
		print_error("%s %s: %s\n", p->problem[i].severity == TK_SEV_ERROR ? "error" : "warning",
			    p->problem[i].cell ? p->problem[i].cell : "-", p->problem[i].message);
	print_error("added %d changed %d ended %d unchanged %d errors %d\n", (int)p->count[TK_REP_ADDED],
		    (int)p->count[TK_REP_CHANGED], (int)p->count[TK_REP_ENDED], (int)p->count[TK_REP_UNCHANGED], (int)p->errors);
	_fail(file, line);
}

const char *message_of(const struct tk_roster *r, const char *cell)
{
	const struct tk_report *p = tk_roster_report(r);

	for (size_t i = 0; i < p->nproblem; i++)
		if (p->problem[i].severity == TK_SEV_ERROR && p->problem[i].cell && !strcmp(p->problem[i].cell, cell))
			return p->problem[i].message;
	return NULL;
}

bool has_error(const struct tk_roster *r, const char *cell)
{
	return message_of(r, cell) != NULL;
}
