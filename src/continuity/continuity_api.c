/* continuity_api.c - what the module brings; which systems need a continuity manual, and which of
 * them have one. */
#include "base/clock.h"
#include "base/json.h"
#include "continuity/continuity_in.h"
#include "http/http.h"

struct list { struct tk_json j; struct tk_req *rq; int64_t needed, there; };

static void reasons(struct tk_json *j, enum tk_lang lang, const struct tk_value *col)
{
	static const char *const why[] = { N_("the public"), N_("finance bureaus"),
					   N_("self-regulatory organisations"),
					   N_("priority work") };

	tk_json_key(j, "affects");
	tk_json_arr(j);
	for (size_t i = 0; i < TK_LEN(why); i++)
		if (col[i].i)
			tk_json_str(j, tk_tr(lang, why[i]));
	tk_json_end_arr(j);
}

/* id, name, division, public, bureaus, sro, priority, manual, its title, made, revised */
static enum tk_rc on_system(void *ctx, const struct tk_value *col, size_t n)
{
	struct list *l = ctx;
	struct tk_value why[4] = { col[3], col[4], col[5], col[6] };

	(void)n;
	/* a system that the reader may not see stays out of the list and its count */
	if (!tk_who_may(&l->rq->who, TK_P_BCP_READ, col[11].i, col[12].i))
		return TK_OK;
	l->needed++;
	l->there += col[7].type != TK_V_NULL;
	tk_json_obj(&l->j);
	tk_json_kid(&l->j, "info_system_id", col[0].i);
	tk_json_kstr(&l->j, "name", col[1].s);
	tk_json_kstr(&l->j, "division", col[2].s);
	reasons(&l->j, l->rq->who.lang, why);
	tk_json_kid(&l->j, "manual_id", col[7].i);
	tk_json_kstr(&l->j, "title", col[8].s);
	tk_json_kstr(&l->j, "made_on", col[9].s);
	tk_json_kstr(&l->j, "revised_on", col[10].s);
	tk_json_end_obj(&l->j);
	return TK_OK;
}

static enum tk_rc manuals(struct tk_req *rq)
{
	struct list l = { TK_JSON(&rq->out), rq, 0, 0 };
	char day[11];
	enum tk_rc rc;

	tk_date_iso(tk_today(), day);
	tk_json_obj(&l.j);
	tk_json_key(&l.j, "items");
	tk_json_arr(&l.j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT s.id, s.name, d.name, s.for_public, s.for_bureaus, s.for_sro,"
		       " CASE WHEN s.priority = 1 OR EXISTS(SELECT 1 FROM priority_work w WHERE"
		       " w.info_system_id = s.id AND w.deleted_at IS NULL) THEN 1 ELSE 0 END,"
		       " m.id, m.title, m.made_on, m.revised_on, s.owner_division_id, d.bureau_id"
		       " FROM info_system s JOIN division d ON d.id = s.owner_division_id LEFT JOIN"
		       " bcp_manual m ON m.info_system_id = s.id AND m.deleted_at IS NULL"
		       " WHERE " NEEDS_MANUAL " ORDER BY s.code, s.id",
		       TK_ARGS(TK_S(day), TK_S(day)), on_system, &l);
	tk_json_end_arr(&l.j);
	tk_json_kint(&l.j, "needed", l.needed);
	tk_json_kint(&l.j, "there", l.there);
	tk_json_end_obj(&l.j);
	return rc;
}

static const struct tk_route routes[] = {
	{ "GET", "/api/v1/continuity/manuals", manuals, .perm = TK_P_BCP_READ,
	  .doc = "Systems that need a continuity manual, why, and the manual of each" },
	{ 0 },
};

static const struct tk_rtype *const types[] = {
	&tk_bcp_plan, &tk_bcp_edition, &tk_priority_work, &tk_bcp_manual, &tk_bcp_measure,
	&tk_bcp_exercise, &tk_bcp_activation, NULL,
};
const struct tk_module tk_continuity_module = {
	.name = "continuity",
	.type = types,
	.fact = tk_continuity_facts,
	.route = routes,
};
