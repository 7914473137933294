/* xlsform_matrix.c - kobomatrix: its questions are asked once for each choice of a list.
 *
 * It is read into a group for each of these choices, in it a question NAME_CHOICE_QUESTION for each
 * of its own, as Kobo names them; it is not written again. */
#include <cjson/cJSON.h>
#include <string.h>
#include "base/text.h"
#include "form/xlsform_in.h"

static const char *list_of(struct tk_xls_reading *r, const struct form_item *group)
{
	struct tk_err quiet = { 0 };
	cJSON *o = NULL;
	const cJSON *v;

	if (!group->extra ||
	    tk_json_parse(r->a, group->extra, strlen(group->extra), &o, &quiet) != TK_OK)
		return "";
	v = cJSON_GetObjectItemCaseSensitive(o, "kobo--matrix_list");
	return cJSON_IsString(v) ? v->valuestring : "";
}

/* ${own} of the matrix as ${code} of this line. */
static const char *renamed(struct tk_xls_reading *r, const char *s, const char *own,
			   const char *code)
{
	const char *from = tk_sprintf(r->a, "${%s}", own), *at;
	struct tk_buf b = TK_BUF(65536);

	if (!s || !strstr(s, from))
		return s;
	for (; (at = strstr(s, from)) != NULL; s = at + strlen(from)) {
		tk_buf_add(&b, s, (size_t)(at - s));
		tk_buf_fmt(&b, "${%s}", code);
	}
	tk_buf_str(&b, s);
	s = tk_strdup(r->a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return s;
}

struct line {
	const struct form_item *own;
	size_t n;
	const char **code;
};

static void add(struct tk_xls_reading *r, struct form_item it)
{
	struct form_item *to = tk_xls_more(r, &r->item);

	*to = it;
	to->sort = (int64_t)r->item.n * 10;
}

static void copy_item(struct tk_xls_reading *r, const struct line *l, size_t k, const char *group)
{
	static const char *const rule[] = { "relevant",      "constraint_expr", "calculation",
					    "required_expr", "default_value",   "choice_filter",
					    "label_ja",      "label_en" };
	struct form_item it = l->own[k];

	tk_set_by(&tk_form_item_type, &it, "code", TK_S(l->code[k]));
	tk_set_by(&tk_form_item_type, &it, "group_code", TK_S(group));
	for (size_t i = 0; i < TK_LEN(rule); i++) {
		struct tk_value v = tk_get_by(&tk_form_item_type, &it, rule[i]);
		const char *s = v.type == TK_V_TEXT ? v.s : NULL;

		for (size_t m = 0; s && m < l->n; m++)
			s = renamed(r, s, l->own[m].code, l->code[m]);
		if (s && s != v.s)
			tk_set_by(&tk_form_item_type, &it, rule[i], TK_S(s));
	}
	add(r, it);
}

static void one_line(struct tk_xls_reading *r, const struct form_item *matrix,
		     const struct choice *c, struct line *l)
{
	struct form_item g = *matrix;
	const char *before = tk_sprintf(r->a, "%s_%s", matrix->code,
					tk_xls_as_code(r, c->code, false)),
		   *code = tk_xls_free_code(r, &r->item_code, "", tk_utf8_head(r->a, before, 60));

	tk_set_by(&tk_form_item_type, &g, "code", TK_S(code));
	tk_set_by(&tk_form_item_type, &g, "group_code", TK_S(matrix->code));
	tk_set_by(&tk_form_item_type, &g, "label_ja", TK_S(c->label_ja));
	tk_set_by(&tk_form_item_type, &g, "label_en", c->label_en ? TK_S(c->label_en) : TK_NULL);
	tk_set_by(&tk_form_item_type, &g, "relevant", TK_NULL);
	tk_set_by(&tk_form_item_type, &g, "extra", TK_NULL);
	add(r, g);
	for (size_t k = 0; k < l->n; k++)
		l->code[k] = tk_xls_free_code(
			r, &r->item_code, "",
			tk_utf8_head(r->a, tk_sprintf(r->a, "%s_%s", before, l->own[k].code), 60));
	for (size_t k = 0; k < l->n; k++)
		copy_item(r, l, k, code);
}

bool tk_xls_matrix(struct tk_xls_reading *r, size_t begin)
{
	const struct form_item *all = (const void *)r->item.p;
	const struct choice *c = (const void *)r->choice.p;
	struct form_item matrix = all[begin], *own;
	const char *list = list_of(r, &matrix);
	struct line l = { .n = r->item.n - begin - 1 };
	bool any = false;

	own = tk_alloc_n(r->a, l.n + 1, sizeof(*own));
	memcpy(own, all + begin + 1, l.n * sizeof(*own));
	l.own = own;
	l.code = tk_alloc_n(r->a, l.n + 1, sizeof(*l.code));
	for (size_t i = 0; i < r->choice.n; i++)
		any = any || !strcmp(c[i].list, list);
	if (!any)
		return false;
	r->item.n = begin + 1;
	tk_set_by(&tk_form_item_type, (struct form_item *)(void *)r->item.p + begin, "extra",
		  TK_NULL);
	for (size_t i = 0; i < r->choice.n && r->item.n <= TK_XLS_ROWS; i++)
		if (!strcmp(c[i].list, list))
			one_line(r, &matrix, &c[i], &l);
	return true;
}
