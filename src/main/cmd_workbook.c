/* cmd_workbook.c - the workbook of a respondent: made, and taken in again. */
#include <string.h>
#include "base/clock.h"
#include "main/cli.h"
#include "workbook/workbook.h"

/* By staff number, code of the institution, or id. */
static enum tk_rc find(struct cli *c, struct tk_response *r, struct tk_workbook *w)
{
	struct campaign campaign = { 0 };
	int64_t id = 0;
	enum tk_rc rc = tk_campaign_find(&c->op, c->arg[1], &campaign);

	if (rc == TK_OK)
		rc = tk_db_int(c->db, &c->e,
			       "SELECT id FROM respondent WHERE campaign_id = $1 AND deleted_at IS "
			       "NULL AND (staff_number = $2 OR institution_code = $2 OR "
			       "CAST(id AS TEXT) = $2)",
			       TK_ARGS(TK_I(campaign.rec.id), TK_S(c->arg[2])), 0, &id);
	if (rc == TK_OK && !id)
		rc = tk_fail(&c->e, TK_ENOTFOUND, NULL, N_("There is no such respondent."));
	if (rc == TK_OK)
		rc = tk_response_of(&c->op, id, r);
	w->lang = c->lang;
	w->made = tk_now();
	return rc == TK_OK ? tk_workbook_of(&c->op, r, w) : rc;
}

static enum tk_rc make_key(struct cli *c, struct tk_workbook *w)
{
	enum tk_rc rc = tk_db_begin(c->db, &c->e);

	if (rc != TK_OK)
		return rc;
	rc = tk_workbook_key(&c->op, true, &w->key);
	if (rc == TK_OK)
		return tk_db_commit(c->db, &c->e);
	tk_db_rollback(c->db);
	return rc;
}

static int workbook_export(struct cli *c)
{
	const char *out = cli_get(c, "--out");
	struct tk_workbook w = { 0 };
	struct tk_response r;
	FILE *f = stdout;
	enum tk_rc rc = find(c, &r, &w);

	if (rc == TK_OK)
		rc = make_key(c, &w);
	if (rc == TK_OK && out && strcmp(out, "-") != 0 && !(f = fopen(out, "wb")))
		rc = tk_fail(&c->e, TK_EINVAL, "--out", N_("The file %s cannot be written."), out);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	rc = tk_workbook_write(&w, c->mem, tk_out_to_file, f, &c->e);
	if (f != stdout && fclose(f) != 0 && rc == TK_OK)
		rc = tk_fail(&c->e, TK_EFULL, "--out", N_("The file %s cannot be written."), out);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}

static void print_conflicts(const struct cli *c, const struct tk_wb_result *res)
{
	for (size_t i = 0; i < res->nchange; i++) {
		const struct tk_wb_change *x = &res->change[i];

		if (x->conflict && !x->decided)
			fprintf(stderr, "%s!%s  %s: %s: \"%s\" / \"%s\"\n", x->sheet, x->cell,
				x->item,
				tk_tr(c->lang, N_("changed on the server and in the file; decide "
						  "with --take or --keep")),
				x->server, x->file);
	}
}

static enum tk_rc take_in(struct cli *c, const struct tk_wb_file *file, struct tk_wb_result *res)
{
	struct tk_wb_decision d = { cli_get(c, "--take"), cli_get(c, "--keep") };
	struct tk_workbook w = { 0 };
	struct tk_response r;
	enum tk_rc rc = find(c, &r, &w);

	if (rc == TK_OK)
		rc = tk_response_editable(&c->op, &r);
	if (rc == TK_OK && tk_response_counts(r.state))
		rc = tk_fail(&c->e, TK_ECONFLICT, NULL,
			     N_("These answers are submitted. They change only after they are "
				"taken back or sent back."));
	if (rc == TK_OK)
		rc = tk_workbook_key(&c->op, false, &w.key);
	if (rc == TK_OK)
		rc = tk_workbook_merge(&c->op, &w, file, &d, &r, res);
	if (rc != TK_OK || cli_has(c, "--dry-run") || !res->rep->accepted || res->nundecided ||
	    !res->ntaken)
		return rc;
	if ((rc = tk_response_save(&c->op, &r)) == TK_OK)
		rc = tk_db_exec(c->db, &c->e,
				"UPDATE campaign SET epoch = epoch + 1 WHERE id = $1",
				TK_I(r.campaign_id));
	res->rep->written = rc == TK_OK;
	return rc;
}

static int workbook_import(struct cli *c, enum tk_print_format format)
{
	struct tk_wb_result res = { 0 };
	struct tk_wb_file *file;
	const char *data;
	size_t n;
	enum tk_rc rc = cli_read_file(c, c->arg[3], &data, &n);

	if (rc == TK_OK)
		rc = tk_workbook_parse(c->mem, data, n, c->arg[3], &file, &c->e);
	if (rc == TK_OK)
		rc = tk_db_begin(c->db, &c->e);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	rc = take_in(c, file, &res);
	if (rc == TK_OK && res.rep->written)
		rc = tk_db_commit(c->db, &c->e);
	else
		tk_db_rollback(c->db);
	if (rc == TK_OK)
		rc = tk_report_print(res.rep, stdout, format, c->lang, &c->e);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	print_conflicts(c, &res);
	return res.rep->accepted && !res.nundecided ? 0 : 1;
}

int cmd_workbook(struct cli *c)
{
	const char *what = c->narg ? c->arg[0] : "";
	bool export = c->narg == 3 && !strcmp(what, "export");
	enum tk_print_format format;
	enum tk_rc rc;

	if (!cli_format(c, &format))
		return cli_usage(c, "--format table|csv|json");
	if (!export && (c->narg != 4 || strcmp(what, "import") != 0))
		return cli_usage(c, "workbook export CAMPAIGN RESPONDENT | import CAMPAIGN "
				    "RESPONDENT FILE");
	if ((rc = cli_open_db(c, CLI_EXISTING)) != TK_OK)
		return cli_fail(c, rc);
	return export ? workbook_export(c) : workbook_import(c, format);
}
