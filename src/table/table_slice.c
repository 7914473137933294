/* table_slice.c - the groups by which a declared table can be divided. */
#include <stdlib.h>
#include <string.h>
#include "form/form_in.h"
#include "org/institution.h"
#include "table/table_figure.h"

/* -- units ------------------------------------------------------------------------------------- */
struct english {
	struct tk_survey_job *s;
	struct tk_slice *slice;
	size_t n;
};

static enum tk_rc on_sector(void *ctx, const struct tk_value *col, size_t n)
{
	struct english *e = ctx;

	(void)n;
	for (size_t i = 0; i < e->n; i++)
		if (!strcmp(e->slice[i].code, col[0].s) && col[1].type == TK_V_TEXT && *col[1].s)
			e->slice[i].label = tk_strdup(e->s->op->mem, col[1].s);
	return TK_OK;
}

/* Units are read in Japanese; sectors and prefectures have an English name too. */
static enum tk_rc name_in_english(struct tk_survey_job *s, struct tk_slice *slice, size_t n)
{
	struct english e = {s, slice, n};

	if (!s->l->panel || s->lang != TK_EN)
		return TK_OK;
	for (size_t i = 0; i < n; i++) {
		const char *name = tk_prefecture_name(TK_EN, slice[i].code);

		slice[i].label = name ? name : slice[i].label;
	}
	return tk_db_run(s->op->db, s->op->e,
		"SELECT code, name_en FROM sector WHERE deleted_at IS NULL", NULL, 0, on_sector,
		&e);
}

static enum tk_rc of_units(struct tk_survey_job *s, enum tk_plane_by by, const struct tk_unit *u,
	size_t n, struct tk_slice **ret, size_t *ret_n)
{
	struct tk_arena *a = s->op->mem;
	struct tk_slice *v = tk_alloc_n(a, n + 2, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (struct tk_slice){.code = *u[i].code ? tk_strdup(a, u[i].code) : "none",
			.label = tk_strdup(a, u[i].label),
			.people = by == TK_BY_BUREAU ? tk_filter_bureau(a, s->l->plane, (uint32_t)i)
				  : by == TK_BY_DIVISION
					  ? tk_filter_division(a, s->l->plane, (uint32_t)i)
					  : tk_filter_post(a, s->l->plane, (uint32_t)i)};
	*ret = v;
	*ret_n = n;
	return name_in_english(s, v, n);
}

/* -- attributes -------------------------------------------------------------------------------- */
/* The value that words NAME or NAME=VALUE give to name: "" for a plain mark, NULL for none. */
static const char *attribute(struct tk_arena *a, const char *words, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = words ? words : ""; *(p += strspn(p, " ")); p += strcspn(p, " ")) {
		size_t len = strcspn(p, " ");

		if (len < n || strncmp(p, name, n) != 0)
			continue;
		if (len == n)
			return "";
		if (p[n] == '=')
			return tk_strndup(a, p + n + 1, len - n - 1);
	}
	return NULL;
}

struct valued {
	const struct tk_live *l;
	const char *const *value; /* by kind */
	const char *want;
};

static bool has_value(void *ctx, uint32_t index)
{
	const struct valued *v = ctx;
	const char *own = v->value[v->l->person[index].kind];

	return own && v->want ? !strcmp(own, v->want) : !own && !v->want;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum tk_rc of_attribute(
	struct tk_survey_job *s, const char *name, struct tk_slice **ret, size_t *ret_n)
{
	struct tk_arena *a = s->op->mem;
	const struct tk_live *l = s->l;
	const char **value = tk_alloc_n(a, l->nkind + 1, sizeof(*value));
	const char **list = tk_alloc_n(a, l->nkind + 1, sizeof(*list));
	struct valued v = {.l = l, .value = value};
	struct tk_slice *slice;
	size_t n = 0, out = 0;

	for (size_t k = 0; k < l->nkind; k++)
		if ((value[k] = attribute(a, l->kind[k].who.attributes, name)))
			list[n++] = value[k];
	if (!n)
		return tk_fail(s->op->e, TK_EINVAL, "by",
			N_("No institution of this campaign has the attribute \"%.40s\"."), name);
	qsort(list, n, sizeof(*list), by_text);
	slice = tk_alloc_n(a, n + 2, sizeof(*slice));
	for (size_t i = 0; i < n; i++) {
		if (i && !strcmp(list[i], list[i - 1]))
			continue;
		v.want = list[i];
		slice[out++] = (struct tk_slice){.code = *list[i] ? list[i] : name,
			.label = *list[i] ? list[i] : name,
			.people = tk_filter_when(a, l->plane, has_value, &v)};
	}
	v.want = NULL;
	slice[out++] = (struct tk_slice){.code = "none",
		.label = tk_say(a, s->lang, N_("Without %s"), name),
		.people = tk_filter_when(a, l->plane, has_value, &v)};
	*ret = slice;
	*ret_n = out;
	return TK_OK;
}

enum tk_rc tk_slices(
	struct tk_survey_job *s, const char *by, struct tk_slice **ret, size_t *ret_n)
{
	static const struct {
		const char *name;
		bool panel;
		enum tk_plane_by by;
	} known[] = {
		{"sector", true, TK_BY_BUREAU},
		{"prefecture", true, TK_BY_POST},
		{"bureau", false, TK_BY_BUREAU},
		{"division", false, TK_BY_DIVISION},
		{"post", false, TK_BY_POST},
	};
	const struct tk_live *l = s->l;

	if (!strncmp(by, "attribute:", 10) && by[10] && l->panel)
		return of_attribute(s, by + 10, ret, ret_n);
	for (size_t i = 0; i < TK_LEN(known); i++) {
		enum tk_plane_by b = known[i].by;

		if (strcmp(known[i].name, by) != 0 || known[i].panel != l->panel)
			continue;
		return b == TK_BY_BUREAU     ? of_units(s, b, l->bureau, l->nbureau, ret, ret_n)
		       : b == TK_BY_DIVISION ? of_units(s, b, l->division, l->ndivision, ret, ret_n)
					     : of_units(s, b, l->post, l->npost, ret, ret_n);
	}
	if (l->panel)
		return tk_fail(s->op->e, TK_EINVAL, "by",
			N_("A table of institutions can be divided by sector, prefecture or "
			   "attribute:NAME, not by \"%.40s\"."),
			by);
	return tk_fail(s->op->e, TK_EINVAL, "by",
		N_("A table can be divided by bureau, division or post, not by \"%.40s\"."), by);
}
