/* cmd_publish.c - publish: the tables of a campaign, with small figures left out. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "main/cli.h"
#include "publish/disclose.h"

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
	tk_buf_drop(&b);
	return rc;
}

/* A preview leaves nothing behind; publishing is one transaction. */
int cmd_publish(struct cli *c)
{
	bool preview = cli_has(c, "--preview");
	const char *out = cli_get(c, "--out");
	struct campaign cm = { 0 };
	struct publication p;
	struct tk_pack pack;
	enum tk_rc rc;

	if (c->narg != 1 || preview == (out != NULL))
		return cli_usage(c, tk_tr(c->lang, N_("name a campaign and give --preview or "
						     "--out FILE")));
	if ((rc = cli_open_db(c, CLI_EXISTING)) != TK_OK ||
	    (rc = tk_campaign_find(&c->op, c->arg[0], &cm)) != TK_OK ||
	    (rc = tk_db_begin(c->db, &c->e)) != TK_OK)
		return cli_fail(c, rc);
	rc = tk_publication_new(&c->op, &cm, cli_get(c, "--tables"), cli_get(c, "--min"),
				cli_get(c, "--remark"), &p);
	if (rc == TK_OK && preview)
		rc = show(c, &p, &cm);
	else if (rc == TK_OK) {
		rc = tk_pack_make(&c->op, &p, &pack);
		if (rc == TK_OK)
			rc = tk_publication_publish(&c->op, p.rec.id, &pack, &p);
		if (rc == TK_OK)
			rc = write_out(c, &p, out);
	}
	if (rc == TK_OK && !preview)
		rc = tk_db_commit(c->db, &c->e);
	else
		tk_db_rollback(c->db);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}
