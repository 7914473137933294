/* workbook_assign.c - whose workbook it is, and which row of it is which question. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "workbook/workbook_merge.h"

void tk_wb_say(struct tk_wb_merge *m, enum tk_severity severity, const struct tk_wb_row *row,
	       int32_t col, const char *item, const char *message)
{
	struct tk_problem p = { .sheet = row ? row->sheet : m->file->identity,
				.row = row ? row->row : 0,
				.col = row ? col : -1,
				.field = item,
				.message = message,
				.severity = severity };

	if (row && col >= 0)
		p.value = tk_utf8_head(m->op->mem, col == row->comment_col ? row->comment.text
									   : row->answer.text, 80);
	tk_report_problem(m->res->rep, &p);
}

/* -- whose it is ------------------------------------------------------------------------------- */
static bool refuse(struct tk_wb_merge *m)
{
	tk_wb_say(m, TK_SEV_ERROR, NULL, -1, "file", m->op->e->msg);
	return false;
}

static bool sealed(struct tk_wb_merge *m)
{
	const struct tk_wb_ident *id = &m->file->ident;
	struct tk_err *e = m->op->e;

	if (!m->file->identity)
		(void)!tk_fail(e, TK_EINVAL, "file",
			       N_("The hidden sheet that says whose workbook this is is missing. "
				  "Download the workbook again and copy your answers into it."));
	else if (!id->layout || strcmp(id->layout, TK_WB_LAYOUT) != 0)
		(void)!tk_fail(e, TK_EINVAL, "file",
			       N_("The workbook was made by another version of the program. "
				  "Download it again and copy your answers into it."));
	else if (!id->seal || !m->w->key ||
		 !tk_mac_ok(m->w->key, id->sealed.p, id->sealed.len, id->seal))
		(void)!tk_fail(e, TK_EINVAL, "file",
			       N_("The hidden sheet that says whose workbook this is was changed, "
				  "or it was made by another installation. Download the workbook "
				  "again and copy your answers into it."));
	else
		return true;
	return refuse(m);
}

static int64_t id_of(const char *s)
{
	return s ? strtoll(s, NULL, 10) : 0;
}

bool tk_wb_identify(struct tk_wb_merge *m)
{
	const struct tk_wb_ident *id = &m->file->ident;
	const struct tk_op *op = m->op;
	enum tk_lang lang = op->e->lang;

	if (!sealed(m))
		return false;
	if (id_of(id->campaign_id) != m->r->campaign_id)
		(void)!tk_fail(op->e, TK_EINVAL, "file",
			       N_("This is the workbook of \"%.60s\" (%s), not of \"%.60s\" (%s)."),
			       id->campaign,
			       tk_fiscal_year_print(op->mem, lang, (int)id_of(id->fiscal_year)),
			       m->w->campaign,
			       tk_fiscal_year_print(op->mem, lang, (int)m->r->fiscal_year));
	else if (id_of(id->respondent_id) != m->r->id)
		(void)!tk_fail(op->e, TK_EINVAL, "file",
			       N_("This workbook was made for %.60s, not for %.60s."),
			       id->respondent, m->w->name);
	else
		return true;
	return refuse(m);
}

/* -- an older questionnaire -------------------------------------------------------------------- */
static void list_codes(struct tk_buf *b, size_t n, const char *code)
{
	if (n < 20)
		tk_buf_fmt(b, "%s%s", n ? ", " : "", code);
	else if (n == 20)
		tk_buf_str(b, " …");
}

static bool is_new(const struct tk_wb_merge *m, size_t i)
{
	return tk_wb_holds(m->w, i) && !m->slot[i].known;
}

static bool is_changed(const struct tk_wb_merge *m, size_t i)
{
	return tk_wb_holds(m->w, i) && m->slot[i].known &&
	       strcmp(m->slot[i].known->sign,
		      tk_wb_sign(m->op->mem, &m->r->form->item[i])) != 0;
}

static void say_codes(struct tk_wb_merge *m, bool (*which)(const struct tk_wb_merge *m, size_t i),
		      const char *text)
{
	struct tk_buf b = TK_BUF(8192);
	size_t n = 0;

	for (size_t i = 0; i < m->r->form->nitem; i++)
		if (which(m, i))
			list_codes(&b, n++, m->r->form->item[i].code);
	if (n)
		tk_wb_say(m, TK_SEV_WARNING, NULL, -1, NULL,
			  tk_sprintf(m->op->mem, "%s %s", tk_tr(m->op->e->lang, text),
				     tk_buf_cstr(&b)));
	tk_buf_drop(&b);
}

static void say_gone(struct tk_wb_merge *m)
{
	const struct tk_wb_ident *id = &m->file->ident;
	struct tk_buf b = TK_BUF(8192);
	size_t n = 0;

	for (size_t k = 0; k < id->nknown; k++) {
		int i = tk_form_item_index(m->r->form, id->known[k].code);

		if (i < 0)
			list_codes(&b, n++, id->known[k].code);
	}
	if (n)
		tk_wb_say(m, TK_SEV_WARNING, NULL, -1, NULL,
			  tk_sprintf(m->op->mem, "%s %s",
				     tk_tr(m->op->e->lang, N_("No longer asked:")),
				     tk_buf_cstr(&b)));
	tk_buf_drop(&b);
}

static void compare_version(struct tk_wb_merge *m)
{
	const struct tk_wb_ident *id = &m->file->ident;

	for (size_t k = 0; k < id->nknown; k++) {
		int i = tk_form_item_index(m->r->form, id->known[k].code);

		if (i >= 0)
			m->slot[i].known = &id->known[k];
	}
	if (id->form_digest && !strcmp(id->form_digest, m->r->form->digest))
		return;
	tk_wb_say(m, TK_SEV_WARNING, NULL, -1, NULL,
		  tk_tr(m->op->e->lang,
			N_("The workbook was made from another version of the questionnaire. What "
			   "is the same in both is taken.")));
	say_codes(m, is_new, N_("New, answer them on the page or in a new workbook:"));
	say_codes(m, is_changed, N_("Changed, answers in the file are not taken:"));
	say_gone(m);
}

/* -- rows -------------------------------------------------------------------------------------- */
static bool blank(const struct tk_wb_row *row)
{
	return tk_is_blank(row->answer.text) && tk_is_blank(row->comment.text) &&
	       row->answer.kind != TK_CELL_FORMULA_EMPTY;
}

/* Where the row of a choice belongs, -1: there is no such choice. */
static int option_at(const struct tk_item *it, const char *option)
{
	int k = tk_item_option(it, option);

	if (k < 0 && !strcmp(option, TK_WB_NA) && it->not_applicable)
		k = (int)it->noption;
	if (k < 0 && !strcmp(option, TK_WB_DK) && it->dont_know)
		k = (int)it->noption + 1;
	return tk_wb_option_rows(it) ? k : -1;
}

static void stranger(struct tk_wb_merge *m, const struct tk_wb_row *row, int item)
{
	struct tk_err *e = m->op->e;
	bool known = false;

	for (size_t k = 0; item < 0 && k < m->file->ident.nknown && !known; k++)
		known = !strcmp(m->file->ident.known[k].code, row->item);
	if (blank(row) || (row->answer.text[0] && !strcmp(row->answer.text, "↓")))
		return;
	if (item >= 0 && tk_response_possible(m->r, (size_t)item) &&
	    !m->r->form->item[item].silent)
		(void)!tk_fail(e, TK_EINVAL, row->item,
			       N_("%.60s belongs to a section that somebody else answers; it is "
				  "not taken."),
			       row->item);
	else if (item >= 0)
		(void)!tk_fail(e, TK_EINVAL, row->item,
			       N_("%.60s is not asked of you; it is not taken."), row->item);
	else if (known)
		(void)!tk_fail(e, TK_EINVAL, row->item,
			       N_("%.60s is no longer asked; it is not taken."), row->item);
	else
		(void)!tk_fail(e, TK_EINVAL, row->item,
			       N_("There is no question \"%.60s\"; the row is not taken."),
			       row->item);
	tk_wb_say(m, TK_SEV_WARNING, row, row->answer_col, row->item, e->msg);
}

static void twice(struct tk_wb_merge *m, const struct tk_wb_row *first,
		  const struct tk_wb_row *row, struct tk_wb_slot *slot)
{
	char cell[TK_CELL_NAME];
	bool same = !strcmp(first->answer.text, row->answer.text) &&
		    !strcmp(first->comment.text, row->comment.text);

	if (!same)
		slot->bad = true;
	(void)!tk_fail(m->op->e, TK_EINVAL, row->item,
		       same ? N_("The code %.60s stands in %.60s!%s already, with the same "
				 "answer.")
			    : N_("The code %.60s stands in %.60s!%s already, with another answer. "
				 "Delete one of the two rows."),
		       row->item, first->sheet,
		       tk_cell_name((uint32_t)first->answer_col, first->row, cell));
	tk_wb_say(m, same ? TK_SEV_WARNING : TK_SEV_ERROR, row, row->answer_col, row->item,
		  m->op->e->msg);
}

static void assign(struct tk_wb_merge *m, const struct tk_wb_row *row)
{
	int i = tk_form_item_index(m->r->form, row->item), k = -1;
	const struct tk_item *it = i < 0 ? NULL : &m->r->form->item[i];
	struct tk_wb_slot *slot = i < 0 ? NULL : &m->slot[i];
	const struct tk_wb_row **at;

	if (!it || !tk_wb_holds(m->w, (size_t)i)) {
		stranger(m, row, i);
		return;
	}
	if (row->option && (k = option_at(it, row->option)) < 0) {
		if (blank(row) || is_changed(m, (size_t)i))
			return;
		slot->bad = true;
		(void)!tk_fail(m->op->e, TK_EINVAL, row->item,
			       N_("%.60s has no choice \"%.40s\"."), row->item, row->option);
		tk_wb_say(m, TK_SEV_ERROR, row, row->answer_col, row->item, m->op->e->msg);
		return;
	}
	if (row->option && !slot->option)
		slot->option = tk_alloc_n(m->op->mem, it->noption + TK_WB_STATES,
					  sizeof(const struct tk_wb_row *));
	at = row->option ? &slot->option[k] : &slot->question;
	if (*at)
		twice(m, *at, row, slot);
	else
		*at = row;
}

static void say_missing(struct tk_wb_merge *m)
{
	for (size_t i = 0; i < m->r->form->nitem; i++) {
		const char *code = m->r->form->item[i].code;

		if (!tk_wb_holds(m->w, i) || !m->slot[i].known || m->slot[i].question ||
		    m->slot[i].option)
			continue;
		(void)!tk_fail(m->op->e, TK_EINVAL, code,
			       N_("The row of %.60s is missing; what is on the server stays."),
			       code);
		tk_wb_say(m, TK_SEV_WARNING, NULL, -1, code, m->op->e->msg);
	}
}

void tk_wb_assign(struct tk_wb_merge *m)
{
	const struct tk_wb_file *f = m->file;

	compare_version(m);
	for (size_t k = 0; k < f->nheadless; k++) {
		struct tk_wb_row at = { .sheet = f->headless[k] };

		(void)!tk_fail(m->op->e, TK_EINVAL, "file",
			       N_("The sheet %.60s has lost its row of headings. Write %s and %s "
				  "above the columns again."),
			       f->headless[k], tk_tr(m->op->e->lang, tk_wb_heading[TK_WB_CODE]),
			       tk_tr(m->op->e->lang, tk_wb_heading[TK_WB_ANSWER]));
		tk_wb_say(m, TK_SEV_ERROR, &at, -1, NULL, m->op->e->msg);
	}
	for (size_t k = 0; k < f->nrow; k++)
		assign(m, &f->row[k]);
	say_missing(m);
}
