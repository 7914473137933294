/* cmd_panel.c - where the institutions of a campaign stand. */
#include <string.h>
#include "main/cli_list.h"
#include "panel/panel_list.h"

static void count_only(void *ctx, const struct tk_panel_item *i)
{
	tk_panel_count(ctx, i);
}

static void list_row(void *ctx, const struct tk_panel_item *i)
{
	cli_list_row(ctx, (const struct tk_value[]){ TK_S(i->code), TK_S(i->name), TK_S(i->sector),
						     TK_S(i->state), TK_I(i->submission),
						     TK_I(i->late), TK_I(i->missing),
						     TK_I(i->warnings) });
}

static void print_counts(struct cli *c, const struct tk_panel_counts *n)
{
	const struct { const char *label; int64_t n; } line[] = {
		{ N_("Institutions asked"), n->total }, { N_("Not started"), n->not_started },
		{ N_("Being answered"), n->draft },     { N_("Submitted"), n->submitted },
		{ N_("Returned"), n->sent_back },       { N_("Accepted"), n->accepted },
		{ N_("of these late"), n->late },       { N_("of these partial"), n->partial },
		{ N_("of these with open warnings"), n->warnings },
	};

	for (size_t i = 0; i < TK_LEN(line); i++) {
		const char *label = tk_tr(c->lang, line[i].label);

		printf("%s%*s %6lld\n", label, cli_pad(label, 28), "", (long long)line[i].n);
	}
}

static enum tk_rc print_list(struct cli *c, const struct campaign *cm, enum tk_print_format format)
{
	static const char *const name[] = { "institution", "name", "sector", "state",
					    "submissions", "late", "missing", "warnings", NULL };
	struct cli_list l;
	enum tk_rc rc = cli_list_open(&l, c, format, name);

	if (rc == TK_OK)
		rc = tk_panel_list(&c->op, cm, list_row, &l);
	return cli_list_close(&l, rc);
}

int cmd_panel(struct cli *c)
{
	struct tk_panel_counts n = { 0 };
	enum tk_print_format format;
	struct campaign cm = { 0 };
	enum tk_rc rc;

	if (!cli_format(c, &format) || c->narg != 2 || strcmp(c->arg[0], "status") != 0)
		return cli_usage(c, tk_tr(c->lang, N_("name an action and a campaign")));
	if ((rc = cli_open_db(c, CLI_EXISTING)) != TK_OK ||
	    (rc = tk_campaign_find(&c->op, c->arg[1], &cm)) != TK_OK)
		return cli_fail(c, rc);
	if (!tk_campaign_asks_panel(&cm))
		return cli_fail(c, tk_fail(&c->e, TK_EINVAL, "campaign",
					   N_("This campaign does not ask institutions.")));
	if (format != TK_PRINT_TABLE) {
		rc = print_list(c, &cm, format);
	} else {
		rc = tk_panel_list(&c->op, &cm, count_only, &n);
		if (rc == TK_OK)
			print_counts(c, &n);
	}
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}
