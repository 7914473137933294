/* publish_api.c - preview, publishing, withdrawing, files; everything else of a publication is the
 * record mechanism's. */
#include <cjson/cJSON.h>
#include <string.h>
#include "base/text.h"
#include "publish/disclose.h"
#include "publish/publish_api.h"

static enum tk_rc load(struct tk_req *rq, struct publication *p, struct campaign *c)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	*p = (struct publication){ 0 };
	if (rc == TK_OK)
		rc = tk_rec_load(&rq->op, &tk_publication_type, id, p);
	if (rc == TK_OK && c) {
		*c = (struct campaign){ 0 };
		rc = tk_rec_load(&rq->op, &tk_campaign_type, p->campaign_id, c);
	}
	return rc;
}

/* -- preview ----------------------------------------------------------------------------------- */
/* The office sees which figures are small themselves and which had to follow. */
static void statuses(struct tk_json *j, const struct tk_disclosed *t)
{
	const struct tk_table *x = t->table;

	tk_json_key(j, "left_out");
	tk_json_arr(j);
	for (size_t f = 0; f < x->nfigure; f++)
		for (size_t o = 0; o <= x->noption; o++) {
			enum tk_cell_status s = (enum tk_cell_status)(
				o ? t->option[f * x->noption + o - 1] : t->base[f]);

			if (s != TK_CELL_ST_PRIMARY && s != TK_CELL_ST_COMPLEMENTARY)
				continue;
			tk_json_obj(j);
			tk_json_kstr(j, "series", x->figure[f].code);
			tk_json_kstr(j, "series_label", x->figure[f].label);
			tk_json_kstr(j, "option", o ? x->option[o - 1].code : NULL);
			tk_json_kstr(j, "option_label",
				     o ? tk_in(x->lang, x->option[o - 1].label_ja,
					       x->option[o - 1].label_en)
				       : tk_tr(x->lang, N_("base")));
			tk_json_kstr(j, "status", tk_cell_status_name(s));
			tk_json_end_obj(j);
		}
	tk_json_end_arr(j);
}

static void tables(struct tk_json *j, const struct tk_disclosure *d)
{
	tk_json_key(j, "tables");
	tk_json_arr(j);
	for (size_t k = 0; k < d->ntable; k++) {
		tk_json_obj(j);
		tk_json_kstr(j, "name", d->table[k].table->name);
		tk_json_kstr(j, "title", d->table[k].table->title);
		tk_json_key(j, "table");
		tk_table_json(j, d->table[k].table);
		statuses(j, &d->table[k]);
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
}

static void lost(struct tk_json *j, const struct tk_disclosure *d)
{
	tk_json_key(j, "lost");
	tk_json_obj(j);
	tk_json_kint(j, "figures", (int64_t)d->cells);
	tk_json_kint(j, "primary", (int64_t)d->primary);
	tk_json_kint(j, "complementary", (int64_t)d->complementary);
	tk_json_kbool(j, "optimal", d->optimal);
	tk_json_end_obj(j);
	tk_json_key(j, "leaks");
	tk_json_arr(j);
	for (size_t i = 0; i < d->nleak; i++)
		tk_json_str(j, d->leak[i]);
	tk_json_end_arr(j);
}

static enum tk_rc preview(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct publication p;
	struct tk_disclosure d;
	struct campaign c;
	enum tk_rc rc = load(rq, &p, &c);

	if (rc == TK_OK)
		rc = tk_disclose(&rq->op, &p, &c, rq->who.lang, &d);
	if (rc != TK_OK)
		return rc;
	rq->out.max = 64 << 20;
	tk_json_obj(&j);
	lost(&j, &d);
	tables(&j, &d);
	tk_json_end_obj(&j);
	return TK_OK;
}

/* -- moves ------------------------------------------------------------------------------------- */
static void reply(struct tk_req *rq, const struct publication *p)
{
	struct tk_json j = TK_JSON(&rq->out);

	tk_req_etag(rq, p->rec.version);
	tk_rec_json(&j, &tk_publication_type, p, NULL, rq->who.lang);
}

/* The files are made before the transaction: drawing charts takes its time. */
static enum tk_rc make(struct tk_req *rq)
{
	struct tk_pack *pack = tk_alloc(rq->mem, sizeof(*pack));
	struct publication p;
	enum tk_rc rc = load(rq, &p, NULL);

	rq->state = pack;
	return rc == TK_OK ? tk_pack_make(&rq->op, &p, pack) : rc;
}

static enum tk_rc publish(struct tk_req *rq)
{
	struct publication p;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_publication_publish(&rq->op, id, rq->state, &p);
	if (rc == TK_OK)
		reply(rq, &p);
	return rc;
}

static enum tk_rc withdraw(struct tk_req *rq)
{
	static const char *const keys[] = { "reason", NULL };
	struct publication p;
	const char *reason = NULL;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK && rq->json)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK && rq->json)
		rc = tk_json_get_str(rq->json, "reason", &reason, &rq->err);
	if (rc == TK_OK)
		rc = tk_publication_withdraw(&rq->op, id, reason, &p);
	if (rc == TK_OK)
		reply(rq, &p);
	return rc;
}

/* -- files ------------------------------------------------------------------------------------- */
static enum tk_rc file_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tk_json *j = ctx;

	(void)n;
	tk_json_obj(j);
	tk_json_kstr(j, "name", col[0].s);
	tk_json_kstr(j, "media_type", col[1].s);
	tk_json_kint(j, "size", col[2].i);
	tk_json_kstr(j, "sha256", col[3].s);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc files(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct publication p;
	enum tk_rc rc = load(rq, &p, NULL);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT name, media_type, size, sha256 FROM publication_file WHERE "
		       "publication_id = $1 ORDER BY id",
		       TK_ARGS(TK_I(p.rec.id)), file_row, &j);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	return rc;
}

static const char *last_part(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

static enum tk_rc file_get(struct tk_req *rq)
{
	const char *name = tk_req_query(rq, "name");
	struct tk_pack_file f;
	struct publication p;
	enum tk_rc rc = load(rq, &p, NULL);

	if (rc == TK_OK)
		rc = tk_publication_file(&rq->op, p.rec.id, name ? name : "", &f);
	if (rc != TK_OK)
		return rc;
	rq->out.max = f.n + 1;
	tk_buf_add(&rq->out, f.data, f.n);
	tk_req_download(rq, last_part(f.name), f.media_type, 1);
	return TK_OK;
}

static enum tk_rc archive(struct tk_req *rq)
{
	struct publication p;
	struct campaign c;
	enum tk_rc rc = load(rq, &p, &c);

	rq->out.max = 256 << 20;
	if (rc == TK_OK)
		rc = tk_publication_archive(&rq->op, &p, &rq->out);
	if (rc == TK_OK)
		tk_req_download(rq,
				tk_sprintf(rq->mem, "%s-%lld.zip", c.name, (long long)p.edition),
				"application/zip", 1);
	return rc;
}

#define P "/api/v1/publications/{id}"
const struct tk_route tk_publish_routes[] = {
	{ "GET", P "/preview", preview, .perm = TK_P_PANEL_READ, .max_mem = 512 << 20,
	  .doc = "The tables as they would be published, and what is left out because it is small "
		 "or would give a small figure away" },
	{ "POST", P "/publish", publish, make, .perm = TK_P_PANEL_MANAGE, .flags = TK_R_TX,
	  .max_mem = 1024 << 20,
	  .doc = "Proves the pattern of figures left out once more and keeps every file as it goes "
		 "out; from then on nothing of it changes" },
	{ "POST", P "/withdraw", withdraw, .perm = TK_P_PANEL_MANAGE, .flags = TK_R_TX,
	  .doc = "Takes a publication back, with the reason" },
	{ "GET", P "/files", files, .perm = TK_P_PANEL_READ,
	  .doc = "The files of a publication with their digests" },
	{ "GET", P "/file", file_get, .perm = TK_P_PANEL_READ, .query = "name",
	  .max_mem = 256 << 20, .doc = "One file of a publication (name=tables/web-meeting.csv)" },
	{ "GET", P "/pack.zip", archive, .perm = TK_P_PANEL_READ, .max_mem = 512 << 20,
	  .doc = "All files of a publication as one archive" },
	{ 0 },
};
