/* cli.h - the command line: one const table of commands, each with its options.
 *
 * A command gets a struct cli with its options read and, once it asks, the database open.  Exit
 * status: 0 done, 1 the answer is no or something was refused, 2 the command was not understood.
 * One thread, one command a process.
 */
#pragma once
#include <stdio.h>
#include "record/record.h"
#include "record/report.h"

enum { CLI_MAX_ARGS = 16 };

struct cli_opt {
	const char  *name;              /* "--format" */
	const char  *value;             /* what stands for the value in the help; NULL: a flag */
	const char  *help;              /* English msgid */
};

struct cli {
	const struct cli_cmd *cmd;
	const char           *arg[CLI_MAX_ARGS];        /* what is no option */
	size_t                narg;
	const char *given[32]; /* value of cmd->opt[i]; "" for a flag; NULL: not given */
	const char *set[64];   /* values of --set, which may be given again and again */
	size_t                nset;
	const char           *db_url;
	enum tk_lang          lang;
	struct tk_arena      *mem;
	struct tk_err         e;
	struct tk_db         *db;
	bool                  writes;   /* the database was opened to write */
	struct tk_who         who;
	struct tk_op          op;
};

struct cli_cmd {
	const char *name, *args; /* "import", "roster FILE | response CAMPAIGN FILE" */
	const char           *help;                     /* English msgid */
	int                 (*run)(struct cli *c);
	const struct cli_opt *opt;                      /* ends with { 0 } */
};

const char *cli_get(const struct cli *c,
		    const char *name); /* value of an option, NULL: not given */
bool        cli_has(const struct cli *c, const char *name);
/* Opens the database.  CLI_CREATE makes a SQLite file that is not there and brings it up to date;
 * CLI_BRING_UP does that with PostgreSQL too, which otherwise waits for "tenken migrate". */
enum cli_open { CLI_EXISTING, CLI_CREATE, CLI_BRING_UP };
enum tk_rc  cli_open_db(struct cli *c, enum cli_open how) TK_MUST_USE;
/* Migrations, then the questionnaires that Tenken ships. */
enum tk_rc  cli_bring_up(struct cli *c, int *ret_applied) TK_MUST_USE;
int cli_fail(struct cli *c, enum tk_rc rc); /* prints c->e; 1, or 2 for a misunderstanding */
/* Blanks after s up to that column of the screen, for %*s. */
int         cli_pad(const char *s, size_t columns);
int         cli_usage(struct cli *c, const char *why);          /* prints why and how; 2 */
/* Whole file into the arena. "-" is standard input. */
enum tk_rc  cli_read_file(struct cli *c, const char *path, const char **ret, size_t *n) TK_MUST_USE;
bool cli_format(struct cli *c, enum tk_print_format *ret); /* --format table|csv|json */

int cmd_serve(struct cli *c), cmd_demo(struct cli *c), cmd_migrate(struct cli *c),
	cmd_check(struct cli *c);
int cmd_user(struct cli *c), cmd_import(struct cli *c), cmd_export(struct cli *c),
	cmd_form(struct cli *c);
int cmd_campaign(struct cli *c), cmd_tabulate(struct cli *c), cmd_publish(struct cli *c);
int cmd_explain(struct cli *c), cmd_facts(struct cli *c);
int cmd_panel(struct cli *c), cmd_workbook(struct cli *c), cmd_verify(struct cli *c);
int cmd_daily(struct cli *c);
int cmd_backup(struct cli *c), cmd_restore(struct cli *c);
