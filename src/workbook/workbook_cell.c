/* workbook_cell.c - what people write into the cells of a workbook, as answers. */
#include <string.h>
#include "base/text.h"
#include "workbook/workbook_merge.h"

/* Full-width forms, blanks and line breaks do not matter, nor does the case. */
static const char *loose(struct tk_arena *a, const char *s)
{
	return tk_fold(a, tk_unblank(a, s));
}

static bool reads(struct tk_arena *a, const char *text, const char *label, bool exactly)
{
	if (tk_is_blank(label))
		return false;
	return exactly ? !strcmp(tk_squeeze(a, text), tk_squeeze(a, label))
		       : !strcmp(loose(a, text), loose(a, label));
}

/* The choice that reads like this in one of the languages; -1 none, -2 more than one. */
static int option_like(struct tk_arena *a, const struct tk_item *it, const char *text,
		       bool exactly)
{
	int found = -1;

	for (unsigned k = 0; k < it->noption; k++) {
		const struct tk_option *o = &it->option[k];

		if (reads(a, text, tk_wb_option(a, it, k, TK_JA), exactly) ||
		    reads(a, text, tk_wb_option(a, it, k, TK_EN), exactly) ||
		    (!exactly && (reads(a, text, o->label_ja, false) ||
				  reads(a, text, o->label_en, false))))
			found = found == -1 ? (int)k : -2;
	}
	return found;
}

static int option_of(struct tk_arena *a, const struct tk_item *it, const char *text)
{
	int k = option_like(a, it, text, true);

	if (k < 0)
		k = tk_item_option(it, tk_narrow(a, tk_squeeze(a, text)));
	return k < 0 ? option_like(a, it, text, false) : k;
}

/* One of the two states, where the question offers it. */
static enum tk_answer state_of(struct tk_arena *a, const struct tk_item *it, const char *text)
{
	for (enum tk_lang l = TK_JA; l <= TK_EN; l++) {
		if (it->not_applicable && reads(a, text, tk_tr(l, tk_wb_na), false))
			return TK_ANSWER_NOT_APPLICABLE;
		if (it->dont_know && reads(a, text, tk_tr(l, tk_wb_dk), false))
			return TK_ANSWER_DONT_KNOW;
	}
	return TK_ANSWER_VALUE;
}

/* "1,234,567" and "１，２３４" lose their commas; anything else stays for the check to name. */
static const char *without_commas(struct tk_arena *a, const char *text)
{
	char *s = tk_narrow(a, tk_squeeze(a, text)), *to;
	const char *p = s + (*s == '-' || *s == '+');
	size_t n = strspn(p, "0123456789");

	if (n < 1 || n > 3 || p[n] != ',')
		return s;
	for (p += n; *p == ','; p += 4)
		if (strspn(p + 1, "0123456789") < 3)
			return s;
	if (*p && *p != '.')
		return s;
	to = s;
	for (p = s; *p; p++)
		if (*p != ',')
			*to++ = *p;
	*to = '\0';
	return s;
}

enum tk_rc tk_wb_read_cell(const struct tk_op *op, const struct tk_item *it, const char *text,
			   struct tk_ans *x)
{
	struct tk_arena *a = op->mem;
	int k;

	*x = (struct tk_ans){ .state = TK_ANSWER_NO_ANSWER };
	if (tk_is_blank(text))
		return TK_OK;
	if (it->q == TK_Q_SINGLE && (k = option_of(a, it, text)) >= 0) {
		*x = (struct tk_ans){ .state = TK_ANSWER_VALUE, .option = k };
		return TK_OK;
	}
	x->state = state_of(a, it, text);
	if (x->state != TK_ANSWER_VALUE)
		return TK_OK;
	if (it->q == TK_Q_SINGLE)
		return tk_fail(op->e, TK_EINVAL, it->code,
			       N_("%s: there is no choice \"%.40s\". Take one from the list of the "
				  "cell."),
			       it->code, tk_utf8_head(a, text, 40));
	if (it->q == TK_Q_NUMBER || it->q == TK_Q_DECIMAL)
		text = without_commas(a, text);
	else if (it->q == TK_Q_DATE)
		text = tk_squeeze(a, text);
	return tk_answer_set(op, it, x, tk_wb_plain(a, text));
}

/* × and x are not among them: to some they say yes, to some no. */
enum tk_wb_marked tk_wb_mark(struct tk_arena *a, const char *text)
{
	static const char *const yes[] = { "○", "〇", "◯", "●", "◎", "◉", "o", "✓", "✔", "☑", "レ",
					   "v", "1", "true", "yes", "はい" };
	static const char *const no[] = { "",      "0",  "-",      "－", "―",
					  "false", "no", "いいえ", "□",  "☐" };
	const char *s = loose(a, text);

	for (size_t i = 0; i < TK_LEN(yes); i++)
		if (!strcmp(s, loose(a, yes[i])))
			return TK_WB_MARKED;
	for (size_t i = 0; i < TK_LEN(no); i++)
		if (!strcmp(s, loose(a, no[i])))
			return TK_WB_UNMARKED;
	return TK_WB_UNCLEAR;
}
