/* survey_table_load.c - declared tables from the two CSV files beside a questionnaire. */
#include <string.h>
#include "base/text.h"
#include "form/form.h"
#include "sheet/sheet.h"
#include "table/survey_table.h"

enum { MAX_COL = 40 };
struct reading {
	const struct tk_op *op;
	const char *file;
	const struct tk_rtype *type;
	struct tk_sheet *sheet;
	struct tk_row row;
	int field[MAX_COL]; /* of each column; -1: the table's name */
	size_t ncol;
	int64_t form_id, sort;
};

static enum tk_rc in_row(struct reading *r, enum tk_rc rc)
{
	struct tk_err was = *r->op->e;

	return tk_fail(r->op->e, rc, was.field, N_("%s, row %u: %s"), r->file, r->row.number,
		was.msg);
}

static enum tk_rc open_file(struct reading *r, const char *data, size_t n)
{
	struct tk_err *e = r->op->e;
	enum tk_rc rc = tk_sheet_open(&r->sheet, data, n, r->file, e);

	if (rc == TK_OK)
		rc = tk_sheet_next(r->sheet, &r->row, e);
	for (size_t i = 0; rc == TK_OK && i < r->row.n; i++) {
		const char *name = tk_squeeze(r->op->mem, r->row.cell[i].text);

		if (i == MAX_COL)
			return tk_fail(e, TK_EINVAL, r->file, N_("%s has too many columns."),
				r->file);
		r->field[i] = tk_field_index(r->type, name);
		if (r->field[i] < 0 && strcmp(name, "table") != 0)
			return tk_fail(e, TK_EINVAL, r->file,
				N_("%s: the column \"%.40s\" is not known."), r->file, name);
		r->ncol = i + 1;
	}
	return rc;
}

/* The cells into rec; *table (may be NULL) is what the column `table` says. */
static enum tk_rc fill(struct reading *r, void *rec, const char **table)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < r->ncol && rc == TK_OK; i++) {
		const char *text = tk_row_text(&r->row, i);

		if (r->field[i] >= 0)
			rc = tk_set_text(r->op, r->type, rec, (size_t)r->field[i], text);
		else if (table)
			*table = tk_squeeze(r->op->mem, text);
	}
	tk_set_by(r->type, rec, "sort", TK_I(r->sort += 10));
	return rc;
}

static bool same(const struct tk_rtype *t, const void *a, const void *b)
{
	for (size_t i = 0; i < t->nfield; i++) {
		struct tk_value x = tk_get(t, a, i), y = tk_get(t, b, i);

		if (x.type != y.type || (x.type == TK_V_INT && x.i != y.i) ||
			(x.type == TK_V_TEXT && strcmp(x.s, y.s) != 0))
			return false;
	}
	return true;
}

/* was: the stored record, NULL if there is none. */
static enum tk_rc save(struct reading *r, struct tk_rec *rec, const struct tk_rec *was)
{
	enum tk_rc rc;

	if (!was)
		rc = tk_rec_insert(r->op, r->type, rec);
	else if (same(r->type, rec, was))
		return TK_OK;
	else
		rc = tk_rec_update(r->op, r->type, rec, -1);
	return rc == TK_OK ? rc : in_row(r, rc);
}

static enum tk_rc load_table(struct reading *r)
{
	struct survey_table t = {0}, was = {0};
	struct tk_err *e = r->op->e;
	bool there;
	enum tk_rc rc = fill(r, &t, NULL);

	if (rc != TK_OK)
		return in_row(r, rc);
	if (tk_is_blank(t.name))
		return tk_fail(e, TK_EINVAL, "name", N_("%s, row %u: the name is missing."),
			r->file, r->row.number);
	rc = tk_survey_table_find(r->op, r->form_id, t.name, &was);
	if ((there = rc == TK_OK))
		t.rec.id = was.rec.id;
	else if (rc != TK_ENOTFOUND)
		return rc;
	tk_set_by(r->type, &t, "form_id", TK_I(r->form_id));
	tk_set_by(r->type, &t, "weighted", TK_I(t.weighted));
	tk_set_by(r->type, &t, "intervals", TK_I(t.intervals));
	return save(r, &t.rec, there ? &was.rec : NULL);
}

static enum tk_rc load_series(struct reading *r)
{
	struct survey_series s = {0};
	struct survey_table t;
	const struct survey_series *had;
	const struct tk_rec *was = NULL;
	const char *table = NULL;
	size_t n;
	enum tk_rc rc = fill(r, &s, &table);

	if (rc == TK_OK)
		rc = tk_survey_table_find(r->op, r->form_id, table ? table : "", &t);
	if (rc != TK_OK)
		return in_row(r, rc == TK_ENOTFOUND ? TK_EINVAL : rc);
	if ((rc = tk_survey_series(r->op, t.rec.id, &had, &n)) != TK_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (s.code && !strcmp(had[i].code, s.code))
			was = &had[i].rec;
	tk_set_by(r->type, &s, "survey_table_id", TK_I(t.rec.id));
	s.rec.id = was ? was->id : 0;
	return save(r, &s.rec, was);
}

static enum tk_rc read_file(struct reading *r, const char *data, size_t n,
	enum tk_rc (*row)(struct reading *r), size_t *ret_n)
{
	enum tk_rc rc = open_file(r, data, n);

	while (rc == TK_OK && (rc = tk_sheet_next(r->sheet, &r->row, r->op->e)) == TK_OK &&
		r->row.number)
		if ((rc = row(r)) == TK_OK && ret_n)
			++*ret_n;
	tk_sheet_close(r->sheet);
	return rc;
}

enum tk_rc tk_survey_tables_load(const struct tk_op *op, const char *form_code,
	const struct tk_survey_table_files *files, size_t *ret_tables)
{
	struct reading tables = {
		.op = op, .file = "tables.csv", .type = &tk_survey_table_type};
	struct reading series = {
		.op = op, .file = "series.csv", .type = &tk_survey_series_type};
	enum tk_rc rc = tk_db_int(op->db, op->e,
		"SELECT id FROM form WHERE code = $1 AND deleted_at IS NULL",
		TK_ARGS(TK_S(form_code)), 0, &tables.form_id);

	*ret_tables = 0;
	if (rc == TK_OK && !tables.form_id)
		return tk_fail(op->e, TK_ENOTFOUND, "form",
			N_("There is no questionnaire \"%.60s\"."), form_code);
	series.form_id = tables.form_id;
	if (rc == TK_OK)
		rc = read_file(&tables, files->tables, files->ntables, load_table, ret_tables);
	if (rc == TK_OK && files->series)
		rc = read_file(&series, files->series, files->nseries, load_series, NULL);
	return rc;
}
