/* publication.c - the record, its moves, its files. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "publish/publication.h"
#include "record/trail.h"
#include "sheet/archive.h"

enum { ARCHIVE_MAX = 256 << 20, POSITION_MIN = 5, POSITION_USUAL = 10 };

static const struct tk_choice state_choice[] = {
	{ "draft", N_("Draft") },
	{ "published", N_("Published") },
	{ "withdrawn", N_("Withdrawn") },
	{ 0 },
};
static const struct tk_choice min_choice[] = {
	{ "3", N_("Counts below 3") },
	{ "5", N_("Counts below 5") },
	{ "10", N_("Counts below 10") },
	{ 0 },
};

bool tk_publication_is(const struct publication *p, const char *state)
{
	return p->state && !strcmp(p->state, state);
}

static enum tk_rc next_edition(const struct tk_op *op, int64_t campaign_id, int64_t *ret)
{
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT MAX(edition) FROM publication WHERE campaign_id = $1",
				  TK_ARGS(TK_I(campaign_id)), 0, ret);

	++*ret;
	return rc;
}

/* Whatever a reader may hold in hands stays as it is; the program itself moves the state. */
static enum tk_rc only_draft(const struct tk_op *op, const struct publication *was)
{
	if (!was || op->who->system || tk_publication_is(was, "draft"))
		return TK_OK;
	return tk_fail(op->e, TK_ECONFLICT, NULL,
		       N_("What was published stays as it is. Make a new edition to correct it."));
}

static enum tk_rc publication_check(const struct tk_op *op, const void *was_rec, void *now_rec,
				    bool deleted)
{
	const struct tk_rtype *t = &tk_publication_type;
	struct publication *p = now_rec;
	int64_t edition = 0;
	enum tk_rc rc = only_draft(op, was_rec);

	if (rc != TK_OK || deleted)
		return rc;
	if (!was_rec) {
		if ((rc = next_edition(op, p->campaign_id, &edition)) != TK_OK)
			return rc;
		tk_set_by(t, p, "edition", TK_I(edition));
		tk_set_by(t, p, "state", TK_S("draft"));
	}
	if (!p->min_cell)
		tk_set_by(t, p, "min_cell", TK_S("3"));
	if (tk_get_by(t, p, "protect_all").type == TK_V_NULL)
		tk_set_by(t, p, "protect_all", TK_I(0));
	if (tk_get_by(t, p, "min_position").type == TK_V_NULL)
		tk_set_by(t, p, "min_position", TK_I(POSITION_USUAL));
	if (p->edition > 1 && tk_is_blank(p->remark_ja))
		return tk_fail(op->e, TK_EINVAL, "remark_ja",
			       N_("Say what this edition corrects; it is printed in the method "
				  "note."));
	return TK_OK;
}

#define P struct publication
static const struct tk_field publication_field[] = {
	TK_REF(P, campaign_id, .label = N_("Campaign"), .ref = &tk_campaign_type,
	       .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_INT(P, edition, .label = N_("Edition"), .flags = TK_READONLY | TK_LIST),
	TK_TEXT(P, tables, .label = N_("Tables"), .max = 4000,
		.help = N_("Names with blanks between. Left empty: all tables of the "
			   "questionnaire.")),
	TK_ENUM(P, min_cell, .label = N_("Not published"), .choice = min_choice, .flags = TK_LIST,
		.help = N_("Smaller counts, and what they could be computed from, are replaced "
			   "by x.")),
	TK_BOOL(P, protect_all, .label = N_("Hide \"all\" and \"none\" as well"),
		.help = N_("\"All\" and \"none\" of a base say the same of everybody in it. For "
			   "compliance rates that is the purpose, so both are published unless "
			   "this is set.")),
	TK_INT(P, min_position, .label = N_("Smallest stratum of position sheets"),
	       .min = POSITION_MIN, .max = 1000,
	       .help = N_("An institution sees the figures of its sector only where at least so "
			  "many others answered.")),
	TK_LONG(P, remark_ja, .label = N_("Remark (Japanese)"), .max = 2000,
		.help = N_("Printed in the method note; needed from the second edition on.")),
	TK_LONG(P, remark_en, .label = N_("Remark (English)"), .max = 2000),
	TK_ENUM(P, state, .label = N_("State"), .choice = state_choice,
		.flags = TK_READONLY | TK_LIST),
	TK_TIME(P, published_at, .label = N_("Published at"), .flags = TK_READONLY | TK_LIST),
	TK_TEXT(P, digest, .label = N_("Digest"), .flags = TK_READONLY, .max = 100),
};
#undef P

const struct tk_rtype tk_publication_type = {
	.name = "publication",
	.path = "publications",
	.table = "publication",
	.label = N_("Publication"),
	.label_plural = N_("Publications"),
	.group = "survey",
	.size = sizeof(struct publication),
	.field = publication_field,
	.nfield = TK_LEN(publication_field),
	.order = "-edition",
	.flags = TK_T_NO_IMPORT,
	.read = TK_P_PANEL_READ,
	.write = TK_P_PANEL_MANAGE,
	.grade = 2,
	.check = publication_check,
};

enum tk_rc tk_publication_new(const struct tk_op *op, const struct campaign *c, const char *tables,
			      const char *min_cell, const char *remark, struct publication *ret)
{
	const struct tk_rtype *t = &tk_publication_type;

	*ret = (struct publication){ 0 };
	tk_set_by(t, ret, "campaign_id", TK_I(c->rec.id));
	tk_set_by(t, ret, "tables", TK_S(tables));
	tk_set_by(t, ret, "min_cell", TK_S(min_cell));
	tk_set_by(t, ret, "remark_ja", TK_S(remark));
	return tk_rec_insert(op, t, ret);
}

enum tk_rc tk_publication_newest(const struct tk_op *op, int64_t campaign_id,
				 struct publication *ret)
{
	struct tk_who program = *op->who; /* position sheets are for people outside */
	struct tk_op as = { op->db, op->mem, &program, op->e };
	int64_t id = 0;
	enum tk_rc rc =
		tk_db_int(op->db, op->e,
			  "SELECT id FROM publication WHERE campaign_id = $1 AND state = "
			  "'published' AND deleted_at IS NULL ORDER BY edition DESC LIMIT 1",
			  TK_ARGS(TK_I(campaign_id)), 0, &id);

	program.system = true;
	if (rc == TK_OK && !id)
		return tk_fail(op->e, TK_ENOTFOUND, NULL,
			       N_("The results of this survey are not published yet."));
	return rc == TK_OK ? tk_rec_load(&as, &tk_publication_type, id, ret) : rc;
}

/* -- moves ------------------------------------------------------------------------------------- */
static enum tk_rc load(const struct tk_op *op, int64_t id, struct publication *p)
{
	if (tk_who_scope(op->who, TK_P_PANEL_MANAGE) != TK_SCOPE_ALL)
		return tk_denied(op->e);
	*p = (struct publication){ 0 };
	return tk_rec_load(op, &tk_publication_type, id, p);
}

static enum tk_rc moved(const struct tk_op *op, struct publication *p, const char *state)
{
	struct tk_who program = *op->who; /* the state is read-only to everybody */
	struct tk_op as = { op->db, op->mem, &program, op->e };

	program.system = true;
	tk_set_by(&tk_publication_type, p, "state", TK_S(state));
	return tk_rec_update(&as, &tk_publication_type, p, -1);
}

static enum tk_rc keep(const struct tk_op *op, int64_t id, const struct tk_pack_file *f,
		       char digest[TK_SHA256_HEX])
{
	tk_sha256_hex(f->data, f->n, digest);
	return tk_db_exec(
		op->db, op->e,
		"INSERT INTO publication_file(id, publication_id, name, media_type, size, "
		"sha256, content) VALUES($1, $2, $3, $4, $5, $6, $7)",
		TK_I(tk_id_new()), TK_I(id), TK_S(f->name), TK_S(f->media_type),
		TK_I((int64_t)f->n), TK_S(digest), TK_B(f->data, f->n));
}

enum tk_rc tk_publication_publish(const struct tk_op *op, int64_t id, const struct tk_pack *pack,
				  struct publication *ret)
{
	char digest[TK_SHA256_HEX] = "";
	struct tk_value state;
	int64_t editions = 0;
	bool found;
	enum tk_rc rc = load(op, id, ret);

	if (rc == TK_OK && !tk_publication_is(ret, "draft"))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Only a draft can be published. Make a new edition."));
	if (rc == TK_OK)
		rc = tk_db_first(op->db, op->mem, op->e, "SELECT state FROM campaign WHERE id = $1",
				 TK_ARGS(TK_I(ret->campaign_id)), &state, 1, &found);
	if (rc == TK_OK && (!found || strcmp(state.s, "closed") != 0))
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Close the campaign first: what is published must not change "
				  "any more."));
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT COUNT(*) FROM publication WHERE campaign_id = $1 AND "
			       "published_at IS NOT NULL",
			       TK_ARGS(TK_I(ret->campaign_id)), 0, &editions);
	if (rc == TK_OK && editions != pack->editions)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("Another edition was published meanwhile. Look at the preview "
				  "again: what may be printed beside it has changed."));
	for (size_t i = 0; i < pack->n && rc == TK_OK; i++)
		rc = keep(op, id, &pack->file[i], digest);
	if (rc == TK_OK)
		rc = tk_earlier_keep(op, id, pack->figure, pack->nfigure);
	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_publication_type, ret, "digest", TK_S(tk_strdup(op->mem, digest)));
	tk_set_by(&tk_publication_type, ret, "published_at", TK_I(tk_now()));
	return moved(op, ret, "published");
}

enum tk_rc tk_publication_withdraw(const struct tk_op *op, int64_t id, const char *reason,
				   struct publication *ret)
{
	struct tk_buf b = TK_BUF(16384);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc = load(op, id, ret);

	if (rc == TK_OK && !tk_publication_is(ret, "published"))
		rc = tk_fail(op->e, TK_ECONFLICT, NULL,
			     N_("Only what is published can be withdrawn."));
	if (rc == TK_OK && (tk_is_blank(reason) || tk_utf8_count(reason) > 2000))
		rc = tk_fail(op->e, TK_EINVAL, "reason",
			     N_("Please write the reason, in at most %d characters; it is kept in "
				"the audit trail."),
			     2000);
	if (rc == TK_OK)
		rc = moved(op, ret, "withdrawn");
	tk_json_obj(&j);
	tk_json_kstr(&j, "reason", reason);
	tk_json_end_obj(&j);
	if (rc == TK_OK)
		rc = tk_trail_add(op, "withdraw", "publication", id, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}

/* -- files ------------------------------------------------------------------------------------- */
enum tk_rc tk_publication_file(const struct tk_op *op, int64_t id, const char *name,
			       struct tk_pack_file *ret)
{
	struct tk_value v[3];
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT name, media_type, content FROM publication_file WHERE "
				    "publication_id = $1 AND name = $2",
				    TK_ARGS(TK_I(id), TK_S(name)), v, 3, &found);

	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, NULL,
			       N_("The publication has no file \"%.80s\"."), name);
	if (rc == TK_OK)
		*ret = (struct tk_pack_file){ v[0].s, v[1].s, v[2].s, v[2].n };
	return rc;
}

static enum tk_rc file_row(void *ctx, const struct tk_value *col, size_t n)
{
	(void)n;
	tk_archive_add(ctx, col[0].s, col[1].s, col[1].n);
	return TK_OK;
}

enum tk_rc tk_publication_archive(const struct tk_op *op, const struct publication *p,
				  struct tk_buf *out)
{
	struct tk_archive *z;
	enum tk_rc rc;

	if (!p->published_at)
		return tk_fail(op->e, TK_ECONFLICT, NULL,
			       N_("This is a draft: publish it first, or look at its preview."));
	z = tk_archive_new(p->published_at, ARCHIVE_MAX, op->e->lang);
	rc = tk_db_run(op->db, op->e,
		       "SELECT name, content FROM publication_file WHERE publication_id = $1 ORDER "
		       "BY id",
		       TK_ARGS(TK_I(p->rec.id)), file_row, z);
	if (rc == TK_OK)
		return tk_archive_close(z, tk_out_to_buf, out, op->e);
	tk_archive_free(z);
	return rc;
}
