/* demo_life.c - records and moves of the registers for the demonstration. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "demo/demo_life.h"

static enum tk_rc set_all(const struct tk_op *op, const struct tk_rtype *t, void *rec, va_list ap)
{
	const char *name;
	enum tk_rc rc = TK_OK;

	while (rc == TK_OK && (name = va_arg(ap, const char *)) != NULL) {
		const char *text = va_arg(ap, const char *);
		int i = tk_field_index(t, name);

		if (i < 0)
			return tk_fail(op->e, TK_EINTERNAL, name,
				       N_("The demonstration names a field that %s has not."),
				       t->name);
		if (!text)
			continue;
		if (*text == '#')
			tk_set(t, rec, (size_t)i, TK_I(strtoll(text + 1, NULL, 10)));
		else
			rc = tk_set_text(op, t, rec, (size_t)i, text);
	}
	return rc;
}

enum tk_rc demo_record(const struct tk_op *op, const struct tk_rtype *t, int64_t *ret_id, ...)
{
	void *rec = tk_alloc(op->mem, t->size);
	va_list ap;
	enum tk_rc rc;

	va_start(ap, ret_id);
	rc = set_all(op, t, rec, ap);
	va_end(ap);
	if (rc == TK_OK)
		rc = tk_rec_insert(op, t, rec);
	if (ret_id)
		*ret_id = ((struct tk_rec *)rec)->id;
	return rc;
}

enum tk_rc demo_set(const struct tk_op *op, const struct tk_rtype *t, int64_t id, ...)
{
	void *rec = tk_alloc(op->mem, t->size);
	va_list ap;
	enum tk_rc rc = tk_rec_load(op, t, id, rec);

	va_start(ap, id);
	if (rc == TK_OK)
		rc = set_all(op, t, rec, ap);
	va_end(ap);
	return rc == TK_OK ? tk_rec_update(op, t, rec, -1) : rc;
}

enum tk_rc demo_move(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
		     const char *action, const char *comment, const char *name)
{
	struct tk_who w = tk_who_system(name, "demonstration", TK_JA);
	struct tk_op as = { op->db, op->mem, &w, op->e };

	return tk_life_move(&as, t, id, action, comment);
}

enum tk_rc demo_closed(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
		       const char *day)
{
	struct tk_date d;
	int64_t at;
	enum tk_rc rc;

	if (!tk_date_from_iso(day, &d))
		return tk_fail(op->e, TK_EINTERNAL, NULL,
			       N_("The day must be written like 2012-03-31."));
	at = tk_date_time(d) + 17 * 3600;
	rc = tk_db_exec(op->db, op->e, tk_sprintf(op->mem, "UPDATE %s SET closed_at = $2 WHERE id ="
						  " $1", t->table), TK_I(id), TK_I(at));
	return rc == TK_OK ? tk_db_exec(op->db, op->e, "UPDATE tk_case SET closed_at = $2 WHERE "
					"subject_id = $1", TK_I(id), TK_I(at)) : rc;
}

int64_t demo_id(const struct tk_op *op, const char *sql, const char *text)
{
	int64_t id = 0;

	return tk_db_int(op->db, op->e, sql, TK_ARGS(TK_S(text)), 0, &id) == TK_OK ? id : 0;
}

const char *demo_ref(const struct tk_op *op, int64_t id)
{
	return id ? tk_sprintf(op->mem, "#%lld", (long long)id) : NULL;
}

const char *demo_ago(const struct tk_op *op, int days)
{
	char day[11];

	tk_date_iso(tk_date_of_days(tk_date_days(tk_today()) - days), day);
	return tk_strdup(op->mem, day);
}

int64_t demo_system_of(const struct tk_op *op, const char *division)
{
	return demo_id(op, "SELECT s.id FROM info_system s JOIN division d ON d.id = "
		       "s.owner_division_id WHERE d.code = $1 ORDER BY s.code LIMIT 1", division);
}
