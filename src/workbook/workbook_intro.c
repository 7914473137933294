/* workbook_intro.c - the first sheet of a respondent's workbook: whose it is, how it is filled in,
 * and what is still open in each section. */
#include <inttypes.h>
#include "base/clock.h"
#include "base/text.h"
#include "workbook/workbook_out.h"

enum { NCOL = 5, LINE = 18, STEP_WIDE = 98 };

static void fact(struct tk_wb_writer *x, const char *key, const char *value)
{
	if (tk_is_blank(value))
		return;
	tk_out_row(x->o);
	tk_out_use(x->o, x->key);
	tk_out_text(x->o, TK_WB_TR(x, key));
	tk_out_use(x->o, x->text);
	tk_out_span(x->o, value, NCOL - 1);
}

static const char *day_of(const struct tk_wb_writer *x, const char *iso)
{
	struct tk_date d;

	return iso && tk_date_from_iso(iso, &d) ? tk_date_print(x->mem, x->w->lang, d) : NULL;
}

static void facts(struct tk_wb_writer *x)
{
	const struct tk_workbook *w = x->w;

	fact(x, N_("Made for"), tk_is_blank(w->place)
					 ? w->name
					 : tk_sprintf(x->mem, "%s（%s）", w->name, w->place));
	fact(x, N_("Fiscal year"), tk_fiscal_year_print(x->mem, w->lang, (int)w->r->fiscal_year));
	fact(x, N_("Answer by"), day_of(x, w->r->closes_on));
	fact(x, N_("Made on"), tk_date_print(x->mem, w->lang, tk_date_of_time(w->made)));
}

static void step(struct tk_wb_writer *x, unsigned n, const char *text)
{
	const char *s = tk_sprintf(x->mem, "%u. %s", n, TK_WB_TR(x, text));

	tk_out_row(x->o);
	tk_out_height(x->o, LINE * (1 + (unsigned)(tk_utf8_columns(s) - 1) / STEP_WIDE));
	tk_out_use(x->o, x->step);
	tk_out_span(x->o, s, NCOL);
}

static void gap(struct tk_wb_writer *x, const char *heading)
{
	tk_out_row(x->o);
	tk_out_height(x->o, 8);
	tk_out_row(x->o);
	tk_out_height(x->o, LINE + 4);
	tk_out_use(x->o, x->band);
	tk_out_span(x->o, TK_WB_TR(x, heading), NCOL);
}

static void steps(struct tk_wb_writer *x)
{
	static const char *const text[] = {
		N_("Open the sheets of the sections by the links below and fill in the yellow "
		   "cells. Choices are taken from the list of the cell."),
		N_("Grey rows need no answer. They turn yellow again when another answer makes "
		   "them necessary."),
		N_("Copy text in as values only, and write no formulas. Do not change codes, add "
		   "rows or delete sheets."),
		N_("Save the workbook as .xlsx and upload it on the page of this survey. You are "
		   "first shown what is wrong by sheet and cell, and what would change; nothing "
		   "is overwritten unseen."),
		N_("Uploading does not submit. Submit on the page once everything is there; you "
		   "may go on answering there at any time."),
	};

	gap(x, N_("How to fill it in"));
	for (unsigned i = 0; i < TK_LEN(text); i++)
		step(x, i + 1, text[i]);
}

static void legend(struct tk_wb_writer *x)
{
	const struct { int look; const char *text; } row[] = {
		{ x->choice, N_("An answer or a comment goes here") },
		{ x->shut, N_("Not asked") },
		{ x->open_status, N_("An answer is still needed") },
	};

	gap(x, N_("Colours"));
	for (size_t i = 0; i < TK_LEN(row); i++) {
		tk_out_row(x->o);
		tk_out_use(x->o, row[i].look);
		tk_out_blank(x->o);
		tk_out_use(x->o, x->text);
		tk_out_span(x->o, TK_WB_TR(x, row[i].text), NCOL - 1);
	}
}

static const char *count_of(const struct tk_wb_writer *x, const struct tk_wb_section *s,
			    const char *word)
{
	char last[TK_CELL_NAME];

	return tk_sprintf(x->mem, "COUNTIF(%s:%s,\"%s\")",
			  tk_out_ref(x->mem, s->name, TK_WB_STATUS, TK_WB_FIRST_ROW),
			  tk_cell_name(TK_WB_STATUS, s->last, last), word);
}

/* How many items of a section stand at this word now. */
static double now_at(const struct tk_wb_writer *x, size_t section, const char *word)
{
	unsigned n = 0;

	for (size_t i = 0; i < x->w->r->form->nitem; i++)
		n += x->plan.line[i].in && x->plan.line[i].sheet == section &&
		     (!word || tk_wb_status(x, i) == word);
	return n;
}

static void progress(struct tk_wb_writer *x)
{
	static const char *const head[NCOL] = { N_("Section"), N_("Questions"), N_("Answered"),
						N_("Needed"), N_("Not asked") };
	const char *const word[] = { TK_WB_TR(x, tk_wb_done), TK_WB_TR(x, tk_wb_open),
				     TK_WB_TR(x, tk_wb_shut) };

	gap(x, N_("Sections and what is still open"));
	tk_out_row(x->o);
	tk_out_use(x->o, x->head);
	for (int c = 0; c < NCOL; c++)
		tk_out_text(x->o, TK_WB_TR(x, head[c]));
	for (size_t k = 0; k < x->plan.nsection; k++) {
		const struct tk_wb_section *s = &x->plan.section[k];

		tk_out_row(x->o);
		tk_out_use(x->o, x->link);
		tk_out_link(x->o, tk_out_ref(x->mem, s->name, 0, 1), s->name);
		tk_out_use(x->o, x->status);
		tk_out_int(x->o, (int64_t)s->n);
		for (size_t c = 0; c < TK_LEN(word); c++)
			tk_out_formula(x->o, tk_sprintf(x->mem, "=%s", count_of(x, s, word[c])),
				       NULL, now_at(x, k, word[c]));
	}
}

void tk_wb_intro(struct tk_wb_writer *x)
{
	static const unsigned width[NCOL] = { 44, 14, 14, 14, 14 };
	struct tk_out_page page = { width, NCOL, 0, true, false };

	tk_out_page(x->o, TK_WB_TR(x, N_("Read me first")), &page);
	tk_out_row(x->o);
	tk_out_height(x->o, 30);
	tk_out_use(x->o, x->title);
	tk_out_span(x->o, x->w->campaign, NCOL);
	facts(x);
	steps(x);
	legend(x);
	progress(x);
}
