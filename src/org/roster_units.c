/* roster_units.c - bureaus, divisions and posts of a file: found in the organisation, or new. */
#include <stdio.h>
#include <string.h>
#include "base/hash.h"
#include "base/text.h"
#include "org/roster_in.h"

enum { FEW = 12 };              /* so many names are listed in a message */

/* -- what is there ----------------------------------------------------------------------------- */
enum coded { BUREAU, DIVISION, POST };

static const char *code_key(struct tk_arena *a, enum coded what, const char *code)
{
	return tk_sprintf(a, "%c/%s", "BDP"[what], code);
}

static void use_code(struct tk_roster *r, enum coded what, const char *code)
{
	tk_strmap_add(&r->used_code, code_key(r->mem, what, code), 0);
}

static uint32_t add_bureau(struct tk_roster *r, struct unit_bureau b)
{
	uint32_t at = (uint32_t)r->nbureau;

	b.key = roster_key(r->mem, b.name);
	r->bureau = roster_grow(r->mem, r->bureau, r->nbureau, &r->capbureau, sizeof(b));
	r->bureau[r->nbureau++] = b;
	tk_strmap_add(&r->bureau_map, b.key, at);
	if (b.name_en)
		tk_strmap_add(&r->bureau_map, roster_key(r->mem, b.name_en), at);
	tk_strmap_add(&r->bureau_map, roster_key(r->mem, b.code), at);
	use_code(r, BUREAU, b.code);
	return at;
}

static const char *pair_key(struct tk_roster *r, uint32_t bureau, const char *division)
{
	return tk_sprintf(r->mem, "%u/%s", bureau, division);
}

/* Divisions of one name in several bureaus: the name alone tells nothing then. */
static void add_name(struct tk_roster *r, const char *key, uint32_t at)
{
	uint32_t old;

	if (tk_strmap_add(&r->name_map, key, at) ||
	    (tk_strmap_get(&r->name_map, key, &old) && old == at))
		return;
	/* values are never changed in the map; a second key marks the name */
	tk_strmap_add(&r->name_map, tk_sprintf(r->mem, "%s/twice", key), at);
}

static uint32_t add_division(struct tk_roster *r, struct unit_division d, const char *name_en)
{
	uint32_t at = (uint32_t)r->ndivision;

	d.key = roster_key(r->mem, d.name);
	r->division = roster_grow(r->mem, r->division, r->ndivision, &r->capdivision, sizeof(d));
	r->division[r->ndivision++] = d;
	tk_strmap_add(&r->division_map, pair_key(r, d.bureau, d.key), at);
	add_name(r, d.key, at);
	if (name_en) {
		tk_strmap_add(&r->division_map, pair_key(r, d.bureau, roster_key(r->mem, name_en)),
			      at);
		add_name(r, roster_key(r->mem, name_en), at);
	}
	tk_strmap_add(&r->code_map, roster_key(r->mem, d.code), at);
	use_code(r, DIVISION, d.code);
	return at;
}

static void add_post(struct tk_roster *r, struct unit_post p, const char *name_en)
{
	r->post = roster_grow(r->mem, r->post, r->npost, &r->cappost, sizeof(p));
	tk_strmap_add(&r->post_map, roster_key(r->mem, p.name), (uint32_t)r->npost);
	if (name_en)
		tk_strmap_add(&r->post_map, roster_key(r->mem, name_en), (uint32_t)r->npost);
	r->post[r->npost++] = p;
	use_code(r, POST, p.code);
}

static enum tk_rc bureau_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tk_roster *r = ctx;

	(void)n;
	add_bureau(r, (struct unit_bureau){ .id = col[0].i, .code = tk_strdup(r->mem, col[1].s),
		   .name = tk_strdup(r->mem, col[2].s), .name_en = tk_strdup(r->mem, col[3].s) });
	return TK_OK;
}

static enum tk_rc division_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tk_roster *r = ctx;
	struct unit_division d = { .id = col[0].i,
				   .code = tk_strdup(r->mem, col[2].s),
				   .name = tk_strdup(r->mem, col[3].s) };

	(void)n;
	while (d.bureau < r->nbureau && r->bureau[d.bureau].id != col[1].i)
		d.bureau++;
	add_division(r, d, col[4].s);
	return TK_OK;
}

static enum tk_rc post_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tk_roster *r = ctx;

	(void)n;
	add_post(r, (struct unit_post){ .id = col[0].i, .code = tk_strdup(r->mem, col[1].s),
		 .name = tk_strdup(r->mem, col[2].s), .is_head = col[4].i != 0 }, col[3].s);
	return TK_OK;
}

enum tk_rc roster_units_load(const struct tk_op *op, struct tk_roster *r)
{
	enum tk_rc rc;

	r->nbureau = r->ndivision = r->npost = 0;
	memset(r->last_code, 0, sizeof(r->last_code));
	r->bureau_map = r->division_map = r->name_map = r->code_map = r->post_map = r->unit_map =
		r->used_code = (struct tk_strmap){ .mem = r->mem };
	rc = tk_db_run(op->db, op->e,
		       "SELECT id, code, name, name_en FROM bureau WHERE deleted_at IS NULL ORDER "
		       "BY sort, id",
		       NULL, 0, bureau_row, r);
	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e,
			       "SELECT id, bureau_id, code, name, name_en FROM division"
			       " WHERE deleted_at IS NULL ORDER BY sort, id",
			       NULL, 0, division_row, r);
	if (rc == TK_OK)
		rc = tk_db_run(op->db, op->e, "SELECT id, code, name, name_en, is_head FROM post"
			       " WHERE deleted_at IS NULL ORDER BY rank, id", NULL, 0, post_row, r);
	r->empty = r->ndivision == 0;
	return rc;
}

/* -- messages ---------------------------------------------------------------------------------- */
static const char *list_divisions(struct tk_roster *r, uint32_t bureau)
{
	struct tk_buf b = TK_BUF(200);  /* the whole message has room for so much */
	const char *out;
	size_t n = 0;

	/* a report that is full already only counts */
	for (size_t i = 0; r->report->nproblem < TK_REPORT_LIST && i < r->ndivision; i++) {
		if (r->division[i].bureau != bureau || r->division[i].is_new)
			continue;
		if (n++)
			tk_buf_str(&b, ", ");
		tk_buf_str(&b, r->division[i].name);
	}
	out = n && n <= FEW && !b.bad ? tk_strdup(r->tmp, tk_buf_cstr(&b)) : NULL;
	tk_buf_drop(&b);
	return out;
}

static void unknown_bureau(struct tk_roster *r, struct rrow *x)
{
	struct tk_buf b = TK_BUF(200);

	for (size_t i = 0; i < r->nbureau && !b.bad; i++) {
		if (i)
			tk_buf_str(&b, ", ");
		tk_buf_str(&b, r->bureau[i].name);
	}
	if (b.len && !b.bad && r->nbureau <= FEW)
		ROSTER_SAY(r, x->row, C_BUREAU, x->bureau, TK_SEV_ERROR,
			   N_("There is no bureau \"%.60s\". The bureaus are: %s. If it is new, "
			      "add it first or import with"
			      " new divisions allowed."),
			   x->bureau, b.p);
	else
		ROSTER_SAY(r, x->row, C_BUREAU, x->bureau, TK_SEV_ERROR,
			   N_("There is no bureau \"%.60s\". If it is new, add it first or import "
			      "with new divisions allowed."),
			   x->bureau);
	tk_buf_drop(&b);
}

static void unknown_division(struct tk_roster *r, struct rrow *x, uint32_t bureau)
{
	const char *list = bureau < r->nbureau ? list_divisions(r, bureau) : NULL,
		   *name = x->division ? x->division : x->code;
	enum col_kind k = x->division ? C_DIVISION : C_CODE;
	uint32_t at = 0;

	if (x->code && x->division && tk_strmap_get(&r->code_map, roster_key(r->tmp, x->code), &at))
		ROSTER_SAY(r, x->row, k, name, TK_SEV_ERROR,
			   N_("There is no division \"%.60s\" here; the code %.40s belongs to "
			      "\"%.60s\". Correct the name, or"
			      " rename the division first."),
			   name, x->code, r->division[at].name);
	else if (list)
		ROSTER_SAY(r, x->row, k, name, TK_SEV_ERROR,
			   N_("%s has no division \"%.60s\". Its divisions are: %s. If it is new, "
			      "add it first or import with"
			      " new divisions allowed."),
			   r->bureau[bureau].name, name, list);
	else
		ROSTER_SAY(r, x->row, k, name, TK_SEV_ERROR,
			   N_("There is no division \"%.60s\". If it is new, add it first or "
			      "import with new divisions allowed."),
			   name);
}

/* -- the unit of a row ------------------------------------------------------------------------- */
static bool may_make(const struct tk_roster *r)
{
	return r->empty || r->opt.new_divisions;
}

static bool code_taken(const struct tk_roster *r, enum coded what, const char *code)
{
	uint32_t any;

	return tk_strmap_get(&r->used_code, code_key(r->tmp, what, code), &any);
}

static const char *next_code(struct tk_roster *r, enum coded what)
{
	char code[24];

	do
		snprintf(code, sizeof(code), "%c%0*u", "BDP"[what], what == DIVISION ? 3 : 2,
			 ++r->last_code[what]);
	while (code_taken(r, what, code));
	return tk_strdup(r->mem, code);
}

static uint32_t make_bureau(struct tk_roster *r, const char *name)
{
	return add_bureau(r, (struct unit_bureau){ .id = tk_id_new(),
						   .name = tk_strdup(r->mem, name),
						   .is_new = true,
						   .code = next_code(r, BUREAU) });
}

static uint32_t make_division(struct tk_roster *r, uint32_t bureau, const char *name,
			      const char *code, uint32_t row)
{
	const char *c = code ? tk_staff_number_form(r->mem, code) : NULL;

	if (!c || !*c || strlen(c) > 40 || code_taken(r, DIVISION, c))
		c = next_code(r, DIVISION);
	return add_division(r,
			    (struct unit_division){ .id = tk_id_new(),
						    .bureau = bureau,
						    .code = c,
						    .first = row,
						    .name = tk_strdup(r->mem, name),
						    .is_new = true },
			    NULL);
}

/* 総務企画局　総務課 or 総務企画局総務課 in one cell: bureau and division.  NULL: no such shape. */
static const char *split_unit(struct tk_roster *r, const char *text, const char **division)
{
	static const char *const end[] = { "事務局", "本部", "局", "部" }, *const between[] = {
		"/", "／", ">", "＞", " "
	};
	const char *p;

	for (size_t i = 0; i < TK_LEN(between); i++) {
		p = strstr(text, between[i]);
		if (!p || p == text || !p[strlen(between[i])] ||
		    (*p == ' ' && (unsigned char)p[-1] < 0x80))
			continue;       /* a blank parts Japanese words only */
		*division = tk_squeeze(r->tmp, p + strlen(between[i]));
		return tk_squeeze(r->tmp, tk_strndup(r->tmp, text, (size_t)(p - text)));
	}
	for (size_t i = 0; i < TK_LEN(end); i++) {
		p = strstr(text, end[i]);
		if (!p || p == text || !p[strlen(end[i])])
			continue;
		*division = p + strlen(end[i]);
		return tk_strndup(r->tmp, text, (size_t)(*division - text));
	}
	return NULL;
}

static int32_t find_or_make(struct tk_roster *r, struct rrow *x, const char *bureau,
			    const char *division)
{
	uint32_t b, at;

	if (!tk_strmap_get(&r->bureau_map, roster_key(r->tmp, bureau), &b)) {
		if (!may_make(r))
			return unknown_bureau(r, x), -1;
		b = make_bureau(r, bureau);
	}
	if (tk_strmap_get(&r->division_map, pair_key(r, b, roster_key(r->tmp, division)), &at))
		return (int32_t)at;
	if (!may_make(r))
		return unknown_division(r, x, b), -1;
	return (int32_t)make_division(r, b, division, x->code, x->row);
}

/* Without a bureau: the division's name alone, then its code, then both in one text. */
static int32_t without_bureau(struct tk_roster *r, struct rrow *x)
{
	const char *key = roster_key(r->tmp, x->division), *rest = NULL, *bureau;
	uint32_t at = 0, twice = 0;
	bool known = tk_strmap_get(&r->name_map, key, &at);
	bool many =
		known && tk_strmap_get(&r->name_map, tk_sprintf(r->tmp, "%s/twice", key), &twice);

	if (known && !many && (r->col[C_BUREAU] < 0 || !r->empty))
		return (int32_t)at;
	if (x->code && !r->empty && tk_strmap_get(&r->code_map, roster_key(r->tmp, x->code), &at))
		return (int32_t)at;
	if (many) {
		ROSTER_SAY(
			r, x->row, C_DIVISION, x->division, TK_SEV_ERROR,
			N_("More than one bureau has a division \"%.60s\". Write the bureau too."),
			x->division);
		return -1;
	}
	bureau = split_unit(r, x->division, &rest);
	if (bureau &&
	    (may_make(r) || tk_strmap_get(&r->bureau_map, roster_key(r->tmp, bureau), &at)))
		return find_or_make(r, x, bureau, rest);
	if (r->col[C_BUREAU] >= 0) {
		ROSTER_SAY(r, x->row, C_BUREAU, NULL, TK_SEV_ERROR,
			   N_("The bureau is missing. Write it here."));
		return -1;
	}
	if (!may_make(r))
		return unknown_division(r, x, UINT32_MAX), -1;
	return find_or_make(r, x, tk_tr(r->lang, N_("Whole organisation")), x->division);
}

static int32_t unit_of(struct tk_roster *r, struct rrow *x)
{
	uint32_t at = 0;

	if (!x->division && x->code &&
	    tk_strmap_get(&r->code_map, roster_key(r->tmp, x->code), &at))
		return (int32_t)at;
	if (!x->division && r->col[C_DIVISION] >= 0) {
		ROSTER_SAY(r, x->row, C_DIVISION, NULL, TK_SEV_ERROR,
			   N_("The division is missing. Write the division of this person."));
		return -1;
	}
	if (!x->division)
		return x->code ? (unknown_division(r, x, UINT32_MAX), -1) : -1;
	if (tk_utf8_count(x->division) > 200 || (x->bureau && tk_utf8_count(x->bureau) > 200)) {
		ROSTER_SAY(r, x->row, C_DIVISION, x->division, TK_SEV_ERROR,
			   N_("The name of a bureau or division has at most 200 characters."));
		return -1;
	}
	return x->bureau ? find_or_make(r, x, x->bureau, x->division) : without_bureau(r, x);
}

/* Rows of one unit are many: what was found (or not) for the first holds for the next. */
static void match_unit(struct tk_roster *r, struct rrow *x)
{
	const char *key = tk_sprintf(r->tmp, "%s\x1F%s\x1F%s", x->bureau ? x->bureau : "",
				     x->division ? x->division : "", x->code ? x->code : "");
	uint32_t at;

	if (tk_strmap_get(&r->unit_map, key, &at)) {
		x->unit = (int32_t)at;
	} else {
		x->unit = unit_of(r, x);
		if (x->unit >= 0)
			tk_strmap_add(&r->unit_map, tk_strdup(r->mem, key), (uint32_t)x->unit);
	}
	if (x->unit < 0)
		x->bad = true;
	else
		r->division[x->unit].nrow++;
}

static void match_post(struct tk_roster *r, struct rrow *x)
{
	uint32_t at = (uint32_t)r->npost;

	if (!x->post)
		return;
	if (!tk_strmap_get(&r->post_map, roster_key(r->tmp, x->post), &at))
		add_post(r,
			 (struct unit_post){ .id = tk_id_new(),
					     .code = next_code(r, POST),
					     .name = x->post,
					     .is_new = true,
					     .is_head = tk_post_heads(x->post) },
			 NULL);
	x->post_at = (int32_t)at;
	if (x->unit >= 0 && r->post[at].is_head)
		r->division[x->unit].has_head = true;
}

/* A new division of one row, not of its head, in the middle of another division of its bureau, is
 * almost surely a slip of the pen.  Where divisions may be made on purpose it passes. */
static void doubt_divisions(struct tk_roster *r)
{
	for (size_t i = 1; i + 1 < r->nrow; i++) {
		struct rrow *x = &r->row[i];
		int32_t before = r->row[i - 1].unit, after = r->row[i + 1].unit;
		struct unit_division *d;

		if (x->unit < 0 || before < 0 || before != after || before == x->unit)
			continue;
		d = &r->division[x->unit];
		if (!d->is_new || d->nrow != 1 || d->has_head ||
		    d->bureau != r->division[before].bureau)
			continue;
		if (r->opt.new_divisions) {
			ROSTER_SAY(r, x->row, C_DIVISION, x->division, TK_SEV_WARNING,
				   N_("The division \"%.60s\" stands in this row only, among rows "
				      "of \"%.60s\". It is made because"
				      " new divisions are allowed."),
				   d->name, r->division[before].name);
			continue;
		}
		ROSTER_SAY(r, x->row, C_DIVISION, x->division, TK_SEV_ERROR,
			   N_("The division \"%.60s\" stands in this row only, among rows of "
			      "\"%.60s\" of %s. Correct the name. If"
			      " it is a new division, add it first or import with new divisions "
			      "allowed."),
			   d->name, r->division[before].name, r->bureau[d->bureau].name);
		d->dropped = true;
		x->bad = true;
	}
}

void roster_units_match(struct tk_roster *r)
{
	for (size_t i = 0; i < r->nrow; i++) {
		match_unit(r, &r->row[i]);
		match_post(r, &r->row[i]);
		tk_arena_reset(r->tmp);
	}
	doubt_divisions(r);
}
