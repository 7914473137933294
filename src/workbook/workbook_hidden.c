/* workbook_hidden.c - the hidden sheets of a respondent's workbook: choice lists, conditions as
 * formulas, and whose it is, under its seal. */
#include <inttypes.h>
#include "base/text.h"
#include "workbook/workbook_out.h"

static void list_row(struct tk_wb_writer *x, const char *words, const char *code)
{
	tk_out_row(x->o);
	tk_out_text(x->o, words);
	tk_out_text(x->o, code);
}

static void lists(struct tk_wb_writer *x)
{
	const struct tk_out_page page = { .hidden = true };

	tk_out_page(x->o, TK_WB_LISTS, &page);
	list_row(x, TK_WB_HELPER, TK_WB_MARK);
	tk_out_name(x->o, "tk_mark", "=" TK_WB_LISTS "!$B$1");
	for (size_t k = 0; k < x->plan.nlist; k++) {
		const struct tk_wb_list *l = &x->plan.list[k];
		const struct tk_item *it = &x->w->r->form->item[l->item];

		for (unsigned o = 0; o < it->noption; o++)
			list_row(x, tk_wb_option(x->mem, it, o, x->w->lang), it->option[o].code);
		if (it->not_applicable)
			list_row(x, TK_WB_TR(x, tk_wb_na), "");
		if (it->dont_know)
			list_row(x, TK_WB_TR(x, tk_wb_dk), "");
		tk_out_name(x->o, tk_sprintf(x->mem, "tk_list_%zu", k),
			    tk_sprintf(x->mem, "=" TK_WB_LISTS "!$A$%u:$A$%u", l->from, l->to));
	}
}

static void logic(struct tk_wb_writer *x)
{
	const struct tk_form *f = x->w->r->form;
	const struct tk_out_page page = { .hidden = true };

	tk_out_page(x->o, TK_WB_LOGIC, &page);
	tk_out_row(x->o);
	tk_out_text(x->o, TK_WB_HELPER);
	for (size_t i = 0; i < f->nitem; i++) {
		const struct tk_wb_line *l = &x->plan.line[i];

		if (!l->logic)
			continue;
		tk_out_row(x->o);
		tk_out_text(x->o, f->item[i].code);
		if (l->value)
			tk_out_formula(x->o, l->value,
				       tk_answer_text(&f->item[i], &x->w->r->answer[i], x->mem), 0);
		else
			tk_out_blank(x->o);
		if (!l->asked)
			continue;
		tk_out_formula(x->o, l->asked, NULL,
			       x->w->r->answer[i].state != TK_ANSWER_NOT_ASKED);
		tk_out_name(x->o, tk_sprintf(x->mem, "tk_asked_%zu", i),
			    tk_sprintf(x->mem, "=" TK_WB_LOGIC "!$C$%u", l->logic));
	}
}

static void ident_row(struct tk_wb_writer *x, struct tk_buf *sealed, const char *const *cell,
		      size_t n)
{
	tk_out_row(x->o);
	for (size_t i = 0; i < n; i++)
		tk_out_text(x->o, cell[i]);
	if (sealed)
		tk_wb_seal_row(sealed, cell, n);
}

static void identity_items(struct tk_wb_writer *x, struct tk_buf *sealed)
{
	const struct tk_response *r = x->w->r;

	for (size_t i = 0; i < r->form->nitem; i++) {
		const struct tk_item *it = &r->form->item[i];
		const struct tk_ans *a = tk_answer_at(r, i);

		if (x->plan.line[i].in)
			ident_row(x, sealed,
				  (const char *const[]){
					  it->code, tk_wb_sign(x->mem, it),
					  tk_wb_digest(x->mem, tk_wb_canon(it, a, x->mem)),
					  tk_wb_digest(x->mem, tk_wb_comment(a, x->mem)) },
				  4);
	}
}

static void identity(struct tk_wb_writer *x)
{
	const struct tk_workbook *w = x->w;
	const struct tk_out_page page = { .hidden = true };
	struct tk_buf sealed = TK_BUF(8 << 20);
	char seal[TK_MAC_HEX];
	struct tk_wb_ident id = {
		.layout = TK_WB_LAYOUT,
		.campaign_id = tk_sprintf(x->mem, "%" PRId64, w->r->campaign_id),
		.campaign = tk_squeeze(x->mem, w->campaign),
		.fiscal_year = tk_sprintf(x->mem, "%" PRId64, w->r->fiscal_year),
		.respondent_id = tk_sprintf(x->mem, "%" PRId64, w->r->id),
		.respondent = tk_squeeze(x->mem, w->name),
		.form = w->r->form->code,
		.form_digest = w->r->form->digest,
		.version = tk_sprintf(x->mem, "%" PRId64, w->r->version),
		.lang = w->lang == TK_JA ? "ja" : "en",
		.made = tk_sprintf(x->mem, "%" PRId64, w->made),
		.nonce = tk_token(x->mem, 12),
	};

	tk_out_page(x->o, TK_WB_IDENTITY, &page);
	ident_row(x, &sealed, (const char *const[]){ TK_WB_MAGIC, TK_WB_LAYOUT }, 2);
	for (size_t k = 0; k < tk_wb_nfield; k++)
		ident_row(x, &sealed,
			  (const char *const[]){
				  tk_wb_field[k].name,
				  *(const char *const *)((const char *)&id + tk_wb_field[k].at) },
			  2);
	ident_row(x, &sealed, (const char *const[]){ "items" }, 1);
	identity_items(x, &sealed);
	tk_mac_hex(w->key, sealed.p, sealed.len, seal);
	ident_row(x, NULL, (const char *const[]){ "seal", seal }, 2);
	tk_buf_drop(&sealed);
}

void tk_wb_hidden(struct tk_wb_writer *x)
{
	lists(x);
	logic(x);
	identity(x);
}
