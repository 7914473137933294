/* transfer_head.c - which column of a file brings which field: by its heading, by what was matched
 * by hand once, or by hand now. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "record/transfer_in.h"

size_t tk_import_sheet(struct import *m)
{
	const struct tk_sheet_name *name;
	size_t n = tk_sheet_names(m->s, &name), index = 0;

	while (index + 1 < n && name[index].hidden)
		index++;
	m->rep->sheet = tk_strdup(m->rep->mem, name[index].name);
	return index;
}

/* -- headings ---------------------------------------------------------------------------------- */
static char *key_of(struct tk_arena *mem, const char *heading)
{
	return tk_fold(mem, tk_unblank(mem, heading));
}

static bool is_heading(struct tk_arena *mem, const char *heading, const char *word)
{
	return word && !strcmp(key_of(mem, heading), key_of(mem, word));
}

/* What an export writes: the name, or the label in either language. */
static int by_label(struct tk_arena *mem, const struct tk_rtype *t, const char *heading)
{
	for (size_t i = 0; i < t->nfield; i++) {
		const struct tk_field *f = &t->field[i];

		if (!(f->flags & TK_SECRET) &&
		    (is_heading(mem, heading, f->name) || is_heading(mem, heading, f->label) ||
		     is_heading(mem, heading, tk_tr(TK_JA, f->label))))
			return (int)i;
	}
	return -1;
}

static int by_alias(struct tk_arena *mem, const struct tk_rtype *t, const char *heading)
{
	for (size_t i = 0; i < t->nfield; i++)
		for (const char *const *a = t->field[i].alias; a && *a; a++)
			if (!(t->field[i].flags & TK_SECRET) && is_heading(mem, heading, *a))
				return (int)i;
	return -1;
}

static const struct heading *known(const struct import *m, const char *heading)
{
	const char *key = m->nknown ? key_of(m->op.mem, heading) : NULL;

	for (size_t i = 0; key && i < m->nknown; i++)
		if (!strcmp(m->known[i].heading, key))
			return &m->known[i];
	return NULL;
}

/* -1: none.  What an export writes always means itself; what a person said once goes before our own
 * guesses. */
static int field_of(const struct import *m, const char *heading, bool *remembered)
{
	int i = by_label(m->op.mem, m->t, heading);
	const struct heading *h = i < 0 ? known(m, heading) : NULL;

	*remembered = h != NULL;
	return h       ? tk_field_index(m->t, h->field)
	       : i < 0 ? by_alias(m->op.mem, m->t, heading)
		       : i;
}

static enum tk_rc known_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct import *m = ctx;

	(void)n;
	if (m->nknown == m->capknown) {
		struct heading *old = m->known;

		m->capknown = m->capknown ? 2 * m->capknown : 32;
		m->known = tk_alloc_n(m->keep, m->capknown, sizeof(*m->known));
		if (m->nknown)
			memcpy(m->known, old, m->nknown * sizeof(*old));
	}
	m->known[m->nknown++] =
		(struct heading){ tk_strdup(m->keep, col[0].s), tk_strdup(m->keep, col[1].s) };
	return TK_OK;
}

static enum tk_rc recall(struct import *m)
{
	return tk_db_run(m->op.db, &m->err,
			 "SELECT heading, field FROM import_column WHERE rtype = $1"
			 " ORDER BY heading",
			 TK_ARGS(TK_S(m->t->name)), known_row, m);
}

static size_t count_headings(const struct import *m, const struct tk_row *row)
{
	bool remembered;
	size_t n = 0;

	for (size_t c = 0; c < row->n; c++)
		if (!tk_is_blank(row->cell[c].text) &&
		    (field_of(m, row->cell[c].text, &remembered) >= 0 || remembered))
			n++;
	tk_arena_reset(m->op.mem);
	return n;
}

/* -- by hand ----------------------------------------------------------------------------------- */
/* "A:code,B:name,C:" -> the field of a column; false when the column is not named. */
static bool by_hand(const struct import *m, uint32_t c, const char **field)
{
	char buf[TK_CELL_NAME], *name = tk_cell_name(c, 1, buf);
	size_t n = strcspn(name, "0123456789");

	for (const char *p = m->map; *p; p += strcspn(p, ","), p += *p == ',')
		if (!strncmp(p, name, n) && p[n] == ':') {
			*field = tk_strndup(m->keep, p + n + 1, strcspn(p + n + 1, ","));
			return true;
		}
	return false;
}

/* Every part is LETTERS:FIELD, and the field one that a file may bring. */
static enum tk_rc check_map(struct import *m)
{
	for (const char *p = m->map; *p; p += strcspn(p, ","), p += *p == ',') {
		size_t letters = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		const char *field;
		int i;

		if (letters < 1 || letters > 3 || p[letters] != ':')
			return tk_fail(&m->err, TK_EINVAL, "map",
				       N_("\"%.40s\" is not a column and a field, such as "
					  "A:code."), p);
		field = tk_strndup(m->keep, p + letters + 1, strcspn(p + letters + 1, ","));
		i = tk_field_index(m->t, field);
		if (*field && (i < 0 || !tk_comes_in(&m->t->field[i])))
			return tk_fail(&m->err, TK_EINVAL, "map",
				       N_("There is no field \"%.60s\" that a file could bring."),
				       field);
	}
	return TK_OK;
}

static int wanted(struct import *m, uint32_t c, const char *heading, bool *remembered)
{
	const char *field = NULL;

	*remembered = false;
	if (!m->map)
		return field_of(m, heading, remembered);
	return by_hand(m, c, &field) ? tk_field_index(m->t, field) : -1;
}

static void take_heading(struct import *m, uint32_t c, const char *heading)
{
	bool remembered;
	int i = wanted(m, c, heading, &remembered);
	const struct tk_field *f = i >= 0 ? &m->t->field[i] : NULL;

	if (!f || !tk_comes_in(f)) {
		tk_report_column(m->rep, c, heading, NULL, NULL);
		return;
	}
	if (m->col[i] >= 0) {
		(void)!tk_fail(&m->err, TK_EINVAL, f->name,
			       m->map ? N_("Two columns are matched with \"%.60s\".")
				      : N_("Two columns are called \"%.60s\". Remove one of them."),
			       m->map ? tk_tr(m->err.lang, f->label) : heading);
		tk_report_err(m->rep, m->rep->header_row, (int32_t)c, heading, &m->err);
		return;
	}
	m->col[i] = (int32_t)c;
	tk_report_column(m->rep, c, heading, f->name, tk_tr(m->err.lang, f->label));
}

/* -- the row of headings ----------------------------------------------------------------------- */
/* The row with the most headings we know, among the first ones; without any, the first with two
 * filled cells (or one, of a file that has but one).  The sheet then stands at that row. */
static enum tk_rc find_header(struct import *m, size_t index, struct tk_row *row, size_t *best)
{
	uint32_t first = 0, only = 0;
	enum tk_rc rc = tk_sheet_select(m->s, index, &m->err);

	*best = 0;
	*row = (struct tk_row){ 0 };
	for (int i = 0; i < TK_HEADER_ROWS && rc == TK_OK; i++) {
		size_t n, filled = 0;

		if ((rc = tk_sheet_next(m->s, row, &m->err)) != TK_OK || !row->number)
			break;
		for (size_t c = 0; c < row->n; c++)
			filled += !tk_is_blank(row->cell[c].text);
		if (filled > 1 && !first)
			first = row->number;
		if (filled && !only)
			only = row->number;
		n = count_headings(m, row);
		if (n > *best) {
			*best = n;
			m->rep->header_row = row->number;
		}
	}
	if (rc == TK_OK && *best == 0)
		m->rep->header_row = first ? first : only;
	if (rc == TK_OK)
		rc = tk_sheet_select(m->s, index, &m->err);
	*row = (struct tk_row){ 0 };
	while (rc == TK_OK && row->number != m->rep->header_row)
		rc = tk_sheet_next(m->s, row, &m->err);
	return rc;
}

enum tk_rc tk_import_header(struct import *m, size_t index)
{
	struct tk_row row;
	size_t best;
	enum tk_rc rc;

	if ((rc = recall(m)) != TK_OK || (m->map && (rc = check_map(m)) != TK_OK) ||
	    (rc = find_header(m, index, &row, &best)) != TK_OK)
		return rc;
	if (best == 0 && !m->map) {
		m->rep->header_row = 0;
		return tk_fail(&m->err, TK_EINVAL, NULL,
			       N_("No row with headings was found. The headings must be those of "
				  "an export of this list."));
	}
	for (size_t c = 0; c < row.n; c++)
		if (!tk_is_blank(row.cell[c].text))
			take_heading(m, (uint32_t)c, row.cell[c].text);
	if (m->key >= 0 && m->col[m->key] < 0)
		return tk_fail(&m->err, TK_EINVAL, m->t->field[m->key].name,
			       N_("There is no column \"%s\"."),
			       tk_tr(m->err.lang, m->t->field[m->key].label));
	return TK_OK;
}

enum tk_rc tk_import_columns(struct import *m, size_t index, struct tk_import_column **ret,
			     size_t *ret_n)
{
	struct tk_row row;
	size_t best;
	enum tk_rc rc;

	if ((rc = recall(m)) != TK_OK || (rc = find_header(m, index, &row, &best)) != TK_OK)
		return rc;
	*ret = tk_alloc_n(m->keep, row.n + 1, sizeof(**ret));
	*ret_n = 0;
	for (size_t c = 0; c < row.n; c++) {
		struct tk_import_column *col = &(*ret)[*ret_n];
		int i;

		if (tk_is_blank(row.cell[c].text))
			continue;
		*col = (struct tk_import_column){ .col = (uint32_t)c };
		col->heading = tk_strdup(m->keep, row.cell[c].text);
		i = field_of(m, col->heading, &col->remembered);
		if (i >= 0 && tk_comes_in(&m->t->field[i]))
			col->field = m->t->field[i].name;
		(*ret_n)++;
	}
	return TK_OK;
}

/* Headings that an export of ours would write need no memory. */
enum tk_rc tk_import_remember(struct import *m)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < m->rep->ncolumn && rc == TK_OK; i++) {
		const struct tk_report_column *c = &m->rep->column[i];
		const char *field = "";

		if (by_label(m->op.mem, m->t, c->heading) >= 0 || !by_hand(m, c->col, &field))
			continue;
		rc = tk_db_exec(m->op.db, &m->err,
				"INSERT INTO import_column(rtype, heading, field, used_at)"
				" VALUES($1,$2,$3,$4) ON CONFLICT(rtype, heading) DO UPDATE"
				" SET field = excluded.field, used_at = excluded.used_at",
				TK_S(m->t->name), TK_S(key_of(m->op.mem, c->heading)), TK_S(field),
				TK_I(tk_now()));
	}
	return rc;
}
