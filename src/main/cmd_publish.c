/* cmd_publish.c - publish: the tables of a campaign, with small figures left out. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "base/text.h"
#include "main/cli.h"
#include "publish/disclose.h"
#include "publish/position.h"

static enum tk_rc show(struct cli *c, const struct publication *p, const struct campaign *cm)
{
	struct tk_disclosure d;
	struct tk_buf b = TK_BUF(64 << 20);
	enum tk_rc rc = tk_disclose(&c->op, p, cm, c->lang, &d);

	if (rc != TK_OK)
		return rc;
	for (size_t k = 0; k < d.ntable; k++) {
		tk_table_text(&b, d.table[k].table);
		tk_buf_chr(&b, '\n');
	}
	fwrite(b.p, 1, b.len, stdout);
	tk_buf_drop(&b);
	printf("%s\n",
	       tk_say(c->mem, c->lang,
		      N_("Figures: %zu. Left out because they are small: %zu; because a small one "
			 "could be computed from them: %zu."),
		      d.cells, d.primary, d.complementary));
	for (size_t i = 0; i < d.nleak; i++)
		printf("%s %s\n", tk_tr(c->lang, N_("Cannot be protected:")), d.leak[i]);
	return tk_disclosure_prove(&c->op, &d);
}

static enum tk_rc write_out(struct cli *c, const struct publication *p, const char *path)
{
	struct tk_buf b = TK_BUF(256 << 20);
	enum tk_rc rc = tk_publication_archive(&c->op, p, &b);
	FILE *f;

	if (rc != TK_OK)
		return rc;
	f = fopen(path, "wb");
	if (!f || fwrite(b.p, 1, b.len, f) != b.len)
		rc = tk_fail(&c->e, TK_EFULL, "--out", N_("The file %s cannot be written."), path);
	if (f && fclose(f) != 0 && rc == TK_OK)
		rc = tk_fail(&c->e, TK_EFULL, "--out", N_("The file %s cannot be written."), path);
	if (f && rc != TK_OK)
		remove(path);
	tk_buf_drop(&b);
	return rc;
}

/* -- position sheets --------------------------------------------------------------------------- */
enum { SHEET_MAX = 8 << 20, SHEET_MEM = 256 << 20 };
struct sheets {
	struct cli *c;
	struct tk_positions *ps;
	struct tk_arena *mem;           /* of one sheet */
	const char *dir;
	long long n;
};

static enum tk_rc write_sheet(struct sheets *s, const char *code, const struct tk_buf *b)
{
	const char *path;
	FILE *f;
	bool ok;

	if (b->bad)
		return tk_fail(&s->c->e, TK_ETOOBIG, code,
			       N_("The position sheet of %s becomes too large."), code);
	/* codes are the office's own; as names of files they must stay in the folder */
	if (strchr(code, '/') || *code == '.')
		return tk_fail(&s->c->e, TK_EINVAL, code,
			       N_("The code %s cannot be the name of a file."), code);
	path = tk_sprintf(s->mem, "%s/%s.html", s->dir, code);
	f = fopen(path, "wb");
	ok = f && fwrite(b->p, 1, b->len, f) == b->len;
	if (f)
		ok = fclose(f) == 0 && ok;
	return ok ? TK_OK
		  : tk_fail(&s->c->e, TK_EFULL, "--positions",
			    N_("The file %s cannot be written."), path);
}

static enum tk_rc sheet(void *ctx, const struct tk_position_row *r)
{
	struct sheets *s = ctx;
	struct tk_op op = { s->c->db, s->mem, &s->c->who, &s->c->e };
	struct tk_buf b = TK_BUF(SHEET_MAX);
	enum tk_rc rc;

	tk_arena_reset(s->mem);
	rc = tk_position_page(&op, s->ps, r->respondent_id, s->c->lang, &b);
	if (rc == TK_OK)
		rc = write_sheet(s, r->code, &b);
	tk_buf_drop(&b);
	s->n += rc == TK_OK;
	return rc;
}

static enum tk_rc positions(struct cli *c, const struct campaign *cm, const char *dir)
{
	struct sheets s = { .c = c, .dir = dir };
	enum tk_rc rc = tk_positions_open(&c->op, cm->rec.id, &s.ps);

	if (rc != TK_OK)
		return rc;
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return tk_fail(&c->e, TK_EFULL, "--positions",
			       N_("The folder %s cannot be made."), dir);
	s.mem = tk_arena_new(SHEET_MEM);
	rc = tk_position_each(&c->op, cm->rec.id, sheet, &s);
	tk_arena_free(s.mem);
	tk_positions_close(s.ps);
	if (rc == TK_OK)
		printf("%s: %lld\n", tk_tr(c->lang, N_("Position sheets written")), s.n);
	return rc;
}

/* A preview leaves nothing behind; publishing is one transaction. */
static enum tk_rc publish(struct cli *c, const struct campaign *cm, const char *out)
{
	struct publication p;
	struct tk_pack pack;
	enum tk_rc rc = tk_db_begin(c->db, &c->e);

	if (rc != TK_OK)
		return rc;
	rc = tk_publication_new(&c->op, cm, cli_get(c, "--tables"), cli_get(c, "--min"),
				cli_get(c, "--remark"), &p);
	if (rc == TK_OK && !out)
		rc = show(c, &p, cm);
	else if (rc == TK_OK) {
		rc = tk_pack_make(&c->op, &p, &pack);
		if (rc == TK_OK)
			rc = tk_publication_publish(&c->op, p.rec.id, &pack, &p);
		if (rc == TK_OK)
			rc = write_out(c, &p, out);
	}
	if (rc != TK_OK || !out) {
		tk_db_rollback(c->db);
		return rc;
	}
	rc = tk_db_commit(c->db, &c->e);
	if (rc == TK_OK)
		printf("%s\n", tk_say(c->mem, c->lang,
				      N_("Edition %lld is published; its files are in %s."),
				      (long long)p.edition, out));
	return rc;
}

int cmd_publish(struct cli *c)
{
	bool preview = cli_has(c, "--preview");
	const char *out = cli_get(c, "--out"), *dir = cli_get(c, "--positions");
	struct campaign cm = { 0 };
	enum tk_rc rc;

	if (c->narg != 1 || preview == (out || dir))
		return cli_usage(c, tk_tr(c->lang, N_("name a campaign and give --preview, --out "
						     "FILE or --positions DIR")));
	if ((rc = cli_open_db(c, CLI_EXISTING)) == TK_OK)
		rc = tk_campaign_find(&c->op, c->arg[0], &cm);
	if (rc == TK_OK && (preview || out))
		rc = publish(c, &cm, out);
	if (rc == TK_OK && dir)
		rc = positions(c, &cm, dir);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}
