/* cmd_safe.c - verify, backup, restore. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "db/migrate.h"
#include "main/cli_list.h"
#include "record/trail.h"

extern char **environ;

/* Responses are no record type, and the trail has a row for each of their versions; it has one for
 * each sign-in, too. */
static const struct tk_trail_kept witness[] = { { "response", "response", NULL },
						{ "account", "account", "last_sign_in_at" } };

struct faults {
	struct tk_buf b;
	struct tk_json j;
	struct cli_list csv;
	enum tk_print_format format;
};

static void fault(void *ctx, const char *line)
{
	struct faults *f = ctx;

	if (f->format == TK_PRINT_JSON)
		tk_json_str(&f->j, line);
	else if (f->format == TK_PRINT_CSV)
		cli_list_row(&f->csv, (const struct tk_value[]){ TK_S(line) });
	else
		puts(line);
}

/* A head kept where the server cannot reach finds even a trail that was set back as a whole. */
static enum tk_rc write_head(struct cli *c, const char *file)
{
	struct tk_trail_head h;
	enum tk_rc rc = tk_trail_head(c->db, &h, &c->e);
	FILE *f = rc == TK_OK ? fopen(file, "w") : NULL;

	if (rc != TK_OK)
		return rc;
	if (!f ||
	    fprintf(f, "tenken-trail-head %" PRId64 " %" PRId64 " %s\n", h.seal, h.rows, h.digest) <
		    0 ||
	    fclose(f) != 0)
		return tk_fail(&c->e, TK_EINVAL, "--write-head",
			       N_("The file %s cannot be written."), file);
	return TK_OK;
}

static enum tk_rc read_head(struct cli *c, const char *file, struct tk_trail_head *h)
{
	const char *s;
	size_t n;
	enum tk_rc rc = cli_read_file(c, file, &s, &n);

	if (rc == TK_OK && sscanf(s, "tenken-trail-head %" SCNd64 " %" SCNd64 " %64s", &h->seal,
				  &h->rows, h->digest) != 3)
		return tk_fail(&c->e, TK_EINVAL, "--head",
			       N_("%s holds no head of an audit trail."), file);
	return rc;
}

/* false: the trail is not the one whose head was kept */
static enum tk_rc check_head(struct cli *c, bool *ret)
{
	const char *in = cli_get(c, "--head"), *out = cli_get(c, "--write-head");
	struct tk_trail_head h = { 0 };
	enum tk_rc rc = TK_OK;

	*ret = true;
	if (in && (rc = read_head(c, in, &h)) == TK_OK)
		rc = tk_trail_holds(c->db, &h, ret, &c->e);
	if (rc == TK_OK && *ret && out)
		rc = write_head(c, out);
	return rc;
}

static void print_verified(struct cli *c, struct faults *f, const struct tk_trail_report *r)
{
	if (f->format == TK_PRINT_JSON) {
		tk_json_end_arr(&f->j);
		tk_json_kbool(&f->j, "ok", r->faults == 0);
		tk_json_kint(&f->j, "rows", r->rows);
		tk_json_kint(&f->j, "seals", r->seals);
		tk_json_kint(&f->j, "unsealed", r->unsealed);
		tk_json_end_obj(&f->j);
		puts(tk_buf_cstr(&f->b));
	} else if (f->format == TK_PRINT_TABLE) {
		printf("%s: %s (%s: %" PRId64 ", %s: %" PRId64 ", %s: %" PRId64 ")\n",
		       tk_tr(c->lang, N_("Audit trail")),
		       tk_tr(c->lang,
			     r->faults ? N_("faults were found") : N_("complete and unaltered")),
		       tk_tr(c->lang, N_("sealed rows")), r->rows, tk_tr(c->lang, N_("seals")),
		       r->seals, tk_tr(c->lang, N_("not sealed yet")), r->unsealed);
	}
}

static enum tk_rc verify(struct cli *c, struct faults *f, struct tk_trail_report *r)
{
	bool holds = true;
	enum tk_rc rc = cli_open_db(c, CLI_EXISTING);

	if (rc == TK_OK)
		rc = tk_trail_verify(c->db, fault, f, r, &c->e);
	if (rc == TK_OK)
		rc = tk_trail_witness(c->db, witness, TK_LEN(witness), fault, f, r, &c->e);
	if (rc == TK_OK)
		rc = check_head(c, &holds);
	if (rc == TK_OK && !holds) {
		r->faults++;
		fault(f, tk_tr(c->lang, N_("The trail does not hold the head that was kept: it "
					   "was set back or replaced.")));
	}
	return rc;
}

/* CSV has the faults, a row each, and nothing else; the exit status says whether there are any. */
int cmd_verify(struct cli *c)
{
	static const char *const name[] = { "fault", NULL };
	struct faults f = { .b = TK_BUF(64 << 20) };
	struct tk_trail_report r = { 0 };
	enum tk_rc rc;

	if (!cli_format(c, &f.format))
		return cli_usage(c, "--format table|csv|json");
	f.j = TK_JSON(&f.b);
	tk_json_obj(&f.j);
	tk_json_key(&f.j, "faults");
	tk_json_arr(&f.j);
	rc = f.format == TK_PRINT_CSV ? cli_list_open(&f.csv, c, f.format, name) : TK_OK;
	if (rc == TK_OK)
		rc = verify(c, &f, &r);
	if (f.format == TK_PRINT_CSV)
		rc = cli_list_close(&f.csv, rc);
	if (rc == TK_OK)
		print_verified(c, &f, &r);
	tk_buf_drop(&f.b);
	return rc != TK_OK ? cli_fail(c, rc) : r.faults ? 1 : 0;
}

/* PostgreSQL's own tools do its copies; the address goes through the environment, not the process
 * list. */
static enum tk_rc run_tool(struct cli *c, const char *tool, char *const argv[])
{
	pid_t pid;
	int st;

	if (posix_spawnp(&pid, tool, NULL, NULL, argv, environ) != 0)
		return tk_fail(&c->e, TK_ENOTFOUND, NULL,
			       N_("%s is not installed (Debian package postgresql-client)."), tool);
	while (waitpid(pid, &st, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(st) || WEXITSTATUS(st) != 0)
		return tk_fail(&c->e, TK_EDB, NULL, N_("%s failed; its own message stands above."),
			       tool);
	return TK_OK;
}

static char *arg_of(struct cli *c, const char *s)
{
	return tk_strdup(c->mem, s);
}

static bool is_pg(const struct cli *c)
{
	return !strncmp(c->db_url, "postgres", 8);
}

/* Under a name of its own until it is whole, then renamed: a backup is never half there. */
static enum tk_rc publish_file(struct cli *c, const char *tmp, const char *file)
{
	int fd = open(tmp, O_RDONLY);

	if (fd < 0 || fsync(fd) != 0 || rename(tmp, file) != 0) {
		if (fd >= 0)
			close(fd);
		return tk_fail(&c->e, TK_EINVAL, "file", N_("The file %s cannot be written."),
			       file);
	}
	close(fd);
	return TK_OK;
}

int cmd_backup(struct cli *c)
{
	char *tmp;
	enum tk_rc rc;

	if (c->narg != 1)
		return cli_usage(c, tk_tr(c->lang, N_("name the file to write the backup to")));
	umask(077);             /* a copy of everything is nobody else's to read */
	tmp = tk_sprintf(c->mem, "%s.part", c->arg[0]);
	unlink(tmp);
	if ((rc = cli_open_db(c, CLI_EXISTING)) != TK_OK)
		return cli_fail(c, rc);
	if (is_pg(c)) {
		const char *name;
		char *argv[] = { arg_of(c, "pg_dump"),
				 arg_of(c, "--format=custom"),
				 arg_of(c, "--no-owner"),
				 arg_of(c, "--file"),
				 tmp,
				 NULL };

		rc = tk_pg_environment(c->mem, c->db_url, &name, &c->e);
		if (rc == TK_OK)
			rc = run_tool(c, "pg_dump", argv);
	} else {
		rc = tk_db_copy(c->db, tmp, &c->e);
	}
	if (rc == TK_OK)
		rc = publish_file(c, tmp, c->arg[0]);
	if (rc != TK_OK) {
		unlink(tmp);
		return cli_fail(c, rc);
	}
	printf("%s: %s\n", tk_tr(c->lang, N_("Backup written")), c->arg[0]);
	return 0;
}

static enum tk_rc text_row(void *ctx, const struct tk_value *col, size_t n)
{
	(void)n;
	snprintf(ctx, 16, "%s", col[0].s ? col[0].s : "");
	return TK_OK;
}

/* A backup must be sound and of this program before anything is replaced. */
static enum tk_rc check_backup(struct cli *c, const char *file)
{
	struct tk_db *db = NULL;
	char ok[16] = "";
	struct stat st;
	enum tk_rc rc;

	if (stat(file, &st) != 0)
		return tk_fail(&c->e, TK_ENOTFOUND, "file", N_("The file %s cannot be read."),
			       file);
	rc = tk_db_open(&db, file, 0, &c->e);
	if (rc == TK_OK)
		rc = tk_db_run(db, &c->e, "PRAGMA quick_check(1)", NULL, 0, text_row, ok);
	if (rc == TK_OK && strcmp(ok, "ok") != 0)
		rc = tk_fail(&c->e, TK_EDB, "file",
			     N_("The backup %s is damaged. Nothing was restored."), file);
	if (rc == TK_OK) {
		rc = tk_migrate_check(db, &c->e);
		if (rc == TK_ECONFLICT && strstr(c->e.msg, "migrate"))
			rc = TK_OK; /* an older backup is brought up by the next start */
	}
	tk_db_close(db);
	return rc;
}

static enum tk_rc restore_file(struct cli *c, const char *file)
{
	struct tk_db *from = NULL;
	char *tmp = tk_sprintf(c->mem, "%s.part", c->db_url);
	struct stat st;
	enum tk_rc rc;

	if (stat(c->db_url, &st) == 0 && !cli_has(c, "--force"))
		return tk_fail(&c->e, TK_ECONFLICT, "--db",
			       N_("%s is there already. Stop the server, then repeat with --force "
				  "to replace it."),
			       c->db_url);
	if ((rc = check_backup(c, file)) != TK_OK ||
	    (rc = tk_db_open(&from, file, TK_DB_READ, &c->e)) != TK_OK)
		return rc;
	unlink(tmp);
	rc = tk_db_copy(from, tmp, &c->e);
	tk_db_close(from);
	if (rc != TK_OK)
		return rc;
	/* what the replaced database had not merged yet must not be merged into the restored one */
	unlink(tk_sprintf(c->mem, "%s-wal", c->db_url));
	unlink(tk_sprintf(c->mem, "%s-shm", c->db_url));
	return publish_file(c, tmp, c->db_url);
}

static enum tk_rc restore_pg(struct cli *c, const char *file)
{
	bool force = cli_has(c, "--force"), there = false;
	const char *name;
	enum tk_rc rc = tk_db_open(&c->db, c->db_url, 0, &c->e);

	if (rc == TK_OK)
		rc = tk_migrate_present(c->db, &there, &c->e);
	if (rc == TK_OK && there && !force)
		return tk_fail(&c->e, TK_ECONFLICT, "--db",
			       N_("This database is not empty. Stop the server, then repeat with "
				  "--force to replace it."));
	if (rc == TK_OK)
		rc = tk_pg_environment(c->mem, c->db_url, &name, &c->e);
	if (rc == TK_OK) {
		char *argv[] = { arg_of(c, "pg_restore"),
				 arg_of(c, "--no-owner"),
				 arg_of(c, "--exit-on-error"),
				 arg_of(c, "--single-transaction"),
				 arg_of(c, "--dbname"),
				 arg_of(c, name),
				 arg_of(c, file),
				 force ? arg_of(c, "--clean") : NULL,
				 arg_of(c, "--if-exists"),
				 NULL };
		rc = run_tool(c, "pg_restore", argv);
	}
	return rc;
}

int cmd_restore(struct cli *c)
{
	enum tk_rc rc;

	if (c->narg != 1)
		return cli_usage(c, tk_tr(c->lang, N_("name the backup to restore")));
	umask(077);
	rc = is_pg(c) ? restore_pg(c, c->arg[0]) : restore_file(c, c->arg[0]);
	if (rc != TK_OK)
		return cli_fail(c, rc);
	printf("%s: %s\n", tk_tr(c->lang, N_("Restored to")), is_pg(c) ? "PostgreSQL" : c->db_url);
	return 0;
}
