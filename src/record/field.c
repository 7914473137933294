/* field.c - a field between struct, text and value; validation from the descriptor. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "base/text.h"
#include "record/impl.h"

static const struct tk_rtype *const *all_types;
static size_t ntypes;

#define AT(T, rec, f) ((T *)(void *)((char *)(rec) + (f)->offset))
#define CAT(T, rec, f) ((T const *)(const void *)((const char *)(rec) + (f)->offset))

struct tk_life_hooks tk_life_hooks;

const struct tk_type_group tk_type_groups[] = {
	{ "year", N_("The year") },
	{ "documents", N_("Documents") },
	{ "requests", N_("Requests and handling of information") },
	{ "survey", N_("Self-inspection and surveys") },
	{ "education", N_("Education and drills") },
	{ "systems", N_("Systems and continuity") },
	{ "inspection", N_("Technical inspection") },
	{ "outsourcing", N_("Outsourcing") },
	{ "audit", N_("Audit") },
	{ "incident", N_("Incidents and mail") },
	{ "organisation", N_("Organisation") },
	{ "panel", N_("Institutions") },
	{ "system", N_("Administration") },
	{ 0 },
};

void tk_rtypes_set(const struct tk_rtype *const *types, size_t n)
{
	all_types = types;
	ntypes = n;
}

size_t tk_rtypes(const struct tk_rtype *const **ret)
{
	*ret = all_types;
	return ntypes;
}

const struct tk_rtype *tk_rtype_by_path(const char *path)
{
	for (size_t i = 0; i < ntypes; i++)
		if (!strcmp(all_types[i]->path, path))
			return all_types[i];
	return NULL;
}

const struct tk_rtype *tk_rtype_by_name(const char *name)
{
	for (size_t i = 0; i < ntypes; i++)
		if (!strcmp(all_types[i]->name, name))
			return all_types[i];
	return NULL;
}

int tk_field_index(const struct tk_rtype *t, const char *name)
{
	for (size_t i = 0; i < t->nfield; i++)
		if (!strcmp(t->field[i].name, name))
			return (int)i;
	return -1;
}

struct tk_value tk_get(const struct tk_rtype *t, const void *rec, size_t i)
{
	const struct tk_field *f = &t->field[i];

	if (!(((const struct tk_rec *)rec)->has >> i & 1))
		return TK_NULL;
	switch (f->type) {
	case TK_F_TEXT: case TK_F_LONG: case TK_F_MAIL: case TK_F_DATE: case TK_F_ENUM:
		return TK_S(*CAT(char *, rec, f));
	case TK_F_INT: case TK_F_TIME: case TK_F_REF:
		return TK_I(*CAT(int64_t, rec, f));
	case TK_F_BOOL:
		return TK_I(*CAT(bool, rec, f));
	case TK_FTYPE_MAX:
		break;
	}
	return TK_NULL;
}

void tk_set(const struct tk_rtype *t, void *rec, size_t i, struct tk_value v)
{
	const struct tk_field *f = &t->field[i];
	struct tk_rec *r = rec;
	bool null = v.type == TK_V_NULL;

	r->has = null ? r->has & ~(UINT64_C(1) << i) : r->has | UINT64_C(1) << i;
	switch (f->type) {
	case TK_F_TEXT: case TK_F_LONG: case TK_F_MAIL: case TK_F_DATE: case TK_F_ENUM:
		*AT(const char *, rec, f) = null ? NULL : v.s;
		break;
	case TK_F_INT: case TK_F_TIME: case TK_F_REF:
		*AT(int64_t, rec, f) = null ? 0 : v.i;
		break;
	case TK_F_BOOL:
		*AT(bool, rec, f) = !null && v.i != 0;
		break;
	case TK_FTYPE_MAX:
		break;
	}
}

bool tk_same(struct tk_value x, struct tk_value y)
{
	if (x.type != y.type)
		return false;
	return x.type == TK_V_NULL || (x.type == TK_V_TEXT ? !strcmp(x.s, y.s) : x.i == y.i);
}

bool tk_is_of_record(enum tk_rc rc)
{
	return rc == TK_EINVAL || rc == TK_ECONFLICT || rc == TK_EPERM || rc == TK_ENOTFOUND ||
	       rc == TK_EVERSION || rc == TK_ETOOBIG;
}

static size_t must_index(const struct tk_rtype *t, const char *name)
{
	int i = tk_field_index(t, name);

	if (i < 0) {
		fprintf(stderr, "tenken: %s has no field %s\n", t->name, name);
		abort();
	}
	return (size_t)i;
}

struct tk_value tk_get_by(const struct tk_rtype *t, const void *rec, const char *name)
{
	return tk_get(t, rec, must_index(t, name));
}

void tk_set_by(const struct tk_rtype *t, void *rec, const char *name, struct tk_value v)
{
	tk_set(t, rec, must_index(t, name), v);
}

static const struct tk_choice *choice_of(const struct tk_field *f, const char *s)
{
	for (const struct tk_choice *c = f->choice; c && c->id; c++)
		if (!strcmp(c->id, s))
			return c;
	return NULL;
}

/* -- text of people -> value ------------------------------------------------------------------- */
static enum tk_rc bad_cell(struct tk_err *e, const struct tk_field *f, const char *text,
			   const char *want)
{
	return tk_fail(e, TK_EINVAL, f->name, N_("%s: \"%.60s\" is not %s."),
		       tk_tr(e ? e->lang : TK_JA, f->label), text,
		       tk_tr(e ? e->lang : TK_JA, want));
}

static bool yes_no(const char *s, bool *ret)
{
	static const char *const yes[] = { "1",  "true", "yes", "y",    "はい",
					   "有", "○",    "〇",  "する", NULL };
	static const char *const no[] = { "0",  "false", "no",     "n", "いいえ",
					  "無", "×",     "しない", NULL };

	for (size_t i = 0; yes[i]; i++)
		if (!strcasecmp(s, yes[i]))
			return *ret = true, true;
	for (size_t i = 0; no[i]; i++)
		if (!strcasecmp(s, no[i]))
			return *ret = false, true;
	return false;
}

struct idrow { int64_t id; int n; };

static enum tk_rc id_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct idrow *r = ctx;

	(void)n;
	r->id = col[0].i;
	r->n++;
	return TK_OK;
}

/* A reference is written as the other record's code or title, whichever matches exactly one. */
static enum tk_rc find_ref(const struct tk_op *op, const struct tk_field *f, const char *s,
			   int64_t *ret)
{
	const struct tk_rtype *t = f->ref;
	const char *const by[] = { "code", "login",    "staff_number", t->title,
				   "name", "title_ja", "year" };

	for (size_t i = 0; i < TK_LEN(by); i++) {
		struct tk_buf b = TK_BUF(512);
		struct idrow r = { 0, 0 };
		enum tk_rc rc;

		if (!by[i] || tk_field_index(t, by[i]) < 0)
			continue;
		tk_buf_fmt(&b,
			   "SELECT id FROM %s WHERE deleted_at IS NULL AND CAST(%s AS TEXT) = $1 "
			   "LIMIT 2",
			   t->table, by[i]);
		rc = tk_db_run(op->db, op->e, b.p, TK_ARGS(TK_S(s)), id_row, &r);
		tk_buf_drop(&b);
		if (rc != TK_OK)
			return rc;
		if (r.n == 1)
			return *ret = r.id, TK_OK;
		if (r.n > 1)
			return tk_fail(
				op->e, TK_EINVAL, f->name,
				N_("%s: more than one record is called \"%.60s\". Write its code."),
				tk_tr(op->e->lang, f->label), s);
	}
	if (!t->title &&
	    tk_parse_int(s, ret)) /* known by its id only; saving proves that it exists */
		return TK_OK;
	return tk_fail(op->e, TK_EINVAL, f->name, N_("%s: there is no \"%.60s\"."),
		       tk_tr(op->e->lang, f->label), s);
}

/* The word that was meant, where it was only begun ("東京"); else the first of the list. */
static const char *meant(const struct tk_field *f, enum tk_lang lang, const char *s)
{
	for (const struct tk_choice *c = f->choice; *s && c->id; c++)
		if (!strncmp(tk_tr(TK_JA, c->label), s, strlen(s)))
			return tk_tr(TK_JA, c->label);
	return tk_tr(lang, f->choice->label);
}

static enum tk_rc set_enum(const struct tk_op *op, const struct tk_rtype *t, void *rec, size_t i,
			   const char *s)
{
	const struct tk_field *f = &t->field[i];

	for (const struct tk_choice *c = f->choice; c && c->id; c++) {
		if (!strcmp(c->id, s) || !strcmp(tk_tr(TK_JA, c->label), s) ||
		    !strcmp(c->label, s)) {
			tk_set(t, rec, i, TK_S(c->id));
			return TK_OK;
		}
	}
	if (!f->choice || !f->choice->id)
		return bad_cell(op->e, f, s, N_("one of the listed words"));
	return tk_fail(op->e, TK_EINVAL, f->name,
		       N_("%s: \"%.60s\" is not one of the listed words; "
			  "write one such as \"%s\"."),
		       tk_tr(op->e->lang, f->label), s, meant(f, op->e->lang, s));
}

/* Files from Windows end their lines with CR LF; kept is LF. */
static char *plain_lines(struct tk_arena *a, const char *s)
{
	char *out = tk_strdup(a, s), *o = out;

	for (; *s; s++)
		if (s[0] != '\r' || s[1] != '\n')
			*o++ = *s;
	*o = '\0';
	return out;
}

/* As tk_json_time() writes it. */
bool tk_read_time(const char *s, int64_t *ret)
{
	struct tk_date d;
	int h, m, sec, n = 0;

	if (strlen(s) != 20 ||
	    sscanf(s, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &d.y, &d.m, &d.d, &h, &m, &sec, &n) != 6 ||
	    n != 20 || !tk_date_valid(d) || h > 23 || m > 59 || sec > 59 || h < 0 || m < 0 ||
	    sec < 0)
		return false;
	*ret = tk_date_days(d) * 86400 + h * 3600 + m * 60 + sec;
	return true;
}

enum tk_rc tk_set_text(const struct tk_op *op, const struct tk_rtype *t, void *rec, size_t i,
		       const char *text)
{
	const struct tk_field *f = &t->field[i];
	char *s = tk_squeeze(op->mem, text ? text : ""), iso[11];
	struct tk_date d;
	int64_t n = 0;
	bool yes = false;
	enum tk_rc rc;

	if (!*s) {
		tk_set(t, rec, i, f->type == TK_F_BOOL ? TK_I(0) : TK_NULL);
		return TK_OK;
	}
	switch (f->type) {
	case TK_F_TEXT:
		if (f->flags & TK_PLAIN)
			s = tk_unblank(op->mem, tk_narrow(op->mem, s));
		tk_set(t, rec, i, TK_S(s));
		return TK_OK;
	case TK_F_LONG:
		tk_set(t, rec, i, TK_S(plain_lines(op->mem, text)));
		return TK_OK;
	case TK_F_MAIL:
		tk_set(t, rec, i, TK_S(tk_narrow(op->mem, s)));
		return TK_OK;
	case TK_F_TIME:
		if (!tk_read_time(s, &n))
			return bad_cell(op->e, f, text, N_("a time such as 2012-03-31T09:00:00Z"));
		tk_set(t, rec, i, TK_I(n));
		return TK_OK;
	case TK_F_INT:
		if (!tk_parse_int(s, &n))
			return bad_cell(op->e, f, text, N_("a whole number"));
		tk_set(t, rec, i, TK_I(n));
		return TK_OK;
	case TK_F_BOOL:
		if (!yes_no(tk_narrow(op->mem, s), &yes))
			return bad_cell(op->e, f, text, N_("yes or no"));
		tk_set(t, rec, i, TK_I(yes));
		return TK_OK;
	case TK_F_DATE:
		if (!tk_date_parse(s, &d))
			return bad_cell(op->e, f, text,
					N_("a day that exists, such as 2012-03-31"));
		tk_date_iso(d, iso);
		tk_set(t, rec, i, TK_S(tk_strdup(op->mem, iso)));
		return TK_OK;
	case TK_F_ENUM:
		return set_enum(op, t, rec, i, s);
	case TK_F_REF:
		if ((rc = find_ref(op, f, s, &n)) == TK_OK)
			tk_set(t, rec, i, TK_I(n));
		return rc;
	case TK_FTYPE_MAX:
		break;
	}
	return TK_OK;
}

const char *tk_print(struct tk_arena *a, enum tk_lang lang, const struct tk_field *f,
		     struct tk_value v)
{
	const struct tk_choice *c;
	char when[21];

	if (v.type == TK_V_NULL)
		return "";
	switch (f->type) {
	case TK_F_ENUM:
		c = choice_of(f, v.s);
		return c ? tk_tr(lang, c->label) : v.s;
	case TK_F_BOOL:
		return tk_tr(lang, v.i ? N_("yes") : N_("no"));
	case TK_F_TIME:
		tk_time_rfc3339(v.i, when);
		return tk_strdup(a, when);
	case TK_F_INT: case TK_F_REF:
		return tk_sprintf(a, "%" PRId64, v.i);
	default:
		return v.s;
	}
}

static enum tk_rc check_size(const struct tk_field *f, struct tk_value v, struct tk_err *e)
{
	const char *label = tk_tr(e ? e->lang : TK_JA, f->label);
	bool text = v.type == TK_V_TEXT;
	int64_t n = text ? (int64_t)tk_utf8_count(v.s) : v.i;
	int64_t max = f->max ? f->max : text ? (f->type == TK_F_LONG ? 20000 : 500) : 0;

	if (text && max && n > max)
		return tk_fail(
			e, TK_EINVAL, f->name,
			N_("%s must have at most %" PRId64 " characters (it has %" PRId64 ")."),
			label, max, n);
	if (text && n < f->min)
		return tk_fail(e, TK_EINVAL, f->name,
			       N_("%s must have at least %" PRId64 " characters."), label, f->min);
	if (!text && f->min > f->max && n < f->min)     /* a floor alone */
		return tk_fail(e, TK_EINVAL, f->name, N_("%s must be %" PRId64 " or more."), label,
			       f->min);
	if (!text && (f->min || f->max) && f->min <= f->max && (n < f->min || n > f->max))
		return tk_fail(e, TK_EINVAL, f->name,
			       N_("%s must be from %" PRId64 " to %" PRId64 "."), label, f->min,
			       f->max);
	return TK_OK;
}

enum tk_rc tk_validate_field(const struct tk_field *f, struct tk_value v, struct tk_err *e)
{
	const char *label = tk_tr(e ? e->lang : TK_JA, f->label);
	struct tk_date d;
	enum tk_rc rc;

	if (v.type == TK_V_NULL ||
	    (v.type == TK_V_TEXT && f->flags & TK_REQUIRED && tk_is_blank(v.s))) {
		if (f->flags & TK_REQUIRED)
			return tk_fail(e, TK_EINVAL, f->name, N_("%s is required."), label);
		return TK_OK;
	}
	if (f->type == TK_F_REF || f->type == TK_F_BOOL || f->type == TK_F_TIME)
		return f->check ? f->check(e, f, v) : TK_OK;
	if ((rc = check_size(f, v, e)) != TK_OK)
		return rc;
	if (f->type == TK_F_ENUM && !choice_of(f, v.s))
		return bad_cell(e, f, v.s, N_("one of the listed words"));
	if (f->type == TK_F_DATE && !tk_date_from_iso(v.s, &d))
		return bad_cell(e, f, v.s, N_("a day that exists, such as 2012-03-31"));
	if (f->type == TK_F_MAIL && !tk_is_mail(v.s))
		return bad_cell(e, f, v.s, N_("a mail address such as name@example.go.jp"));
	return f->check ? f->check(e, f, v) : TK_OK;
}

enum tk_rc tk_validate(const struct tk_rtype *t, const void *rec, struct tk_err *e)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < t->nfield && rc == TK_OK; i++)
		rc = tk_validate_field(&t->field[i], tk_get(t, rec, i), e);
	return rc;
}

void tk_squeeze_field(struct tk_arena *a, const struct tk_rtype *t, void *rec, const char *field)
{
	struct tk_value v = tk_get_by(t, rec, field);

	if (v.type == TK_V_TEXT)
		tk_set_by(t, rec, field, tk_is_blank(v.s) ? TK_NULL : TK_S(tk_squeeze(a, v.s)));
}
