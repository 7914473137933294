/* org_rule.c - fiscal years made when needed, head-counts, and what the name of a post tells. */
#include <string.h>
#include "base/text.h"
#include "org/org.h"

enum tk_rc tk_fiscal_year_ensure(const struct tk_op *op, int year, int64_t *ret_id)
{
	struct tk_fiscal_year y = { 0 };
	enum tk_rc rc = tk_db_int(
		op->db, op->e, "SELECT id FROM fiscal_year WHERE year = $1 AND deleted_at IS NULL",
		TK_ARGS(TK_I(year)), 0, ret_id);

	if (rc != TK_OK || *ret_id)
		return rc;
	tk_set_by(&tk_fiscal_year_type, &y, "year", TK_I(year));
	rc = tk_rec_insert(op, &tk_fiscal_year_type, &y);
	*ret_id = y.rec.id;
	return rc;
}

/* -- head-count -------------------------------------------------------------------------------- */
#define IN_OFFICE "s.deleted_at IS NULL AND (s.joined_on IS NULL OR s.joined_on <= $1)" \
		  " AND (s.left_on IS NULL OR s.left_on > $1)"

struct count { tk_head_fn fn; void *ctx; enum tk_head_by by; int64_t total; };

static enum tk_rc count_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct count *c = ctx;
	struct tk_head h = { .count = col[0].i };

	(void)n;
	c->total += h.count;
	if (!c->fn)
		return TK_OK;
	if (c->by != TK_HEAD_TOTAL) {
		h.bureau_id = col[1].i;
		h.bureau = col[2].s;
		h.code = col[3].s;
		h.name = col[4].s;
		h.division_id = c->by == TK_HEAD_DIVISION ? col[5].i : 0;
	}
	return c->fn(c->ctx, &h);
}

enum tk_rc tk_head_count(const struct tk_op *op, const char *date, enum tk_head_by by,
			 tk_head_fn fn, void *ctx, int64_t *ret_total)
{
	static const char *const sql[] = {
		[TK_HEAD_TOTAL] = "SELECT COUNT(*) FROM staff s WHERE " IN_OFFICE,
		[TK_HEAD_BUREAU] = "SELECT COUNT(s.id), b.id, b.name, b.code, b.name FROM bureau b"
				   " LEFT JOIN division d ON d.bureau_id = b.id"
				   " LEFT JOIN staff s ON s.division_id = d.id AND " IN_OFFICE
				   " WHERE b.deleted_at IS NULL GROUP BY b.id, b.name, b.code, "
				   "b.sort ORDER BY b.sort, b.id",
		[TK_HEAD_DIVISION] =
			"SELECT COUNT(s.id), b.id, b.name, d.code, d.name, d.id FROM division d"
			" JOIN bureau b ON b.id = d.bureau_id"
			" LEFT JOIN staff s ON s.division_id = d.id AND " IN_OFFICE
			" WHERE d.deleted_at IS NULL GROUP BY d.id, d.name, d.code, d.sort, b.id, "
			"b.name, b.sort"
			" ORDER BY b.sort, d.sort, d.id",
	};
	struct count c = { fn, ctx, by, 0 };
	struct tk_date d;
	enum tk_rc rc;

	if (!date || !tk_date_from_iso(date, &d))
		return tk_fail(op->e, TK_EINVAL, "date",
			       N_("The day must be written like 2012-03-31."));
	rc = tk_db_run(op->db, op->e, sql[by], TK_ARGS(TK_S(date)), count_row, &c);
	if (ret_total)
		*ret_total = c.total;
	return rc;
}

/* -- posts by name ----------------------------------------------------------------------------- */

/* The usual order of a Japanese office, highest first; `head`: heads the division of its holder. */
static const struct usual { const char *name; int rank; bool head;
} usual[] = {
	{ "長官", 1, false },
	{ "事務次官", 1, false },
	{ "局長", 2, false },
	{ "事務局長", 2, false },
	{ "本部長", 2, false },
	{ "総括審議官", 3, false },
	{ "審議官", 3, false },
	{ "次長", 3, false },
	{ "部長", 3, false },
	{ "参事官", 4, false },
	{ "課長", 5, true },
	{ "室長", 5, true },
	{ "所長", 5, true },
	{ "館長", 5, true },
	{ "センター長", 5, true },
	{ "署長", 5, true },
	{ "支所長", 5, true },
	{ "グループ長", 5, true },
	{ "企画官", 6, false },
	{ "副課長", 7, false },
	{ "副室長", 7, false },
	{ "課長代理", 7, false },
	{ "室長代理", 7, false },
	{ "課長補佐", 7, false },
	{ "室長補佐", 7, false },
	{ "補佐", 7, false },
	{ "係長", 8, false },
	{ "専門官", 8, false },
	{ "主査", 8, false },
	{ "主任", 9, false },
	{ "係員", 10, false },
	{ "事務官", 10, false },
	{ "主事", 10, false },
	{ "division head", 5, true },
	{ "head of division", 5, true },
	{ "division director", 5, true },
	{ "office director", 5, true },
	{ "deputy director", 7, false },
	{ "section chief", 8, false },
	{ "unit chief", 8, false },
	{ "staff", 10, false },
};
enum { RANK_UNKNOWN = 50 };

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

/* The entry whose name is the whole post name, else the longest one that the name ends with:
 * 総務課長 is a 課長, 情報セキュリティ担当補佐 a 補佐. */
static const struct usual *usual_post(const char *name)
{
	struct tk_arena *a = tk_arena_new(32 << 20);
	const char *s = tk_squeeze(a, tk_fold(a, name));
	const struct usual *best = NULL;
	size_t len = 0;

	for (size_t i = 0; i < TK_LEN(usual); i++) {
		const char *want = tk_fold(a, usual[i].name);
		bool ascii = (unsigned char)*want < 0x80;

		if (strlen(want) > len &&
		    (ascii ? !strcmp(s, want) : ends_with(tk_unblank(a, s), want))) {
			best = &usual[i];
			len = strlen(want);
		}
	}
	tk_arena_free(a);
	return best;
}

bool tk_post_heads(const char *name)
{
	const struct usual *u = usual_post(name);

	/* 参事官（課長級） heads what a 課長 heads */
	return (u && u->head) || strstr(name, "（課長級）") || strstr(name, "(課長級)");
}

int64_t tk_post_usual_rank(const char *name)
{
	const struct usual *u = usual_post(name);

	if (!u && tk_post_heads(name))
		return 5;
	return u ? u->rank : RANK_UNKNOWN;
}
