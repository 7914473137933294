/* update.c - the yearly confirmation of a system's entry by its owner (AST-01). */
#include <string.h>
#include "base/clock.h"
#include "ledger/ledger_in.h"

enum tk_rc tk_ledger_head_of(const struct tk_op *op, int64_t division, int64_t *ret)
{
	char today[11];

	tk_date_iso(tk_today(), today);
	return tk_db_int(op->db, op->e,
			 "SELECT s.id FROM staff s JOIN post p ON p.id = s.post_id WHERE"
			 " s.division_id = $1 AND p.is_head = 1 AND s.deleted_at IS NULL"
			 " AND (s.left_on IS NULL OR s.left_on > $2) ORDER BY p.rank, s.id LIMIT 1",
			 TK_ARGS(TK_I(division), TK_S(today)), 0, ret);
}

/* -- the life of a confirmation ---------------------------------------------------------------- */
static const struct tk_choice state[] = { { "open", N_("To be confirmed") },
					  { "confirmed", N_("Confirmed") }, { 0 } };
static const struct tk_case_transition transition[] = {
	{ "open", "confirm", "confirmed", TK_P_SYSTEM_WRITE, TK_CASE_OWNER,
	  N_("Confirm the entry") },
	{ "confirmed", "reopen", "open", TK_P_SYSTEM_WRITE, TK_CASE_COMMENT, N_("Open again") },
	{ 0 },
};

static enum tk_rc lacks(const struct tk_op *op, const char *what)
{
	return tk_fail(op->e, TK_ECONFLICT, "info_system_id",
		       N_("The entry of the system is not complete: %s. Enter it first."),
		       tk_tr(op->e->lang, what));
}

/* What the ledger states for every system is there before anybody confirms it. */
static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	static const char *const what[] = { N_("Overview"), N_("Hardware configuration"),
					    N_("Software configuration"),
					    N_("Cost of the fiscal year or the one before") };
	struct tk_value col[4];
	bool found;
	enum tk_rc rc;

	(void)before;
	if (strcmp(action, "confirm") != 0)
		return TK_OK;
	rc = tk_db_first(op->db, op->mem, op->e,
			 "SELECT s.overview, s.hardware, s.software, (SELECT MAX(c.id) FROM "
			 "system_cost c WHERE c.info_system_id = s.id AND c.deleted_at IS NULL"
			 " AND c.fiscal_year IN (u.fiscal_year, u.fiscal_year - 1)) FROM"
			 " system_update u JOIN info_system s ON s.id = u.info_system_id"
			 " WHERE u.id = $1",
			 TK_ARGS(TK_I(after->subject_id)), col, 4, &found);
	for (size_t i = 0; i < TK_LEN(what) && rc == TK_OK && found; i++)
		if (col[i].type == TK_V_NULL)
			return lacks(op, what[i]);
	return rc;
}

const struct tk_case_type tk_system_update_case = {
	.name = "system_update",
	.label = N_("Yearly confirmation of a system"),
	.prefix = "Y",
	.state = state,
	.closed = "confirmed",
	.transition = transition,
	.remind_before = 14,
	.escalate_after = 7,
	.escalate = TK_P_SYSTEM_WRITE,
	.moving = moving,
};

/* -- the record -------------------------------------------------------------------------------- */
static const char *const year_alias[] = { "年度", NULL };
static const char *const system_alias[] = { "システム名", "情報システム", NULL };
#define S struct system_update
static const struct tk_field field[] = {
	TK_TEXT(S, title, .label = N_("Title"), .max = 300,
		.flags = TK_READONLY | TK_LIST | TK_SEARCH),
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .alias = year_alias, .min = 1950,
	       .max = 2200, .flags = TK_REQUIRED | TK_LIST | TK_FIXED),
	TK_REF(S, info_system_id, .label = N_("Information system"), .alias = system_alias,
	       .ref = &tk_info_system, .flags = TK_REQUIRED | TK_FIXED),
	TK_LONG(S, changes, .label = N_("What changed since last year"), .max = 4000,
		.flags = TK_SEARCH),
	TK_DATE(S, confirmed_on, .label = N_("Confirmed on"), .flags = TK_READONLY | TK_LIST),
	TK_LIFE_FIELDS(S, state),
};
#undef S

static enum tk_rc title_of(const struct tk_op *op, struct system_update *u)
{
	const char *name = "";
	enum tk_rc rc = tk_rec_label(op, &tk_info_system, u->info_system_id, &name);

	tk_set_by(&tk_system_update, u, "title",
		  TK_S(tk_sprintf(op->mem, "%.200s %s", name,
				  tk_fiscal_year_print(op->mem, TK_JA, (int)u->fiscal_year))));
	return rc;
}

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_system_update;
	struct system_update *u = now;
	bool confirmed = u->life.state && !strcmp(u->life.state, "confirmed");
	int64_t head = 0;
	char day[11];
	enum tk_rc rc;

	if (deleted || u->fiscal_year < 1950 || u->fiscal_year > 2200)
		return TK_OK;           /* the field's own limits say so */
	tk_date_iso(tk_today(), day);
	if (!confirmed || !u->confirmed_on)
		tk_set_by(t, u, "confirmed_on",
			  confirmed ? TK_S(tk_strdup(op->mem, day)) : TK_NULL);
	if ((rc = title_of(op, u)) != TK_OK || was)
		return rc;
	if (!u->life.owner_staff_id) {
		rc = tk_ledger_head_of(op, u->life.division_id, &head);
		tk_set_by(t, u, "owner_staff_id", TK_I0(head));
	}
	if (!u->life.due_on)
		tk_set_by(t, u, "due_on",
			  TK_S(tk_sprintf(op->mem, "%d-09-30", (int)u->fiscal_year)));
	return rc;
}

const struct tk_rtype tk_system_update = {
	.name = "system_update",
	.path = "system-updates",
	.table = "system_update",
	.label = N_("Yearly confirmation of a system"),
	.label_plural = N_("Yearly confirmations of the systems"),
	.group = "systems",
	.size = sizeof(struct system_update),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "title",
	.order = "-fiscal_year",
	.read = TK_P_SYSTEM_READ,
	.write = TK_P_SYSTEM_WRITE,
	.scope_own = TK_LIFE_OWN,
	.scope_division = "division_id",
	.division_of = "info_system_id",
	.grade = 2,
	.check = check,
	.life = &tk_system_update_case,
};

/* -- opening a year ---------------------------------------------------------------------------- */
struct ids { struct tk_arena *a; int64_t v[2000]; size_t n; };

static enum tk_rc on_system(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *l = ctx;

	(void)n;
	if (l->n < TK_LEN(l->v))
		l->v[l->n++] = col[0].i;
	return TK_OK;
}

enum tk_rc tk_system_updates_open(const struct tk_op *op, int year, int64_t *ret_n)
{
	struct ids *l = tk_alloc(op->mem, sizeof(*l));
	enum tk_rc rc;

	l->n = 0;
	rc = tk_db_run(op->db, op->e,
		       "SELECT s.id FROM info_system s WHERE s.deleted_at IS NULL"
		       " AND (s.from_on IS NULL OR s.from_on <= $2)"
		       " AND (s.to_on IS NULL OR s.to_on >= $1) AND NOT EXISTS(SELECT 1 FROM"
		       " system_update u WHERE u.info_system_id = s.id AND u.fiscal_year = $3"
		       " AND u.deleted_at IS NULL) ORDER BY s.code",
		       TK_ARGS(TK_S(tk_sprintf(op->mem, "%d-04-01", year)),
			       TK_S(tk_sprintf(op->mem, "%d-03-31", year + 1)), TK_I(year)),
		       on_system, l);
	*ret_n = 0;
	for (size_t i = 0; i < l->n && rc == TK_OK; i++, ++*ret_n) {
		struct system_update *u = tk_alloc(op->mem, sizeof(*u));

		tk_set_by(&tk_system_update, u, "info_system_id", TK_I(l->v[i]));
		tk_set_by(&tk_system_update, u, "fiscal_year", TK_I(year));
		rc = tk_rec_insert(op, &tk_system_update, u);
	}
	return rc;
}
