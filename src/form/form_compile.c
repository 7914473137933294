/* form_compile.c - rows of a version -> struct tk_form, and the cache of published ones. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "form/form_in.h"
#include "org/role.h"

enum { MAX_ROWS = 12000 };

/* Either the first fault ends the compiling, or say() hears of all of them. */
enum tk_rc tk_compile_fault(struct tk_compile *c, const char *code)
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

static int find_group(const struct tk_compile *c, const char *code)
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

static enum tk_rc find_audience(struct tk_compile *c, const char *text, unsigned *ret)
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

/* A confirmation has one choice of its own. */
static const struct tk_option confirmed = { .code = "OK", .label_ja = "確認しました",
					    .label_en = "I confirm this" };

/* The list was laid out for an item before: lists are often long and often used. */
static bool same_list(const struct tk_compile *c, const char *list, struct tk_item *it)
{
	size_t first = c->f->nitem > 64 ? c->f->nitem - 64 : 0;

	for (size_t i = c->f->nitem; i-- > first;)
		if (c->item[i].option && c->item[i].list && !strcmp(c->item[i].list, list)) {
			it->option = c->item[i].option;
			it->noption = c->item[i].noption;
			return true;
		}
	return false;
}

static enum tk_rc options(struct tk_compile *c, const struct form_item *row, struct tk_item *it)
{
	struct tk_option *o;
	unsigned n = 0;

	if (!strcmp(row->kind, "acknowledge")) {
		it->option = &confirmed;
		it->noption = 1;
		return TK_OK;
	}
	if (row->list && same_list(c, row->list, it))
		return TK_OK;
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
			o[it->noption++] = (struct tk_option){ .code = ch->code,
							       .label_ja = ch->label_ja,
							       .label_en = ch->label_en };
	}
	return TK_OK;
}

static enum tk_q_kind kind_of(const char *kind)
{
	static const struct { const char *name; enum tk_q_kind q;
	} t[] = {
		{ "single", TK_Q_SINGLE },   { "multi", TK_Q_MULTI }, { "int", TK_Q_NUMBER },
		{ "decimal", TK_Q_DECIMAL }, { "text", TK_Q_TEXT },   { "date", TK_Q_DATE },
		{ "calculate", TK_Q_TEXT },  { "hidden", TK_Q_TEXT }, { "time", TK_Q_TEXT },
		{ "rank", TK_Q_TEXT },       { "acknowledge", TK_Q_SINGLE },
	};

	for (size_t i = 0; i < TK_LEN(t); i++)
		if (!strcmp(t[i].name, kind))
			return t[i].q;
	return TK_Q_KIND_MAX;
}

enum tk_rc tk_compile_condition(struct tk_compile *c, const char *text, struct tk_expr **ret)
{
	enum tk_rc rc = tk_is_blank(text) ? TK_OK : tk_expr_parse(c->a, text, ret, c->e);

	if (rc == TK_OK && *ret && tk_expr_uses_self(*ret))
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("A condition cannot use \".\", an item's own answer. Name "
				  "another item, such as ${c01}."));
	return rc;
}

static enum tk_rc check_item(struct tk_compile *c, const struct form_item *row, struct tk_item *it)
{
	enum tk_rc rc;

	if (it->q == TK_Q_KIND_MAX)
		return tk_fail(c->e, TK_EINVAL, NULL,
			       N_("Item %s: the kind \"%.40s\" is not known."), row->code,
			       row->kind);
	c->column = "type";
	if ((it->q == TK_Q_SINGLE || it->q == TK_Q_MULTI || it->rank) &&
	    (rc = options(c, row, it)) != TK_OK)
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
	if ((rc = tk_compile_condition(c, row->relevant, &it->relevant)) != TK_OK)
		return rc;
	c->column = "name";
	if (tk_form_item_index(c->f, row->code) >= 0 || find_group(c, row->code) >= 0)
		return tk_fail(c->e, TK_EINVAL, NULL, N_("The code %s is used twice."), row->code);
	c->column = NULL;
	return TK_OK;
}

static enum tk_rc add_item(struct tk_compile *c, const struct form_item *row)
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
		.silent = !strcmp(row->kind, "calculate") || !strcmp(row->kind, "hidden"),
		.rank = !strcmp(row->kind, "rank"),
		.list = row->list,
		.appearance = row->appearance,
		.parameters = row->parameters,
		.guidance_ja = row->guidance_ja,
		.guidance_en = row->guidance_en,
		.has_min = row->rec.has >> has_min & 1,
		.has_max = row->rec.has >> has_max & 1,
	};
	it->required = it->required && !it->silent;
	rc = check_item(c, row, it);
	c->f->nitem++;
	if (rc != TK_OK && (rc = tk_compile_fault(c, row->code)) != TK_OK)
		return rc;
	rc = tk_compile_rules(c, row, it);
	c->f->conditions = c->f->conditions || it->relevant || it->calculation;
	return rc;
}

static enum tk_rc add_group(struct tk_compile *c, const struct form_item *row)
{
	struct tk_group *g = &c->group[c->f->ngroup];
	enum tk_rc rc;

	*g = (struct tk_group){ .code = row->code,
				.label_ja = row->label_ja,
				.label_en = row->label_en,
				.hint_ja = row->hint_ja,
				.hint_en = row->hint_en,
				.parent = find_group(c, row->group_code),
				.appearance = row->appearance };
	rc = tk_compile_condition(c, row->relevant, &g->relevant);
	if (rc == TK_OK && !tk_is_blank(row->group_code) && g->parent < 0)
		rc = tk_fail(c->e, TK_EINVAL, NULL,
			     N_("Item %s: there is no section \"%s\" before it."), row->code,
			     row->group_code);
	if (rc == TK_OK &&
	    (tk_form_item_index(c->f, row->code) >= 0 || find_group(c, row->code) >= 0))
		rc = tk_fail(c->e, TK_EINVAL, NULL, N_("The code %s is used twice."), row->code);
	c->f->ngroup++;
	c->f->conditions = c->f->conditions || g->relevant;
	return rc == TK_OK ? TK_OK : tk_compile_fault(c, row->code);
}

static enum tk_rc add_note(struct tk_compile *c, const struct form_item *row)
{
	struct tk_note *n = &c->note[c->f->nnote++];
	enum tk_rc rc;

	*n = (struct tk_note){ .code = row->code,
			       .label_ja = row->label_ja,
			       .label_en = row->label_en,
			       .hint_ja = row->hint_ja,
			       .hint_en = row->hint_en,
			       .group = find_group(c, row->group_code),
			       .before = c->f->nitem };
	c->column = "relevant";
	rc = tk_compile_condition(c, row->relevant, &n->relevant);
	if (rc != TK_OK)
		return tk_compile_fault(c, row->code);
	c->column = NULL;
	return TK_OK;
}

static enum tk_rc add_row(struct tk_compile *c, const struct form_item *row)
{
	enum tk_rc rc = TK_OK;

	for (size_t at = 0; rc == TK_OK && tk_form_row_fault(row, at, c->e, &c->column); at++)
		rc = tk_compile_fault(c, row->code);
	c->column = NULL;
	if (rc == TK_OK && tk_form_is_section(row))
		return add_group(c, row);
	if (rc == TK_OK && !strcmp(row->kind, "note"))
		return add_note(c, row);
	return rc == TK_OK && tk_form_is_asked(row) ? add_item(c, row) : rc;
}

/* What a workbook had wrong in a choice, line by line. */
static enum tk_rc check_choice(struct tk_compile *c, const struct choice *ch)
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
		rc = tk_compile_fault(c, ch->code);
		if (c->say)
			c->say->choice = NULL;
	}
	return rc;
}

/* Whether an item is asked must not depend on whether it is asked. */
static enum tk_rc find_order(struct tk_compile *c)
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
	return tk_compile_fault(c, cycle);
}

static enum tk_rc lay_out(struct tk_compile *c)
{
	struct tk_layout_item *li = tk_alloc_n(c->a, c->f->nitem + 1, sizeof(*li));
	struct tk_layout *l = NULL;
	enum tk_rc rc;

	for (size_t i = 0; i < c->f->nitem; i++)
		li[i] = (struct tk_layout_item){
			.name = c->item[i].code,
			.kind = c->item[i].q,
			/* a list without choices has been said already */
			.noption = c->item[i].noption ? c->item[i].noption : c->say != NULL,
		};
	rc = tk_layout_new(c->a, li, c->f->nitem, &l, c->e);
	c->f->layout = l;
	return rc == TK_OK ? TK_OK : tk_compile_fault(c, c->e->field);
}

static void digest_text(struct tk_hasher *h, const char *s)
{
	tk_hasher_add(h, s ? s : "", s ? strlen(s) + 1 : 1);
}

static const char *digest_of(const struct tk_compile *c)
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
	struct tk_compile c = { .a = mem, .rows = rows, .say = say, .e = e };
	enum tk_rc rc = TK_OK;

	if (rows->nitem > MAX_ROWS)
		return tk_fail(e, TK_ETOOBIG, NULL, N_("A questionnaire can have at most %d rows."),
			       (int)MAX_ROWS);
	c.f = tk_alloc(mem, sizeof(*c.f));
	c.item = tk_alloc_n(mem, rows->nitem + 1, sizeof(*c.item));
	c.note = tk_alloc_n(mem, rows->nitem + 1, sizeof(*c.note));
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
		.note = c.note,
		.group = c.group,
		.audience = c.audience,
	};
	for (size_t i = 0; i < rows->nchoice && rc == TK_OK; i++)
		rc = check_choice(&c, &rows->choice[i]);
	for (size_t i = 0; i < rows->nitem && rc == TK_OK; i++)
		rc = add_row(&c, &rows->item[i]);
	tk_form_index(c.f, mem);
	if (rc == TK_OK)
		rc = tk_compile_resolve(&c);
	if (rc == TK_OK)
		rc = tk_compile_grids(&c);
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
