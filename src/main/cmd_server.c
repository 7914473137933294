/* cmd_server.c - serve, demo, migrate, check. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "auth/session.h"
#include "base/log.h"
#include "base/text.h"
#include "db/migrate.h"
#include "demo/demo.h"
#include "job/sender.h"
#include "main/cli_list.h"
#include "main/wiring.h"
#include "job/outbox.h"
#include "notice/notice.h"

/* The page stands beside the program: build/tenken -> ui/dist, bin/tenken -> share/tenken/page. */
static const char *find_page(struct cli *c)
{
	static const char *const beside[] = { "../ui/dist", "../share/tenken/page", "page" };
	char self[PATH_MAX];
	const char *given = cli_get(c, "--page");
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;
	struct stat st;

	if (given)
		return given;
	if (n <= 0)
		return NULL;
	self[n] = '\0';
	slash = strrchr(self, '/');
	*slash = '\0';
	for (size_t i = 0; i < TK_LEN(beside); i++) {
		const char *dir = tk_sprintf(c->mem, "%s/%s", self, beside[i]);
		if (stat(tk_sprintf(c->mem, "%s/index.html", dir), &st) == 0)
			return dir;
	}
	return NULL;
}

static enum tk_rc read_listen(struct cli *c, struct tk_server_config *cfg)
{
	const char *s = cli_get(c, "--listen"), *colon;
	int64_t port;

	if (!s)
		s = "127.0.0.1:8080";
	colon = strrchr(s, ':');
	if (!colon || !tk_parse_int(colon + 1, &port) || port < 0 || port > 65535)
		return tk_fail(&c->e, TK_EINVAL, "--listen",
			       N_("Write an address and a port, such as 127.0.0.1:8080."));
	cfg->port = (uint16_t)port;
	if (*s == '[' && colon > s + 1 && colon[-1] == ']')
		cfg->host = tk_strndup(c->mem, s + 1, (size_t)(colon - s - 2));
	else
		cfg->host = tk_strndup(c->mem, s, (size_t)(colon - s));
	if (!strcmp(cfg->host, "localhost"))
		cfg->host = "127.0.0.1";
	return TK_OK;
}

static enum tk_rc number_option(struct cli *c, const char *name, unsigned *ret)
{
	const char *s = cli_get(c, name);
	int64_t n = 0;

	if (s && (!tk_parse_int(s, &n) || n < 1 || n > 1000000))
		return tk_fail(&c->e, TK_EINVAL, name, N_("%s needs a whole number of 1 or more."),
			       name);
	*ret = (unsigned)n;
	return TK_OK;
}

static enum tk_rc read_config(struct cli *c, struct tk_server_config *cfg)
{
	enum tk_rc rc;

	*cfg = (struct tk_server_config){
		.db_url = c->db_url,
		.static_dir = find_page(c),
		.auth = tk_auth,
		.routes = tk_all_routes,
		.tick = tk_server_tick,
		.base_url = cli_get(c, "--base-url"),
		.tls_cert = cli_get(c, "--tls-cert"),
		.tls_key = cli_get(c, "--tls-key"),
		.trust_proxy = cli_has(c, "--trust-proxy"),
	};
	if (!cfg->tls_cert != !cfg->tls_key)
		return tk_fail(&c->e, TK_EINVAL, "--tls-cert",
			       N_("--tls-cert and --tls-key go together."));
	if ((rc = read_listen(c, cfg)) != TK_OK ||
	    (rc = number_option(c, "--readers", &cfg->readers)) != TK_OK ||
	    (rc = number_option(c, "--writers", &cfg->writers)) != TK_OK)
		return rc;
	return number_option(c, "--rate", &cfg->rate_per_minute);
}

static void wait_for_signal(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigwait(&set, &sig);
}

/* Threads inherit the mask, so that only the main thread sees the signals that end the server. */
static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static enum tk_rc set_log(struct cli *c)
{
	static const char *const name[] = { "error", "warn", "info", "debug" };
	const char *s = cli_get(c, "--log");

	if (!s) {
		tk_log_level(TK_LOG_INFO);
		return TK_OK;
	}
	for (size_t i = 0; i < TK_LEN(name); i++)
		if (!strcmp(name[i], s)) {
			tk_log_level((enum tk_level)i);
			return TK_OK;
		}
	return tk_fail(&c->e, TK_EINVAL, "--log", N_("--log takes error, warn, info or debug."));
}

/* How the page is reached, for links in mails that no request asked for. */
static const char *address(struct cli *c, const struct tk_server_config *cfg,
			   const struct tk_server *server)
{
	if (cfg->base_url)
		return cfg->base_url;
	return tk_sprintf(c->mem, strchr(cfg->host, ':') ? "%s://[%s]:%u" : "%s://%s:%u",
			  cfg->tls_cert ? "https" : "http", cfg->host,
			  (unsigned)tk_server_port(server));
}

static int run_server(struct cli *c, struct tk_server_config *cfg)
{
	struct tk_sender_config mail = {
		.db_url = c->db_url,
		.smtp_url = cli_get(c, "--smtp"),
		.user = cli_get(c, "--smtp-user"),
		.password = getenv("TENKEN_SMTP_PASSWORD"),
		.ca_file = cli_get(c, "--smtp-ca"),
		.from = cli_get(c, "--mail-from") ? cli_get(c, "--mail-from")
						  : "tenken@localhost.localdomain",
		.from_name = "Tenken",
	};
	struct tk_server *server = NULL;
	struct tk_sender *sender = NULL;
	struct tk_daily *daily = NULL;
	enum tk_rc rc;

	tk_db_close(c->db);
	c->db = NULL;
	/* large replies and uploads go back to the system at once, and threads share what is freed
	 */
	mallopt(M_MMAP_THRESHOLD, 256 << 10);
	mallopt(M_ARENA_MAX, 2);
	block_signals();
	rc = tk_server_start(&server, cfg, &c->e);
	if (rc == TK_OK)
		tk_mail_base_url(address(c, cfg, server));
	if (rc == TK_OK)
		rc = tk_sender_start(&sender, &mail, &c->e);
	if (rc == TK_OK)
		rc = tk_daily_start(&daily, c->db_url, sender != NULL, &c->e);
	if (rc != TK_OK) {
		tk_sender_stop(sender);
		tk_server_stop(server);
		return cli_fail(c, rc);
	}
	printf("%s %s://%s:%u\n", tk_tr(c->lang, N_("Tenken is ready at")),
	       cfg->tls_cert ? "https" : "http",
	       strchr(cfg->host, ':') ? tk_sprintf(c->mem, "[%s]", cfg->host) : cfg->host,
	       tk_server_port(server));
	if (!cfg->static_dir)
		puts(tk_tr(c->lang, N_("The page is not built: only the API answers. \"make "
				       "build\" builds it.")));
	fflush(stdout);
	wait_for_signal();
	tk_daily_stop(daily);
	tk_sender_stop(sender);
	tk_server_stop(server);
	return 0;
}

/* Says what an empty installation needs first. */
static enum tk_rc hint_first_account(struct cli *c)
{
	int64_t n = 0;
	enum tk_rc rc =
		tk_db_int(c->db, &c->e, "SELECT COUNT(*) FROM account WHERE deleted_at IS NULL",
			  NULL, 0, 0, &n);

	if (rc == TK_OK && n == 0)
		puts(tk_tr(c->lang, N_("There is no account yet. Make one: tenken user add LOGIN "
				       "--name NAME --roles admin,office")));
	return rc;
}

int cmd_serve(struct cli *c)
{
	struct tk_server_config cfg;
	bool pg = !strncmp(c->db_url, "postgres", 8);
	enum tk_rc rc;

	if (c->narg)
		return cli_usage(c, tk_tr(c->lang, N_("too many arguments")));
	if ((rc = read_config(c, &cfg)) != TK_OK || (rc = set_log(c)) != TK_OK)
		return cli_fail(c, rc);
	rc = cli_open_db(c, pg ? CLI_EXISTING : CLI_CREATE);
	if (rc == TK_OK)
		rc = tk_ship_forms(&c->op);
	if (rc == TK_OK)
		rc = hint_first_account(c);
	return rc == TK_OK ? run_server(c, &cfg) : cli_fail(c, rc);
}

static void say(void *ctx, const char *line)
{
	(void)ctx;
	puts(line);
	fflush(stdout);
}

int cmd_demo(struct cli *c)
{
	struct tk_server_config cfg;
	struct tk_demo_opt opt = { .say = say };
	unsigned staff = 0;
	enum tk_rc rc;

	if ((rc = read_config(c, &cfg)) != TK_OK ||
	    (rc = number_option(c, "--staff", &staff)) != TK_OK)
		return cli_fail(c, rc);
	opt.staff = staff;
	cfg.demo = true;
	rc = cli_open_db(c, CLI_BRING_UP);
	if (rc == TK_OK)
		rc = tk_demo_fill(&c->op, &opt);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	rc = tk_demo_print_persons(&c->op, tk_sprintf(c->mem, "http://%s:%u", cfg.host, cfg.port),
				   stdout);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	return cli_has(c, "--no-serve") ? 0 : run_server(c, &cfg);
}

int cmd_migrate(struct cli *c)
{
	int n = 0;
	enum tk_rc rc = tk_db_open(&c->db, c->db_url, TK_DB_CREATE, &c->e);

	tk_log_level(TK_LOG_INFO);
	if (rc == TK_OK) {
		c->op = (struct tk_op){ c->db, c->mem, &c->who, &c->e };
		rc = cli_bring_up(c, &n);
	}
	if (rc != TK_OK)
		return cli_fail(c, rc);
	printf("%s: %d\n", tk_tr(c->lang, N_("Migrations applied")), n);
	return 0;
}

static void line(struct cli_list *l, const char *name, const char *label, struct tk_value v)
{
	const char *s = tk_tr(l->c->lang, label);

	if (l->format != TK_PRINT_TABLE)
		cli_list_row(l, (const struct tk_value[]){ TK_S(name), v });
	else if (v.type == TK_V_INT)
		printf("%s%*s %" PRId64 "\n", s, cli_pad(s, 28), "", v.i);
	else
		printf("%s%*s %s\n", s, cli_pad(s, 28), "", tk_tr(l->c->lang, v.s));
}

static enum tk_rc check(struct cli *c, struct cli_list *l)
{
	const struct tk_rtype *const *t;
	size_t ntype = tk_rtypes(&t);
	struct tk_value n[4];
	bool found;
	enum tk_rc rc = cli_open_db(c, CLI_EXISTING);

	for (size_t i = 0; i < ntype && rc == TK_OK; i++)
		rc = tk_rtype_check_table(c->db, t[i], &c->e);
	if (rc == TK_OK)
		rc = tk_db_first(
			c->db, c->mem, &c->e,
			"SELECT (SELECT COUNT(*) FROM staff WHERE deleted_at IS NULL AND left_on"
			" IS NULL), (SELECT COUNT(*) FROM account WHERE deleted_at IS NULL),"
			" (SELECT COUNT(*) FROM campaign WHERE deleted_at IS NULL),"
			" (SELECT COUNT(*) FROM trail WHERE seal IS NULL)",
			NULL, 0, n, 4, &found);
	if (rc != TK_OK)
		return rc;
	line(l, "staff", N_("Staff"), n[0]);
	line(l, "accounts", N_("Accounts"), n[1]);
	line(l, "campaigns", N_("Campaigns"), n[2]);
	line(l, "unsealed", N_("Rows of the trail not sealed"), n[3]);
	line(l, "database_version", N_("Database version"), TK_I(tk_migrate_newest()));
	line(l, "page", N_("Page"), TK_S(find_page(c) ? N_("found") : N_("not built")));
	return TK_OK;
}

int cmd_check(struct cli *c)
{
	static const char *const name[] = { "name", "value", NULL };
	enum tk_print_format format;
	struct cli_list l;
	enum tk_rc rc;

	if (!cli_format(c, &format))
		return cli_usage(c, "--format table|csv|json");
	if ((rc = cli_list_open(&l, c, format, name)) == TK_OK)
		rc = check(c, &l);
	rc = cli_list_close(&l, rc);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}
