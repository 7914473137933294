/* trail_api.c - the audit trail for those who may read it; newest first, paged by id. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "http/trail_api.h"

enum { PAGE = 100, MAX_PAGE = 500 };

struct page { struct tk_json *j; int64_t n, limit, last; bool more; enum tk_lang lang; };

static enum tk_rc row(void *ctx, const struct tk_value *col, size_t n)
{
	struct page *p = ctx;
	struct tk_json *j = p->j;
	const struct tk_rtype *t = tk_rtype_by_name(col[5].s);

	(void)n;
	if (p->n == p->limit) {
		p->more = true;
		return TK_OK;
	}
	p->n++;
	p->last = col[0].i;
	tk_json_obj(j);
	tk_json_kid(j, "id", col[0].i);
	tk_json_ktime(j, "at", col[1].i / 1000);
	tk_json_kstr(j, "who", col[2].s);
	tk_json_kstr(j, "from", col[3].s);
	tk_json_kstr(j, "action", col[4].s);
	tk_json_kstr(j, "type", col[5].s);
	tk_json_kstr(j, "type_label", t ? tk_tr(p->lang, t->label) : col[5].s);
	tk_json_kid(j, "record_id", col[6].i);
	tk_json_key(j, "detail");
	tk_json_raw(j, col[7].s);
	tk_json_kbool(j, "sealed", col[8].type == TK_V_INT);
	tk_json_end_obj(j);
	return TK_OK;
}

static enum tk_rc number(struct tk_req *rq, const char *name, int64_t def, int64_t *ret)
{
	const char *s = tk_req_query(rq, name);

	*ret = def;
	if (s && *s && !tk_parse_int(s, ret))
		return tk_fail(&rq->err, TK_EINVAL, name, N_("%s must be a number."), name);
	return TK_OK;
}

static enum tk_rc day(struct tk_req *rq, const char *name, int64_t def, int add, int64_t *ret)
{
	const char *s = tk_req_query(rq, name);
	struct tk_date d;

	*ret = def;
	if (!s || !*s)
		return TK_OK;
	if (!tk_date_parse(s, &d))
		return tk_fail(&rq->err, TK_EINVAL, name,
			       N_("%s must be a day, such as 2012-03-31."), name);
	*ret = (tk_date_time(d) + add) * 1000;
	return TK_OK;
}

static enum tk_rc trail(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct page p = { .j = &j, .lang = rq->who.lang };
	const char *type = tk_req_query(rq, "type"), *who = tk_req_query(rq, "who"),
		   *action = tk_req_query(rq, "action");
	int64_t cursor, record, from, to;
	enum tk_rc rc = number(rq, "limit", PAGE, &p.limit);

	if (p.limit < 1 || p.limit > MAX_PAGE)
		p.limit = PAGE;
	if (rc == TK_OK)
		rc = number(rq, "cursor", INT64_MAX, &cursor);
	if (rc == TK_OK)
		rc = number(rq, "record_id", 0, &record);
	if (rc == TK_OK)
		rc = day(rq, "from", 0, 0, &from);
	if (rc == TK_OK)
		rc = day(rq, "to", INT64_MAX, 24 * 3600, &to);
	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_key(&j, "items");
	tk_json_arr(&j);
	rc = tk_db_run(
		rq->db, &rq->err,
		"SELECT id, at_ms, who, source, action, rtype, record_id, detail, seal FROM trail"
		" WHERE id < $1 AND ($2 = '' OR rtype = $2) AND ($3 = 0 OR record_id = $3) AND ($4 "
		"= '' OR who = $4)"
		" AND ($5 = '' OR action = $5) AND at_ms >= $6 AND at_ms < $7 ORDER BY id DESC "
		"LIMIT $8",
		TK_ARGS(TK_I(cursor), TK_S(type ? type : ""), TK_I(record), TK_S(who ? who : ""),
			TK_S(action ? action : ""), TK_I(from), TK_I(to), TK_I(p.limit + 1)),
		row, &p);
	tk_json_end_arr(&j);
	tk_json_kstr(&j, "next", p.more ? tk_sprintf(rq->mem, "%" PRId64, p.last) : NULL);
	tk_json_end_obj(&j);
	return rc;
}

const struct tk_route tk_trail_routes[] = {
	{ "GET", "/api/v1/trail", trail, .perm = TK_P_TRAIL_READ,
	  .query = "limit cursor type record_id who action from to",
	  .doc = "The audit trail, newest first" },
	{ 0 },
};
