/* portal_api.c - the staff portal: notices, the documents in force as a tree and as a drawing,
 * questions with answers, and who has read what. */
#include <string.h>
#include "base/clock.h"
#include "chart/tree.h"
#include "policy/policy_in.h"
#include "policy/portal_api.h"

struct out { struct tk_req *rq; struct tk_json j; };

/* -- documents --------------------------------------------------------------------------------- */
static const char *label_of(const char *level, enum tk_lang lang)
{
	for (const struct tk_choice *c = tk_document_levels; c->id; c++)
		if (!strcmp(c->id, level))
			return tk_tr(lang, c->label);
	return level;
}

static const char documents_sql[] =
	"SELECT d.id, d.level, d.number, d.title, d.parent_id, s.name, e.id, e.edition,"
	" e.decided_by, e.decided_on, e.from_on, e.summary, e.must_read, r.read_at,"
	" CASE WHEN e.body IS NULL OR e.body = '' THEN 0 ELSE 1 END"
	" FROM policy_document d LEFT JOIN info_system s ON s.id = d.info_system_id"
	" LEFT JOIN document_edition e ON e.policy_document_id = d.id AND e.state = 'in_force' AND"
	" e.deleted_at IS NULL LEFT JOIN document_read r ON r.document_edition_id = e.id AND"
	" r.staff_id = $1 AND r.deleted_at IS NULL WHERE d.deleted_at IS NULL"
	" ORDER BY d.sort, d.id";

static enum tk_rc document_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct out *o = ctx;
	struct tk_json *j = &o->j;

	(void)n;
	tk_json_obj(j);
	tk_json_kid(j, "id", col[0].i);
	tk_json_kstr(j, "level", col[1].s);
	tk_json_kstr(j, "level_label", label_of(col[1].s, o->rq->who.lang));
	tk_json_kint(j, "rank", tk_document_rank(col[1].s));
	tk_json_kstr(j, "number", col[2].s);
	tk_json_kstr(j, "title", col[3].s);
	tk_json_kid(j, "parent_id", col[4].i);
	tk_json_kstr(j, "system", col[5].s);
	tk_json_key(j, "edition");
	if (col[6].type == TK_V_NULL) {
		tk_json_null(j);
	} else {
		tk_json_obj(j);
		tk_json_kid(j, "id", col[6].i);
		tk_json_kint(j, "edition", col[7].i);
		tk_json_kstr(j, "decided_by", col[8].s);
		tk_json_kstr(j, "decided_on", col[9].s);
		tk_json_kstr(j, "from_on", col[10].s);
		tk_json_kstr(j, "summary", col[11].s);
		tk_json_kbool(j, "must_read", col[12].i != 0);
		tk_json_ktime(j, "read_at", col[13].i);
		tk_json_kbool(j, "has_text", col[14].i != 0);
		tk_json_end_obj(j);
	}
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc notice_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tk_json *j = &((struct out *)ctx)->j;

	(void)n;
	tk_json_obj(j);
	tk_json_kid(j, "id", col[0].i);
	tk_json_kstr(j, "title", col[1].s);
	tk_json_kstr(j, "body", col[2].s);
	tk_json_kstr(j, "from_on", col[3].s);
	tk_json_kbool(j, "important", col[4].i != 0);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc question_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tk_json *j = &((struct out *)ctx)->j;

	(void)n;
	tk_json_obj(j);
	tk_json_kid(j, "id", col[0].i);
	tk_json_kstr(j, "title", col[1].s);
	tk_json_kstr(j, "question", col[2].s);
	tk_json_kstr(j, "answer", col[3].s);
	tk_json_kstr(j, "answered_on", col[4].s);
	tk_json_kstr(j, "division", col[5].s);
	tk_json_kstr(j, "document", col[6].s);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc list(struct out *o, const char *key, const char *sql, struct tk_value arg,
		       tk_row_fn row)
{
	enum tk_rc rc;

	tk_json_key(&o->j, key);
	tk_json_arr(&o->j);
	rc = tk_db_run(o->rq->db, &o->rq->err, sql, &arg, 1, row, o);
	tk_json_end_arr(&o->j);
	return rc;
}

static enum tk_rc portal(struct tk_req *rq)
{
	struct out o = { rq, TK_JSON(&rq->out) };
	enum tk_rc rc;

	tk_json_obj(&o.j);
	rc = list(&o, "notices", "SELECT id, title, body, from_on, important FROM portal_notice"
		  " WHERE deleted_at IS NULL AND from_on <= $1 AND (to_on IS NULL OR to_on >= $1)"
		  " ORDER BY important DESC, from_on DESC, id DESC LIMIT 50",
		  TK_S(tk_today_iso(rq->mem)), notice_row);
	if (rc == TK_OK)
		rc = list(&o, "documents", documents_sql, TK_I(rq->who.staff_id), document_row);
	if (rc == TK_OK)
		rc = list(&o, "questions", "SELECT q.id, q.title, q.question, q.answer,"
			  " q.answered_on, v.name, d.title FROM portal_question q LEFT JOIN"
			  " division v ON v.id = q.division_id LEFT JOIN policy_document d ON d.id"
			  " = q.policy_document_id WHERE q.published = 1 AND q.deleted_at IS NULL"
			  " AND q.id > $1 ORDER BY q.answered_on DESC, q.id DESC LIMIT 200",
			  TK_I(0), question_row);
	tk_json_end_obj(&o.j);
	return rc;
}

/* -- the drawing (DOC-01, CHT-03) -------------------------------------------------------------- */
enum { BANDS = 5 };
struct tree { struct tk_req *rq; struct tk_tree_node *v; int64_t *id, *parent; size_t n; };

static enum tk_rc tree_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tree *t = ctx;
	struct tk_arena *a = t->rq->mem;
	bool ja = t->rq->who.lang == TK_JA;
	const char *title = col[3].s, *sub = "";

	(void)n;
	if (t->n == TK_TREE_NODE_MAX)
		return TK_OK;
	if (col[2].s && *col[2].s)
		title = tk_sprintf(a, "%s %s", col[2].s, title);
	if (col[6].type != TK_V_NULL)
		sub = tk_sprintf(a, ja ? "第%lld版（%s）" : "Edition %lld (%s)",
				 (long long)col[7].i, col[10].s ? col[10].s : "");
	t->id[t->n] = col[0].i;
	t->parent[t->n] = col[4].i;
	t->v[t->n++] = (struct tk_tree_node){ tk_strdup(a, title), sub,
					      (size_t)tk_document_rank(col[1].s), -1 };
	return TK_OK;
}

static enum tk_rc tree_svg(struct tk_req *rq)
{
	const char *band[BANDS] = {
		tk_tr(rq->who.lang, N_("Government common standards")),
		tk_tr(rq->who.lang, N_("Security policy")),
		tk_tr(rq->who.lang, N_("Basic policy and measure standards")),
		tk_tr(rq->who.lang, N_("Implementation procedures")),
		tk_tr(rq->who.lang, N_("Operation rules of systems")),
	};
	struct tree t = { .rq = rq, .v = tk_alloc_n(rq->mem, TK_TREE_NODE_MAX, sizeof(*t.v)),
			  .id = tk_alloc_n(rq->mem, TK_TREE_NODE_MAX, sizeof(*t.id)),
			  .parent = tk_alloc_n(rq->mem, TK_TREE_NODE_MAX, sizeof(*t.parent)) };
	struct tk_tree d = {
		.lang = rq->who.lang, .width = 960, .id = "documents",
		.title = tk_tr(rq->who.lang, N_("Where the documents on information security "
						"stand")),
		.level = band, .nlevel = BANDS, .join = tk_tr(rq->who.lang, N_("conforms to")),
	};
	enum tk_rc rc = tk_db_run(rq->db, &rq->err, documents_sql, TK_ARGS(TK_I(0)), tree_row, &t);

	if (rc == TK_OK && !t.n)
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL, N_("There are no documents yet."));
	for (size_t i = 0; i < t.n; i++)
		for (size_t k = 0; k < t.n && t.parent[i]; k++)
			if (t.id[k] == t.parent[i])
				t.v[i].parent = (int)k;
	d.node = t.v;
	d.nnode = t.n;
	if (rc == TK_OK)
		rc = tk_tree_svg(&d, rq->mem, &rq->out, &rq->err);
	rq->content_type = "image/svg+xml; charset=utf-8";
	return rc;
}

/* -- reading ----------------------------------------------------------------------------------- */
static enum tk_rc mark_read(struct tk_req *rq)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_document_read_mark(&rq->op, id);
	if (rc == TK_OK)
		rq->status = 204;
	return rc;
}

struct division { int64_t id, n, of; };
struct readers { struct out o; struct division *d; int64_t n, of; };

static void end_division(struct readers *r)
{
	struct tk_json *j = &r->o.j;

	if (!r->d)
		return;
	tk_json_end_arr(j);
	tk_json_kint(j, "n", r->d->n);
	tk_json_kint(j, "of", r->d->of);
	tk_json_end_obj(j);
	r->n += r->d->n;
	r->of += r->d->of;
}

static enum tk_rc reader(void *ctx, const struct tk_reader *p)
{
	struct readers *r = ctx;
	struct tk_json *j = &r->o.j;

	if (!r->d || r->d->id != p->division_id) {
		end_division(r);
		r->d = tk_alloc(r->o.rq->mem, sizeof(*r->d));
		r->d->id = p->division_id;
		tk_json_obj(j);
		tk_json_kid(j, "division_id", p->division_id);
		tk_json_kstr(j, "division", p->division);
		tk_json_key(j, "missing");
		tk_json_arr(j);
	}
	r->d->of++;
	r->d->n += p->read;
	if (p->read)
		return TK_OK;
	tk_json_obj(j);
	tk_json_kid(j, "staff_id", p->staff_id);
	tk_json_kstr(j, "staff_number", p->number);
	tk_json_kstr(j, "name", p->name);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc readers(struct tk_req *rq)
{
	struct readers r = { .o = { rq, TK_JSON(&rq->out) } };
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&r.o.j);
	tk_json_key(&r.o.j, "divisions");
	tk_json_arr(&r.o.j);
	rc = tk_document_readers(&rq->op, id, reader, &r);
	end_division(&r);
	tk_json_end_arr(&r.o.j);
	tk_json_kint(&r.o.j, "n", r.n);
	tk_json_kint(&r.o.j, "of", r.of);
	tk_json_end_obj(&r.o.j);
	return rc;
}

const struct tk_route tk_portal_routes[] = {
	{ "GET", "/api/v1/portal", portal, .perm = TK_P_DOC_READ,
	  .doc = "The staff portal: notices, documents with their editions in force, questions" },
	{ "GET", "/api/v1/portal/tree.svg", tree_svg, .perm = TK_P_DOC_READ,
	  .doc = "The hierarchy of documents as a drawing" },
	{ "POST", "/api/v1/my/documents/{edition}/read", mark_read, .perm = TK_P_DOC_READ,
		.flags = TK_R_TX,
	  .doc = "The caller has read this edition; once, however often it is said" },
	{ "GET", "/api/v1/document-editions/{edition}/readers", readers, .perm = TK_P_DOC_READ,
		.max_mem = 64 << 20,
	  .doc = "How many have read an edition, by division, and who has not; own units only" },
	{ 0 },
};
