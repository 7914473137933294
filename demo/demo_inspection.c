/* demo_inspection.c - technical inspections: 2010 with one result that did not conform, 2011 and
 * the last year complete and positive, the current one in work. */
#include <string.h>
#include "base/clock.h"
#include "demo/demo_in.h"
#include "inspection/inspection_in.h"

struct fill {
	const struct tk_op *op;
	int64_t round;
	const char *day, *bad_server, *bad_check;
	const char *stop;               /* from this server on the cells stay empty */
	struct tk_cell_set *cell;
	size_t n, max;
};

static enum tk_rc collect(void *ctx, const struct tk_cell_state *c)
{
	struct fill *f = ctx;
	bool bad = f->bad_server && !strcmp(c->server_name, f->bad_server) &&
		   !strcmp(c->check_code, f->bad_check);
	struct tk_cell_set *to = &f->cell[f->n];

	if (f->n == f->max || (f->stop && !strcmp(c->server_name, f->stop)))
		f->max = f->n;          /* no more */
	if (f->n == f->max)
		return TK_OK;
	*to = (struct tk_cell_set){ .server = c->server, .check = c->check,
				    .result = bad ? "non_conforming" : "conforming",
				    .inspected_on = f->day, .inspector = "システム検査班" };
	if (bad) {
		to->evidence = "操作の記録は取っているが、見直しが定まっていない。";
		to->measure = "四半期ごとに見直し、結果を記録する。";
		to->due_on = "2011-03-31";
		to->done_on = "2011-03-10";
	}
	f->n++;
	return TK_OK;
}

static enum tk_rc fill(struct fill *f)
{
	enum tk_rc rc;

	f->max = 2000;
	f->cell = tk_alloc(f->op->mem, f->max * sizeof(*f->cell));
	rc = tk_cells_each(f->op, f->round, collect, f);
	for (size_t i = 0; i < f->n && rc == TK_OK; i++) {
		bool changed;

		rc = tk_cell_put(f->op, f->round, &f->cell[i], &changed);
	}
	return rc;
}

static enum tk_rc a_round(const struct tk_op *op, int year, bool complete, struct fill *f)
{
	const char *y = tk_sprintf(op->mem, "%d", year), *from, *to;
	struct tk_date end = { year + 1, 1, 20 };
	enum tk_rc rc;

	from = tk_sprintf(op->mem, "%d-%s", year, complete ? "11-01" : "10-15");
	to = tk_sprintf(op->mem, "%d-01-20", year + 1);
	f->op = op;
	f->day = complete ? tk_sprintf(op->mem, "%d-12-10", year) : from;
	rc = PUT(op, "tech_round", &f->round, "title",
		 tk_sprintf(op->mem, "%s 技術検査", tk_fiscal_year_print(op->mem, TK_JA, year)),
		 "fiscal_year", y, "from_on", from, "to_on", to, "inspector", "システム検査班");
	if (rc == TK_OK)
		rc = tk_life_move(op, &tk_tech_round, f->round, "start", NULL);
	if (rc == TK_OK)
		rc = fill(f);
	if (rc != TK_OK || !complete)
		return rc;
	if ((rc = tk_life_move(op, &tk_tech_round, f->round, "complete", NULL)) != TK_OK)
		return rc;
	rc = tk_db_exec(op->db, op->e, "UPDATE tech_round SET closed_at = $2 WHERE id = $1",
			TK_I(f->round), TK_I(tk_date_time(end)));
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"UPDATE tk_case SET closed_at = $2 WHERE subject_type ="
				" 'tech_round' AND subject_id = $1",
				TK_I(f->round), TK_I(tk_date_time(end)));
	return rc;
}

static enum tk_rc checks(const struct tk_op *op, int now)
{
	const int year[] = { 2011, now - 1, now };
	int64_t n = 0;
	enum tk_rc rc = tk_checks_default(op, 2010, &n);

	for (size_t i = 0; i < TK_LEN(year) && rc == TK_OK; i++)
		rc = tk_checks_copy(op, 2010, year[i], &n);
	return rc;
}

static enum tk_rc measures(const struct tk_op *op, int now)
{
	int64_t id = 0;
	enum tk_rc rc = PUT(op, "tech_measure", &id, "title", "電子メール誤送信対策ソフトウェア",
			    "fiscal_year", "2011", "introduced_on", "2012-02-01", "operation_on",
			    "2012-04-16", "info_system_id", "S07", "purpose",
			    "送信前に宛先と添付ファイルの確認を促し、誤送信を減らす。");

	if (rc == TK_OK)
		rc = tk_life_move(op, &tk_tech_measure, id, "introduce", NULL);
	if (rc == TK_OK)
		rc = tk_life_move(op, &tk_tech_measure, id, "operate", NULL);
	if (rc == TK_OK)
		rc = PUT(op, "tech_measure", &id, "title", "不審な通信の監視の強化", "fiscal_year",
			 tk_sprintf(op->mem, "%d", now), "info_system_id", "S07", "due_on",
			 tk_sprintf(op->mem, "%d-03-31", now + 1));
	return rc;
}

enum tk_rc demo_inspection(struct demo *d)
{
	const struct tk_op *op = d->op;
	int now = tk_fiscal_year(tk_today());
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	if (rc == TK_OK)
		rc = checks(op, now);
	if (rc == TK_OK)
		rc = a_round(op, 2010, true,
			     &(struct fill){ .bad_server = "net-portal01", .bad_check = "W-4-2" });
	if (rc == TK_OK)
		rc = a_round(op, 2011, true, &(struct fill){ .n = 0 });
	if (rc == TK_OK)
		rc = a_round(op, now - 1, true, &(struct fill){ .n = 0 });
	if (rc == TK_OK)
		rc = a_round(op, now, false, &(struct fill){ .stop = "kaiji-web02" });
	if (rc == TK_OK)
		rc = measures(op, now);
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}
