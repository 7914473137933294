/* cmd_form.c - questionnaires: workbooks in and out, their faults, a condition tried. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "expr/expr_print.h"
#include "form/xlsform.h"
#include "main/cli_list.h"

/* -- what there is ----------------------------------------------------------------------------- */
static enum tk_rc form_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct cli_list *l = ctx;
	struct cli *c = l->c;
	const struct tk_rtype *t = &tk_form_version_type;
	const char *state =
		tk_print(c->mem, c->lang, &t->field[tk_field_index(t, "state")], TK_S(col[2].s));

	(void)n;
	if (l->format != TK_PRINT_TABLE) {
		cli_list_row(l, (const struct tk_value[]){ col[0], col[1], col[2], col[3], col[4],
							   col[5] });
		return TK_OK;
	}
	printf("%-24s %6lld  %s%*s %6lld  %s\n", col[0].s, (long long)col[1].i, state,
	       cli_pad(state, 10), "", (long long)col[3].i, tk_in(c->lang, col[4].s, col[5].s));
	return TK_OK;
}

static int form_list(struct cli *c)
{
	static const char *const name[] = { "form",	"version",  "state",	"items",
					    "title_ja", "title_en", NULL };
	enum tk_print_format format;
	struct cli_list l;
	enum tk_rc rc;

	(void)cli_format(c, &format);
	if ((rc = cli_list_open(&l, c, format, name)) == TK_OK)
		rc = tk_db_run(c->db, &c->e,
				  "SELECT f.code, v.number, v.state, (SELECT COUNT(*) FROM "
				  "form_item i WHERE i.form_version_id = v.id"
				  " AND i.kind NOT IN ('group', 'note', 'repeat', 'meta', 'other') "
				  "AND i.deleted_at IS NULL), f.title_ja, f.title_en"
				  " FROM form f JOIN form_version v ON v.form_id = f.id WHERE "
				  "f.deleted_at IS NULL AND v.deleted_at IS NULL"
				  " ORDER BY f.code, v.number",
				  NULL, 0, form_row, &l);
	rc = cli_list_close(&l, rc);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}

static void show_item(struct cli_list *l, const struct tk_form *f, const struct tk_item *it)
{
	struct tk_buf b = TK_BUF(64 << 10);

	for (unsigned k = 0; k < it->noption; k++)
		tk_buf_fmt(&b, "%s%s", k ? " " : "", it->option[k].code);
	cli_list_row(l, (const struct tk_value[]){
				TK_S(it->code), TK_S(it->kind),
				TK_S(f->audience[it->audience].code), TK_S(tk_buf_cstr(&b)),
				TK_S(it->required ? "yes" : "no"),
				TK_S(tk_in(l->c->lang, it->label_ja, it->label_en)) });
	tk_buf_drop(&b);
}

static int form_show(struct cli *c)
{
	static const char *const name[] = { "item",	"kind",	 "audience", "choices",
					    "required", "label", NULL };
	const char *format = cli_get(c, "--format");
	const struct tk_form *f;
	struct cli_list l;
	int64_t id;
	enum tk_rc rc = tk_form_find_any(&c->op, c->arg[1], &id);

	if (rc == TK_OK)
		rc = tk_form_get(&c->op, id, &f);
	if (rc == TK_OK)
		rc = cli_list_open(&l, c, format && !strcmp(format, "json") ? TK_PRINT_JSON :
						 TK_PRINT_CSV, name);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	for (size_t i = 0; i < f->nitem; i++)
		show_item(&l, f, &f->item[i]);
	rc = cli_list_close(&l, TK_OK);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}

/* -- workbooks --------------------------------------------------------------------------------- */
struct faults { struct cli *c; struct tk_json *j; };

static void print_fault(void *ctx, const struct tk_form_fault *f)
{
	struct faults *p = ctx;

	if (!p->j) {
		fprintf(stderr, "%s", f->sheet);
		if (f->row)
			fprintf(stderr, " %lld", (long long)f->row);
		fprintf(stderr, "%s%s: %s\n", f->column ? " " : "", f->column ? f->column : "",
			f->text);
		return;
	}
	tk_json_obj(p->j);
	tk_json_kstr(p->j, "sheet", f->sheet);
	tk_json_kint(p->j, "row", f->row);
	tk_json_kstr(p->j, "column", f->column);
	tk_json_kstr(p->j, "item", f->item);
	tk_json_kstr(p->j, "text", f->text);
	tk_json_end_obj(p->j);
}

static enum tk_rc read_workbook(struct cli *c, const char *path, struct tk_form_rows *rows)
{
	const char *data;
	size_t n;
	enum tk_rc rc = cli_read_file(c, path, &data, &n);

	return rc == TK_OK ? tk_xlsform_read_bytes(c->mem, data, n, path, rows, &c->e) : rc;
}

/* A file that is no questionnaire at all is a fault like the others, so that programs read one
 * form. */
static void print_refusal(struct cli *c, struct tk_json *j)
{
	struct faults p = { c, j };
	struct tk_form_fault f = { .item = "", .text = c->e.msg };
	const char *cell = strchr(c->e.field, '!');

	f.sheet = cell ? tk_strndup(c->mem, c->e.field, (size_t)(cell - c->e.field)) : c->e.field;
	f.row = cell != NULL;           /* a heading */
	f.column = cell ? cell + 1 : NULL;
	print_fault(&p, &f);
}

/* What stops nothing, but is probably a slip. */
static void print_warnings(struct cli *c, struct tk_json *j, const struct tk_form_rows *rows)
{
	struct faults p = { c, j };

	for (size_t i = 0; i < rows->nwarning; i++) {
		if (!j)
			fprintf(stderr, "%s: ", tk_tr(c->lang, N_("warning")));
		print_fault(&p, &rows->warning[i]);
	}
}

static int form_check(struct cli *c, bool json)
{
	struct tk_buf b = TK_BUF(64 << 20);
	struct tk_json j = TK_JSON(&b);
	struct faults p = { c, json ? &j : NULL };
	struct tk_form_rows rows = { 0 };
	size_t n = 0;
	enum tk_rc rc;

	tk_json_obj(&j);
	tk_json_key(&j, "faults");
	tk_json_arr(&j);
	rc = read_workbook(c, c->arg[1], &rows);
	if (rc == TK_OK)
		rc = tk_form_faults(c->mem, &rows, print_fault, &p, &n, &c->e);
	if (rc != TK_OK && !json)
		return cli_fail(c, rc);
	if (rc != TK_OK)
		print_refusal(c, &j);
	tk_json_end_arr(&j);
	tk_json_key(&j, "warnings");
	tk_json_arr(&j);
	print_warnings(c, json ? &j : NULL, &rows);
	tk_json_end_arr(&j);
	tk_json_kstr(&j, "form", rc == TK_OK ? rows.form.code : NULL);
	tk_json_kint(&j, "rows", (int64_t)rows.nitem);
	tk_json_kbool(&j, "runs", rc == TK_OK && n == 0);
	tk_json_end_obj(&j);
	if (json)
		printf("%s\n", tk_buf_cstr(&b));
	else
		printf("%s: %zu %s, %zu %s\n", rows.form.code, rows.nitem,
		       tk_tr(c->lang, N_("rows")), n, tk_tr(c->lang, N_("faults")));
	tk_buf_drop(&b);
	return rc == TK_OK && n == 0 ? 0 : 1;
}

static enum tk_rc number_of(struct cli *c, int64_t id, int64_t *ret)
{
	return tk_db_int(c->db, &c->e, "SELECT number FROM form_version WHERE id = $1",
			 TK_ARGS(TK_I(id)), 0, ret);
}

/* Everything is taken in; the faults are said now because they stop publication later. */
static int form_import(struct cli *c)
{
	struct faults p = { c, NULL };
	struct tk_form_rows rows;
	int64_t id = 0, number = 0;
	bool fresh = false;
	size_t n = 0;
	enum tk_rc rc = read_workbook(c, c->arg[1], &rows);

	if (rc == TK_OK)
		rc = tk_db_begin(c->db, &c->e);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	if ((rc = tk_form_import(&c->op, &rows, &id, &fresh)) == TK_OK &&
	    (rc = number_of(c, id, &number)) == TK_OK)
		rc = tk_form_faults(c->mem, &rows, print_fault, &p, &n, &c->e);
	if (rc == TK_OK)
		rc = tk_db_commit(c->db, &c->e);
	else
		tk_db_rollback(c->db);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	print_warnings(c, NULL, &rows);
	printf("%s@%lld: %s, %zu %s\n", rows.form.code, (long long)number,
	       tk_tr(c->lang,
		     fresh ? N_("imported as a draft") : N_("there already, nothing was changed")),
	       n, tk_tr(c->lang, N_("faults")));
	return 0;
}

static int form_export(struct cli *c)
{
	const char *out = cli_get(c, "--out");
	struct tk_form_rows rows;
	FILE *file = stdout;
	int64_t id;
	enum tk_rc rc = tk_form_find_any(&c->op, c->arg[1], &id);

	if (rc == TK_OK)
		rc = tk_form_rows(&c->op, c->mem, id, &rows);
	if (rc == TK_OK && out && strcmp(out, "-") != 0 && !(file = fopen(out, "wb")))
		rc = tk_fail(&c->e, TK_EINVAL, "--out", N_("The file %s cannot be written."), out);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	rc = tk_xlsform_write(c->mem, &rows, tk_out_to_file, file, &c->e);
	if (file != stdout && fclose(file) != 0 && rc == TK_OK)
		rc = tk_fail(&c->e, TK_EFULL, "--out", N_("The file %s cannot be written."), out);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}

static int form_publish(struct cli *c)
{
	int64_t id;
	enum tk_rc rc = tk_form_find_any(&c->op, c->arg[1], &id);

	if (rc == TK_OK)
		rc = tk_db_begin(c->db, &c->e);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	if ((rc = tk_form_publish(&c->op, id)) == TK_OK)
		rc = tk_db_commit(c->db, &c->e);
	else
		tk_db_rollback(c->db);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	printf("%s: %s\n", c->arg[1], tk_tr(c->lang, N_("Published")));
	return 0;
}

/* -- a condition tried ------------------------------------------------------------------------- */
static bool value_of(void *ctx, const char *name, struct tk_xval *ret)
{
	const struct cli *c = ctx;
	size_t n = strlen(name);

	for (size_t i = c->nset; i-- > 0;)
		if (!strncmp(c->set[i], name, n) && c->set[i][n] == '=') {
			*ret = tk_xstr(c->set[i] + n + 1);
			return true;
		}
	return false;
}

static int form_eval(struct cli *c, bool json)
{
	static const char *const type[] = { "text", "number", "boolean" };
	struct tk_xenv env = { .get = value_of, .ctx = c };
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_json j = TK_JSON(&b);
	struct tk_expr *x;
	struct tk_xval v;

	for (size_t i = 0; i < c->nset; i++)
		if (!strchr(c->set[i], '='))
			return cli_usage(c, "--set NAME=VALUE");
	if (tk_expr_parse(c->mem, c->arg[1], &x, &c->e) != TK_OK)
		return cli_fail(c, TK_EINVAL);
	(void)value_of(c, ".", &env.self);
	v = tk_expr_eval(x, &env, c->mem);
	if (json) {
		tk_json_obj(&j);
		tk_json_kstr(&j, "value", tk_xval_str(c->mem, v));
		tk_json_kstr(&j, "type", type[v.type]);
		tk_json_end_obj(&j);
		printf("%s\n", tk_buf_cstr(&b));
		tk_buf_drop(&b);
	} else {
		printf("%s\t%s\n", tk_xval_str(c->mem, v), type[v.type]);
	}
	return 0;
}

/* In SQL ${name} is a column, in a formula a defined name. */
static const char *written(void *ctx, const char *name)
{
	const struct cli *c = ctx;

	return !strcmp(cli_get(c, "--as"), "sql") ? tk_sprintf(c->mem, "\"%s\"", name) : name;
}

static int form_write(struct cli *c, const char *as)
{
	struct tk_xprint_env env = { .ref = written, .ctx = c };
	enum tk_xprint how = !strcmp(as, "sql")       ? TK_XP_SQL
			     : !strcmp(as, "formula") ? TK_XP_EXCEL
						      : TK_XP_XLSFORM;
	struct tk_buf b = TK_BUF(1 << 20);
	struct tk_expr *x;
	enum tk_rc rc;

	if (how == TK_XP_XLSFORM && strcmp(as, "xlsform") != 0)
		return cli_usage(c, "--as xlsform|sql|formula");
	rc = tk_expr_parse(c->mem, c->arg[1], &x, &c->e);
	if (rc == TK_OK)
		rc = tk_expr_print(x, how, TK_XV_BOOL, &env, &b, &c->e);
	if (rc == TK_OK)
		printf("%s\n", tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}

int cmd_form(struct cli *c)
{
	static const struct {
		const char *name;
		size_t narg;
		int (*run)(struct cli *c);
	} with_db[] = {
		{ "list", 1, form_list },       { "show", 2, form_show },
		{ "import", 2, form_import },   { "export", 2, form_export },
		{ "publish", 2, form_publish },
	};
	const char *what = c->narg ? c->arg[0] : "";
	enum tk_print_format format;
	enum tk_rc rc;

	if (!cli_format(c, &format))
		return cli_usage(c, "--format table|csv|json");
	if (c->narg == 2 && !strcmp(what, "check"))
		return form_check(c, format == TK_PRINT_JSON);
	if (c->narg == 2 && !strcmp(what, "eval") && cli_get(c, "--as"))
		return form_write(c, cli_get(c, "--as"));
	if (c->narg == 2 && !strcmp(what, "eval"))
		return form_eval(c, format == TK_PRINT_JSON);
	for (size_t i = 0; i < TK_LEN(with_db); i++) {
		if (strcmp(what, with_db[i].name) != 0 || c->narg != with_db[i].narg)
			continue;
		if ((rc = cli_open_db(c, CLI_CREATE)) != TK_OK)
			return cli_fail(c, rc);
		return with_db[i].run(c);
	}
	return cli_usage(c, "form list | show FORM | check FILE | import FILE | export FORM | "
			    "publish FORM@VERSION | eval EXPRESSION");
}
