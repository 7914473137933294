#include <string.h>
#include "book.h"
#include "sheet/sheet.h"
#include "sheet/sheet_write.h"

enum { A_CODE = 0, A_ANSWER = 3, A_COMMENT = 4, COLS = 6 };

static const struct edit *edit_of(const struct edit *e, const char *code, const char *what)
{
	for (; e && e->code; e++)
		if (!strcmp(e->code, code) && !strcmp(e->what, what))
			return e;
	return NULL;
}

static void put_row(struct tk_out *out, const struct tk_row *row, const struct edit *e, bool hidden, unsigned flags)
{
	const char *code = tk_row_text(row, A_CODE);

	if (edit_of(e, code, hidden ? "lose" : "drop"))
		return;
	tk_out_row(out);
	for (size_t k = 0; k < (row->n > COLS ? row->n : COLS); k++) {
		size_t c = flags & SHUFFLED && !hidden ? COLS - 1 - k : k;
		const struct edit *x = hidden                ? c == 1 ? edit_of(e, code, "ident") : NULL
				       : c == A_ANSWER       ? edit_of(e, code, "answer")
				       : c == A_COMMENT      ? edit_of(e, code, "comment")
				       : c == A_CODE         ? edit_of(e, code, "code")
							     : NULL;
		if (!hidden && c == A_ANSWER && edit_of(e, code, "formula"))
			tk_out_formula(out, "=1+1", NULL, 2);
		else
			tk_out_text(out, x ? x->text : tk_row_text(row, c));
	}
}

static bool is_head(const struct tk_row *row)
{
	return !strcmp(tk_row_text(row, 0), "Code") || !strcmp(tk_row_text(row, 0), "コード");
}

static void copy_sheet(struct office *o, struct tk_sheet *s, struct tk_out *out, const struct edit *e, bool hidden, unsigned flags)
{
	struct tk_row row, kept[500];
	size_t n = 0;

	while (tk_sheet_next(s, &row, &o->t->e) == TK_OK && row.number) {
		struct tk_cell *c = tk_alloc_n(o->t->mem, row.n + 1, sizeof(*c));

		for (size_t i = 0; i < row.n; i++) {
			c[i] = row.cell[i];
			c[i].text = tk_strdup(o->t->mem, row.cell[i].text);
		}
		row.cell = c;
		assert_true(n < TK_LEN(kept));
		kept[n++] = row;
	}
	for (size_t i = 0; i < n; i++)
		if (is_head(&kept[i]) && flags & SHUFFLED)      /* above its rows all the same */
			put_row(out, &kept[i], NULL, hidden, flags);
	for (size_t k = 0; k < n; k++) {
		const struct tk_row *r = &kept[flags & SHUFFLED && !hidden ? n - 1 - k : k];
		const struct edit *twice = hidden ? NULL : edit_of(e, tk_row_text(r, 0), "twice");

		if (!hidden && is_head(r) && flags & (SHUFFLED | NO_HEADINGS))
			continue;
		put_row(out, r, e, hidden, flags);
		if (twice)
			put_row(out, r, (const struct edit[]){ { twice->code, "answer", twice->text }, { 0 } }, hidden, flags);
	}
}

struct file changed(struct office *o, struct file f, const struct edit *e, unsigned flags)
{
	const struct tk_out_opt opt = { .format = TK_OUT_XLSX };
	struct tk_buf b = TK_BUF(16 << 20);
	const struct tk_sheet_name *name;
	struct tk_sheet *s;
	struct tk_out *out;
	size_t n;

	OK(o->t, tk_sheet_open(&s, f.p, f.n, "x.xlsx", &o->t->e));
	OK(o->t, tk_out_open(&out, &opt, tk_out_to_buf, &b, &o->t->e));
	n = tk_sheet_names(s, &name);
	for (size_t k = 0; k < n; k++) {
		size_t i = flags & SHUFFLED ? n - 1 - k : k;

		if (flags & NO_IDENTITY && !strcmp(name[i].name, "_tenken"))
			continue;
		tk_out_sheet(out, flags & SHUFFLED ? tk_sprintf(o->t->mem, "Sheet%zu", k) : name[i].name, NULL, 0);
		OK(o->t, tk_sheet_select(s, i, &o->t->e));
		copy_sheet(o, s, out, e, name[i].hidden, flags);
	}
	OK(o->t, tk_out_close(out, &o->t->e));
	tk_out_free(out);
	tk_sheet_close(s);
	f = (struct file){ tk_strndup(o->t->mem, b.p, b.len), b.len };
	tk_buf_drop(&b);
	return f;
}
