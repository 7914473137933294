/* panel_write.c - the panel as the files an office would load. */
#include <string.h>
#include "demo/demo_in.h"
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

/* The group of the press figures and the size, since the founding of the panel. */
void panel_write_attributes(const struct panel *p, struct tk_buf *b)
{
	tk_buf_str(b, "institution_id,name,value,from_on\n");
	for (size_t i = 0; i < PANEL_SIZE; i++) {
		const struct panel_institution *in = &p->at[i];

		tk_buf_fmt(b, "%s,group,%s,2020-04-01\n%s,size,%s,2020-04-01\n", in->code,
			   in->group, in->code,
			   in->staff < 300    ? "small"
			   : in->staff < 2000 ? "medium"
					      : "large");
	}
}

/* A coordinator each, and a colleague for two in three. */
void panel_write_contacts(const struct panel *p, const struct demo_name *name, struct tk_buf *b)
{
	size_t k = 0;

	tk_buf_str(b, "institution_id,name,kana,department,mail,coordinator\n");
	for (size_t i = 0; i < PANEL_SIZE; i++) {
		const char *code = p->at[i].code;

		tk_buf_fmt(b, "%s,%s,%s,%s,coordinator@%s.example,1\n", code, name[k].name,
			   name[k].kana, panel_value(p, "answering_department", i), code);
		k++;
		if (i % 3 == 2)
			continue;
		tk_buf_fmt(b, "%s,%s,%s,システム部,systems@%s.example,0\n", code, name[k].name,
			   name[k].kana, code);
		k++;
	}
}

static bool is_answer(const struct panel *p, size_t item)
{
	return strncmp(p->item[item].code, PANEL_CODES, strlen(PANEL_CODES)) != 0;
}

void panel_write_answers(const struct panel *p, const char *heading,
			 bool (*want)(const struct panel *p, size_t institution), struct tk_buf *b)
{
	tk_buf_str(b, heading);
	for (size_t k = 0; k < p->nitem; k++)
		if (is_answer(p, k))
			tk_buf_fmt(b, ",%s", p->item[k].code);
	tk_buf_chr(b, '\n');
	for (size_t i = 0; i < PANEL_SIZE; i++) {
		if (want && !want(p, i))
			continue;
		cell(b, p->at[i].code);
		for (size_t k = 0; k < p->nitem; k++) {
			if (!is_answer(p, k))
				continue;
			tk_buf_chr(b, ',');
			cell(b, p->item[k].value[i] ? p->item[k].value[i] : "");
		}
		tk_buf_chr(b, '\n');
	}
}
