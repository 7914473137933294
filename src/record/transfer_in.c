/* transfer_in.c - records in: every row is tried, and taken back unless all of them are good. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "record/trail.h"
#include "record/transfer_in.h"

/* Who only writes what is their own brings no register, and the writer is everybody's. */
enum { ROW_MEM = 256 << 20, OWN_ROWS = 500 };

static int key_field(const struct tk_rtype *t)
{
	for (size_t i = 0; i < t->nfield; i++)
		if (t->field[i].flags & TK_UNIQUE && tk_comes_in(&t->field[i]))
			return (int)i;
	return -1;
}

/* -- a row ------------------------------------------------------------------------------------- */
/* Slot of an id in the table: its own, or the empty one where it would stand. */
static struct seen *slot(const struct import *m, int64_t id)
{
	size_t at = (size_t)((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (m->capseen - 1);

	while (m->seen[at].id && m->seen[at].id != id)
		at = (at + 1) & (m->capseen - 1);
	return &m->seen[at];
}

/* The row that brought this record before, or 0. */
static uint32_t seen_before(struct import *m, int64_t id, uint32_t row)
{
	struct seen *old = m->seen, *s;
	size_t n = m->capseen;

	if (2 * m->nseen >= m->capseen) {
		m->capseen = n ? 2 * n : 1024;
		m->seen = tk_xcalloc(m->capseen, sizeof(*m->seen));
		for (size_t i = 0; i < n; i++)
			if (old[i].id)
				*slot(m, old[i].id) = old[i];
		free(old);
	}
	s = slot(m, id);
	if (s->id)
		return s->row;
	*s = (struct seen){ id, row };
	m->nseen++;
	return 0;
}

static void problem(struct import *m, uint32_t row, const struct tk_row *cells)
{
	int i = m->err.field[0] ? tk_field_index(m->t, m->err.field) : -1;
	int32_t col = i >= 0 ? m->col[i] : -1;

	tk_report_err(m->rep, row, col, col >= 0 ? tk_row_text(cells, (size_t)col) : NULL, &m->err);
}

/* Faults of the file are problems of a row; the rest ends the import. */
/* Title of the record that a field refers to, NULL if there is none. */
static const char *ref_title(struct import *m, const struct tk_field *f, struct tk_value v)
{
	struct tk_buf b = TK_BUF(512);
	struct tk_err ignored = { .lang = m->err.lang };
	struct tk_value c[1];
	bool found = false;

	if (v.type == TK_V_NULL || !f->ref->title)
		return tk_print(m->op.mem, m->err.lang, f, v);
	tk_buf_fmt(&b, "SELECT CAST(%s AS TEXT) FROM %s WHERE id = $1", f->ref->title,
		   f->ref->table);
	(void)!tk_db_first(m->op.db, m->op.mem, &ignored, b.p, TK_ARGS(v), c, 1, &found);
	tk_buf_drop(&b);
	return found ? c[0].s : NULL;
}

static enum tk_rc set_cell(struct import *m, void *rec, size_t i, const struct tk_cell *cell)
{
	const struct tk_field *f = &m->t->field[i];
	const char *text = tk_cell_restore(m->s, cell->text), *title;
	char *day;

	if (cell->kind == TK_CELL_ERROR || cell->kind == TK_CELL_FORMULA_EMPTY)
		return tk_fail(&m->err, TK_EINVAL, f->name,
			       N_("%s: the cell holds a formula without a value (%.40s). Write the "
				  "value itself."),
			       tk_tr(m->err.lang, f->label), cell->text);
	if (f->type == TK_F_DATE && cell->kind == TK_CELL_DATE) {
		day = tk_strndup(m->op.mem, text, strcspn(text, " "));
		return tk_set_text(&m->op, m->t, rec, i, day);
	}
	if (f->type == TK_F_REF && !tk_is_blank(text) &&
	    (title = ref_title(m, f, tk_get(m->t, rec, i))) && !strcmp(title, text))
		return TK_OK; /* still the same one, even where several have that title */
	return tk_set_text(&m->op, m->t, rec, i, text);
}

static enum tk_rc fill_cells(struct import *m, const struct tk_row *row, void *rec, bool *good)
{
	static const struct tk_cell none = { .kind = TK_CELL_BLANK, .text = "" };
	enum tk_rc rc;

	for (size_t k = 0; k < m->rep->ncolumn; k++) { /* from left to right, as people read */
		size_t c = m->rep->column[k].col, i;

		if (!m->rep->column[k].field)
			continue;
		i = (size_t)tk_field_index(m->t, m->rep->column[k].field);
		rc = set_cell(m, rec, i, c < row->n ? &row->cell[c] : &none);
		if (rc == TK_OK)
			rc = tk_validate_field(&m->t->field[i], tk_get(m->t, rec, i), &m->err);
		if (rc != TK_OK && !tk_is_of_record(rc))
			return rc;
		if (rc != TK_OK) {
			problem(m, row->number, row);
			*good = false;
		}
	}
	return TK_OK;
}

/* The record as the file wants it; was: as it is (version 0: there is none). */
static enum tk_rc build(struct import *m, const struct tk_row *row, void *was, void *now,
			bool *good)
{
	struct tk_rec *old = was;
	struct tk_value key;
	enum tk_rc rc = TK_OK;

	if (m->key < 0) {
		rc = fill_cells(m, row, now, good);
		if (rc == TK_OK && *good)
			rc = tk_import_same(m, now, was);
	} else {
		size_t c = (size_t)m->col[m->key];
		void *probe = tk_alloc(m->op.mem, m->t->size);

		if (c < row->n &&
		    (rc = set_cell(m, probe, (size_t)m->key, &row->cell[c])) != TK_OK) {
			*good = false;
			if (tk_is_of_record(rc))
				problem(m, row->number, row);
			return tk_is_of_record(rc) ? TK_OK : rc;
		}
		key = tk_get(m->t, probe, (size_t)m->key);
		if (key.type != TK_V_NULL)
			rc = tk_rec_find(&m->op, m->t, m->t->field[m->key].name, key, was);
		if (rc == TK_OK && old->version)
			memcpy(now, was, m->t->size);
		if (rc == TK_OK || rc == TK_ENOTFOUND)
			rc = fill_cells(m, row, now, good);
	}
	if (rc == TK_OK && m->key < 0 && old->version)
		memcpy(now, was, m->t->size);
	return rc == TK_ENOTFOUND ? TK_OK : rc;
}

static const char *shown(struct import *m, const struct tk_field *f, struct tk_value v)
{
	return f->type == TK_F_REF ? ref_title(m, f, v) : tk_print(m->op.mem, m->err.lang, f, v);
}

static void tell(struct import *m, const void *was, const void *now)
{
	struct tk_report_change change[TK_MAX_FIELDS];
	struct tk_report_pair pair[2];
	const struct tk_rtype *t = m->t;
	bool old = ((const struct tk_rec *)was)->version > 0;
	int title = t->title ? tk_field_index(t, t->title) : -1;
	size_t n = 0, npair = 0;

	for (size_t i = 0; old && i < t->nfield; i++) {
		struct tk_value x = tk_get(t, was, i), y = tk_get(t, now, i);

		if (!tk_same(x, y) && tk_comes_in(&t->field[i]))
			change[n++] = (struct tk_report_change){
				t->field[i].name, tk_tr(m->err.lang, t->field[i].label),
				shown(m, &t->field[i], x), shown(m, &t->field[i], y)
			};
	}
	if (m->key >= 0)
		pair[npair++] =
			(struct tk_report_pair){ "key", shown(m, &t->field[m->key],
							      tk_get(t, now, (size_t)m->key)) };
	if (title >= 0)
		pair[npair++] =
			(struct tk_report_pair){ "title", shown(m, &t->field[title],
								tk_get(t, now, (size_t)title)) };
	tk_report_entry(m->rep, old ? TK_REP_CHANGED : TK_REP_ADDED, pair, npair, change, n);
}

static bool unchanged(const struct tk_rtype *t, const void *was, const void *now)
{
	for (size_t i = 0; i < t->nfield; i++)
		if (!tk_same(tk_get(t, was, i), tk_get(t, now, i)))
			return false;
	return true;
}

/* Each record in a savepoint of its own, so that one fault does not hide the next. */
static enum tk_rc save(struct import *m, bool update, void *now)
{
	enum tk_rc rc, undone;

	if (m->t->flags & (update ? TK_T_NO_UPDATE : TK_T_NO_CREATE))
		return tk_fail(&m->err, TK_EINVAL, NULL,
			       update ? N_("Records of this list cannot be changed by a file.")
				      : N_("Records of this list cannot be made by a file."));
	if ((rc = tk_db_save(m->op.db, &m->err)) != TK_OK)
		return rc;
	rc = update ? tk_rec_update(&m->op, m->t, now, -1) : tk_rec_insert(&m->op, m->t, now);
	if (rc == TK_OK)
		return tk_db_release(m->op.db, &m->err);
	if (tk_is_of_record(rc)) {
		struct tk_err kept = m->err;

		if ((undone = tk_db_undo(m->op.db, &m->err)) != TK_OK)
			return undone;
		m->err = kept;
	}
	return rc;
}

static enum tk_rc one_row(struct import *m, const struct tk_row *row)
{
	void *was = tk_alloc(m->op.mem, m->t->size), *now = tk_alloc(m->op.mem, m->t->size);
	bool good = true, old, same;
	uint32_t before;
	enum tk_rc rc = build(m, row, was, now, &good);

	if (rc != TK_OK || !good)
		return rc;
	old = ((struct tk_rec *)was)->version > 0;
	same = old && unchanged(m->t, was, now);
	if (!same)
		rc = save(m, old, now);
	if (tk_is_of_record(rc)) {
		problem(m, row->number, row);
		return TK_OK;
	}
	if (rc != TK_OK)
		return rc;
	if (m->key < 0 && !old)
		tk_import_made(m, now);
	before = seen_before(m, ((struct tk_rec *)now)->id, row->number);
	if (before) {
		(void)!tk_fail(&m->err, TK_EINVAL, m->key >= 0 ? m->t->field[m->key].name : NULL,
			       N_("Row %" PRIu32 " of the file is about the same record."), before);
		problem(m, row->number, row);
	} else if (same) {
		tk_report_entry(m->rep, TK_REP_UNCHANGED, NULL, 0, NULL, 0);
	} else {
		tell(m, was, now);
	}
	return TK_OK;
}

static bool blank_row(const struct tk_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (!tk_is_blank(row->cell[i].text) || row->cell[i].kind == TK_CELL_FORMULA_EMPTY)
			return false;
	return true;
}

static enum tk_rc all_rows(struct import *m)
{
	size_t index = tk_import_sheet(m);
	struct tk_row row;
	enum tk_rc rc = tk_import_header(m, index);

	if (rc == TK_EINVAL) {                  /* a fault of the file */
		tk_report_err(m->rep, m->rep->header_row, -1, NULL, &m->err);
		return TK_OK;
	}
	while (rc == TK_OK && (rc = tk_sheet_next(m->s, &row, &m->err)) == TK_OK && row.number) {
		if (blank_row(&row))
			continue;
		m->rep->rows++;
		if (m->rep->rows > OWN_ROWS && !m->op.who->system &&
		    tk_who_scope(m->op.who, m->t->write) == TK_SCOPE_OWN) {
			(void)!tk_fail(&m->err, TK_EINVAL, NULL,
				       N_("A file of your own records can have at most %d rows."),
				       (int)OWN_ROWS);
			tk_report_err(m->rep, row.number, -1, NULL, &m->err);
			return TK_OK;
		}
		rc = one_row(m, &row);
		tk_arena_reset(m->op.mem);
	}
	return rc;
}

static enum tk_rc note(const struct tk_op *op, const struct tk_rtype *t, const char *filename,
		       const struct tk_report *r)
{
	struct tk_buf b = TK_BUF(16 << 10);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_kstr(&j, "file", filename);
	tk_json_kint(&j, "added", r->count[TK_REP_ADDED]);
	tk_json_kint(&j, "changed", r->count[TK_REP_CHANGED]);
	tk_json_kint(&j, "unchanged", r->count[TK_REP_UNCHANGED]);
	tk_json_end_obj(&j);
	rc = tk_trail_add(op, "import", t->name, 0, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

static enum tk_rc inside(struct import *m, const struct tk_op *op, const char *filename,
			 bool dry_run)
{
	bool nested = tk_db_in_tx(op->db), keep;
	enum tk_rc rc = nested ? tk_db_save(op->db, op->e) : tk_db_begin(op->db, op->e), ended;

	if (rc != TK_OK)
		return rc;
	rc = all_rows(m);
	*op->e = m->err;
	keep = rc == TK_OK && m->rep->accepted && !dry_run;
	if (keep && m->map)
		rc = tk_import_remember(m);
	if (rc == TK_OK && keep && m->rep->count[TK_REP_ADDED] + m->rep->count[TK_REP_CHANGED])
		rc = note(op, m->t, filename, m->rep);
	keep = keep && rc == TK_OK;
	if (keep) {
		rc = nested ? tk_db_release(op->db, op->e) : tk_db_commit(op->db, op->e);
		m->rep->written = rc == TK_OK;
		return rc;
	}
	if (!nested) {
		tk_db_rollback(op->db);
		return rc;
	}
	ended = tk_db_undo(op->db, rc == TK_OK ? op->e : NULL);
	return rc == TK_OK ? ended : rc;
}

static enum tk_rc open_import(struct import *m, const struct tk_op *op, const struct tk_rtype *t,
			      const void *data, size_t n, const char *filename)
{
	enum tk_rc rc;

	*m = (struct import){
		.op = *op, .err = { .lang = op->e->lang }, .t = t, .key = key_field(t),
		.keep = op->mem,
	};
	for (size_t i = 0; i < TK_MAX_FIELDS; i++)
		m->col[i] = -1;
	if (tk_who_scope(op->who, t->write) == TK_SCOPE_NONE)
		return tk_denied(op->e);
	if (t->flags & TK_T_NO_IMPORT)
		return tk_fail(op->e, TK_EMETHOD, NULL, N_("This list cannot be imported."));
	if ((rc = tk_sheet_open(&m->s, data, n, filename, op->e)) != TK_OK)
		return rc;
	m->rep = tk_report_new(op->mem);
	m->op.mem = tk_arena_new(ROW_MEM);
	return TK_OK;
}

static void close_import(struct import *m)
{
	tk_arena_free(m->op.mem);
	tk_sheet_close(m->s);
	free(m->seen);
	free(m->same);
}

enum tk_rc tk_rec_import_map(const struct tk_op *op, const struct tk_rtype *t, const void *data,
			     size_t n, const char *filename, const char *map, bool dry_run,
			     struct tk_report **ret)
{
	struct import m;
	enum tk_rc rc;

	*ret = NULL;
	if ((rc = open_import(&m, op, t, data, n, filename)) != TK_OK)
		return rc;
	m.map = map && *map ? map : NULL;
	m.op.e = &m.err;
	*ret = m.rep;
	rc = inside(&m, op, filename, dry_run);
	close_import(&m);
	return rc;
}

enum tk_rc tk_rec_import(const struct tk_op *op, const struct tk_rtype *t, const void *data,
			 size_t n, const char *filename, bool dry_run, struct tk_report **ret)
{
	return tk_rec_import_map(op, t, data, n, filename, NULL, dry_run, ret);
}

/* -- the columns of a file --------------------------------------------------------------------- */
enum { SAMPLE_ROWS = 20, SAMPLE_TEXT = 60 };

static void column_json(struct import *m, struct tk_json *j, const struct tk_import_column *c)
{
	char buf[TK_CELL_NAME], *digit = tk_cell_name(c->col, 1, buf);

	digit[strcspn(digit, "0123456789")] = '\0';
	tk_json_obj(j);
	tk_json_kstr(j, "column", digit);
	tk_json_kstr(j, "heading", c->heading);
	tk_json_kstr(j, "field", c->field);
	tk_json_kbool(j, "remembered", c->remembered);
	tk_json_key(j, "samples");
	tk_json_arr(j);
	for (size_t i = 0; i < c->nsample; i++)
		tk_json_str(j, tk_utf8_head(m->op.mem, c->sample[i], SAMPLE_TEXT));
	tk_json_end_arr(j);
	tk_json_end_obj(j);
}

static void fields_json(const struct import *m, struct tk_json *j)
{
	tk_json_key(j, "fields");
	tk_json_arr(j);
	for (size_t i = 0; i < m->t->nfield; i++) {
		const struct tk_field *f = &m->t->field[i];

		if (!tk_comes_in(f))
			continue;
		tk_json_obj(j);
		tk_json_kstr(j, "name", f->name);
		tk_json_kstr(j, "label", tk_tr(m->err.lang, f->label));
		tk_json_kbool(j, "required", f->flags & TK_REQUIRED);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static enum tk_rc samples(struct import *m, struct tk_import_column *c, size_t n)
{
	struct tk_row row;
	enum tk_rc rc = TK_OK;

	for (int i = 0; i < SAMPLE_ROWS && rc == TK_OK; i++) {
		if ((rc = tk_sheet_next(m->s, &row, &m->err)) != TK_OK || !row.number)
			break;
		for (size_t k = 0; k < n; k++)
			if (c[k].nsample < TK_LEN(c[k].sample) && c[k].col < row.n &&
			    !tk_is_blank(row.cell[c[k].col].text))
				c[k].sample[c[k].nsample++] =
					tk_strdup(m->keep, row.cell[c[k].col].text);
	}
	return rc;
}

static enum tk_rc columns(struct import *m, struct tk_json *j)
{
	struct tk_import_column *c = NULL;
	size_t n = 0;
	enum tk_rc rc = tk_import_columns(m, tk_import_sheet(m), &c, &n);

	if (rc == TK_OK)
		rc = samples(m, c, n);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(j);
	tk_json_kint(j, "header_row", m->rep->header_row);
	tk_json_key(j, "columns");
	tk_json_arr(j);
	for (size_t i = 0; i < n; i++)
		column_json(m, j, &c[i]);
	tk_json_end_arr(j);
	fields_json(m, j);
	tk_json_end_obj(j);
	return TK_OK;
}

enum tk_rc tk_rec_import_columns(const struct tk_op *op, const struct tk_rtype *t, const void *data,
				 size_t n, const char *filename, struct tk_json *j)
{
	struct import m;
	enum tk_rc rc;

	if ((rc = open_import(&m, op, t, data, n, filename)) != TK_OK)
		return rc;
	m.op.e = &m.err;
	rc = columns(&m, j);
	*op->e = m.err;
	close_import(&m);
	return rc;
}
