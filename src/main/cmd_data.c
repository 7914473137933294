/* cmd_data.c - import, export. */
#include <stdlib.h>
#include <string.h>
#include "main/cli.h"
#include "org/roster.h"
#include "record/transfer.h"
#include "survey/response.h"

static int import_roster(struct cli *c)
{
	struct tk_roster_opt opt = {
		.new_divisions = cli_has(c, "--new-divisions"),
		.partial = cli_has(c, "--partial"),
		.allow_many_ends = cli_has(c, "--allow-many-ends"),
		.base_date = cli_get(c, "--base-date"),
	};
	struct tk_roster *r = NULL;
	enum tk_print_format format;
	const char *data;
	size_t n;
	enum tk_rc rc;

	if (!cli_format(c, &format))
		return cli_usage(c, "--format table|csv|json");
	if ((rc = cli_read_file(c, c->arg[1], &data, &n)) != TK_OK ||
	    (rc = cli_open_db(c, CLI_CREATE)) != TK_OK)
		return cli_fail(c, rc);
	rc = tk_roster_import(&c->op, data, n, c->arg[1], &opt, cli_has(c, "--dry-run"), &r);
	if (rc == TK_OK)
		rc = tk_roster_print(r, stdout, format, c->lang, &c->e);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	return tk_roster_report(r)->accepted ? 0 : 1;
}

static int print_report(struct cli *c, const struct tk_report *rep, enum tk_print_format format)
{
	enum tk_rc rc = tk_report_print(rep, stdout, format, c->lang, &c->e);

	if (rc != TK_OK)
		return cli_fail(c, rc);
	return rep->accepted ? 0 : 1;
}

/* All rows or none: the transaction is taken back when the file was not accepted. */
static int import_response(struct cli *c)
{
	struct tk_report *rep = tk_report_new(c->mem);
	enum tk_print_format format;
	struct campaign campaign = { 0 };
	const char *data;
	size_t n;
	enum tk_rc rc;

	if (!cli_format(c, &format))
		return cli_usage(c, "--format table|csv|json");
	if ((rc = cli_read_file(c, c->arg[2], &data, &n)) != TK_OK ||
	    (rc = cli_open_db(c, CLI_CREATE)) != TK_OK ||
	    (rc = tk_campaign_find(&c->op, c->arg[1], &campaign)) != TK_OK ||
	    (rc = tk_db_begin(c->db, &c->e)) != TK_OK)
		return cli_fail(c, rc);
	rc = tk_response_import(&c->op, &campaign, data, n, c->arg[2], cli_has(c, "--dry-run"),
				rep);
	if (rc == TK_OK && rep->written)
		rc = tk_db_commit(c->db, &c->e);
	else
		tk_db_rollback(c->db);
	return rc == TK_OK ? print_report(c, rep, format) : cli_fail(c, rc);
}

static const struct tk_rtype *find_type(const char *name)
{
	const struct tk_rtype *t = tk_rtype_by_path(name);

	return t ? t : tk_rtype_by_name(name);
}

int cmd_import(struct cli *c)
{
	struct tk_report *rep = NULL;
	enum tk_print_format format;
	const struct tk_rtype *t;
	const char *data;
	size_t n;
	enum tk_rc rc;

	if (c->narg == 2 && !strcmp(c->arg[0], "roster"))
		return import_roster(c);
	if (c->narg == 3 && !strcmp(c->arg[0], "response"))
		return import_response(c);
	t = c->narg == 2 ? find_type(c->arg[0]) : NULL;
	if (!t || t->flags & TK_T_NO_IMPORT)
		return cli_usage(c,
				 tk_tr(c->lang, N_("name what to import: roster FILE, response "
						   "CAMPAIGN FILE, or a kind of record and FILE")));
	if (!cli_format(c, &format))
		return cli_usage(c, "--format table|csv|json");
	if ((rc = cli_read_file(c, c->arg[1], &data, &n)) != TK_OK ||
	    (rc = cli_open_db(c, CLI_CREATE)) != TK_OK ||
	    (rc = tk_rec_import_map(&c->op, t, data, n, c->arg[1], cli_get(c, "--map"),
				    cli_has(c, "--dry-run"), &rep)) != TK_OK)
		return cli_fail(c, rc);
	return print_report(c, rep, format);
}

static bool export_options(struct cli *c, struct tk_out_opt *opt, bool *json)
{
	const char *format = cli_get(c, "--format"), *enc = cli_get(c, "--encoding");

	*opt = (struct tk_out_opt){ 0 };
	*json = format && !strcmp(format, "json");
	if (format && !*json && strcmp(format, "csv") && strcmp(format, "xlsx"))
		return false;
	opt->format = format && !strcmp(format, "xlsx") ? TK_OUT_XLSX : TK_OUT_CSV;
	if (enc && strcmp(enc, "utf-8") && strcmp(enc, "utf-8-bom") && strcmp(enc, "cp932"))
		return false;
	opt->enc = !enc || !strcmp(enc, "utf-8") ? TK_OUT_UTF8
		   : !strcmp(enc, "cp932")       ? TK_OUT_CP932
						 : TK_OUT_UTF8_BOM;
	opt->crlf = opt->enc != TK_OUT_UTF8;
	return true;
}

static void tell_lost(struct cli *c, const struct tk_export_done *done)
{
	for (size_t i = 0; i < done->nlost; i++)
		fprintf(stderr, "%s: %s %u, %s, U+%04X\n",
			tk_tr(c->lang, N_("CP932 cannot hold a character")),
			tk_tr(c->lang, N_("row")), done->lost[i].row, done->lost[i].column,
			(unsigned)done->lost[i].cp);
}

/* "name a kind of record: staff, divisions, ...": all there are, as a person has no other list. */
static int unknown_type(struct cli *c)
{
	const struct tk_rtype *const *t;
	size_t n = tk_rtypes(&t);
	struct tk_buf b = TK_BUF(4096);
	int rc;

	for (size_t i = 0; i < n; i++)
		if (!(t[i]->flags & TK_T_HIDDEN))
			tk_buf_fmt(&b, "%s%s", b.len ? ", " : "", t[i]->path);
	rc = cli_usage(c, tk_sprintf(c->mem, "%s: %s",
				     tk_tr(c->lang, N_("name a kind of record")), tk_buf_cstr(&b)));
	tk_buf_drop(&b);
	return rc;
}

/* The answers of a campaign, for whoever runs this machine. */
static enum tk_rc export_answers(struct cli *c, const struct tk_out_opt *opt, FILE *f)
{
	struct campaign campaign = { 0 };
	int64_t rows = 0;
	enum tk_rc rc = tk_campaign_find(&c->op, c->arg[1], &campaign);

	if (rc == TK_OK)
		rc = tk_response_export(&c->op, &campaign, opt, tk_out_to_file, f, &rows);
	return rc;
}

int cmd_export(struct cli *c)
{
	const struct tk_rtype *t = c->narg == 1 ? find_type(c->arg[0]) : NULL;
	bool answers = c->narg == 2 && !strcmp(c->arg[0], "response");
	const char *out = cli_get(c, "--out");
	struct tk_export_done done = { 0 };
	struct tk_query q = { .limit = -1 };
	struct tk_out_opt opt;
	FILE *f = stdout;
	bool json;
	enum tk_rc rc;

	if (!answers && (!t || t->flags & TK_T_HIDDEN))
		return unknown_type(c);
	if (!export_options(c, &opt, &json) || (answers && json))
		return cli_usage(c, "--format csv|xlsx|json, --encoding utf-8|utf-8-bom|cp932");
	if ((rc = cli_open_db(c, CLI_EXISTING)) != TK_OK)
		return cli_fail(c, rc);
	if (out && !(f = fopen(out, "wb")))
		return cli_fail(c, tk_fail(&c->e, TK_EINVAL, "--out",
					   N_("The file %s cannot be written."), out));
	if (answers)
		rc = export_answers(c, &opt, f);
	else if (json)
		rc = tk_rec_export_json(&c->op, t, &q, c->lang, tk_out_to_file, f, &done.rows);
	else
		rc = tk_rec_export(&c->op, t, &q, &opt, c->lang, tk_out_to_file, f, &done);
	if (out && fclose(f) != 0 && rc == TK_OK)
		rc = tk_fail(&c->e, TK_EFULL, "--out", N_("The file %s cannot be written."), out);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	tell_lost(c, &done);
	return 0;
}
