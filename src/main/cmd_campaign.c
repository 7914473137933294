/* cmd_campaign.c - campaign, tabulate. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "main/cli_list.h"
#include "record/transfer.h"
#include "survey/live.h"
#include "survey/rollup.h"
#include "table/table.h"

/* The word that a person reads for a state; files hold its code. */
static const char *state_label(struct cli *c, const struct tk_rtype *t, const char *state)
{
	return tk_print(c->mem, c->lang, &t->field[tk_field_index(t, "state")], TK_S(state));
}

/* -- campaign ---------------------------------------------------------------------------------- */
static enum tk_rc status_of(struct cli *c, const struct campaign *cm, enum tk_print_format format)
{
	struct tk_table_ask ask = { .name = "response-rate", .lang = c->lang };
	struct tk_table *t;
	enum tk_rc rc = tk_table_make(&c->op, cm, &ask, &t);

	if (rc != TK_OK)
		return rc;
	if (format == TK_PRINT_TABLE)
		printf("%s  %s  %s\n", cm->name, tk_in(c->lang, cm->title_ja, cm->title_en),
		       state_label(c, &tk_campaign_type, cm->state));
	return tk_table_write(stdout, t,
			      format == TK_PRINT_CSV    ? TK_TABLE_CSV
			      : format == TK_PRINT_JSON ? TK_TABLE_JSON
							: TK_TABLE_TEXT,
			      &c->e);
}

static enum tk_rc create(struct cli *c)
{
	const char *year = cli_get(c, "--year");
	struct tk_campaign_new n = {
		.name = c->arg[1],
		.form = cli_get(c, "--form"),
		.population = cli_get(c, "--population"),
		.title_ja = cli_get(c, "--title"),
		.title_en = cli_get(c, "--title-en"),
		.opens_on = cli_get(c, "--opens"),
		.closes_on = cli_get(c, "--closes"),
		.base_date = cli_get(c, "--base-date"),
		.follow_up_of = cli_get(c, "--follow-up-of"),
		.asks = cli_has(c, "--panel") ? "institution" : "staff",
	};
	struct campaign cm;
	int64_t people = 0;
	enum tk_rc rc;

	if (!n.form || !year)
		return tk_fail(&c->e, TK_EINVAL, "campaign create",
			       N_("--form and --year are needed, such as --form self_inspection "
				  "--year 2026."));
	if (!tk_parse_int(year, &n.fiscal_year))
		return tk_fail(&c->e, TK_EINVAL, "--year",
			       N_("Write the fiscal year as a number, such as 2026."));
	rc = tk_campaign_create(&c->op, &n, &cm);
	if (rc == TK_OK)
		rc = tk_db_int(c->db, &c->e,
			       "SELECT COUNT(*) FROM respondent WHERE campaign_id = $1",
			       TK_ARGS(TK_I(cm.rec.id)), 0, &people);
	if (rc == TK_OK)
		printf("%s: %s %lld\n", cm.name, tk_tr(c->lang, N_("planned; people asked:")),
		       (long long)people);
	return rc;
}

static enum tk_rc late_row(void *ctx, const struct tk_remind_row *r)
{
	struct cli_list *l = ctx;

	if (l->format == TK_PRINT_TABLE)
		printf("%s\t%s\t%s\t%s\t%s\n", r->staff_number, r->name, r->bureau, r->division,
		       r->mail ? r->mail : "");
	else
		cli_list_row(l, (const struct tk_value[]){ TK_S(r->staff_number), TK_S(r->name),
							   TK_S(r->bureau), TK_S(r->division),
							   TK_S(r->mail) });
	return TK_OK;
}

static enum tk_rc late(struct cli *c, const struct campaign *cm, enum tk_print_format format)
{
	static const char *const name[] = { "staff_number", "name", "bureau",
					    "division",     "mail", NULL };
	struct cli_list l;
	enum tk_rc rc = cli_list_open(&l, c, format, name);

	if (rc == TK_OK)
		rc = tk_remind_list(&c->op, cm->rec.id, 0, late_row, &l);
	return cli_list_close(&l, rc);
}

static enum tk_rc remind(struct cli *c, const struct campaign *cm, enum tk_print_format format)
{
	const char *base = cli_get(c, "--base-url");
	struct tk_remind_result res;
	enum tk_rc rc;

	if (!cli_has(c, "--send"))
		return late(c, cm, format);
	rc = tk_remind_send(&c->op, cm, NULL, 0, base ? base : "http://127.0.0.1:8080", &res);
	if (rc == TK_OK)
		printf("%s: %lld, %s: %lld\n", tk_tr(c->lang, N_("queued")), (long long)res.queued,
		       tk_tr(c->lang, N_("without a mail address")), (long long)res.without_mail);
	return rc;
}

static enum tk_rc move(struct cli *c, const char *what, const struct campaign *cm,
		       enum tk_print_format format)
{
	const char *reason = cli_get(c, "--reason"), *closes = cli_get(c, "--closes");
	struct tk_population_change ch;
	enum tk_rc rc;

	if (!strcmp(what, "open"))
		rc = tk_campaign_open(&c->op, cm->rec.id);
	else if (!strcmp(what, "close"))
		rc = tk_campaign_close(&c->op, cm->rec.id, reason);
	else if (!strcmp(what, "extend"))
		rc = tk_campaign_extend(&c->op, cm->rec.id, closes, reason);
	else if (!strcmp(what, "reopen"))
		rc = tk_campaign_reopen(&c->op, cm->rec.id, closes, reason);
	else if (!strcmp(what, "sync"))
		rc = tk_population_sync(&c->op, cm, &ch);
	else if (!strcmp(what, "remind"))
		rc = remind(c, cm, format);
	else
		rc = tk_fail(&c->e, TK_EINVAL, "campaign", N_("There is no action \"%.40s\"."),
			     what);
	return rc;
}

static enum tk_rc list_row(void *ctx, const void *rec, const char *const *label)
{
	const struct campaign *cm = rec;
	struct cli *c = ctx;
	const char *state = state_label(c, &tk_campaign_type, cm->state);

	(void)label;
	printf("%-28s %lld  %s%*s %s\n", cm->name, (long long)cm->fiscal_year, state,
	       cli_pad(state, 8), "", tk_in(c->lang, cm->title_ja, cm->title_en));
	return TK_OK;
}

static enum tk_rc list(struct cli *c, enum tk_print_format format)
{
	struct tk_query q = { .limit = -1 };
	struct tk_out_opt opt = { 0 };
	struct tk_export_done done;
	int64_t n;

	if (format == TK_PRINT_JSON)
		return tk_rec_export_json(&c->op, &tk_campaign_type, &q, c->lang, tk_out_to_file,
					  stdout, &n);
	if (format == TK_PRINT_CSV)
		return tk_rec_export(&c->op, &tk_campaign_type, &q, &opt, c->lang, tk_out_to_file,
				     stdout, &done);
	return tk_rec_list(&c->op, &tk_campaign_type, &q, list_row, c, NULL, NULL);
}

/* Everything a campaign command changes, it changes in one transaction. */
int cmd_campaign(struct cli *c)
{
	const char *what = c->narg ? c->arg[0] : "";
	enum tk_print_format format;
	struct campaign cm = { 0 };
	bool status = !strcmp(what, "status");
	enum tk_rc rc;

	if (!cli_format(c, &format) || c->narg != (strcmp(what, "list") ? 2 : 1))
		return cli_usage(c, tk_tr(c->lang, N_("name an action and a campaign")));
	if ((rc = cli_open_db(c, CLI_CREATE)) != TK_OK)
		return cli_fail(c, rc);
	if (!strcmp(what, "list"))
		return (rc = list(c, format)) == TK_OK ? 0 : cli_fail(c, rc);
	if (strcmp(what, "create") && (rc = tk_campaign_find(&c->op, c->arg[1], &cm)) != TK_OK)
		return cli_fail(c, rc);
	if (status)
		return (rc = status_of(c, &cm, format)) == TK_OK ? 0 : cli_fail(c, rc);
	if ((rc = tk_db_begin(c->db, &c->e)) != TK_OK)
		return cli_fail(c, rc);
	rc = strcmp(what, "create") ? move(c, what, &cm, format) : create(c);
	if (rc == TK_OK)
		rc = tk_db_commit(c->db, &c->e);
	else
		tk_db_rollback(c->db);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}

/* -- tabulate ---------------------------------------------------------------------------------- */
int cmd_tabulate(struct cli *c)
{
	struct tk_table_ask ask = {
		.name = cli_get(c, "--table"),
		.by = cli_get(c, "--by"),
		.filter = cli_get(c, "--filter"),
		.round = cli_get(c, "--round"),
		.item = cli_get(c, "--item"),
		.base = cli_get(c, "--base"),
		.with = cli_get(c, "--with"),
		.matched = cli_has(c, "--matched"),
		.weighted = cli_has(c, "--weighted"),
		.intervals = cli_has(c, "--intervals"),
		.missing = cli_has(c, "--missing"),
		.lang = c->lang,
	};
	const char *format = cli_get(c, "--format"), *out = cli_get(c, "--out");
	enum tk_table_format f;
	struct campaign cm = { 0 };
	struct tk_table *t;
	FILE *file = stdout;
	enum tk_rc rc;

	if (c->narg != 1 || !ask.name)
		return cli_usage(c, tk_tr(c->lang, N_("name a campaign and give --table")));
	if (!tk_table_format_of(format ? format : "table", &f))
		return cli_usage(c, "--format table|csv|json|xlsx|svg|png");
	if ((rc = cli_open_db(c, CLI_EXISTING)) != TK_OK ||
	    (rc = tk_campaign_find(&c->op, c->arg[0], &cm)) != TK_OK ||
	    (rc = tk_table_make(&c->op, &cm, &ask, &t)) != TK_OK)
		return cli_fail(c, rc);
	if (out && !(file = fopen(out, "wb")))
		return cli_fail(c, tk_fail(&c->e, TK_EINVAL, "--out",
					   N_("The file %s cannot be written."), out));
	rc = tk_table_write(file, t, f, &c->e);
	if (out && fclose(file) != 0 && rc == TK_OK)
		rc = tk_fail(&c->e, TK_EFULL, "--out", N_("The file %s cannot be written."), out);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}
