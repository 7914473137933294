/* form_load.c - a questionnaire from XLSForm's three sheets as CSV. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "form/form_in.h"
#include "sheet/sheet.h"

enum { MAX_COL = 40 };

/* Columns of a sheet by heading; XLSForm writes translations as label::Japanese (ja). */
struct head { const char *name[MAX_COL]; size_t n; };

static enum tk_rc read_head(struct tk_sheet *s, struct tk_arena *a, struct head *h,
			    struct tk_err *e)
{
	struct tk_row row;
	enum tk_rc rc = tk_sheet_next(s, &row, e);

	h->n = 0;
	for (size_t i = 0; rc == TK_OK && i < row.n && i < MAX_COL; i++)
		h->name[h->n++] = tk_squeeze(a, row.cell[i].text);
	return rc;
}

static const char *cell(const struct head *h, const struct tk_row *row, const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (!strcmp(h->name[i], name))
			return tk_row_text(row, i);
	return "";
}

static bool yes(const char *s)
{
	return !strcmp(s, "yes") || !strcmp(s, "true") || !strcmp(s, "true()") ||
	       !strcmp(s, "TRUE");
}

struct loading {
	const struct tk_op *op;
	int64_t             version_id, sort;
	const char         *group;      /* innermost open section */
	const char         *stack[16];
	size_t              depth;
};

static void set_text(const struct tk_op *op, struct form_item *it, const char *field, const char *s)
{
	tk_set_by(&tk_form_item_type, it, field,
		  tk_is_blank(s) ? TK_NULL : TK_S(tk_strdup(op->mem, s)));
}

/* "select_one implementation" -> single, list implementation */
static const char *kind_of_type(const struct tk_op *op, const char *type, const char **list)
{
	static const struct { const char *type, *kind;
	} t[] = {
		{ "select_one", "single" }, { "select_multiple", "multi" },
		{ "integer", "int" },       { "decimal", "decimal" },
		{ "text", "text" },         { "date", "date" },
		{ "note", "note" },         { "calculate", "calculate" },
		{ "begin_group", "group" },
	};
	size_t n = strcspn(type, " ");

	*list = type[n] ? tk_strdup(op->mem, type + n + 1) : NULL;
	for (size_t i = 0; i < TK_LEN(t); i++)
		if (strlen(t[i].type) == n && !strncmp(t[i].type, type, n))
			return t[i].kind;
	return NULL;
}

static bool has(const struct head *h, const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (!strcmp(h->name[i], name))
			return true;
	return false;
}

/* Cells that go into the row as they are, where the file has their column. */
static void set_texts(const struct tk_op *op, struct form_item *it, const struct head *h,
		      const struct tk_row *row)
{
	static const struct { const char *head, *field;
	} t[] = {
		{ "label::Japanese (ja)", "label_ja" },
		{ "label::English (en)", "label_en" },
		{ "hint::Japanese (ja)", "hint_ja" },
		{ "hint::English (en)", "hint_en" },
		{ "audience", "audience" },
		{ "clause", "clause" },
		{ "relevant", "relevant" },
		{ "constraint", "constraint_expr" },
		{ "constraint_message::Japanese (ja)", "constraint_ja" },
		{ "constraint_message::English (en)", "constraint_en" },
		{ "calculation", "calculation" },
	};

	for (size_t i = 0; i < TK_LEN(t); i++)
		set_text(op, it, t[i].field, cell(h, row, t[i].head));
}

/* Without the columns a question has no "don't know", and that a measure does not concern somebody
 * is always a possible answer (SELF-07). */
static enum tk_rc set_limits(const struct tk_op *op, struct form_item *it, const struct head *h,
			     const struct tk_row *row, const char *kind)
{
	static const char *const number[] = { "min_value", "max_value" };
	bool asked = strcmp(kind, "group") != 0 && strcmp(kind, "note") != 0;
	bool na = !has(h, "not_applicable") || yes(cell(h, row, "not_applicable"));

	tk_set_by(&tk_form_item_type, it, "not_applicable", TK_I(asked && na));
	tk_set_by(&tk_form_item_type, it, "dont_know", TK_I(yes(cell(h, row, "dont_know"))));
	for (size_t i = 0; i < TK_LEN(number); i++) {
		const char *s = tk_squeeze(op->mem, cell(h, row, number[i]));
		int64_t n;

		if (!*s)
			continue;
		if (!tk_parse_int(s, &n))
			return tk_fail(op->e, TK_EINVAL, number[i],
				       N_("Sheet survey, row %u: %s must be a whole number, not "
					  "\"%.40s\"."),
				       row->number, number[i], s);
		tk_set_by(&tk_form_item_type, it, number[i], TK_I(n));
	}
	return TK_OK;
}

/* Says where in the file a row was refused. */
static enum tk_rc in_row(struct tk_err *e, const char *sheet, uint32_t row, enum tk_rc rc)
{
	struct tk_err was = *e;

	return tk_fail(e, rc, was.field, N_("Sheet %s, row %u: %s"), sheet, row, was.msg);
}

static enum tk_rc load_item(struct loading *l, const struct head *h, const struct tk_row *row)
{
	const struct tk_op *op = l->op;
	const char *type = tk_squeeze(op->mem, cell(h, row, "type")), *list, *kind;
	struct form_item it = { 0 };
	enum tk_rc rc;

	if (!*type)
		return TK_OK;
	if (!strcmp(type, "end_group") || !strcmp(type, "end group")) {
		l->depth -= l->depth > 0;
		return TK_OK;
	}
	kind = kind_of_type(op, !strcmp(type, "begin group") ? "begin_group" : type, &list);
	if (!kind)
		return tk_fail(op->e, TK_EINVAL, "type",
			       N_("Sheet survey, row %u: the type \"%.40s\" is not known."),
			       row->number, type);
	tk_set_by(&tk_form_item_type, &it, "form_version_id", TK_I(l->version_id));
	tk_set_by(&tk_form_item_type, &it, "sort", TK_I(l->sort += 10));
	set_text(op, &it, "kind", kind);
	set_text(op, &it, "code", cell(h, row, "name"));
	set_text(op, &it, "group_code", l->depth ? l->stack[l->depth - 1] : NULL);
	set_texts(op, &it, h, row);
	set_text(op, &it, "list", list);
	tk_set_by(&tk_form_item_type, &it, "required", TK_I(yes(cell(h, row, "required"))));
	tk_set_by(&tk_form_item_type, &it, "evidence", TK_I(yes(cell(h, row, "media_evidence"))));
	if ((rc = set_limits(op, &it, h, row, kind)) != TK_OK)
		return rc;
	if (!strcmp(kind, "group") && l->depth == TK_LEN(l->stack))
		return tk_fail(op->e, TK_EINVAL, "type",
			       N_("Sheet survey, row %u: sections can stand %d deep at most."),
			       row->number, (int)TK_LEN(l->stack));
	if ((rc = tk_rec_insert(op, &tk_form_item_type, &it)) != TK_OK)
		return in_row(op->e, "survey", row->number, rc);
	if (!strcmp(kind, "group"))
		l->stack[l->depth++] = it.code;
	return TK_OK;
}

static enum tk_rc load_survey(struct loading *l, const struct tk_form_files *f)
{
	struct tk_sheet *s = NULL;
	struct tk_row row;
	struct head h;
	enum tk_rc rc = tk_sheet_open(&s, f->survey, f->nsurvey, "survey.csv", l->op->e);

	if (rc == TK_OK)
		rc = read_head(s, l->op->mem, &h, l->op->e);
	while (rc == TK_OK && (rc = tk_sheet_next(s, &row, l->op->e)) == TK_OK && row.number)
		rc = load_item(l, &h, &row);
	tk_sheet_close(s);
	return rc;
}

static enum tk_rc load_choice(struct loading *l, const struct head *h, const struct tk_row *row,
			      int64_t sort)
{
	const struct tk_op *op = l->op;
	struct choice ch = { 0 };
	const char *en = cell(h, row, "label::English (en)");
	enum tk_rc rc;

	if (tk_is_blank(cell(h, row, "list_name")))
		return TK_OK;
	tk_set_by(&tk_choice_type, &ch, "form_version_id", TK_I(l->version_id));
	tk_set_by(&tk_choice_type, &ch, "list",
		  TK_S(tk_squeeze(op->mem, cell(h, row, "list_name"))));
	tk_set_by(&tk_choice_type, &ch, "code", TK_S(tk_squeeze(op->mem, cell(h, row, "name"))));
	tk_set_by(&tk_choice_type, &ch, "label_ja",
		  TK_S(tk_strdup(op->mem, cell(h, row, "label::Japanese (ja)"))));
	tk_set_by(&tk_choice_type, &ch, "label_en", *en ? TK_S(tk_strdup(op->mem, en)) : TK_NULL);
	tk_set_by(&tk_choice_type, &ch, "sort", TK_I(sort));
	rc = tk_rec_insert(op, &tk_choice_type, &ch);
	return rc == TK_OK ? TK_OK : in_row(op->e, "choices", row->number, rc);
}

static enum tk_rc load_choices(struct loading *l, const struct tk_form_files *f)
{
	struct tk_sheet *s = NULL;
	struct tk_row row;
	struct head h;
	int64_t sort = 0;
	enum tk_rc rc = tk_sheet_open(&s, f->choices, f->nchoices, "choices.csv", l->op->e);

	if (rc == TK_OK)
		rc = read_head(s, l->op->mem, &h, l->op->e);
	while (rc == TK_OK && (rc = tk_sheet_next(s, &row, l->op->e)) == TK_OK && row.number)
		rc = load_choice(l, &h, &row, sort += 10);
	tk_sheet_close(s);
	return rc;
}

static enum tk_rc load_settings(const struct tk_op *op, const struct tk_form_files *f,
				struct form *ret)
{
	struct tk_sheet *s = NULL;
	struct tk_row row;
	struct head h;
	enum tk_rc rc = tk_sheet_open(&s, f->settings, f->nsettings, "settings.csv", op->e);

	if (rc == TK_OK)
		rc = read_head(s, op->mem, &h, op->e);
	if (rc == TK_OK)
		rc = tk_sheet_next(s, &row, op->e);
	if (rc == TK_OK && row.number) {
		tk_set_by(&tk_form_type, ret, "code",
			  TK_S(tk_squeeze(op->mem, cell(&h, &row, "form_id"))));
		tk_set_by(&tk_form_type, ret, "title_ja",
			  TK_S(tk_strdup(op->mem, cell(&h, &row, "form_title::Japanese (ja)"))));
		tk_set_by(&tk_form_type, ret, "title_en",
			  TK_S(tk_strdup(op->mem, cell(&h, &row, "form_title::English (en)"))));
	}
	tk_sheet_close(s);
	return rc;
}

/* The new version is made first and compared by its digest: equal content is taken back. */
static enum tk_rc same_as_newest(const struct tk_op *op, int64_t form_id, int64_t draft,
				 int64_t *same)
{
	struct tk_form_rows rows;
	struct tk_form *f = NULL;
	enum tk_rc rc = tk_form_rows(op, op->mem, draft, &rows);

	if (rc == TK_OK)
		rc = tk_form_compile(op->mem, &rows, &f, NULL, op->e);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT id FROM form_version WHERE form_id = $1 AND digest = $2 AND "
			       "number = (SELECT MAX(w.number)"
			       " FROM form_version w WHERE w.form_id = $1 AND w.state = "
			       "'published' AND w.deleted_at IS NULL)",
			       TK_ARGS(TK_I(form_id), TK_S(f->digest)), 0, same);
	return rc;
}

enum tk_rc tk_form_load(const struct tk_op *op, const struct tk_form_files *files, bool publish,
			int64_t *ret_version_id, bool *ret_new)
{
	struct form form = { 0 };
	struct loading l = { .op = op };
	int64_t form_id = 0, same = 0;
	enum tk_rc rc = load_settings(op, files, &form);

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT id FROM form WHERE code = $1 AND deleted_at IS NULL",
			       TK_ARGS(TK_S(form.code)), 0, &form_id);
	if (rc == TK_OK && !form_id) {
		rc = tk_rec_insert(op, &tk_form_type, &form);
		form_id = form.rec.id;
	}
	if (rc == TK_OK)
		rc = tk_db_save(op->db, op->e);
	if (rc != TK_OK)
		return rc;
	rc = tk_form_draft(op, form_id, &l.version_id);
	if (rc == TK_OK)
		rc = load_choices(&l, files);
	if (rc == TK_OK)
		rc = load_survey(&l, files);
	if (rc == TK_OK)
		rc = same_as_newest(op, form_id, l.version_id, &same);
	*ret_new = !same;
	*ret_version_id = same ? same : l.version_id;
	if (rc == TK_OK && same)
		return tk_db_undo(op->db, op->e);
	if (rc == TK_OK && publish)
		rc = tk_form_publish(op, l.version_id);
	return rc == TK_OK ? tk_db_release(op->db, op->e) : rc;
}
