/* workbook_merge.c - what a workbook says, beside what is on the server.
 *
 * Three texts are compared for each answer: as it stood when the workbook was made (its digest), as
 * it stands now, and as it stands in the file.  Only where both sides changed it, and differently,
 * somebody has to decide. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "workbook/workbook_merge.h"

/* -- cells of one item ------------------------------------------------------------------------- */
bool tk_wb_wrong(struct tk_wb_merge *m, const struct tk_wb_row *row, int32_t col, size_t i)
{
	tk_wb_say(m, TK_SEV_ERROR, row, col, m->r->form->item[i].code, m->op->e->msg);
	m->slot[i].bad = true;
	return false;
}

/* A formula may give another value tomorrow, and its author may not know that it is one. */
bool tk_wb_is_value(struct tk_wb_merge *m, const struct tk_wb_row *row, const struct tk_cell *c,
		    int32_t col, size_t i)
{
	const char *code = m->r->form->item[i].code;

	if (c->kind == TK_CELL_ERROR)
		(void)!tk_fail(m->op->e, TK_EINVAL, code,
			       N_("%.60s: the cell holds the error %.20s. Write the answer "
				  "itself."),
			       code, c->text);
	else if (c->formula || c->kind == TK_CELL_FORMULA_EMPTY)
		(void)!tk_fail(m->op->e, TK_EINVAL, code,
			       N_("%.60s: the cell holds a formula. Write the answer itself (copy, "
				  "then paste values only)."),
			       code);
	else
		return true;
	return tk_wb_wrong(m, row, col, i);
}

static bool read_one(struct tk_wb_merge *m, size_t i, struct tk_ans *x)
{
	const struct tk_wb_row *row = m->slot[i].question;

	if (!tk_wb_is_value(m, row, &row->answer, row->answer_col, i))
		return false;
	if (tk_wb_read_cell(m->op, &m->r->form->item[i], row->answer.text, x) != TK_OK)
		return tk_wb_wrong(m, row, row->answer_col, i);
	return true;
}

static bool read_comment(struct tk_wb_merge *m, size_t i, const char **ret)
{
	const struct tk_wb_row *row = m->slot[i].question;
	const char *code = m->r->form->item[i].code;

	*ret = NULL;                            /* there is none to compare */
	if (!row || row->comment_col < 0)
		return true;
	if (!tk_wb_is_value(m, row, &row->comment, row->comment_col, i))
		return false;
	*ret = tk_wb_plain(m->op->mem, row->comment.text);
	if (tk_is_blank(*ret))
		*ret = "";
	if (tk_utf8_count(*ret) <= TK_COMMENT_MAX)
		return true;
	(void)!tk_fail(m->op->e, TK_EINVAL, code,
		       N_("%s: a comment can have at most %d characters."), code,
		       (int)TK_COMMENT_MAX);
	return tk_wb_wrong(m, row, row->comment_col, i);
}

/* -- both sides -------------------------------------------------------------------------------- */
enum fate { SAME, SERVER, FILE_ONLY, BOTH };

static enum fate compare(struct tk_arena *a, const char *base, const char *server,
			 const char *file)
{
	if (!strcmp(server, file))
		return SAME;
	if (!base || !strcmp(base, tk_wb_digest(a, server)))
		return FILE_ONLY;
	return !strcmp(base, tk_wb_digest(a, file)) ? SERVER : BOTH;
}

static bool listed(const char *codes, const char *code)
{
	size_t n = strlen(code);

	for (const char *p = codes; p && *p; p += strspn(p, " ,\t\n")) {
		size_t len = strcspn(p, " ,\t\n");

		if ((len == n && !strncmp(p, code, n)) || (len == 1 && *p == '*'))
			return true;
		p += len;
	}
	return false;
}

/* The file's answer, or its comment, into the response. */
static void take(struct tk_wb_merge *m, size_t i, const struct tk_ans *x, const char *comment)
{
	struct tk_ans *at = tk_answer_place(m->r, i);
	const char *said = at->comment;

	if (x)
		*at = *x;
	at->comment = comment ? (*comment ? comment : NULL) : said;
}

static const struct tk_wb_row *row_of(const struct tk_wb_merge *m, size_t i)
{
	const struct tk_wb_slot *s = &m->slot[i];

	for (unsigned k = 0; !s->question && k < m->r->form->item[i].noption + TK_WB_STATES; k++)
		if (s->option && s->option[k])
			return s->option[k];
	return s->question;
}

static void note(struct tk_wb_merge *m, size_t i, const struct tk_wb_change *c)
{
	const struct tk_report_pair pair = { "item", c->item };
	const struct tk_report_change change[] = {
		{ "answer", c->label, c->server, c->file },
		{ "comment", c->label, c->server_comment, c->file_comment },
	};

	m->change_of[i] = ++m->res->nchange;
	m->res->change[m->res->nchange - 1] = *c;
	m->res->nconflict += c->conflict;
	m->res->nundecided += c->conflict && !c->decided;
	m->res->ntaken += c->taken;
	if (c->taken)
		tk_report_entry(m->res->rep, TK_REP_CHANGED, &pair, 1, change,
				c->file_comment ? 2 : 1);
}

static void decide(struct tk_wb_merge *m, size_t i, const struct tk_ans *x, const char *comment)
{
	struct tk_arena *a = m->op->mem;
	const struct tk_item *it = &m->r->form->item[i];
	const struct tk_wb_known *base = m->slot[i].known;
	const struct tk_ans *now = tk_answer_at(m->r, i);
	const struct tk_wb_row *row = row_of(m, i);
	enum tk_lang lang = m->op->e->lang;
	enum fate fa = compare(a, base ? base->answer : NULL, tk_wb_canon(it, now, a),
			       tk_wb_canon(it, x, a));
	enum fate fc = comment ? compare(a, base ? base->comment : NULL, tk_wb_comment(now, a),
					 comment)
			       : SAME;
	bool mine = listed(m->decision->take, it->code), both = fa == BOTH || fc == BOTH;
	struct tk_wb_change c = {
		.item = it->code,
		.label = tk_in(lang, it->label_ja, it->label_en),
		.sheet = row->sheet,
		.cell = tk_cell_name((uint32_t)row->answer_col, row->row,
				     tk_alloc(a, TK_CELL_NAME)),
		.server = tk_strdup(a, tk_wb_words(a, it, now, lang)),
		.file = tk_wb_words(a, it, x, lang),
		.conflict = both,
		.decided = both && (mine || listed(m->decision->keep, it->code)),
	};

	if ((fa == SAME || fa == SERVER) && (fc == SAME || fc == SERVER)) {
		tk_report_entry(m->res->rep, TK_REP_UNCHANGED, NULL, 0, NULL, 0);
		return;
	}
	if (fc == FILE_ONLY || fc == BOTH) {
		c.server_comment = tk_wb_comment(now, a);
		c.file_comment = comment;
	}
	if (fa == SAME || fa == SERVER)
		c.file = c.server;
	if (m->w->may_write && !m->w->may_write[i]) {
		(void)!tk_fail(m->op->e, TK_EPERM, it->code,
			       N_("%.60s: you cannot change this answer now; its section is done "
				  "or answered by somebody else."),
			       it->code);
		tk_wb_wrong(m, row, row->answer_col, i);
		return;
	}
	c.taken = !both || mine;
	note(m, i, &c);
	if (c.taken)
		take(m, i, fa == FILE_ONLY || fa == BOTH ? x : NULL,
		     fc == FILE_ONLY || fc == BOTH ? comment : NULL);
}

static void one_item(struct tk_wb_merge *m, size_t i)
{
	const struct tk_item *it = &m->r->form->item[i];
	struct tk_wb_slot *s = &m->slot[i];
	const struct tk_wb_row *q = s->question;
	const char *comment;
	struct tk_ans x;
	bool good, rows = tk_wb_option_rows(it) > 0;

	m->res->rep->rows++;
	if (rows && !s->option) {
		(void)!tk_fail(m->op->e, TK_EINVAL, it->code,
			       N_("The rows of choices of %.60s are missing; what is on the server "
				  "stays."),
			       it->code);
		tk_wb_say(m, TK_SEV_WARNING, q, q->answer_col, it->code, m->op->e->msg);
		return;
	}
	if (rows && q && !tk_is_blank(q->answer.text) &&
	    strcmp(tk_squeeze(m->op->mem, q->answer.text), "↓") != 0) {
		(void)!tk_fail(m->op->e, TK_EINVAL, it->code,
			       N_("%.60s: mark the choices in the rows below, not here."),
			       it->code);
		tk_wb_wrong(m, q, q->answer_col, i);
	}
	good = rows ? tk_wb_read_marks(m, i, &x) : read_one(m, i, &x);
	if (!read_comment(m, i, &comment) || !good || s->bad)
		return;
	/* another question by now: what was answered to the old one is no answer to it */
	if (s->known && strcmp(s->known->sign, tk_wb_sign(m->op->mem, it)) != 0)
		return;
	decide(m, i, &x, comment);
}

/* -- what follows from all of them ------------------------------------------------------------- */
static void say_shut(struct tk_wb_merge *m)
{
	for (size_t i = 0; i < m->r->form->nitem; i++) {
		struct tk_wb_change *c =
			m->change_of[i] ? &m->res->change[m->change_of[i] - 1] : NULL;
		const struct tk_wb_row *row;

		if (!c || !c->taken || m->r->answer[i].state != TK_ANSWER_NOT_ASKED ||
		    m->r->kept[i].state == TK_ANSWER_NOT_ASKED)
			continue;
		c->shut = true;
		row = row_of(m, i);
		(void)!tk_fail(m->op->e, TK_EINVAL, c->item,
			       N_("%.60s is not asked after the other answers. The answer is kept "
				  "apart and not counted."),
			       c->item);
		tk_wb_say(m, TK_SEV_WARNING, row, row->answer_col, c->item, m->op->e->msg);
	}
}

static void refused(void *ctx, size_t i)
{
	struct tk_wb_merge *m = ctx;
	const struct tk_wb_row *row = row_of(m, i);

	tk_wb_wrong(m, row, row->answer_col, i);
}

static void check_constraints(struct tk_wb_merge *m)
{
	bool *only = tk_alloc_n(m->op->mem, m->r->form->nitem + 1, sizeof(*only));

	for (size_t i = 0; i < m->r->form->nitem; i++)
		only[i] = !m->slot[i].bad && row_of(m, i);
	(void)!tk_response_refusals(m->op, m->r, only, refused, m);
}

enum tk_rc tk_workbook_merge(const struct tk_op *op, const struct tk_workbook *w,
			     const struct tk_wb_file *file, const struct tk_wb_decision *d,
			     struct tk_response *r, struct tk_wb_result *ret)
{
	struct tk_wb_merge m = { .op = op, .w = w, .file = file, .decision = d, .r = r,
				 .res = ret };
	size_t n = r->form->nitem;

	*ret = (struct tk_wb_result){ .rep = tk_report_new(op->mem) };
	ret->rep->accepted = true;
	if (!tk_wb_identify(&m))
		return TK_OK;
	ret->base_version = strtoll(file->ident.version, NULL, 10);
	ret->change = tk_alloc_n(op->mem, n + 1, sizeof(*ret->change));
	m.slot = tk_alloc_n(op->mem, n + 1, sizeof(*m.slot));
	m.change_of = tk_alloc_n(op->mem, n + 1, sizeof(*m.change_of));
	tk_wb_assign(&m);
	for (size_t i = 0; i < n; i++)
		if (m.slot[i].question || m.slot[i].option)
			one_item(&m, i);
	tk_response_settle(r, op->mem);
	say_shut(&m);
	check_constraints(&m);
	return TK_OK;
}
