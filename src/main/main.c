/* main.c - the table of commands, and reading the command line. */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "main/cli.h"
#include "main/wiring.h"
#include "record/trail.h"

#define DB_HELP \
	N_("the database: a file, or postgres://… (else TENKEN_DB, else tenken.db)")
#define OPT_DB { "--db", N_("FILE|URL"), DB_HELP }
#define OPT_FORMAT { "--format", "table|csv|json", N_("output format") }

static const struct cli_opt opt_serve[] = {
	OPT_DB,
	{ "--listen", N_("ADDRESS:PORT"), N_("where to listen (127.0.0.1:8080)") },
	{ "--page", N_("FOLDER"), N_("folder of the built page, if it is not found by itself") },
	{ "--base-url", "URL", N_("how the page is reached, for links in mails") },
	{ "--tls-cert", N_("FILE"), N_("certificate (PEM), for HTTPS without a proxy") },
	{ "--tls-key", N_("FILE"), N_("its key (PEM)") },
	{ "--trust-proxy", NULL, N_("trust X-Forwarded-For from a proxy on this machine") },
	{ "--readers", N_("N"), N_("threads that read") },
	{ "--writers", N_("N"), N_("threads that write (PostgreSQL)") },
	{ "--rate", N_("N"), N_("changes a session may send in a minute (6000)") },
	{ "--smtp", "URL", N_("mail server: smtp://127.0.0.1:25, smtps://…") },
	{ "--smtp-user", N_("NAME"),
	  N_("name at the mail server; the password is in TENKEN_SMTP_PASSWORD") },
	{ "--smtp-ca", N_("FILE"), N_("certificate authority of the mail server (PEM)") },
	{ "--mail-from", N_("ADDRESS"), N_("sender of mails") },
	{ "--log", "error|warn|info|debug", N_("how detailed the log is (info)") },
	{ 0 },
};
static const struct cli_opt opt_demo[] = {
	OPT_DB,
	{ "--no-serve", NULL, N_("only fill, do not serve") },
	{ "--listen", N_("ADDRESS:PORT"), N_("where to listen (127.0.0.1:8080)") },
	{ "--page", N_("FOLDER"), N_("folder of the built page, if it is not found by itself") },
	{ "--staff", N_("N"), N_("number of staff (1500)") },
	{ "--smtp", "URL", N_("mail server: smtp://127.0.0.1:25, smtps://…") },
	{ "--mail-from", N_("ADDRESS"), N_("sender of mails") },
	{ 0 },
};
static const struct cli_opt opt_db[] = { OPT_DB, { 0 } };
static const struct cli_opt opt_db_format[] = { OPT_DB, OPT_FORMAT, { 0 } };
static const struct cli_opt opt_user[] = {
	OPT_DB,
	OPT_FORMAT,
	{ "--name", N_("NAME"), N_("the person's name") },
	{ "--roles", N_("ROLES"),
	  N_("roles with commas: admin, office, ciso, auditor, division_head, system_admin, "
	     "staff") },
	{ "--password-stdin", NULL,
	  N_("read the password from standard input instead of making a one-time link") },
	{ 0 },
};
static const struct cli_opt opt_import[] = {
	OPT_DB, OPT_FORMAT,
	{ "--map", "A:FIELD,B:FIELD",
	  N_("which column brings which field, whatever its heading") },
	{ "--dry-run", NULL, N_("write nothing, only show what would change") },
	{ "--new-divisions", NULL, N_("roster: add bureaus and divisions that are not there yet") },
	{ "--partial", NULL, N_("roster: the file is a part; nobody leaves") },
	{ "--allow-many-ends", NULL, N_("roster: more than a fifth of the staff may leave") },
	{ "--base-date", N_("DAY"), N_("roster: the day on which leavers end (today)") },
	{ 0 },
};
static const struct cli_opt opt_export[] = {
	OPT_DB,
	{ "--format", "csv|xlsx|json", N_("kind of file") },
	{ "--encoding", "utf-8|utf-8-bom|cp932", N_("encoding of a CSV file (utf-8)") },
	{ "--out", N_("FILE"), N_("where to write (standard output)") },
	{ 0 },
};
static const struct cli_opt opt_form[] = {
	OPT_DB,
	OPT_FORMAT,
	{ "--out", N_("FILE"), N_("export: where to write (standard output)") },
	{ "--as", "xlsform|sql|formula",
	  N_("eval: write the expression in another language instead") },
	{ "--set", N_("NAME=VALUE"),
	  N_("eval: the answer ${NAME}, again for each; .=VALUE is the item's own") },
	{ 0 },
};
static const struct cli_opt opt_workbook[] = {
	OPT_DB,
	OPT_FORMAT,
	{ "--out", N_("FILE"), N_("export: where to write (standard output)") },
	{ "--dry-run", NULL, N_("write nothing, only show what would change") },
	{ "--take", N_("ITEMS"),
	  N_("import: of what was changed on both sides, take these from the file (* for all)") },
	{ "--keep", N_("ITEMS"), N_("import: of these, keep what is on the server") },
	{ 0 },
};
static const struct cli_opt opt_campaign[] = {
	OPT_DB,
	OPT_FORMAT,
	{ "--form", N_("FORM"), N_("create: questionnaire, as CODE or CODE@VERSION") },
	{ "--year", N_("YEAR"), N_("create: fiscal year, such as 2026") },
	{ "--population", N_("RULE"),
	  N_("create: who is asked (everybody), such as ${bureau} = '…'") },
	{ "--title", N_("TEXT"), N_("create: title") },
	{ "--title-en", N_("TEXT"), N_("create: English title") },
	{ "--opens", N_("DAY"), N_("create: first day") },
	{ "--closes", N_("DAY"), N_("create, reopen, extend: last day") },
	{ "--base-date", N_("DAY"),
	  N_("create: the day on which the population is taken (today)") },
	{ "--panel", NULL, N_("create: asks the institutions of the panel, not the staff") },
	{ "--follow-up-of", N_("CAMPAIGN"), N_("create: asks only those who fell short there") },
	{ "--reason", N_("TEXT"), N_("close, extend, reopen: why") },
	{ "--send", NULL, N_("remind: queue the mails (without it only list)") },
	{ "--base-url", "URL", N_("remind: how the page is reached") },
	{ 0 },
};
static const struct cli_opt opt_tabulate[] = {
	OPT_DB,
	{ "--table", N_("NAME"), N_("items, rate-classes, response-rate, compare, problem-items, "
				    "question, or a table of the questionnaire") },
	{ "--item", N_("CODE"), N_("which question, with --table question") },
	{ "--by", "division|bureau|post|sector|prefecture|attribute:NAME", N_("one row for each") },
	{ "--base", N_("RULE"), N_("base of a question, instead of those who answered it") },
	{ "--with", "CAMPAIGN|published[:WAVE]", N_("beside an earlier survey") },
	{ "--matched", NULL, N_("with --with CAMPAIGN: only those who answered both") },
	{ "--weighted", NULL, N_("also shares weighted by sector") },
	{ "--intervals", NULL, N_("also confidence intervals") },
	{ "--missing", NULL, N_("also count who is missing and why, in CSV") },
	{ "--filter", N_("RULE"), N_("only those for whom it is true, such as ${bureau} = '…'") },
	{ "--round", "largest|plain|strict", N_("rounding rule") },
	{ "--format", "table|csv|json|xlsx|svg|png", N_("output format") },
	{ "--out", N_("FILE"), N_("where to write (standard output)") },
	{ 0 },
};
static const struct cli_opt opt_publish[] = {
	OPT_DB,
	{ "--preview", NULL, N_("only show what would be published and what is left out") },
	{ "--out", N_("FILE"), N_("publish, and write all files as one archive") },
	{ "--positions", N_("DIR"),
	  N_("write the position sheet of every institution, once the survey is published") },
	{ "--min", "3|5|10", N_("smaller counts are not published (3)") },
	{ "--tables", N_("NAMES"), N_("only these tables (all of the questionnaire)") },
	{ "--remark", N_("TEXT"), N_("what this edition corrects") },
	{ 0 },
};
static const struct cli_opt opt_explain[] = {
	OPT_DB,
	OPT_FORMAT,
	{ "--year", N_("YEAR"), N_("fiscal year, such as 2026 (the current one)") },
	{ 0 },
};
static const struct cli_opt opt_facts[] = {
	OPT_DB,
	OPT_FORMAT,
	{ "--compute", NULL, N_("compute the numbers of the year and store them first") },
	{ 0 },
};
static const struct cli_opt opt_verify[] = {
	OPT_DB,
	OPT_FORMAT,
	{ "--head", N_("FILE"), N_("also compare with the head kept in this file") },
	{ "--write-head", N_("FILE"),
	  N_("write the present head to a file, to be kept where the server cannot change it") },
	{ 0 },
};
static const struct cli_opt opt_daily[] = {
	OPT_DB,
	{ "--base-url", "URL", N_("how the page is reached, for links in mails") },
	{ "--no-mail", NULL, N_("do not write the daily mail") },
	{ 0 },
};
static const struct cli_opt opt_restore[] = {
	OPT_DB, { "--force", NULL, N_("replace an existing database") }, { 0 }
};

static const struct cli_cmd command[] = {
	{ "serve", "", N_("run the server"), cmd_serve, opt_serve },
	{ "demo", "", N_("fill the demonstration agency, then serve it"), cmd_demo, opt_demo },
	{ "migrate", "", N_("update the database to the version of this program"), cmd_migrate,
	  opt_db },
	{ "check", "", N_("show configuration and health"), cmd_check, opt_db_format },
	{ "user", "add LOGIN | list | reset LOGIN | roles LOGIN", N_("manage accounts"), cmd_user,
	  opt_user },
	{ "import", "roster FILE | response CAMPAIGN FILE | TYPE FILE",
	  N_("import a file (CSV, XLSX)"), cmd_import, opt_import },
	{ "export", "TYPE | response CAMPAIGN", N_("export a list of records, or answers"),
	  cmd_export, opt_export },
	{ "form",
	  "list | show FORM | check FILE | import FILE | export FORM | publish FORM@VERSION | eval "
	  "EXPRESSION",
	  N_("questionnaires, and their workbooks"), cmd_form, opt_form },
	{ "workbook", "export CAMPAIGN RESPONDENT | import CAMPAIGN RESPONDENT FILE",
	  N_("a respondent's workbook, filled in offline"), cmd_workbook, opt_workbook },
	{ "campaign",
	  "create NAME | list | open NAME | close NAME | extend NAME | reopen NAME | sync NAME | "
	  "remind NAME | status NAME",
	  N_("manage campaigns"), cmd_campaign, opt_campaign },
	{ "panel", "status CAMPAIGN", N_("where the institutions of a campaign stand"), cmd_panel,
	  opt_db_format },
	{ "tabulate", "CAMPAIGN", N_("print a table"), cmd_tabulate, opt_tabulate },
	{ "publish", "CAMPAIGN", N_("publish the tables of a survey, small figures left out"),
	  cmd_publish, opt_publish },
	{ "facts", "[YEAR]", N_("the numbers of a fiscal year, with last year's"), cmd_facts,
	  opt_facts },
	{ "explain", "FACT", N_("where a number comes from: rule, counts and rows"), cmd_explain,
	  opt_explain },
	{ "daily", "", N_("do the work of the day now, if it is not done yet"), cmd_daily,
	  opt_daily },
	{ "verify", "", N_("check the audit trail"), cmd_verify, opt_verify },
	{ "backup", "FILE", N_("back up the database, also while the server runs"), cmd_backup,
	  opt_db },
	{ "restore", "FILE", N_("restore the database from a backup"), cmd_restore, opt_restore },
};

int cli_pad(const char *s, size_t columns)
{
	size_t n = tk_utf8_columns(s);

	return n < columns ? (int)(columns - n) : 0;
}

static void help_all(struct cli *c, FILE *f)
{
	fprintf(f, "tenken %s\n", tk_tr(c->lang, N_("COMMAND [ARGUMENTS] [OPTIONS]")));
	for (size_t i = 0; i < TK_LEN(command); i++)
		fprintf(f, "  %-10s %s\n", command[i].name, tk_tr(c->lang, command[i].help));
	fprintf(f, "%s\n", tk_tr(c->lang, N_("\"tenken COMMAND --help\" explains a command.")));
}

static void help_one(struct cli *c, FILE *f)
{
	fprintf(f, "tenken %s %s\n  %s\n", c->cmd->name, c->cmd->args,
		tk_tr(c->lang, c->cmd->help));
	for (const struct cli_opt *o = c->cmd->opt; o->name; o++) {
		char left[80];

		snprintf(left, sizeof(left), "%s %s", o->name,
			 o->value ? tk_tr(c->lang, o->value) : "");
		fprintf(f, "  %s%*s %s\n", left, cli_pad(left, 34), "", tk_tr(c->lang, o->help));
	}
}

const char *cli_get(const struct cli *c, const char *name)
{
	for (size_t i = 0; c->cmd->opt[i].name; i++)
		if (!strcmp(c->cmd->opt[i].name, name))
			return c->given[i];
	return NULL;
}

bool cli_has(const struct cli *c, const char *name)
{
	return cli_get(c, name) != NULL;
}

int cli_usage(struct cli *c, const char *why)
{
	fprintf(stderr, "tenken: %s\n", why);
	help_one(c, stderr);
	return 2;
}

int cli_fail(struct cli *c, enum tk_rc rc)
{
	c->e.rc = rc;
	fprintf(stderr, "tenken: %s%s%s\n", c->e.field, c->e.field[0] ? ": " : "", c->e.msg);
	return 1;
}

bool cli_format(struct cli *c, enum tk_print_format *ret)
{
	const char *s = cli_get(c, "--format");

	*ret = !s || !strcmp(s, "table") ? TK_PRINT_TABLE
	       : !strcmp(s, "csv")       ? TK_PRINT_CSV
					 : TK_PRINT_JSON;
	return !s || !strcmp(s, "table") || !strcmp(s, "csv") || !strcmp(s, "json");
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

enum tk_rc cli_bring_up(struct cli *c, int *ret_applied)
{
	enum tk_rc rc = tk_migrate_all(c->db, ret_applied, &c->e);

	return rc == TK_OK ? tk_ship_forms(&c->op) : rc;
}

enum tk_rc cli_open_db(struct cli *c, enum cli_open how)
{
	bool pg = !strncmp(c->db_url, "postgres", 8);
	enum tk_rc rc;

	if (!pg && how == CLI_EXISTING && !is_file(c->db_url))
		return tk_fail(&c->e, TK_ENOTFOUND, "--db", N_("There is no database %s."),
			       c->db_url);
	rc = tk_db_open(&c->db, c->db_url, how == CLI_EXISTING ? 0 : TK_DB_CREATE, &c->e);
	if (rc != TK_OK)
		return rc;
	c->op = (struct tk_op){ c->db, c->mem, &c->who, &c->e };
	c->writes = how != CLI_EXISTING;
	if (how == CLI_BRING_UP || (!pg && how == CLI_CREATE))
		return cli_bring_up(c, NULL);
	return tk_migrate_ready(c->db, &c->e);
}

enum tk_rc cli_read_file(struct cli *c, const char *path, const char **ret, size_t *n)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	size_t cap = 1 << 16, len = 0, got;
	char *p;

	if (!f)
		return tk_fail(&c->e, TK_ENOTFOUND, NULL, N_("The file %s cannot be read."), path);
	p = tk_xmalloc(cap);
	while ((got = fread(p + len, 1, cap - len, f)) > 0) {
		len += got;
		if (len == cap)
			p = tk_xrealloc(p, cap *= 2);
	}
	if (f != stdin)
		fclose(f);
	p = tk_xrealloc(p, len + 1);
	p[len] = '\0';
	tk_on_free(c->mem, free, p);
	*ret = p;
	*n = len;
	return TK_OK;
}

static int read_option(struct cli *c, int argc, char **argv, int *i)
{
	const char *eq = strchr(argv[*i], '=');
	size_t n = eq ? (size_t)(eq - argv[*i]) : strlen(argv[*i]);

	for (size_t k = 0; c->cmd->opt[k].name; k++) {
		const struct cli_opt *o = &c->cmd->opt[k];

		if (strlen(o->name) != n || strncmp(o->name, argv[*i], n) != 0)
			continue;
		if (!o->value) {
			c->given[k] = "";
			return 0;
		}
		if (!eq && *i + 1 >= argc)
			return cli_usage(c, tk_sprintf(c->mem, "%s %s", o->name,
						       tk_tr(c->lang, N_("needs a value"))));
		c->given[k] = eq ? eq + 1 : argv[++*i];
		if (!strcmp(o->name, "--set") && c->nset < TK_LEN(c->set))
			c->set[c->nset++] = c->given[k];
		return 0;
	}
	return cli_usage(c, tk_sprintf(c->mem, "%s: %s", argv[*i],
				       tk_tr(c->lang, N_("there is no such option here"))));
}

static int read_args(struct cli *c, int argc, char **argv)
{
	int rc = 0;

	for (int i = 2; i < argc && rc == 0; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			help_one(c, stdout);
			exit(0);
		}
		if (!strncmp(argv[i], "--", 2))
			rc = read_option(c, argc, argv, &i);
		else if (c->narg == CLI_MAX_ARGS)
			rc = cli_usage(c, tk_tr(c->lang, N_("too many arguments")));
		else
			c->arg[c->narg++] = argv[i];
	}
	c->db_url = cli_get(c, "--db");
	if (!c->db_url)
		c->db_url = getenv("TENKEN_DB");
	if (!c->db_url || !*c->db_url)
		c->db_url = "tenken.db";
	return rc;
}

/* What a command wrote is sealed before it ends: no server may run for days.  If one runs it seals
 * as well, each in a transaction of its own; a fault here undoes nothing, so it is not one. */
static void seal(struct cli *c)
{
	int64_t waiting = 0, n = 1;
	enum tk_rc rc = TK_OK;

	if (c->writes && c->db)
		rc = tk_db_int(c->db, &c->e, "SELECT id FROM trail WHERE seal IS NULL LIMIT 1",
			       NULL, 0, 0, &waiting);
	while (waiting && rc == TK_OK && n > 0)
		rc = tk_trail_seal(c->db, &n, &c->e);
}

static const char *locale_of_environment(void)
{
	const char *s = getenv("LC_ALL");

	if (!s || !*s)
		s = getenv("LC_MESSAGES");
	if (!s || !*s)
		s = getenv("LANG");
	return s;
}

int main(int argc, char **argv)
{
	struct cli c = { 0 };
	int rc;

	signal(SIGPIPE, SIG_IGN);
	tk_hash_init();
	tk_wire_types();
	c.lang = tk_lang_of(locale_of_environment());
	c.e.lang = c.lang;
	c.mem = tk_arena_new((size_t)8 << 30);
	c.who = tk_who_system("tenken", "command line", c.lang);
	tk_log_level(TK_LOG_WARN);
	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		help_all(&c, argc < 2 ? stderr : stdout);
		return argc < 2 ? 2 : 0;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("tenken " TENKEN_VERSION);
		return 0;
	}
	for (size_t i = 0; i < TK_LEN(command); i++)
		if (!strcmp(command[i].name, argv[1]))
			c.cmd = &command[i];
	if (!c.cmd) {
		fprintf(stderr, "tenken: %s: %s\n", argv[1],
			tk_tr(c.lang, N_("there is no such command")));
		help_all(&c, stderr);
		return 2;
	}
	rc = read_args(&c, argc, argv);
	if (rc == 0)
		rc = c.cmd->run(&c);
	if (rc == 0)
		seal(&c);
	tk_db_close(c.db);
	tk_arena_free(c.mem);
	return rc;
}
