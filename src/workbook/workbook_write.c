/* workbook_write.c - a respondent's workbook: the sheets of questions. */
#include <inttypes.h>
#include <string.h>
#include "base/text.h"
#include "workbook/workbook_out.h"

const char *const tk_wb_done = N_("Answered"), *const tk_wb_open = N_("Needed"),
	   *const tk_wb_shut = N_("Not asked");
static const char *const may_stay = N_("Optional"), *const if_applies = N_("If it applies");

enum { LINE = 18, SMALL_LINE = 14 };    /* points of a line, and of one in small letters */
enum { W_CODE = 10, W_QUESTION = 42, W_HOW = 28, W_ANSWER = 32, W_COMMENT = 26, W_STATUS = 10,
       W_ALL = W_CODE + W_QUESTION + W_HOW + W_ANSWER + W_COMMENT + W_STATUS };

static void looks(struct tk_wb_writer *x)
{
	const uint32_t navy = 0x1F3864, pale = 0xDDE6F3, yellow = 0xFFF9DB, grey = 0xD9D9D9;
	struct tk_out *o = x->o;
	const struct tk_out_look cell = { .border = true, .wrap = true };
	struct tk_out_look l;

#define LOOK(name, ...) l = (struct tk_out_look){ __VA_ARGS__ }, x->name = tk_out_look(o, &l)
#define CELL(name, ...) l = cell, __VA_ARGS__, x->name = tk_out_look(o, &l)
	LOOK(title, .bold = true, .size = 15, .ink = navy);
	LOOK(lead, .wrap = true, .ink = 0x404040);
	LOOK(step, .wrap = true);
	LOOK(head, .bold = true, .border = true, .wrap = true, .fill = navy, .ink = 0xFFFFFF,
	     .align = TK_OUT_CENTRE);
	LOOK(band, .bold = true, .border = true, .fill = pale, .ink = navy);
	LOOK(key, .bold = true, .border = true, .fill = pale);
	CELL(code, l.ink = 0x7F7F7F, l.size = 8, l.wrap = false, l.number = "@");
	CELL(text, l.number = "@");
	CELL(how, l.ink = 0x595959, l.size = 9);
	CELL(answer, l.open = true, l.fill = yellow, l.number = "@");
	CELL(choice, l.open = true, l.fill = yellow);
	CELL(number, l.open = true, l.fill = yellow, l.align = TK_OUT_RIGHT);
	CELL(day, l.open = true, l.fill = yellow, l.align = TK_OUT_LEFT, l.number = "yyyy-mm-dd");
	CELL(mark, l.open = true, l.fill = yellow, l.align = TK_OUT_CENTRE);
	CELL(between, l.fill = 0xF2F2F2, l.ink = 0x7F7F7F, l.size = 9);
	CELL(status, l.align = TK_OUT_CENTRE, l.size = 9);
	LOOK(shut, .fill = grey, .ink = 0x8C8C8C);
	LOOK(open_status, .fill = 0xFCE4D6, .ink = 0xA61C00);
	LOOK(done_status, .fill = 0xE2F0D9, .ink = 0x375623);
	LOOK(link, .border = true, .ink = 0x0563C1);
#undef LOOK
#undef CELL
}

/* Lines that a text takes in a column so wide.  Programs do not agree on when they find the height
 * of a row by themselves, so that each row gets one. */
static unsigned lines_of(const struct tk_wb_writer *x, const char *s, size_t width)
{
	size_t n = 0;

	while (s && *s) {
		size_t len = strcspn(s, "\n");
		size_t columns = tk_utf8_columns(tk_strndup(x->mem, s, len));

		n += columns ? (columns - 1) / (width - 1) + 1 : 1;
		s += len + (s[len] == '\n');
	}
	return n ? (unsigned)n : 1;
}

/* -- one question ------------------------------------------------------------------------------ */
static void add_line(struct tk_buf *b, const char *s)
{
	if (!tk_is_blank(s))
		tk_buf_fmt(b, "%s%s", b->len ? "\n" : "", s);
}

/* In the workbook's language, with what was answered where the text names an answer. */
static const char *said(const struct tk_wb_writer *x, const char *ja, const char *en)
{
	return tk_answer_said(x->w->r, tk_in(x->w->lang, ja, en), x->w->lang, x->mem);
}

static void add_limits(const struct tk_wb_writer *x, const struct tk_item *it, struct tk_buf *b)
{
	if (it->has_min || it->has_max)
		tk_buf_chr(b, '\n');
	if (it->has_min)
		tk_buf_fmt(b, "%s: %" PRId64, TK_WB_TR(x, N_("Smallest value")), it->min);
	if (it->has_max)
		tk_buf_fmt(b, "%s%s: %" PRId64, it->has_min ? "  " : "",
			   TK_WB_TR(x, N_("Largest value")), it->max);
}

static const char *how_of(const struct tk_wb_writer *x, size_t i)
{
	static const char *const kind[] = {
		[TK_Q_SINGLE] = N_("Choose one from the list."),
		[TK_Q_MULTI] = N_("Mark all that apply with ○ below."),
		[TK_Q_NUMBER] = N_("A whole number."),
		[TK_Q_DECIMAL] = N_("A number."),
		[TK_Q_TEXT] = N_("In your own words (up to 4,000 characters)."),
		[TK_Q_DATE] = N_("A day, such as 2026-03-31."),
	};
	const struct tk_form *f = x->w->r->form;
	const struct tk_item *it = &f->item[i];
	const struct tk_wb_line *l = &x->plan.line[i];
	bool choice = it->q == TK_Q_SINGLE || it->q == TK_Q_MULTI || it->rank;
	struct tk_buf b = TK_BUF(64 << 10);
	const char *s;

	add_line(&b, it->required ? TK_WB_TR(x, N_("[Required]")) : NULL);
	if (!it->required && it->required_if)
		add_line(&b, TK_WB_TR(x, N_("Required depending on other answers")));
	add_line(&b, TK_WB_TR(x, it->rank             ? N_("Number all choices below: 1, 2, 3 …")
				 : tk_wb_is_time(it) ? N_("A time of day, such as 09:30.")
						     : kind[it->q]));
	if (it->filter)
		add_line(&b, TK_WB_TR(x, N_("Which choices fit depends on other answers.")));
	add_limits(x, it, &b);
	if (!choice && it->not_applicable)
		add_line(&b, TK_WB_TR(x, N_("If it does not apply, write: Not applicable")));
	if (!choice && it->dont_know)
		add_line(&b, TK_WB_TR(x, N_("If you do not know, write: Don't know")));
	if (it->evidence)
		add_line(&b, TK_WB_TR(x, N_("Evidence files are added on the page.")));
	if (l->conditional && l->asked)
		add_line(&b, TK_WB_TR(x, N_("Turns grey when other answers make it unnecessary.")));
	else if (l->conditional)
		add_line(&b, TK_WB_TR(x, N_("Asked only under a condition that this file cannot "
					    "show; answer it if it applies.")));
	add_line(&b, said(x, it->hint_ja, it->hint_en));
	add_line(&b, said(x, it->guidance_ja, it->guidance_en));
	s = tk_strdup(x->mem, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

static bool answered(const struct tk_wb_writer *x, size_t i)
{
	return tk_answer_at(x->w->r, i)->state > TK_ANSWER_NO_ANSWER;
}

static const char *unanswered(const struct tk_wb_writer *x, size_t i)
{
	const struct tk_wb_line *l = &x->plan.line[i];

	if (l->conditional && !l->asked)
		return if_applies;
	return x->w->r->form->item[i].required ? tk_wb_open : may_stay;
}

const char *tk_wb_status(const struct tk_wb_writer *x, size_t i)
{
	const struct tk_wb_line *l = &x->plan.line[i];

	if (l->asked && x->w->r->answer[i].state == TK_ANSWER_NOT_ASKED)
		return TK_WB_TR(x, tk_wb_shut);
	return TK_WB_TR(x, answered(x, i) ? tk_wb_done : unanswered(x, i));
}

static void put_status(struct tk_wb_writer *x, size_t i)
{
	const struct tk_wb_line *l = &x->plan.line[i];
	unsigned n = tk_wb_option_rows(&x->w->r->form->item[i]);
	char a[TK_CELL_NAME], z[TK_CELL_NAME];
	const char *s;

	tk_cell_name(TK_WB_ANSWER, l->row + (n ? 1 : 0), a);
	tk_cell_name(TK_WB_ANSWER, l->row + n, z);
	s = n ? tk_sprintf(x->mem, "COUNTA(%s:%s)>0", a, z)
	      : tk_sprintf(x->mem, "LEN(TRIM(%s))>0", a);
	s = tk_sprintf(x->mem, "IF(%s,\"%s\",\"%s\")", s, TK_WB_TR(x, tk_wb_done),
		       TK_WB_TR(x, unanswered(x, i)));
	if (l->asked)
		s = tk_sprintf(x->mem, "IF(tk_asked_%zu=0,\"%s\",%s)", i, TK_WB_TR(x, tk_wb_shut),
			       s);
	tk_out_use(x->o, x->status);
	tk_out_formula(x->o, tk_sprintf(x->mem, "=%s", s), tk_wb_status(x, i), 0);
}

/* Two states that a cell of a number may hold as words besides. */
static const char *or_state(const struct tk_wb_writer *x, const struct tk_item *it,
			    const char *cell, const char *rule)
{
	if (it->not_applicable)
		rule = tk_sprintf(x->mem, "%s,%s=\"%s\"", rule, cell, TK_WB_TR(x, tk_wb_na));
	if (it->dont_know)
		rule = tk_sprintf(x->mem, "%s,%s=\"%s\"", rule, cell, TK_WB_TR(x, tk_wb_dk));
	return tk_sprintf(x->mem, "=OR(%s)", rule);
}

static const char *number_rule(const struct tk_wb_writer *x, const struct tk_item *it,
			       const char *cell, double min, double max)
{
	const char *whole = it->q == TK_Q_NUMBER ? tk_sprintf(x->mem, ",%s=INT(%s)", cell, cell)
						 : "";

	if (it->q == TK_Q_DATE)
		return or_state(x, it, cell, tk_sprintf(x->mem, "ISNUMBER(%s)", cell));
	return or_state(x, it, cell,
			tk_sprintf(x->mem, "IF(ISNUMBER(%s),AND(%s>=%.15g,%s<=%.15g%s),FALSE)",
				   cell, cell, min, cell, max, whole));
}

/* What the answer cell takes.  What slips through (a pasted cell) is found on upload. */
static void valid(struct tk_wb_writer *x, size_t i)
{
	static const enum tk_out_takes takes[] = {
		[TK_Q_SINGLE] = TK_OUT_LIST,     [TK_Q_NUMBER] = TK_OUT_WHOLE,
		[TK_Q_DECIMAL] = TK_OUT_DECIMAL, [TK_Q_TEXT] = TK_OUT_LENGTH,
		[TK_Q_DATE] = TK_OUT_DAY,
	};
	const struct tk_item *it = &x->w->r->form->item[i];
	const struct tk_wb_line *l = &x->plan.line[i];
	struct tk_range cell = { l->row, l->row, TK_WB_ANSWER, TK_WB_ANSWER };
	struct tk_out_valid v = { .takes = takes[it->q], .min = -999999999999999.0,
				  .max = 999999999999999.0, .title = it->code,
				  .message = how_of(x, i) };
	char name[TK_CELL_NAME];

	if (it->has_min)
		v.min = (double)it->min;
	if (it->has_max)
		v.max = (double)it->max;
	if (it->q == TK_Q_SINGLE) {
		v.formula = tk_sprintf(x->mem, "=tk_list_%d", l->list);
	} else if (it->q == TK_Q_TEXT) {
		v.min = 0;
		v.max = TK_TEXT_MAX;
	} else if (it->not_applicable || it->dont_know) {
		tk_cell_name(TK_WB_ANSWER, l->row, name);
		v.takes = TK_OUT_RULE;
		v.formula = number_rule(x, it, name, v.min, v.max);
	}
	tk_out_valid(x->o, &cell, &v);
}

static void put_answer(struct tk_wb_writer *x, size_t i)
{
	const struct tk_item *it = &x->w->r->form->item[i];
	const struct tk_ans *a = tk_answer_at(x->w->r, i);
	bool value = a->state == TK_ANSWER_VALUE;

	if (tk_wb_option_rows(it)) {
		tk_out_use(x->o, x->between);
		tk_out_text(x->o, "↓");
		return;
	}
	valid(x, i);
	tk_out_use(x->o, it->q == TK_Q_SINGLE ? x->choice
			 : it->q == TK_Q_TEXT ? x->answer
			 : it->q == TK_Q_DATE ? x->day
					      : x->number);
	if (value && (it->q == TK_Q_NUMBER || it->q == TK_Q_DECIMAL))
		tk_out_number(x->o, a->text);
	else if (value && it->q == TK_Q_DATE)
		tk_out_date(x->o, a->text);
	else
		tk_out_text(x->o, tk_wb_words(x->mem, it, a, x->w->lang));
}

static void option_row(struct tk_wb_writer *x, size_t i, const char *code, const char *words,
		       const char *mark)
{
	tk_out_row(x->o);
	tk_out_height(x->o, LINE * lines_of(x, words, W_QUESTION - 4) + 2);
	tk_out_use(x->o, x->code);
	tk_out_text(x->o, tk_sprintf(x->mem, "%s/%s", x->w->r->form->item[i].code, code));
	tk_out_use(x->o, x->text);
	tk_out_text(x->o, tk_sprintf(x->mem, "　・%s", words));
	tk_out_use(x->o, x->how);
	tk_out_blank(x->o);
	tk_out_use(x->o, x->mark);
	tk_out_number(x->o, mark);
	tk_out_use(x->o, x->between);
	tk_out_blank(x->o);
	tk_out_blank(x->o);
}

/* ○ where choice k is marked; of an order, its place. */
static const char *mark_of(const struct tk_wb_writer *x, const struct tk_item *it,
			   const struct tk_ans *a, unsigned k)
{
	char *copy, *save = NULL;
	unsigned n = 1;

	if (a->state != TK_ANSWER_VALUE)
		return "";
	if (!it->rank)
		return a->bits >> k & 1 ? TK_WB_MARK : "";
	copy = tk_strdup(x->mem, a->text);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save), n++)
		if (!strcmp(w, it->option[k].code))
			return tk_sprintf(x->mem, "%u", n);
	return "";
}

static void valid_marks(struct tk_wb_writer *x, size_t i)
{
	const struct tk_item *it = &x->w->r->form->item[i];
	uint32_t row = x->plan.line[i].row, n = it->rank ? it->noption : tk_wb_option_rows(it);
	struct tk_range marks = { row + 1, row + n, TK_WB_ANSWER, TK_WB_ANSWER };
	struct tk_out_valid v = {
		.takes = it->rank ? TK_OUT_WHOLE : TK_OUT_LIST,
		.formula = it->rank ? NULL : "=tk_mark",
		.min = 1,
		.max = it->noption,
		.title = it->code,
		.message = TK_WB_TR(x, it->rank ? N_("Number all choices below: 1, 2, 3 …")
						: N_("Choose ○, or leave the cell empty.")),
	};

	tk_out_valid(x->o, &marks, &v);
}

static void option_rows(struct tk_wb_writer *x, size_t i)
{
	const struct tk_item *it = &x->w->r->form->item[i];
	const struct tk_ans *a = tk_answer_at(x->w->r, i);

	if (!tk_wb_option_rows(it))
		return;
	for (unsigned k = 0; k < it->noption; k++)
		option_row(x, i, it->option[k].code, tk_wb_option(x->mem, it, k, x->w->lang),
			   mark_of(x, it, a, k));
	if (it->not_applicable)
		option_row(x, i, TK_WB_NA, TK_WB_TR(x, tk_wb_na),
			   a->state == TK_ANSWER_NOT_APPLICABLE ? TK_WB_MARK : "");
	if (it->dont_know)
		option_row(x, i, TK_WB_DK, TK_WB_TR(x, tk_wb_dk),
			   a->state == TK_ANSWER_DONT_KNOW ? TK_WB_MARK : "");
	valid_marks(x, i);
}

static unsigned height_of(const struct tk_wb_writer *x, size_t i)
{
	const struct tk_item *it = &x->w->r->form->item[i];
	const struct tk_ans *a = tk_answer_at(x->w->r, i);
	const char *answer = tk_wb_option_rows(it) ? "" : tk_wb_words(x->mem, it, a, x->w->lang);
	unsigned points[] = {
		LINE * lines_of(x, said(x, it->label_ja, it->label_en), W_QUESTION),
		SMALL_LINE * lines_of(x, how_of(x, i), W_HOW * 11 / 9),
		LINE * lines_of(x, answer, W_ANSWER),
		LINE * lines_of(x, a->comment, W_COMMENT),
		it->q == TK_Q_TEXT && !it->rank && !tk_wb_is_time(it) ? LINE * 3 : LINE,
	};
	unsigned most = 0;

	for (size_t k = 0; k < TK_LEN(points); k++)
		most = points[k] > most ? points[k] : most;
	return most + 4 > 400 ? 400 : most + 4;         /* 409 is the highest row of Excel */
}

static void question(struct tk_wb_writer *x, size_t i)
{
	const struct tk_item *it = &x->w->r->form->item[i];
	const struct tk_wb_line *l = &x->plan.line[i];
	struct tk_range all = { l->row, l->row + tk_wb_option_rows(it), TK_WB_CODE,
				TK_WB_COMMENT };

	tk_out_row(x->o);
	tk_out_height(x->o, height_of(x, i));
	tk_out_use(x->o, x->code);
	tk_out_text(x->o, it->code);
	tk_out_use(x->o, x->text);
	tk_out_text(x->o, said(x, it->label_ja, it->label_en));
	tk_out_use(x->o, x->how);
	tk_out_text(x->o, how_of(x, i));
	put_answer(x, i);
	tk_out_use(x->o, x->answer);
	tk_out_text(x->o, tk_answer_at(x->w->r, i)->comment);
	put_status(x, i);
	option_rows(x, i);
	if (l->asked)
		tk_out_when(x->o, &all, tk_sprintf(x->mem, "=tk_asked_%zu=0", i), x->shut);
}

/* -- one section ------------------------------------------------------------------------------- */
static void bar(struct tk_wb_writer *x, int look, const char *text, unsigned points)
{
	tk_out_row(x->o);
	tk_out_height(x->o, points);
	tk_out_use(x->o, look);
	tk_out_span(x->o, text, TK_WB_NCOL);
}

static void text_bar(struct tk_wb_writer *x, const char *text)
{
	bar(x, x->lead, text, LINE * lines_of(x, text, W_ALL));
}

static void note(struct tk_wb_writer *x, const struct tk_note *n)
{
	const char *text = said(x, n->label_ja, n->label_en);
	const char *hint = said(x, n->hint_ja, n->hint_en);

	text_bar(x, tk_is_blank(hint) ? text : tk_sprintf(x->mem, "%s\n%s", text, hint));
}

static void step(struct tk_wb_writer *x, const struct tk_wb_step *s)
{
	const struct tk_form *f = x->w->r->form;

	if (s->kind == TK_WB_ITEM)
		question(x, s->at);
	else if (s->kind == TK_WB_NOTE)
		note(x, &f->note[s->at]);
	else if (s->kind == TK_WB_HINT)
		text_bar(x, said(x, f->group[s->at].hint_ja, f->group[s->at].hint_en));
	else
		bar(x, x->band, said(x, f->group[s->at].label_ja, f->group[s->at].label_en),
		    LINE + 4);
}

static void colour(struct tk_wb_writer *x, uint32_t last, const char *word, int look)
{
	struct tk_range r = { TK_WB_FIRST_ROW, last, TK_WB_STATUS, TK_WB_STATUS };
	char cell[TK_CELL_NAME];

	tk_cell_name(TK_WB_STATUS, TK_WB_FIRST_ROW, cell);
	tk_out_when(x->o, &r, tk_sprintf(x->mem, "=%s=\"%s\"", cell, TK_WB_TR(x, word)), look);
}

static void section(struct tk_wb_writer *x, size_t at)
{
	static const unsigned width[TK_WB_NCOL] = { W_CODE,   W_QUESTION, W_HOW,
						    W_ANSWER, W_COMMENT,  W_STATUS };
	const struct tk_wb_section *s = &x->plan.section[at];
	const struct tk_form *f = x->w->r->form;
	const struct tk_group *g = s->group < 0 ? NULL : &f->group[s->group];
	const char *hint = g ? said(x, g->hint_ja, g->hint_en) : NULL;
	struct tk_out_page page = { width, TK_WB_NCOL, TK_WB_HEAD_ROW, true, false };

	tk_out_page(x->o, s->name, &page);
	bar(x, x->title, g ? said(x, g->label_ja, g->label_en) : TK_WB_TR(x, N_("General")), 26);
	text_bar(x, tk_is_blank(hint)
			    ? TK_WB_TR(x, N_("Fill in the yellow cells. Grey ones need no answer."))
			    : hint);
	tk_out_row(x->o);
	tk_out_height(x->o, LINE + 4);
	tk_out_use(x->o, x->head);
	for (int c = 0; c < TK_WB_NCOL; c++)
		tk_out_text(x->o, TK_WB_TR(x, tk_wb_heading[c]));
	for (size_t i = 0; i < x->plan.nstep; i++)
		if (x->plan.step[i].section == at)
			step(x, &x->plan.step[i]);
	colour(x, s->last, tk_wb_open, x->open_status);
	colour(x, s->last, tk_wb_done, x->done_status);
	colour(x, s->last, tk_wb_shut, x->shut);
}

/* Also when the arena is full and the request ends in the middle. */
static void let_go(void *ctx)
{
	struct tk_wb_writer *x = ctx;

	tk_out_free(x->o);
	x->o = NULL;
}

enum tk_rc tk_workbook_write(const struct tk_workbook *w, struct tk_arena *mem, tk_out_fn fn,
			     void *ctx, struct tk_err *e)
{
	struct tk_wb_writer *x = tk_alloc(mem, sizeof(*x));
	struct tk_out_opt opt = { .format = TK_OUT_XLSX, .title = w->campaign };
	enum tk_rc rc;

	x->w = w;
	x->mem = mem;
	tk_on_free(mem, let_go, x);
	tk_wb_plan(w, mem, &x->plan);
	if ((rc = tk_out_open(&x->o, &opt, fn, ctx, e)) != TK_OK)
		return rc;
	looks(x);
	tk_wb_intro(x);
	for (size_t i = 0; i < x->plan.nsection; i++)
		section(x, i);
	tk_wb_hidden(x);
	rc = tk_out_close(x->o, e);
	let_go(x);
	return rc;
}
