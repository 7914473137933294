/* fact_near.c - what somebody may have meant by the name of no fact. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "fact/fact.h"

enum { NAME_MAX_LEN = 63 };
struct near { const struct tk_fact *f; size_t far; };

/* Edits between two short words (insert, delete, replace). */
static size_t edits(const char *a, const char *b)
{
	size_t row[NAME_MAX_LEN + 1], na = strnlen(a, NAME_MAX_LEN), nb = strnlen(b, NAME_MAX_LEN);

	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			best = row[j] + 1 < best ? row[j] + 1 : best;
			row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
		}
	}
	return row[nb];
}

/* 0: the words stand in id or label; else how many letters differ, of the id or of what follows its
 * module. */
static size_t distance(const struct tk_op *op, const struct tk_fact *f, const char *name)
{
	const char *label = tk_fold(op->mem, tk_tr(op->who->lang, f->label));
	const char *own = strchr(f->id, '.') ? strchr(f->id, '.') + 1 : f->id;
	size_t whole = edits(f->id, name), part = edits(own, name);

	if (strstr(f->id, name) || strstr(label, name))
		return 0;
	return whole < part ? whole : part;
}

static int by_distance(const void *pa, const void *pb)
{
	const struct near *a = pa, *b = pb;

	if (a->far != b->far)
		return a->far < b->far ? -1 : 1;
	return strcmp(a->f->id, b->f->id);
}

size_t tk_fact_near(const struct tk_op *op, const char *name, const struct tk_fact **ret,
		    size_t max)
{
	const struct tk_fact *const *f;
	size_t n = tk_facts(&f), kept = 0, given = 0;
	const char *folded = tk_fold(op->mem, name);
	struct near *list = tk_alloc_n(op->mem, n + 1, sizeof(*list));

	for (size_t i = 0; i < n; i++) {
		struct near x = { f[i], distance(op, f[i], folded) };

		if (x.far <= strlen(folded) / 2)
			list[kept++] = x;
	}
	qsort(list, kept, sizeof(*list), by_distance);
	for (; given < kept && given < max; given++)
		ret[given] = list[given].f;
	return given;
}
