/* form_compile.c - rows of a version -> struct tk_form, and the cache of published ones. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "org/role.h"
#include "survey/form_in.h"

enum { MAX_ROWS = 12000 };

struct gather { struct tk_arena *mem; const struct tk_rtype *t; char *rec; size_t n, cap; };

/* Records are copied shallowly: their texts live in the arena of the load already. */
static void *gather_slot(struct gather *g)
{
	if (g->n == g->cap) {
		size_t cap = g->cap ? g->cap * 2 : 128;
		char *p = tk_alloc_n(g->mem, cap, g->t->size);
		if (g->n)
			memcpy(p, g->rec, g->n * g->t->size);
		g->rec = p;
		g->cap = cap;
	}
	return g->rec + g->n++ * g->t->size;
}

static enum tk_rc gather_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct gather *g = ctx;
	struct tk_rec *r = gather_slot(g);

	r->id = col[0].i;
	r->version = col[1].i;
	for (size_t i = 0; i < g->t->nfield && i + 2 < n; i++)
		tk_set(g->t, r, i,
		       col[i + 2].type == TK_V_TEXT ? TK_S(tk_strdup(g->mem, col[i + 2].s))
						    : col[i + 2]);
	return TK_OK;
}

enum tk_rc tk_form_rows(const struct tk_op *op, struct tk_arena *mem, int64_t id,
			struct tk_form_rows *ret)
{
	struct gather v = { mem, &tk_form_version_type, NULL, 0, 0 },
		      f = { mem, &tk_form_type, NULL, 0, 0 };
	struct gather it = { mem, &tk_form_item_type, NULL, 0, 0 },
		      ch = { mem, &tk_choice_type, NULL, 0, 0 };
	enum tk_rc rc;

	memset(ret, 0, sizeof(*ret));
	rc = tk_db_run(op->db, op->e,
		       "SELECT id, version, form_id, number, state, published_at, digest, settings "
		       "FROM form_version"
		       " WHERE id = $1 AND deleted_at IS NULL",
		       TK_ARGS(TK_I(id)), gather_row, &v);
	if (rc == TK_OK && v.n == 0)
		return tk_fail(op->e, TK_ENOTFOUND, NULL,
			       N_("There is no such questionnaire version."));
	if (rc == TK_OK) {
		ret->version = *(struct form_version *)(void *)v.rec;
		rc = tk_db_run(
			op->db, op->e,
			"SELECT id, version, code, title_ja, title_en FROM form WHERE id = $1",
			TK_ARGS(TK_I(ret->version.form_id)), gather_row, &f);
	}
	if (rc == TK_OK && f.n == 0)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such questionnaire."));
	if (rc == TK_OK) {
		ret->form = *(struct form *)(void *)f.rec;
		rc = tk_db_run(op->db, op->e,
			       "SELECT id, version, form_version_id, sort, kind, code, group_code, "
			       "label_ja, label_en,"
			       " hint_ja, hint_en, audience, clause, required, relevant, list, "
			       "not_applicable, dont_know, evidence,"
			       " min_value, max_value, constraint_expr, constraint_ja, "
			       "constraint_en, required_ja, required_en, calculation,"
			       " default_value, appearance, parameters, choice_filter, "
			       "repeat_count, trigger_on, xls_type, extra, problem,"
			       " sheet_row FROM form_item WHERE form_version_id = $1 AND "
			       "deleted_at IS NULL ORDER BY sort, id",
			       TK_ARGS(TK_I(id)), gather_row, &it);
	}
	if (rc == TK_OK)
		rc = tk_db_run(
			op->db, op->e,
			"SELECT id, version, form_version_id, list, code, label_ja, label_en, "
			"sort, extra, problem, sheet_row FROM choice"
			" WHERE form_version_id = $1 AND deleted_at IS NULL ORDER BY sort, id",
			TK_ARGS(TK_I(id)), gather_row, &ch);
	ret->item = (struct form_item *)(void *)it.rec;
	ret->nitem = it.n;
	ret->choice = (struct choice *)(void *)ch.rec;
	ret->nchoice = ch.n;
	return rc;
}

/* -- compiling --------------------------------------------------------------------------------- */
struct compile {
	struct tk_arena           *a;
	const struct tk_form_rows *rows;
	struct tk_form            *f;
	struct tk_item            *item;
	struct tk_group           *group;
	struct tk_form_audience   *audience;
	struct tk_form_say        *say;
	struct tk_err             *e;
	const char                *column;      /* where the next fault stands in a workbook */
};

/* Either the first fault ends the compiling, or say() hears of all of them. */
static enum tk_rc fault(struct compile *c, const char *code)
{
	const char *column = c->column;

	c->column = NULL;
	if (!c->say) {
		snprintf(c->e->field, sizeof(c->e->field), "%s", code);
		return TK_EINVAL;
	}
	c->say->n++;
	c->say->column = column;
	c->say->say(c->say->ctx, code, c->e->msg);
	return TK_OK;
}

static int find_group(const struct compile *c, const char *code)
{
	for (size_t i = 0; code && i < c->f->ngroup; i++)
		if (!strcmp(c->group[i].code, code))
			return (int)i;
	return -1;
}

/* A word that is no rule must be a role that somebody can hold. */
static bool is_audience(const char *word)
{
	return !strcmp(word, "all_staff") || !strcmp(word, "division_head") ||
	       !strcmp(word, "system_admin") || !strcmp(word, "institution") ||
	       tk_role_index(word) >= 0;
}

static enum tk_rc find_audience(struct compile *c, const char *text, unsigned *ret)
{
	struct tk_form *f = c->f;
	enum tk_rc rc;

	if (tk_is_blank(text))
		text = "all_staff";
	for (*ret = 0; *ret < f->naudience; ++*ret)
		if (!strcmp(c->audience[*ret].code, text))
			return TK_OK;
	if (f->naudience == TK_MAX_AUDIENCES)
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("A questionnaire can have at most %d audiences."),
			       (int)TK_MAX_AUDIENCES);
	c->audience[f->naudience] = (struct tk_form_audience){ .code = text };
	if (!strpbrk(text, "${=( '\"") && !is_audience(text))
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("There is no audience \"%.60s\". Write all_staff, division_head, "
				  "system_admin, institution, a role, or a rule such as ${post} = "
				  "'...'."),
			       text);
	if (strpbrk(text, "${=( '\"") &&
	    (rc = tk_person_rule(c->a, text, &c->audience[f->naudience].rule, c->e)) != TK_OK)
		return rc;
	f->naudience++;
	return TK_OK;
}

static enum tk_rc options(struct compile *c, const struct form_item *row, struct tk_item *it)
{
	struct tk_option *o;
	unsigned n = 0;

	for (size_t i = 0; i < c->rows->nchoice; i++)
		n += row->list && !strcmp(c->rows->choice[i].list, row->list);
	if (n == 0)
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("Item %s: the list of choices \"%s\" is empty or missing."),
			       row->code, row->list ? row->list : "");
	o = tk_alloc_n(c->a, n, sizeof(*o));
	it->option = o;
	for (size_t i = 0; i < c->rows->nchoice; i++) {
		const struct choice *ch = &c->rows->choice[i];
		if (strcmp(ch->list, row->list) == 0)
			o[it->noption++] =
				(struct tk_option){ ch->code, ch->label_ja, ch->label_en };
	}
	return TK_OK;
}

static enum tk_q_kind kind_of(const char *kind)
{
	static const struct { const char *name; enum tk_q_kind q;
	} t[] = {
		{ "single", TK_Q_SINGLE },   { "multi", TK_Q_MULTI }, { "int", TK_Q_NUMBER },
		{ "decimal", TK_Q_DECIMAL }, { "text", TK_Q_TEXT },   { "date", TK_Q_DATE },
		{ "calculate", TK_Q_TEXT },
	};

	for (size_t i = 0; i < TK_LEN(t); i++)
		if (!strcmp(t[i].name, kind))
			return t[i].q;
	return TK_Q_KIND_MAX;
}

static enum tk_rc condition(struct compile *c, const char *text, struct tk_expr **ret)
{
	enum tk_rc rc = tk_is_blank(text) ? TK_OK : tk_expr_parse(c->a, text, ret, c->e);

	if (rc == TK_OK && *ret && tk_expr_uses_self(*ret))
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("A condition cannot use \".\", an item's own answer. Name "
				  "another item, such as ${c01}."));
	return rc;
}

static enum tk_rc check_item(struct compile *c, const struct form_item *row, struct tk_item *it)
{
	enum tk_rc rc;

	if (it->q == TK_Q_KIND_MAX)
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("Item %s: the kind \"%.40s\" is not known."), row->code,
			       row->kind);
	c->column = "type";
	if ((it->q == TK_Q_SINGLE || it->q == TK_Q_MULTI) && (rc = options(c, row, it)) != TK_OK)
		return rc;
	c->column = NULL;
	if (!tk_is_blank(row->group_code) && it->group < 0)
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("Item %s: there is no section \"%s\" before it."), row->code,
			       row->group_code);
	if (it->has_min && it->has_max && it->min > it->max)
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("Item %s: the smallest value is above the largest."), row->code);
	c->column = "audience";
	if ((rc = find_audience(c, row->audience, &it->audience)) != TK_OK)
		return rc;
	c->column = "relevant";
	if ((rc = condition(c, row->relevant, &it->relevant)) != TK_OK)
		return rc;
	c->column = "name";
	if (tk_form_item_index(c->f, row->code) >= 0 || find_group(c, row->code) >= 0)
		return tk_fail(c->e, TK_EINVAL, NULL, N_("The code %s is used twice."), row->code);
	c->column = NULL;
	return TK_OK;
}

/* A calculation is found out and so never has to be answered. */
static enum tk_rc rules(struct compile *c, const struct form_item *row, struct tk_item *it)
{
	bool calculated = !strcmp(row->kind, "calculate");
	enum tk_rc rc = TK_OK;

	c->column = "calculation";
	if (calculated && tk_is_blank(row->calculation))
		rc = tk_fail(c->e, TK_EINVAL, NULL, N_("Item %s: write what is to be calculated."),
			     row->code);
	else if (calculated)
		rc = condition(c, row->calculation, &it->calculation);
	if (rc != TK_OK && (rc = fault(c, row->code)) != TK_OK)
		return rc;
	c->column = "constraint";
	if (!calculated && !tk_is_blank(row->constraint_expr) &&
	    tk_expr_parse(c->a, row->constraint_expr, &it->constraint, c->e) != TK_OK)
		return fault(c, row->code);
	c->column = NULL;
	return TK_OK;
}

static enum tk_rc add_item(struct compile *c, const struct form_item *row)
{
	struct tk_item *it = &c->item[c->f->nitem];
	size_t has_min = (size_t)tk_field_index(&tk_form_item_type, "min_value");
	size_t has_max = (size_t)tk_field_index(&tk_form_item_type, "max_value");
	enum tk_rc rc;

	*it = (struct tk_item){
		.code = row->code,
		.label_ja = row->label_ja,
		.label_en = row->label_en,
		.hint_ja = row->hint_ja,
		.hint_en = row->hint_en,
		.clause = row->clause,
		.kind = row->kind,
		.q = kind_of(row->kind),
		.group = find_group(c, row->group_code),
		.required = row->required,
		.not_applicable = row->not_applicable,
		.dont_know = row->dont_know,
		.evidence = row->evidence,
		.min = row->min_value,
		.max = row->max_value,
		.condition = tk_is_blank(row->relevant) ? NULL : row->relevant,
		.constraint_ja = row->constraint_ja,
		.constraint_en = row->constraint_en,
		.required_ja = row->required_ja,
		.required_en = row->required_en,
		.default_value = row->default_value,
		.has_min = row->rec.has >> has_min & 1,
		.has_max = row->rec.has >> has_max & 1,
	};
	it->required = it->required && strcmp(row->kind, "calculate") != 0;
	rc = check_item(c, row, it);
	c->f->nitem++;
	if (rc != TK_OK && (rc = fault(c, row->code)) != TK_OK)
		return rc;
	rc = rules(c, row, it);
	c->f->conditions = c->f->conditions || it->relevant || it->calculation;
	return rc;
}

static enum tk_rc add_group(struct compile *c, const struct form_item *row)
{
	struct tk_group *g = &c->group[c->f->ngroup];
	enum tk_rc rc;

	*g = (struct tk_group){ row->code, row->label_ja, row->label_en, row->hint_ja, row->hint_en,
				find_group(c, row->group_code), NULL };
	rc = condition(c, row->relevant, &g->relevant);
	if (rc == TK_OK && !tk_is_blank(row->group_code) && g->parent < 0)
		rc = tk_fail(c->e, TK_EINVAL, NULL,
			     N_("Item %s: there is no section \"%s\" before it."), row->code,
			     row->group_code);
	if (rc == TK_OK &&
	    (tk_form_item_index(c->f, row->code) >= 0 || find_group(c, row->code) >= 0))
		rc = tk_fail(c->e, TK_EINVAL, NULL, N_("The code %s is used twice."), row->code);
	c->f->ngroup++;
	c->f->conditions = c->f->conditions || g->relevant;
	return rc == TK_OK ? TK_OK : fault(c, row->code);
}

static enum tk_rc add_row(struct compile *c, const struct form_item *row)
{
	enum tk_rc rc = TK_OK;

	for (size_t at = 0; rc == TK_OK && tk_form_row_fault(row, at, c->e, &c->column); at++)
		rc = fault(c, row->code);
	c->column = NULL;
	if (rc == TK_OK && tk_form_is_section(row))
		return add_group(c, row);
	return rc == TK_OK && tk_form_is_asked(row) ? add_item(c, row) : rc;
}

/* What a workbook had wrong in a choice, line by line. */
static enum tk_rc check_choice(struct compile *c, const struct choice *ch)
{
	enum tk_rc rc = TK_OK;

	for (const char *s = ch->problem; s && *s && rc == TK_OK;
	     s += strcspn(s, "\n"), s += *s == '\n') {
		const char *tab = strchr(s, '\t');

		if (!tab)
			break;
		(void)!tk_fail(c->e, TK_EINVAL, NULL, "%s: %.*s", ch->code,
			       (int)strcspn(tab + 1, "\n"), tab + 1);
		if (c->say)
			c->say->choice = ch;
		c->column = "name";
		rc = fault(c, ch->code);
		if (c->say)
			c->say->choice = NULL;
	}
	return rc;
}

static int item_slot(void *ctx, const char *name)
{
	return tk_form_item_index(ctx, name);
}

static enum tk_rc bind(struct compile *c, struct tk_expr *x, const char *code, const char *column)
{
	if (!x || tk_expr_resolve(x, item_slot, c->f, c->e) == TK_OK)
		return TK_OK;
	c->column = column;
	return fault(c, code);
}

/* Conditions may name any item of the form, later ones too. */
static enum tk_rc resolve(struct compile *c)
{
	enum tk_rc rc;

	for (size_t i = 0; i < c->f->nitem; i++) {
		const struct tk_item *it = &c->item[i];

		if ((rc = bind(c, it->relevant, it->code, "relevant")) != TK_OK ||
		    (rc = bind(c, it->constraint, it->code, "constraint")) != TK_OK ||
		    (rc = bind(c, it->calculation, it->code, "calculation")) != TK_OK)
			return rc;
	}
	for (size_t i = 0; i < c->f->ngroup; i++)
		if ((rc = bind(c, c->group[i].relevant, c->group[i].code, "relevant")) != TK_OK)
			return rc;
	return TK_OK;
}

/* Whether an item is asked must not depend on whether it is asked. */
static enum tk_rc find_order(struct compile *c)
{
	const char *cycle, *through;

	tk_form_order(c->a, c->f, &cycle, &through);
	if (!cycle)
		return TK_OK;
	c->column = "relevant";
	(void)!tk_fail(c->e, TK_EINVAL, NULL,
		       N_("%s: whether it is asked depends on itself, through %s. Change one of "
			  "the conditions."),
		       cycle, through);
	return fault(c, cycle);
}

static enum tk_rc lay_out(struct compile *c)
{
	struct tk_layout_item *li = tk_alloc_n(c->a, c->f->nitem + 1, sizeof(*li));
	struct tk_layout *l = NULL;
	enum tk_rc rc;

	for (size_t i = 0; i < c->f->nitem; i++)
		li[i] = (struct tk_layout_item){ .name = c->item[i].code,
						 .kind = c->item[i].q,
						 .noption = c->item[i].noption };
	rc = tk_layout_new(c->a, li, c->f->nitem, &l, c->e);
	c->f->layout = l;
	return rc == TK_OK ? TK_OK : fault(c, c->e->field);
}

static void digest_text(struct tk_hasher *h, const char *s)
{
	tk_hasher_add(h, s ? s : "", s ? strlen(s) + 1 : 1);
}

static const char *digest_of(const struct compile *c)
{
	struct tk_hasher *h = tk_hasher_new();
	unsigned char d[TK_SHA256_LEN];
	char *hex = tk_alloc(c->a, TK_SHA256_HEX);
	size_t first_kept = (size_t)tk_field_index(&tk_form_item_type, "constraint_expr");

	for (size_t i = 0; i < c->rows->nitem; i++)
		for (size_t k = 1; k < first_kept; k++) {
			struct tk_value v = tk_get(&tk_form_item_type, &c->rows->item[i], k);
			char num[24];

			snprintf(num, sizeof(num), "%" PRId64, v.i);
			digest_text(h,
				    v.type == TK_V_TEXT ? v.s
				    : v.type == TK_V_INT &&
						    strcmp(tk_form_item_type.field[k].name, "sort")
					    ? num
					    : "");
		}
	for (size_t i = 0; i < c->rows->nitem; i++)
		tk_form_digest_kept(h, &tk_form_item_type, &c->rows->item[i]);
	for (size_t i = 0; i < c->rows->nchoice; i++) {
		const struct choice *ch = &c->rows->choice[i];
		digest_text(h, ch->list);
		digest_text(h, ch->code);
		digest_text(h, ch->label_ja);
		digest_text(h, ch->label_en);
		tk_form_digest_kept(h, &tk_choice_type, ch);
	}
	tk_hasher_end(h, d);
	tk_hex(d, sizeof(d), hex);
	return hex;
}

enum tk_rc tk_form_compile(struct tk_arena *mem, const struct tk_form_rows *rows,
			   struct tk_form **ret, struct tk_form_say *say, struct tk_err *e)
{
	struct compile c = { .a = mem, .rows = rows, .say = say, .e = e };
	enum tk_rc rc = TK_OK;

	if (rows->nitem > MAX_ROWS)
		return tk_fail(e, TK_ETOOBIG, NULL, N_("A questionnaire can have at most %d rows."),
			       (int)MAX_ROWS);
	c.f = tk_alloc(mem, sizeof(*c.f));
	c.item = tk_alloc_n(mem, rows->nitem + 1, sizeof(*c.item));
	c.group = tk_alloc_n(mem, rows->nitem + 1, sizeof(*c.group));
	c.audience = tk_alloc_n(mem, TK_MAX_AUDIENCES, sizeof(*c.audience));
	*c.f = (struct tk_form){
		.id = rows->version.rec.id,
		.code = rows->form.code,
		.title_ja = rows->form.title_ja,
		.title_en = rows->form.title_en,
		.number = rows->version.number,
		.published = !strcmp(rows->version.state, "published"),
		.item = c.item,
		.group = c.group,
		.audience = c.audience,
	};
	for (size_t i = 0; i < rows->nchoice && rc == TK_OK; i++)
		rc = check_choice(&c, &rows->choice[i]);
	for (size_t i = 0; i < rows->nitem && rc == TK_OK; i++)
		rc = add_row(&c, &rows->item[i]);
	tk_form_index(c.f, mem);
	if (rc == TK_OK)
		rc = resolve(&c);
	if (rc == TK_OK)
		rc = find_order(&c);
	if (rc == TK_OK)
		rc = lay_out(&c);
	c.f->digest = digest_of(&c);
	*ret = c.f;
	return rc;
}

/* -- cache of published versions: never changed, kept for the life of the process -------------- */
enum { MAX_CACHED = 512 };
static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static const struct tk_form *cache[MAX_CACHED];
static struct tk_arena *cache_mem[MAX_CACHED];
static size_t ncache;

static const struct tk_form *cached(int64_t id)
{
	const struct tk_form *f = NULL;

	pthread_mutex_lock(&cache_lock);
	for (size_t i = 0; i < ncache && !f; i++)
		if (cache[i]->id == id)
			f = cache[i];
	pthread_mutex_unlock(&cache_lock);
	return f;
}

enum tk_rc tk_form_get(const struct tk_op *op, int64_t id, const struct tk_form **ret)
{
	struct tk_arena *mem;
	struct tk_form_rows rows;
	struct tk_form *f = NULL;
	bool keep;
	enum tk_rc rc;

	if ((*ret = cached(id)))
		return TK_OK;
	mem = tk_arena_new(256 << 20);
	rc = tk_form_rows(op, mem, id, &rows);
	if (rc == TK_OK)
		rc = tk_form_compile(mem, &rows, &f, NULL, op->e);
	if (rc != TK_OK) {
		tk_arena_free(mem);
		return rc;
	}
	*ret = f;
	pthread_mutex_lock(&cache_lock);
	keep = f->published && ncache < MAX_CACHED;
	if (keep) {
		cache_mem[ncache] = mem;        /* the arena stays for ever with it */
		cache[ncache++] = f;
	}
	pthread_mutex_unlock(&cache_lock);
	if (!keep) /* not under the lock: an arena's ceiling jumps away */
		tk_on_free(op->mem, (void (*)(void *))tk_arena_free, mem);
	return TK_OK;
}

enum tk_rc tk_form_find(const struct tk_op *op, const char *name, int64_t *ret)
{
	char code[80];
	const char *at = strchr(name, '@');
	int64_t number = 0;
	enum tk_rc rc;

	snprintf(code, sizeof(code), "%.*s", at ? (int)(at - name) : 79, name);
	for (char *p = code; *p; p++) /* self-inspection and self_inspection are the same form */
		*p = *p == '-' ? '_' : *p;
	if (at && !tk_parse_int(at + 1, &number))
		return tk_fail(op->e, TK_EINVAL, "form",
			       N_("Write the form as CODE or CODE@VERSION."));
	rc = tk_db_int(op->db, op->e,
		       "SELECT v.id FROM form_version v JOIN form f ON f.id = v.form_id"
		       " WHERE REPLACE(f.code, '-', '_') = $1 AND v.state = 'published' AND "
		       "v.deleted_at IS NULL AND f.deleted_at IS NULL"
		       " AND ($2 = 0 OR v.number = $2) ORDER BY v.number DESC LIMIT 1",
		       TK_ARGS(TK_S(code), TK_I(number)), 0, ret);
	if (rc == TK_OK && !*ret)
		return tk_fail(op->e, TK_ENOTFOUND, "form",
			       N_("There is no published questionnaire \"%.60s\". \"tenken form "
				  "list\" names those there are."),
			       name);
	return rc;
}

/* -- checking and publishing ------------------------------------------------------------------- */
enum tk_rc tk_form_check(const struct tk_op *op, int64_t id,
			 void (*say)(void *ctx, const char *item, const char *text), void *ctx,
			 size_t *n)
{
	struct tk_form_say s = { .say = say, .ctx = ctx };
	struct tk_form_rows rows;
	struct tk_form *f;
	enum tk_rc rc = tk_form_rows(op, op->mem, id, &rows);

	if (rc == TK_OK)
		rc = tk_form_compile(op->mem, &rows, &f, &s, op->e);
	if (rc == TK_OK && f->nitem == 0) {
		s.n++;
		say(ctx, "", tk_tr(op->e->lang, N_("The questionnaire has no items.")));
	}
	*n = s.n;
	return rc;
}

static void first_fault(void *ctx, const char *item, const char *text)
{
	struct tk_err *e = ctx;

	if (e->field[0])
		return;
	snprintf(e->field, sizeof(e->field), "%s", *item ? item : "form");
	memmove(e->msg, text, strlen(text) + 1);
}

enum tk_rc tk_form_publish(const struct tk_op *op, int64_t id)
{
	struct tk_err first = { .lang = op->e->lang };
	struct tk_form_rows rows;
	struct tk_form *f;
	size_t n = 0;
	enum tk_rc rc = tk_form_check(op, id, first_fault, &first, &n);

	if (rc != TK_OK)
		return rc;
	if (n)
		return tk_fail(op->e, TK_EINVAL, first.field, "%s", first.msg);
	if ((rc = tk_form_rows(op, op->mem, id, &rows)) != TK_OK ||
	    (rc = tk_form_compile(op->mem, &rows, &f, NULL, op->e)) != TK_OK)
		return rc;
	if (f->published)
		return tk_fail(op->e, TK_ECONFLICT, NULL, N_("This version is published already."));
	tk_set_by(&tk_form_version_type, &rows.version, "state", TK_S("published"));
	tk_set_by(&tk_form_version_type, &rows.version, "published_at", TK_I(tk_now()));
	tk_set_by(&tk_form_version_type, &rows.version, "digest", TK_S(f->digest));
	return tk_rec_update(op, &tk_form_version_type, &rows.version, rows.version.rec.version);
}

static enum tk_rc copy_rows(const struct tk_op *op, const struct tk_form_rows *rows,
			    int64_t version_id)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < rows->nchoice && rc == TK_OK; i++) {
		struct choice ch = rows->choice[i];
		ch.rec.id = 0;
		ch.form_version_id = version_id;
		rc = tk_rec_insert(op, &tk_choice_type, &ch);
	}
	for (size_t i = 0; i < rows->nitem && rc == TK_OK; i++) {
		struct form_item it = rows->item[i];
		it.rec.id = 0;
		it.form_version_id = version_id;
		rc = tk_rec_insert(op, &tk_form_item_type, &it);
	}
	return rc;
}

enum tk_rc tk_form_draft(const struct tk_op *op, int64_t form_id, int64_t *ret)
{
	struct form_version v = { 0 };
	int64_t last = 0;
	enum tk_rc rc =
		tk_db_int(op->db, op->e, "SELECT MAX(number) FROM form_version WHERE form_id = $1",
			  TK_ARGS(TK_I(form_id)), 0, &last);

	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_form_version_type, &v, "form_id", TK_I(form_id));
	tk_set_by(&tk_form_version_type, &v, "number", TK_I(last + 1));
	rc = tk_rec_insert(op, &tk_form_version_type, &v);
	*ret = v.rec.id;
	return rc;
}

enum tk_rc tk_form_copy(const struct tk_op *op, int64_t id, int64_t *ret)
{
	struct tk_form_rows rows;
	enum tk_rc rc = tk_form_rows(op, op->mem, id, &rows);

	if (rc == TK_OK)
		rc = tk_form_draft(op, rows.version.form_id, ret);
	return rc == TK_OK ? copy_rows(op, &rows, *ret) : rc;
}
