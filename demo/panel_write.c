/* panel_write.c - the panel as the files an office would load. */
#include <string.h>
#include "demo/panel_in.h"

static void cell(struct tk_buf *b, const char *s)
{
	bool quote = strpbrk(s, ",\"\n") != NULL;

	if (quote)
		tk_buf_chr(b, '"');
	for (; *s; s++) {
		if (*s == '"')
			tk_buf_chr(b, '"');
		tk_buf_chr(b, *s);
	}
	if (quote)
		tk_buf_chr(b, '"');
}

void panel_write_institutions(const struct panel *p, struct tk_buf *b)
{
	tk_buf_str(b, "code,name,kana,name_en,corporate_number,bank_code,sector,prefecture\n");
	for (size_t i = 0; i < PANEL_SIZE; i++) {
		const struct panel_institution *in = &p->at[i];
		const char *const v[] = { in->code,	 in->name,	       in->kana,
					  in->name_en,	 in->corporate_number, in->bank_code,
					  in->sector,	 in->prefecture };

		for (size_t k = 0; k < TK_LEN(v); k++) {
			if (k)
				tk_buf_chr(b, ',');
			cell(b, v[k]);
		}
		tk_buf_chr(b, '\n');
	}
}

void panel_write_answers(const struct panel *p, const char *heading,
			 bool (*want)(const struct panel *p, size_t institution), struct tk_buf *b)
{
	tk_buf_str(b, heading);
	for (size_t k = 0; k < p->nitem; k++)
		tk_buf_fmt(b, ",%s", p->item[k].code);
	tk_buf_chr(b, '\n');
	for (size_t i = 0; i < PANEL_SIZE; i++) {
		if (want && !want(p, i))
			continue;
		cell(b, p->at[i].code);
		for (size_t k = 0; k < p->nitem; k++) {
			tk_buf_chr(b, ',');
			cell(b, p->item[k].value[i] ? p->item[k].value[i] : "");
		}
		tk_buf_chr(b, '\n');
	}
}
