/* cli_list.c - lists of the command line as CSV and JSON. */
#include "main/cli_list.h"

enum tk_rc cli_list_open(struct cli_list *l, struct cli *c, enum tk_print_format format,
			 const char *const *name)
{
	struct tk_out_opt opt = { 0 };
	struct tk_out_col col[CLI_LIST_MAX] = { { 0 } };
	enum tk_rc rc = TK_OK;
	size_t n = 0;

	*l = (struct cli_list){ .c = c, .format = format, .name = name };
	if (format == TK_PRINT_JSON)
		fputs("[", stdout);
	if (format != TK_PRINT_CSV)
		return TK_OK;
	for (; name[n]; n++)
		col[n].title = name[n];
	if ((rc = tk_out_open(&l->out, &opt, tk_out_to_file, stdout, &c->e)) == TK_OK)
		tk_out_sheet(l->out, "list", col, n);
	return rc;
}

static void json_row(struct cli_list *l, const struct tk_value *v)
{
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_json j = TK_JSON(&b);

	tk_json_obj(&j);
	for (size_t i = 0; l->name[i]; i++) {
		tk_json_key(&j, l->name[i]);
		if (v[i].type == TK_V_INT)
			tk_json_int(&j, v[i].i);
		else if (v[i].type == TK_V_TEXT)
			tk_json_str(&j, v[i].s);
		else
			tk_json_null(&j);
	}
	tk_json_end_obj(&j);
	printf("%s%s", l->rows ? ",\n" : "", tk_buf_cstr(&b));
	tk_buf_drop(&b);
}

void cli_list_row(struct cli_list *l, const struct tk_value *v)
{
	if (l->format == TK_PRINT_JSON) {
		json_row(l, v);
	} else if (l->out) {
		tk_out_row(l->out);
		for (size_t i = 0; l->name[i]; i++) {
			if (v[i].type == TK_V_INT)
				tk_out_int(l->out, v[i].i);
			else
				tk_out_text(l->out, v[i].type == TK_V_TEXT ? v[i].s : NULL);
		}
	}
	l->rows++;
}

enum tk_rc cli_list_close(struct cli_list *l, enum tk_rc rc)
{
	if (l->format == TK_PRINT_JSON)
		puts("]");
	if (l->out && rc == TK_OK)
		rc = tk_out_close(l->out, &l->c->e);
	tk_out_free(l->out);
	l->out = NULL;
	return rc;
}
