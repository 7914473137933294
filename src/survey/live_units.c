/* live_units.c - bureaus, divisions and posts, or sectors and prefectures, as the planes count by
 * them: only those somebody belongs to, in print order, each with a label of its own. */
#include <stdlib.h>
#include <string.h>
#include "org/institution.h"
#include "survey/live_int.h"

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static enum tk_rc on_unit(void *ctx, const struct tk_value *col, size_t n)
{
	struct tk_loading *ld = ctx;
	struct tk_arena *a = ld->s->mem;

	(void)n;
	if (ld->nunit == ld->capunit) {
		ld->capunit = ld->capunit ? ld->capunit * 2 : 64;
		ld->unit = tk_xrealloc(ld->unit, ld->capunit * sizeof(*ld->unit));
	}
	ld->unit[ld->nunit++] = (struct tk_unit){
		.id = col[0].i,
		.code = tk_strdup(a, col[1].s),
		.name = tk_strdup(a, col[2].s),
		.name_en = tk_strdup(a, col[3].s)};
	return TK_OK;
}

static int64_t id_of(const struct tk_loading *ld, size_t kind, enum tk_plane_by by)
{
	const struct tk_kind_ids *ids = &ld->ids[kind];

	return by == TK_BY_BUREAU ? ids->bureau : by == TK_BY_DIVISION ? ids->division : ids->post;
}

/* Where a unit stands in print, by its id. */
struct place {
	int64_t id;
	uint32_t at;
};

static uint32_t place_of(const struct place *p, size_t n, int64_t id)
{
	const struct place *f = n ? bsearch(&id, p, n, sizeof(*p), by_id) : NULL;

	return f ? f->at : UINT32_MAX;
}

/* The units that people belong to: *ret in the order of the query, and each kind's slot. */
static enum tk_rc units(struct tk_loading *ld, enum tk_plane_by by, const char *none,
	const struct tk_unit **ret, size_t *ret_n)
{
	struct tk_arena *a = ld->s->mem;
	struct place *p = tk_xcalloc(ld->nunit + 1, sizeof(*p));
	struct tk_unit *u = tk_alloc_n(a, ld->nunit + 1, sizeof(*u));
	uint32_t *slot = tk_xcalloc(ld->nunit + 1, sizeof(*slot));
	size_t n = 0;
	enum tk_rc rc = TK_OK;

	ld->unit = tk_xrealloc(ld->unit, (ld->nunit + 1) * sizeof(*ld->unit));
	ld->unit[ld->nunit] = (struct tk_unit){.code = "", .name = none};
	ld->capunit = ld->nunit + 1;
	for (size_t i = 0; i <= ld->nunit; i++)
		p[i] = (struct place){ld->unit[i].id, (uint32_t)i};
	qsort(p, ld->nunit + 1, sizeof(*p), by_id);
	for (size_t k = 0; k < ld->nkind && rc == TK_OK; k++) {
		uint32_t at = place_of(p, ld->nunit + 1, id_of(ld, k, by));
		if (at == UINT32_MAX)
			rc = tk_fail(ld->op->e, TK_EDB, NULL,
				N_("A respondent belongs to a unit that does not exist."));
		else
			slot[at] = 1;
	}
	for (size_t i = 0; i <= ld->nunit; i++) {
		if (!slot[i])
			continue;
		slot[i] = (uint32_t)n;
		u[n++] = ld->unit[i];
	}
	for (size_t k = 0; k < ld->nkind && rc == TK_OK; k++) {
		struct tk_live_kind *kd = &ld->kind[k];
		uint32_t s = slot[place_of(p, ld->nunit + 1, id_of(ld, k, by))];

		*(by == TK_BY_BUREAU	       ? &kd->key.bureau
			: by == TK_BY_DIVISION ? &kd->key.division
					       : &kd->key.post) = s;
		if (by == TK_BY_DIVISION && !u[s].parent_id)
			u[s].parent_id = ld->ids[k].bureau;
	}
	free(p);
	free(slot);
	ld->nunit = 0;
	*ret = u;
	*ret_n = n;
	return rc;
}

/* A unit on its way to a label that no other of its kind has. */
struct labelled {
	struct tk_unit *u;
	const char *name, *label;
};

static int label_order(const void *a, const void *b)
{
	return strcmp(((const struct labelled *)a)->label, ((const struct labelled *)b)->label);
}

static const char *bureau_label(const struct tk_live *l, int64_t id, enum tk_lang lang)
{
	for (size_t b = 0; b < l->nbureau; b++)
		if (l->bureau[b].id == id)
			return tk_unit_label(&l->bureau[b], lang);
	return NULL;
}

/* Gives those who share their label another one; p is sorted by label. */
static void part(struct tk_loading *ld, struct labelled *p, size_t n, enum tk_lang lang,
	bool bureau_first)
{
	struct tk_arena *a = ld->s->mem;

	for (size_t i = 0, j; i < n; i = j) {
		const char *same = p[i].label;

		for (j = i + 1; j < n && !strcmp(same, p[j].label); j++)
			;
		for (size_t k = i; k < j && j - i > 1; k++) {
			const char *bureau =
				bureau_first ? bureau_label(&ld->s->pub, p[k].u->parent_id, lang)
					     : NULL;

			if (bureau)
				p[k].label = tk_sprintf(a, "%s %s", bureau, p[k].name);
			else if (!bureau_first)
				p[k].label = tk_sprintf(a, "%s (%s)", p[k].label, p[k].u->code);
		}
	}
}

static void label_in(struct tk_loading *ld, const struct tk_unit *list, size_t n, enum tk_lang lang)
{
	struct labelled *p = tk_xcalloc(n + 1, sizeof(*p));

	for (size_t i = 0; i < n; i++) {
		union {
			const struct tk_unit *c;
			struct tk_unit *u;
		} own = {.c = &list[i]}; /* made by units() */

		p[i].u = own.u;
		p[i].label = p[i].name = tk_in(lang, list[i].name, list[i].name_en);
	}
	qsort(p, n, sizeof(*p), label_order);
	part(ld, p, n, lang, true);
	qsort(p, n, sizeof(*p), label_order);
	part(ld, p, n, lang, false);
	for (size_t i = 0; i < n; i++)
		*(lang == TK_EN ? &p[i].u->label_en : &p[i].u->label) = p[i].label;
	free(p);
}

static void label(struct tk_loading *ld, const struct tk_unit *list, size_t n)
{
	label_in(ld, list, n, TK_JA);
	label_in(ld, list, n, TK_EN);
}

static enum tk_rc load_sectors(struct tk_loading *ld)
{
	return tk_db_run(ld->op->db, ld->op->e,
		"SELECT id, code, name, name_en FROM sector ORDER BY sort, code, id", NULL, 0,
		on_unit, ld);
}

static enum tk_rc load_panel_units(struct tk_loading *ld)
{
	struct tk_live *l = &ld->s->pub;
	enum tk_rc rc = load_sectors(ld);

	if (rc == TK_OK)
		rc = units(ld, TK_BY_BUREAU, "", &l->bureau, &l->nbureau);
	if (rc == TK_OK)
		rc = load_sectors(ld);
	if (rc == TK_OK)
		rc = units(ld, TK_BY_DIVISION, "", &l->division, &l->ndivision);
	for (size_t i = 0; rc == TK_OK && tk_prefecture[i].id; i++) {
		const char *code = tk_prefecture[i].id;

		rc = on_unit(ld,
			(const struct tk_value[]){TK_I((int64_t)i + 1), TK_S(code),
				TK_S(tk_prefecture_name(TK_JA, code)),
				TK_S(tk_prefecture_name(TK_EN, code))},
			4);
	}
	if (rc == TK_OK)
		rc = units(ld, TK_BY_POST, "－", &l->post, &l->npost);
	return rc;
}

static enum tk_rc load_staff_units(struct tk_loading *ld)
{
	struct tk_live *l = &ld->s->pub;
	struct tk_db *db = ld->op->db;
	struct tk_err *e = ld->op->e;
	enum tk_rc rc = tk_db_run(db, e,
		"SELECT id, code, name, name_en FROM bureau ORDER BY sort, code, id", NULL, 0,
		on_unit, ld);

	if (rc == TK_OK)
		rc = units(ld, TK_BY_BUREAU, "", &l->bureau, &l->nbureau);
	if (rc == TK_OK)
		rc = tk_db_run(db, e,
			"SELECT d.id, d.code, d.name, d.name_en FROM division d"
			" JOIN bureau b ON b.id = d.bureau_id"
			" ORDER BY b.sort, b.code, b.id, d.sort, d.code, d.id",
			NULL, 0, on_unit, ld);
	if (rc == TK_OK)
		rc = units(ld, TK_BY_DIVISION, "", &l->division, &l->ndivision);
	if (rc == TK_OK)
		rc = tk_db_run(db, e,
			"SELECT id, code, name, name_en FROM post ORDER BY rank, code, id", NULL, 0,
			on_unit, ld);
	if (rc == TK_OK)
		rc = units(ld, TK_BY_POST, "－", &l->post, &l->npost);
	return rc;
}

enum tk_rc tk_live_units(struct tk_loading *ld)
{
	struct tk_live *l = &ld->s->pub;
	struct tk_err *e = ld->op->e;
	enum tk_rc rc = l->panel ? load_panel_units(ld) : load_staff_units(ld);

	if (rc == TK_OK && (l->ndivision > TK_PLANE_SLOT || l->nbureau > TK_PLANE_SLOT16 ||
				   l->npost > TK_PLANE_SLOT16))
		rc = tk_fail(e, TK_ETOOBIG, NULL, N_("There are too many units to count by."));
	if (rc != TK_OK)
		return rc;
	label(ld, l->bureau, l->nbureau);
	label(ld, l->division, l->ndivision);
	label(ld, l->post, l->npost);
	return TK_OK;
}
