/* list.c - filter, sort, search and keyset paging of any record type. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "record/impl.h"
#include "record/search.h"

enum { MAX_ARG = 90, DEFAULT_LIMIT = 50, MAX_LIMIT = 500 };

enum tk_rc tk_query_add(struct tk_query *q, const struct tk_rtype *t, const char *name,
			const char *value, struct tk_err *e)
{
	char field[64];
	const char *dot = strchr(name, '.');
	struct tk_rec_filter f = { .how = TK_EQ, .value = value };
	int64_t n;
	int i;

	if (!strcmp(name, "q"))
		return q->q = value, TK_OK;
	if (!strcmp(name, "sort"))
		return q->sort = value, TK_OK;
	if (!strcmp(name, "cursor"))
		return q->cursor = value, TK_OK;
	if (!strcmp(name, "lang") || !strcmp(name, "encoding"))
		return TK_OK;
	if (!strcmp(name, "limit")) {
		if (!tk_parse_int(value, &n) || n < 1 || n > MAX_LIMIT)
			return tk_fail(e, TK_EINVAL, "limit", N_("limit must be from 1 to 500."));
		return q->limit = (int)n, TK_OK;
	}
	snprintf(field, sizeof(field), "%.*s", dot ? (int)(dot - name) : 63, name);
	if (dot)
		f.how = !strcmp(dot, ".from") ? TK_FROM : TK_TO;
	i = tk_field_index(t, field);
	if (i < 0 || t->field[i].flags & TK_SECRET ||
	    (dot && strcmp(dot, ".from") != 0 && strcmp(dot, ".to") != 0))
		return tk_fail(e, TK_EINVAL, name, N_("There is no field \"%.60s\" to filter by."),
			       name);
	if (q->nfilter == TK_LEN(q->filter))
		return tk_fail(e, TK_EINVAL, name, N_("Too many filters."));
	f.field = t->field[i].name;
	q->filter[q->nfilter++] = f;
	return TK_OK;
}

static bool is_text(const struct tk_field *f)
{
	return f->type == TK_F_TEXT || f->type == TK_F_LONG || f->type == TK_F_MAIL ||
	       f->type == TK_F_DATE || f->type == TK_F_ENUM;
}

/* Both databases sort by bytes.  SQLite does anyhow, and takes an index only where no other
 * collation is named. */
static const char *by_bytes(enum tk_db_kind kind)
{
	return kind == TK_DB_SQLITE ? "" : " COLLATE \"C\"";
}

static enum tk_rc add_filter(const struct tk_rtype *t, const struct tk_rec_filter *f,
			     enum tk_db_kind kind, struct tk_buf *b, struct tk_value *arg,
			     size_t *narg, struct tk_err *e)
{
	const struct tk_field *fd = &t->field[tk_field_index(t, f->field)];
	static const char *const op[] = { [TK_EQ] = "=", [TK_FROM] = ">=", [TK_TO] = "<=" };
	struct tk_date d;
	int64_t n = 0;

	if (!*f->value && f->how == TK_EQ) {
		tk_buf_fmt(b, " AND t.%s IS NULL", fd->name);
		return TK_OK;
	}
	if (fd->type == TK_F_DATE && *f->value &&
	    (strlen(f->value) != 10 || f->value[4] != '-' || !tk_date_parse(f->value, &d)))
		return tk_fail(e, TK_EINVAL, fd->name,
			       N_("%s: \"%.40s\" is not a day that exists, such as 2012-03-31."),
			       tk_tr(e->lang, fd->label), f->value);
	if (is_text(fd)) {
		tk_buf_fmt(b, " AND t.%s%s %s $%zu", fd->name,
			   f->how == TK_EQ ? "" : by_bytes(kind), op[f->how], *narg + 1);
		arg[(*narg)++] = TK_S(f->value);
		return TK_OK;
	}
	if (fd->type == TK_F_TIME && f->how != TK_EQ &&
	    tk_date_parse(f->value, &d)) /* the whole day */
		n = tk_date_time(d) + (f->how == TK_TO ? 86399 : 0);
	else if (!strcmp(f->value, "true") || !strcmp(f->value, "false"))
		n = f->value[0] == 't';
	else if (!tk_parse_int(f->value, &n))
		return tk_fail(e, TK_EINVAL, fd->name, N_("The filter on %s needs a number."),
			       tk_tr(e->lang, fd->label));
	tk_buf_fmt(b, " AND t.%s %s $%zu", fd->name, op[f->how], *narg + 1);
	arg[(*narg)++] = TK_I(n);
	return TK_OK;
}

struct sort { char expr[96]; bool falling, text; int ref; };     /* ref: field joined, or -1 */

/* The sort key as SQL: never NULL, so that paging by "greater than the last" is complete.  A
 * required field is NOT NULL and stands bare, so that an index can give the order. */
static enum tk_rc sort_key(const struct tk_rtype *t, const char *by, enum tk_db_kind kind,
			   struct sort *s, struct tk_err *e)
{
	const struct tk_field *f;
	int i;

	*s = (struct sort){ .expr = "t.id", .ref = -1 };
	if (!by)
		by = t->order ? t->order : "-id";
	if (*by == '-') {
		s->falling = true;
		by++;
	}
	if (!strcmp(by, "id"))
		return TK_OK;
	i = tk_field_index(t, by);
	if (i < 0 || t->field[i].flags & TK_SECRET || t->field[i].type == TK_F_LONG)
		return tk_fail(e, TK_EINVAL, "sort", N_("There is no field \"%.60s\" to sort by."),
			       by);
	f = &t->field[i];
	if (f->type == TK_F_REF && f->ref->title) {
		s->ref = i;
		s->text = is_text(&f->ref->field[tk_field_index(f->ref, f->ref->title)]);
		snprintf(s->expr, sizeof(s->expr), "COALESCE(r%d.%s,%s)%s", i, f->ref->title,
			 s->text ? "''" : "0", s->text ? by_bytes(kind) : "");
		return TK_OK;
	}
	s->text = is_text(f);
	if (f->flags & TK_REQUIRED)
		snprintf(s->expr, sizeof(s->expr), "t.%s%s", f->name,
			 s->text ? by_bytes(kind) : "");
	else
		snprintf(s->expr, sizeof(s->expr), "COALESCE(t.%s,%s)%s", f->name,
			 s->text ? "''" : "0", s->text ? by_bytes(kind) : "");
	return TK_OK;
}

/* A cursor is the last row's id and sort value: "ID:value". */
static enum tk_rc add_cursor(const char *cursor, const struct sort *s, struct tk_buf *b,
			     struct tk_value *arg, size_t *narg, struct tk_err *e)
{
	const char *cmp = s->falling ? "<" : ">", *colon = strchr(cursor, ':');
	char *end;
	int64_t id = strtoll(cursor, &end, 10), n = 0;

	if (!colon || end != colon || (!s->text && !tk_parse_int(colon + 1, &n)))
		return tk_fail(e, TK_EINVAL, "cursor",
			       N_("This cursor is not one of ours. Start from the first page."));
	/* the first condition says no more than the second, but an index can start there */
	tk_buf_fmt(b, " AND %s %s= $%zu AND (%s %s $%zu OR (%s = $%zu AND t.id %s $%zu))", s->expr,
		   cmp, *narg + 1, s->expr, cmp, *narg + 1, s->expr, *narg + 1, cmp, *narg + 2);
	arg[(*narg)++] = s->text ? TK_S(colon + 1) : TK_I(n);
	arg[(*narg)++] = TK_I(id);
	return TK_OK;
}

struct listing {
	const struct tk_op    *op;
	const struct tk_rtype *t;
	struct tk_arena       *mem;     /* reset after each row, so that an export stays small */
	tk_rec_fn              fn;
	void                  *ctx;
	int                    limit, n;
	const char            *next;
	bool                   more;
};

static enum tk_rc list_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct listing *l = ctx;
	const char *label[TK_MAX_FIELDS] = { NULL };
	size_t c = l->t->nfield + 3;
	void *rec;
	enum tk_rc rc;

	if (l->limit > 0 && l->n == l->limit) {
		l->more = true;
		return TK_OK;
	}
	l->n++;
	rec = tk_alloc(l->mem, l->t->size);
	tk_sql_to_rec(l->t, l->mem, col, l->t->nfield + 2, rec);
	for (size_t i = 0; i < l->t->nfield; i++)
		if (l->t->field[i].type == TK_F_REF && l->t->field[i].ref->title && c < n) {
			label[i] = col[c].type == TK_V_INT
					   ? tk_sprintf(l->mem, "%" PRId64, col[c].i)
					   : tk_strdup(l->mem, col[c].s);
			c++;
		}
	if (l->n == l->limit) {
		const struct tk_value *k = &col[l->t->nfield + 2];
		l->next = k->type == TK_V_INT
				  ? tk_sprintf(l->op->mem, "%" PRId64 ":%" PRId64, col[0].i, k->i)
				  : tk_sprintf(l->op->mem, "%" PRId64 ":%s", col[0].i,
					       k->s ? k->s : "");
	}
	rc = l->fn(l->ctx, rec, label);
	tk_arena_reset(l->mem);
	return rc;
}

static void select_list(const struct tk_rtype *t, const char *key, struct tk_buf *b)
{
	tk_buf_str(b, "SELECT ");
	tk_sql_columns(t, b);
	tk_buf_fmt(b, ", %s", key);
	for (size_t i = 0; i < t->nfield; i++)
		if (t->field[i].type == TK_F_REF && t->field[i].ref->title)
			tk_buf_fmt(b, ", r%zu.%s", i, t->field[i].ref->title);
}

static void join_refs(const struct tk_rtype *t, struct tk_buf *b)
{
	for (size_t i = 0; i < t->nfield; i++)
		if (t->field[i].type == TK_F_REF && t->field[i].ref->title)
			tk_buf_fmt(b, " LEFT JOIN %s r%zu ON r%zu.id = t.%s",
				   t->field[i].ref->table, i, i, t->field[i].name);
}

/* A page: which rows it has is found first, with no more columns than the order needs, so that
 * sorting a large register does not carry whole records and the names of what they refer to. */
static void page(const struct tk_rtype *t, const struct sort *s, const char *where, int limit,
		 enum tk_db_kind kind, struct tk_buf *b)
{
	const char *falling = s->falling ? " DESC" : "";

	select_list(t, "k.v", b);
	tk_buf_fmt(b, " FROM (SELECT t.id AS id, %s AS v FROM %s t", s->expr, t->table);
	if (s->ref >= 0)
		tk_buf_fmt(b, " LEFT JOIN %s r%d ON r%d.id = t.%s", t->field[s->ref].ref->table,
			   s->ref, s->ref, t->field[s->ref].name);
	tk_buf_fmt(b, "%s ORDER BY %s%s, t.id%s LIMIT %d) k JOIN %s t ON t.id = k.id", where,
		   s->expr, falling, falling, limit + 1, t->table);
	join_refs(t, b);
	tk_buf_fmt(b, " ORDER BY k.v%s%s, k.id%s", s->text ? by_bytes(kind) : "", falling, falling);
}

static void whole(const struct tk_rtype *t, const struct sort *s, const char *where,
		  struct tk_buf *b)
{
	const char *falling = s->falling ? " DESC" : "";

	select_list(t, s->expr, b);
	tk_buf_fmt(b, " FROM %s t", t->table);
	join_refs(t, b);
	tk_buf_fmt(b, "%s ORDER BY %s%s, t.id%s", where, s->expr, falling, falling);
}

static enum tk_rc where_list(const struct tk_op *op, const struct tk_rtype *t,
			     const struct tk_query *q, struct tk_buf *b, struct tk_value *arg,
			     size_t *narg)
{
	enum tk_rc rc = TK_OK;

	tk_buf_str(b, " WHERE t.deleted_at IS NULL");
	if (!tk_sql_scope(t, op->who, t->read, b, arg, narg))
		return tk_denied(op->e);
	for (size_t i = 0; i < q->nfilter && rc == TK_OK; i++)
		rc = add_filter(t, &q->filter[i], tk_db_kind(op->db), b, arg, narg, op->e);
	if (rc == TK_OK && q->q && !tk_is_blank(q->q))
		rc = tk_search_where(op, t, q->q, b, arg, narg, MAX_ARG - 4);
	return rc;
}

enum tk_rc tk_rec_list(const struct tk_op *op, const struct tk_rtype *t, const struct tk_query *q,
		       tk_rec_fn fn, void *ctx, const char **ret_next, int64_t *ret_total)
{
	struct tk_buf where = TK_BUF(16384), b = TK_BUF(32768);
	struct tk_value arg[MAX_ARG + 8];
	struct listing l = { .op = op, .t = t, .fn = fn, .ctx = ctx };
	struct sort s;
	size_t narg = 0;
	enum tk_rc rc = sort_key(t, q->sort, tk_db_kind(op->db), &s, op->e);

	l.limit = q->limit < 0 ? 0 : q->limit ? q->limit : DEFAULT_LIMIT;
	l.mem = tk_arena_new(16 << 20);
	if (rc == TK_OK)
		rc = where_list(op, t, q, &where, arg, &narg);
	if (rc == TK_OK && q->count && ret_total) {
		tk_buf_fmt(&b, "SELECT COUNT(*) FROM %s t%s", t->table, where.p);
		rc = tk_db_int(op->db, op->e, b.p, arg, narg, 0, ret_total);
		tk_buf_clear(&b);
	}
	if (rc == TK_OK && q->cursor && *q->cursor)
		rc = add_cursor(q->cursor, &s, &where, arg, &narg, op->e);
	if (rc != TK_OK)
		goto out;
	if (l.limit)
		page(t, &s, where.p, l.limit, tk_db_kind(op->db), &b);
	else
		whole(t, &s, where.p, &b);
	rc = where.bad || b.bad ? tk_fail(op->e, TK_ETOOBIG, NULL, N_("The filter is too long.")) :
	     l.limit ? tk_db_run(op->db, op->e, b.p, arg, narg, list_row, &l) :
	     tk_db_stream(op->db, op->e, b.p, arg, narg, list_row, &l);
	if (ret_next)
		*ret_next = l.more ? l.next : NULL;
out:
	tk_arena_free(l.mem);
	tk_buf_drop(&where);
	tk_buf_drop(&b);
	return rc;
}
