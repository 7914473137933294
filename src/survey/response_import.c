/* response_import.c - answers gathered elsewhere: one row a respondent (a staff number, or the code
 * of an institution), a column an item. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "record/report.h"
#include "record/trail.h"
#include "sheet/sheet.h"
#include "survey/answer.h"
#include "survey/live.h"
#include "survey/rollup.h"
#include "survey/submission.h"

enum { MAX_HEADER_ROWS = 10, MAX_COLUMNS = TK_SHEET_MAX_COL };

struct person { const char *number; int64_t id; uint32_t row; bool left; };
struct people { struct tk_arena *a; struct person *v; size_t n, cap; };

struct import {
	const struct tk_op    *op;
	const struct campaign *c;
	const struct tk_form  *form;
	struct tk_report      *rep;
	struct people          people;
	struct tk_arena       *tmp;     /* one row */
	struct tk_sheet       *sheet;
	const char            *sheet_name;
	int                   *item;    /* by column: item, -1 ignored, -2 the staff number */
	const char           **heading;
	size_t                 ncol, number_col;
	bool                   dry_run;
	bool                   panel;   /* institutions: the number is their code */
	const char            *key;     /* name of that column */
};

static enum tk_rc person_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct people *p = ctx;

	(void)n;
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 1024;
		p->v = tk_xrealloc(p->v, p->cap * sizeof(*p->v));
	}
	p->v[p->n++] = (struct person){ tk_strdup(p->a, col[0].s), col[1].i, 0,
					strcmp(col[2].s, "in") != 0 };
	return TK_OK;
}

static int person_cmp(const void *x, const void *y)
{
	return strcmp(((const struct person *)x)->number, ((const struct person *)y)->number);
}

static void problem(struct import *im, uint32_t row, int32_t col, const char *field,
		    const char *value, const char *message)
{
	struct tk_problem p = { .sheet = im->sheet_name,
				.row = row,
				.col = col,
				.field = field,
				.value = value,
				.message = message };

	tk_report_problem(im->rep, &p);
}

/* -- header ------------------------------------------------------------------------------------ */
static bool is_one_of(struct tk_arena *a, const char *s, const char *const *word)
{
	const char *key = tk_fold(a, tk_unblank(a, s));

	for (; *word; word++)
		if (!strcmp(key, tk_fold(a, *word)))
			return true;
	return false;
}

static bool is_number_heading(const struct import *im, const char *s)
{
	static const char *const staff[] = { "staff_number", "staffnumber", "職員番号", "社員番号",
					     NULL };
	static const char *const institution[] = { "institution", "institution_code", "機関コード",
						   "コード", NULL };

	return is_one_of(im->op->mem, s, im->panel ? institution : staff);
}

/* Columns that help people to read their sheet and say nothing to us. */
static bool is_note_heading(struct tk_arena *a, const char *s)
{
	static const char *const word[] = { "name", "氏名", "bureau", "局等", "division", "課室",
					    "所属", "post", "役職",   "備考", "note", "sector",
					    "業態", "prefecture", "都道府県", "名称", "機関名",
					    NULL };

	return is_one_of(a, s, word);
}

static void read_heading(struct import *im, size_t i, const char *h)
{
	struct tk_arena *a = im->op->mem;
	struct tk_err *e = im->op->e;
	int item = i == im->number_col ? -2 : *h ? tk_form_item_index(im->form, h) : -1;

	im->heading[i] = h;
	im->item[i] = item;
	tk_report_column(im->rep, (uint32_t)i, h,
			 item == -2  ? im->key
			 : item >= 0 ? h
				     : NULL,
			 h);
	if (item == -1 && *h && !is_note_heading(a, h)) {
		(void)!tk_fail(e, TK_EINVAL, h, N_("The questionnaire has no item \"%.60s\"."), h);
		problem(im, im->rep->header_row, (int32_t)i, h, h, e->msg);
	}
	for (size_t k = 0; item >= 0 && k < i; k++)
		if (im->item[k] == item) {
			(void)!tk_fail(e, TK_EINVAL, h,
				       N_("The column %s stands twice in the file."), h);
			problem(im, im->rep->header_row, (int32_t)i, h, h, e->msg);
			im->item[i] = -1;
			return;
		}
}

static enum tk_rc read_header(struct import *im)
{
	struct tk_arena *a = im->op->mem;
	struct tk_err *e = im->op->e;
	struct tk_row row;
	enum tk_rc rc = TK_OK;

	im->number_col = MAX_COLUMNS;
	for (int k = 0; k < MAX_HEADER_ROWS && im->number_col == MAX_COLUMNS; k++) {
		if ((rc = tk_sheet_next(im->sheet, &row, e)) != TK_OK)
			return rc;
		if (!row.number)
			break;
		for (size_t i = 0; i < row.n; i++)
			if (is_number_heading(im, row.cell[i].text))
				im->number_col = i;
	}
	if (im->number_col == MAX_COLUMNS)
		return tk_fail(e, TK_EINVAL, im->key,
			       N_("There is no column \"%s\" in the first %d rows of the file."),
			       im->key, (int)MAX_HEADER_ROWS);
	im->rep->header_row = row.number;
	im->ncol = row.n;
	im->item = tk_alloc_n(a, row.n + 1, sizeof(*im->item));
	im->heading = tk_alloc_n(a, row.n + 1, sizeof(*im->heading));
	for (size_t i = 0; i < row.n; i++)
		read_heading(im, i, tk_narrow(a, tk_squeeze(a, row.cell[i].text)));
	return TK_OK;
}

/* -- rows -------------------------------------------------------------------------------------- */
/* Why a row has no respondent; p: the one it would have, were it not taken or gone. */
static void unknown_staff(struct import *im, const struct person *key, const struct person *p)
{
	struct tk_err *e = im->op->e;
	int64_t staff = 0;

	if (p && p->row)
		(void)!tk_fail(e, TK_EINVAL, im->key,
			       N_("Staff number %.40s stands in row %u already."), key->number,
			       p->row);
	else if (p)
		(void)!tk_fail(e, TK_EINVAL, im->key,
			       N_("Staff number %.40s has left and is no longer asked."),
			       key->number);
	else if (!*key->number)
		(void)!tk_fail(e, TK_EINVAL, im->key, N_("The staff number is missing."));
	else if (tk_db_int(im->op->db, e,
			   "SELECT id FROM staff WHERE staff_number = $1 AND deleted_at IS NULL",
			   TK_ARGS(TK_S(key->number)), 0, &staff) == TK_OK &&
		 staff)
		(void)!tk_fail(e, TK_EINVAL, im->key,
			       N_("Staff number %.40s is not among those asked in this campaign."),
			       key->number);
	else
		(void)!tk_fail(e, TK_EINVAL, im->key,
			       N_("Staff number %.40s is not in the roster."), key->number);
}

static void unknown_institution(struct import *im, const struct person *key,
				const struct person *p)
{
	struct tk_err *e = im->op->e;
	int64_t id = 0;

	if (p && p->row)
		(void)!tk_fail(e, TK_EINVAL, im->key,
			       N_("Institution %.40s stands in row %u already."), key->number,
			       p->row);
	else if (p)
		(void)!tk_fail(e, TK_EINVAL, im->key,
			       N_("Institution %.40s has left and is no longer asked."),
			       key->number);
	else if (!*key->number)
		(void)!tk_fail(e, TK_EINVAL, im->key,
			       N_("The code of the institution is missing."));
	else if (tk_db_int(im->op->db, e,
			   "SELECT id FROM institution WHERE code = $1 AND deleted_at IS NULL",
			   TK_ARGS(TK_S(key->number)), 0, &id) == TK_OK &&
		 id)
		(void)!tk_fail(e, TK_EINVAL, im->key,
			       N_("Institution %.40s is not among those asked in this campaign."),
			       key->number);
	else
		(void)!tk_fail(e, TK_EINVAL, im->key,
			       N_("There is no institution with the code \"%.40s\"."),
			       key->number);
}

static struct person *find_person(struct import *im, const struct tk_row *row)
{
	struct tk_err *e = im->op->e;
	const char *raw = tk_row_text(row, im->number_col);
	struct person key = {
		.number = tk_narrow(im->tmp, tk_unblank(im->tmp, tk_cell_restore(im->sheet, raw)))
	};
	struct person *p =
		im->people.n ? bsearch(&key, im->people.v, im->people.n, sizeof(key), person_cmp)
			     : NULL;

	if (p && !p->row && !p->left) {
		p->row = row->number;
		return p;
	}
	if (im->panel)
		unknown_institution(im, &key, p);
	else
		unknown_staff(im, &key, p);
	problem(im, row->number, (int32_t)im->number_col, im->key, raw, e->msg);
	return NULL;
}

static bool blank_row(const struct tk_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (!tk_is_blank(row->cell[i].text))
			return false;
	return true;
}

/* Items not in the file become "no answer", what was kept goes: the file replaces the whole
 * response. */
static void clear(struct tk_response *r)
{
	for (size_t i = 0; i < r->form->nitem; i++) {
		if (r->answer[i].state != TK_ANSWER_NOT_ASKED)
			r->answer[i] = (struct tk_ans){ .state = TK_ANSWER_NO_ANSWER };
		r->kept[i] = (struct tk_ans){ 0 };
	}
}

static enum tk_rc read_cell(struct import *im, const struct tk_op *op, const struct tk_row *row,
			    size_t col, struct tk_response *r)
{
	if (col < row->n &&
	    (row->cell[col].kind == TK_CELL_FORMULA_EMPTY || row->cell[col].kind == TK_CELL_ERROR))
		return tk_fail(op->e, TK_EINVAL, im->heading[col],
			       N_("The cell holds a formula without a usable value. Write the "
				  "answer itself."));
	return tk_response_set_text(op, r, (size_t)im->item[col],
				    tk_cell_restore(im->sheet, tk_row_text(row, col)));
}

/* The column of an item, -1: the file does not bring it. */
static int32_t column_of(const struct import *im, const char *code)
{
	for (size_t i = 0; i < im->ncol; i++)
		if (im->item[i] >= 0 && !strcmp(im->heading[i], code))
			return (int32_t)i;
	return -1;
}

/* All cells first, then what is asked: an answer may open or shut other items.  What stands in the
 * file for an item that is shut is a fault. */
static bool read_cells(struct import *im, const struct tk_op *op, const struct tk_row *row,
		       struct tk_response *r)
{
	int64_t before = im->rep->errors;

	for (size_t i = 0; i < im->ncol; i++)
		if (im->item[i] >= 0 && read_cell(im, op, row, i, r) != TK_OK)
			problem(im, row->number, (int32_t)i, im->heading[i], tk_row_text(row, i),
				op->e->msg);
	tk_response_settle(r, op->mem);
	for (size_t i = 0; i < im->ncol && im->rep->errors == before; i++) {
		if (im->item[i] < 0 || r->kept[im->item[i]].state == TK_ANSWER_NOT_ASKED)
			continue;
		(void)!tk_fail(op->e, TK_EINVAL, im->heading[i],
			       N_("%s is not asked of this person. Leave the cell empty."),
			       im->heading[i]);
		problem(im, row->number, (int32_t)i, im->heading[i], tk_row_text(row, i),
			op->e->msg);
	}
	if (im->rep->errors == before && tk_response_accept(op, r, NULL) != TK_OK)
		problem(im, row->number, column_of(im, op->e->field), op->e->field, "", op->e->msg);
	return im->rep->errors == before;
}

/* An answer beside the table would be lost without a word: a column without a heading is refused,
 * an empty one passed over. */
static bool beside_the_table(struct import *im, const struct tk_op *op, const struct tk_row *row)
{
	bool any = false;

	for (size_t i = 0; i < row->n; i++) {
		if ((i < im->ncol && *im->heading[i]) || tk_is_blank(row->cell[i].text))
			continue;
		(void)!tk_fail(op->e, TK_EINVAL, "",
			       N_("This cell has no heading above it. Write the item's code into "
				  "row %u, or empty the cell."),
			       im->rep->header_row);
		problem(im, row->number, (int32_t)i, NULL, row->cell[i].text, op->e->msg);
		any = true;
	}
	return any;
}

/* What the row held before, to know whether the file changes anything. */
struct before { const char *state, *side; const uint8_t *blob; };

static const char *side_text(const struct tk_response *r, struct tk_arena *a)
{
	struct tk_buf b = TK_BUF(4 << 20);
	const char *s = tk_answer_side(r, &b) ? tk_strdup(a, b.p) : "";

	tk_buf_drop(&b);
	return s;
}

static enum tk_report_kind kind_of(const struct tk_response *r, const struct before *was,
				   struct tk_arena *a)
{
	const char *state = tk_response_taken_state(r);

	if (!strcmp(was->state, state) &&
	    (!strcmp(state, "not_started") ||
	     (!memcmp(was->blob, tk_response_pack(r, a), r->form->layout->size) &&
	      !strcmp(was->side, side_text(r, a)))))
		return TK_REP_UNCHANGED;
	return strcmp(was->state, "not_started") ? TK_REP_CHANGED : TK_REP_ADDED;
}

static enum tk_rc take(const struct import *im, const struct tk_op *op, struct tk_response *r)
{
	enum tk_rc rc;

	if (im->dry_run || im->rep->errors)
		return TK_OK;
	rc = tk_response_take(op, r);
	if (rc != TK_OK || strcmp(r->state, "submitted") != 0)
		return rc;
	return im->panel ? tk_submission_keep(op, r, NULL) : tk_rollup_submitted(op, r);
}

/* What somebody has signed off or accepted does not change by a file. */
static bool is_settled(const struct import *im, struct tk_err *e, const struct tk_response *r,
		       const struct person *p)
{
	if (!strcmp(r->state, "accepted"))
		(void)!tk_fail(e, TK_ECONFLICT, im->key,
			       N_("The answers of %.40s have been accepted; they change only after "
				  "they are returned."),
			       p->number);
	else if (r->signed_off && strcmp(r->state, "sent_back") != 0)
		(void)!tk_fail(e, TK_ECONFLICT, im->key,
			       N_("The division of %.40s has been signed off; its answers change "
				  "only after they are sent back."),
			       p->number);
	else
		return false;
	return true;
}

static enum tk_rc one_row(struct import *im, const struct tk_row *row)
{
	struct tk_op op = { im->op->db, im->tmp, im->op->who, im->op->e };
	struct person *p = find_person(im, row);
	struct tk_report_pair pair = { im->key, p ? p->number : "" };
	enum tk_report_kind kind;
	struct tk_response r;
	struct before was;
	enum tk_rc rc;
	bool outside;

	im->rep->rows++;
	if (!p)
		return TK_OK;
	if ((rc = tk_response_of(&op, p->id, &r)) != TK_OK)
		return rc;
	if (is_settled(im, op.e, &r, p)) {
		problem(im, row->number, (int32_t)im->number_col, im->key, p->number, op.e->msg);
		return TK_OK;
	}
	was = (struct before){ r.state, side_text(&r, im->tmp), tk_response_pack(&r, im->tmp) };
	clear(&r);
	/* both look at their cells, so that one row tells all its problems at once */
	outside = beside_the_table(im, &op, row);
	if (!read_cells(im, &op, row, &r) || outside)
		return TK_OK;
	kind = kind_of(&r, &was, im->tmp);
	tk_report_entry(im->rep, kind, &pair, 1, NULL, 0);
	return kind == TK_REP_UNCHANGED ? TK_OK : take(im, &op, &r);
}

static enum tk_rc load_people(struct import *im)
{
	enum tk_rc rc;

	im->people.a = tk_arena_new((size_t)1 << 30);
	rc = tk_db_run(im->op->db, im->op->e,
		       "SELECT COALESCE(staff_number, institution_code), id, state FROM "
		       "respondent WHERE campaign_id = $1 AND deleted_at IS NULL",
		       TK_ARGS(TK_I(im->c->rec.id)), person_row, &im->people);
	if (im->people.n)
		qsort(im->people.v, im->people.n, sizeof(*im->people.v), person_cmp);
	return rc;
}

static enum tk_rc all_rows(struct import *im)
{
	struct tk_row row;
	enum tk_rc rc;

	while ((rc = tk_sheet_next(im->sheet, &row, im->op->e)) == TK_OK && row.number) {
		if (blank_row(&row))
			continue;
		rc = one_row(im, &row);
		tk_arena_reset(im->tmp);
		if (rc != TK_OK)
			break;
	}
	return rc;
}

static enum tk_rc note_import(struct import *im)
{
	const struct tk_report *rep = im->rep;
	enum tk_rc rc = tk_db_exec(im->op->db, im->op->e,
				   "UPDATE campaign SET epoch = epoch + 1 WHERE id = $1",
				   TK_I(im->c->rec.id));

	return rc != TK_OK ? rc
			   : tk_trail_add(im->op, "import", "campaign", im->c->rec.id,
					  tk_sprintf(im->op->mem,
						     "{\"rows\":%" PRId64 ",\"added\":%" PRId64
						     ",\"changed\":%" PRId64 "}",
						     rep->rows, rep->count[TK_REP_ADDED],
						     rep->count[TK_REP_CHANGED]));
}

enum tk_rc tk_response_import(const struct tk_op *op, const struct campaign *c, const void *data,
			      size_t n, const char *filename, bool dry_run,
			      struct tk_report *report)
{
	struct import im = { .op = op, .c = c, .rep = report, .dry_run = dry_run,
			     .panel = tk_campaign_asks_panel(c) };
	const struct tk_sheet_name *names;
	enum tk_rc rc;

	im.key = im.panel ? "institution" : "staff_number";
	if (!strcmp(c->state, "closed"))
		return tk_fail(op->e, TK_ECONFLICT, "campaign",
			       N_("The campaign is closed. Reopen it with a reason before loading "
				  "answers."));
	if ((rc = tk_form_get(op, c->form_version_id, &im.form)) != TK_OK ||
	    (rc = tk_sheet_open(&im.sheet, data, n, filename, op->e)) != TK_OK)
		return rc;
	im.tmp = tk_arena_new(64 << 20);
	tk_sheet_names(im.sheet, &names);
	im.sheet_name = report->sheet = tk_strdup(op->mem, names[0].name);
	report->accepted = true;
	rc = load_people(&im);
	if (rc == TK_OK)
		rc = read_header(&im);
	if (rc == TK_OK)
		rc = all_rows(&im);
	report->accepted = rc == TK_OK && report->errors == 0;
	if (report->accepted && !dry_run)
		rc = note_import(&im);
	report->written = report->accepted && !dry_run && rc == TK_OK;
	tk_live_forget(c->rec.id);
	tk_sheet_close(im.sheet);
	tk_arena_free(im.tmp);
	tk_arena_free(im.people.a);
	free(im.people.v);
	return rc;
}
