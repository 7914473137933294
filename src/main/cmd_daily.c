/* cmd_daily.c - tenken daily: the work of the day by hand, or by cron where no server runs. */
#include "main/cli.h"
#include "job/outbox.h"
#include "notice/notice.h"

int cmd_daily(struct cli *c)
{
	bool ran = false;
	enum tk_rc rc;

	if (c->narg)
		return cli_usage(c, NULL);
	if ((rc = cli_open_db(c, CLI_EXISTING)) != TK_OK)
		return cli_fail(c, rc);
	tk_mail_base_url(cli_get(c, "--base-url") ? cli_get(c, "--base-url") : "");
	rc = tk_daily_run(c->db, !cli_has(c, "--no-mail"), NULL, NULL, &ran, &c->e);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	puts(tk_tr(c->lang, ran ? N_("The work of today is done.") :
		   N_("Another process does the work of today at this moment.")));
	return 0;
}
