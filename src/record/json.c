/* json.c - records as JSON, both ways, and the descriptor for the page and the OpenAPI document. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "record/impl.h"

static void value_json(struct tk_json *j, const struct tk_field *f, struct tk_value v)
{
	if (v.type == TK_V_NULL)
		tk_json_null(j);
	else if (f->type == TK_F_BOOL)
		tk_json_bool(j, v.i != 0);
	else if (f->type == TK_F_REF || f->flags & TK_ID)
		tk_json_id(j, v.i);
	else if (f->type == TK_F_TIME)
		tk_json_time(j, v.i);
	else if (v.type == TK_V_INT)
		tk_json_int(j, v.i);
	else
		tk_json_str(j, v.s);
}

/* The words for a value, as NAME_label beside it: NULL where the field has none of its own. */
static bool label_of(const struct tk_rtype *t, const void *rec, size_t i,
		     const char *const *ref_label, enum tk_lang lang, const char **ret)
{
	const struct tk_field *f = &t->field[i];
	struct tk_value v = tk_get(t, rec, i);

	*ret = NULL;
	if (f->type == TK_F_REF && ref_label)
		*ret = ref_label[i];
	else if (f->type == TK_F_ENUM)
		*ret = v.type == TK_V_NULL ? NULL : tk_print(NULL, lang, f, v);
	else if (f->type == TK_F_TEXT && t->say)
		*ret = t->say(rec, f, lang);
	return *ret || f->type == TK_F_ENUM || (f->type == TK_F_REF && ref_label);
}

void tk_rec_json(struct tk_json *j, const struct tk_rtype *t, const void *rec,
		 const char *const *ref_label, enum tk_lang lang)
{
	const struct tk_rec *r = rec;
	char key[80];

	tk_json_obj(j);
	tk_json_kid(j, "id", r->id);
	tk_json_kint(j, "version", r->version);
	for (size_t i = 0; i < t->nfield; i++) {
		const struct tk_field *f = &t->field[i];
		const char *label;

		if (f->flags & TK_SECRET)
			continue;
		tk_json_key(j, f->name);
		value_json(j, f, tk_get(t, rec, i));
		if (label_of(t, rec, i, ref_label, lang, &label)) {
			snprintf(key, sizeof(key), "%s_label", f->name);
			tk_json_kstr(j, key, label);
		}
	}
	tk_json_end_obj(j);
}

static enum tk_rc wrong_type(struct tk_err *e, const struct tk_field *f)
{
	static const char *const want[TK_FTYPE_MAX] = {
		[TK_F_TEXT] = N_("text"),
		[TK_F_LONG] = N_("text"),
		[TK_F_MAIL] = N_("text"),
		[TK_F_INT] = N_("a whole number"),
		[TK_F_BOOL] = N_("true or false"),
		[TK_F_TIME] = N_("a time such as 2012-03-31T09:00:00Z"),
		[TK_F_DATE] = N_("a day that exists, such as 2012-03-31"),
		[TK_F_ENUM] = N_("one of the listed words"),
		[TK_F_REF] = N_("the id of a record, as text"),
	};

	return tk_fail(e, TK_EINVAL, f->name, N_("%s must be %s."), tk_tr(e->lang, f->label),
		       tk_tr(e->lang, want[f->type]));
}

static enum tk_rc set_json(const struct tk_op *op, const struct tk_rtype *t, void *rec, size_t i,
			   const cJSON *v)
{
	const struct tk_field *f = &t->field[i];
	int64_t id;

	if (cJSON_IsNull(v)) {          /* yes or no has no third value */
		tk_set(t, rec, i, f->type == TK_F_BOOL ? TK_I(0) : TK_NULL);
		return TK_OK;
	}
	switch (f->type) {
	case TK_F_TIME:
		if (!cJSON_IsString(v) || !tk_read_time(v->valuestring, &id))
			return wrong_type(op->e, f);
		tk_set(t, rec, i, TK_I(id));
		return TK_OK;
	case TK_F_INT:
		if (!cJSON_IsNumber(v) || v->valuedouble != floor(v->valuedouble) ||
		    fabs(v->valuedouble) > 9007199254740991.0)
			return wrong_type(op->e, f);
		tk_set(t, rec, i, TK_I((int64_t)v->valuedouble));
		return TK_OK;
	case TK_F_BOOL:
		if (!cJSON_IsBool(v))
			return wrong_type(op->e, f);
		tk_set(t, rec, i, TK_I(cJSON_IsTrue(v)));
		return TK_OK;
	case TK_F_REF:
		if (!cJSON_IsString(v) || strlen(v->valuestring) > 19 ||
		    !tk_parse_int(v->valuestring, &id) || id <= 0)
			return wrong_type(op->e, f);
		tk_set(t, rec, i, TK_I(id));
		return TK_OK;
	default:
		if (!cJSON_IsString(v))
			return wrong_type(op->e, f);
		/* an emptied box of a form means: no value */
		tk_set(t, rec, i, *v->valuestring ? TK_S(v->valuestring) : TK_NULL);
		return TK_OK;
	}
}

enum tk_rc tk_rec_from_json(const struct tk_op *op, const struct tk_rtype *t, const cJSON *o,
			    void *rec)
{
	bool update = ((struct tk_rec *)rec)->version > 0;
	const cJSON *v;

	if (!cJSON_IsObject(o))
		return tk_fail(op->e, TK_ESYNTAX, NULL, N_("A JSON object is expected."));
	cJSON_ArrayForEach(v, o) {
		int i = tk_field_index(t, v->string);
		enum tk_rc rc;

		if (!strcmp(v->string, "id") || !strcmp(v->string, "version"))
			continue;               /* what was read may be sent back */
		if (i < 0 || t->field[i].flags & TK_SECRET)
			return tk_fail(op->e, TK_EINVAL, v->string,
				       N_("There is no field \"%.60s\"."), v->string);
		if (t->field[i].flags & TK_READONLY || (update && t->field[i].flags & TK_FIXED))
			return tk_fail(op->e, TK_EINVAL, v->string,
				       N_("%s cannot be changed here."),
				       tk_tr(op->e->lang, t->field[i].label));
		if ((rc = set_json(op, t, rec, (size_t)i, v)) != TK_OK)
			return rc;
	}
	return TK_OK;
}

static const char *const kind[TK_FTYPE_MAX] = {
	[TK_F_TEXT] = "text", [TK_F_LONG] = "longtext", [TK_F_MAIL] = "mail", [TK_F_INT] = "int",
	[TK_F_BOOL] = "bool", [TK_F_TIME] = "time", [TK_F_DATE] = "date", [TK_F_ENUM] = "enum",
	[TK_F_REF] = "ref",
};

static void field_json(struct tk_json *j, const struct tk_field *f, bool readonly,
		       enum tk_lang lang)
{
	tk_json_obj(j);
	tk_json_kstr(j, "name", f->name);
	tk_json_kstr(j, "label", tk_tr(lang, f->label));
	tk_json_kstr(j, "help", f->help ? tk_tr(lang, f->help) : NULL);
	tk_json_kstr(j, "kind", f->flags & TK_ID ? "text" : kind[f->type]);
	tk_json_kbool(j, "required", f->flags & TK_REQUIRED);
	tk_json_kbool(j, "readonly", readonly);
	tk_json_kbool(j, "fixed", f->flags & TK_FIXED);
	tk_json_kbool(j, "list", f->flags & TK_LIST);
	tk_json_kbool(j, "sort", f->type != TK_F_LONG);
	tk_json_kbool(j, "filter",
		      f->type == TK_F_ENUM || f->type == TK_F_REF || f->type == TK_F_BOOL);
	tk_json_kbool(j, "unique", f->flags & TK_UNIQUE);
	if (f->min || f->max) {
		tk_json_kint(j, "min", f->min);
		tk_json_kint(j, "max", f->max);
	}
	if (f->ref)
		tk_json_kstr(j, "ref", f->ref->path);
	if (f->choice) {
		tk_json_key(j, "choices");
		tk_json_arr(j);
		for (const struct tk_choice *c = f->choice; c->id; c++) {
			tk_json_obj(j);
			tk_json_kstr(j, "code", c->id);
			tk_json_kstr(j, "label", tk_tr(lang, c->label));
			tk_json_end_obj(j);
		}
		tk_json_end_arr(j);
	}
	tk_json_end_obj(j);
}

/* A scope without its column grants nothing (tk_sql_scope); a menu must not offer what is refused.
 */
static bool reaches(const struct tk_rtype *t, const struct tk_who *w, enum tk_perm p)
{
	if ((t->flags & TK_T_COMMON || t->published) && p == t->read)
		return tk_who_scope(w, p) > TK_SCOPE_NONE;
	switch (tk_who_scope(w, p)) {
	case TK_SCOPE_OWN:
		return t->scope_own && w->staff_id;
	case TK_SCOPE_DIVISION:
		return t->scope_division != NULL;
	case TK_SCOPE_BUREAU:
		return t->scope_division || t->scope_bureau;
	case TK_SCOPE_ALL:
		return true;
	default:
		return false;
	}
}

/* Whose request it is does not say who sees to it and until when: that is for those who write the
 * records of others too. */
static bool fixed_for(const struct tk_rtype *t, const struct tk_field *f, const struct tk_who *w)
{
	static const char *const life[] = { "owner_staff_id", "deputy_staff_id", "division_id" };

	if (t->flags & TK_T_DUE_BY_RULE && !strcmp(f->name, "due_on"))
		return true;
	if (f->flags & TK_READONLY || !t->life || tk_who_scope(w, t->write) > TK_SCOPE_OWN)
		return f->flags & TK_READONLY;
	for (size_t i = 0; i < TK_LEN(life); i++)
		if (!strcmp(life[i], f->name))
			return true;
	return false;
}

/* Lists that refer to this one and that the person may read. */
static void children_json(struct tk_json *j, const struct tk_rtype *of, const struct tk_who *w)
{
	const struct tk_rtype *const *t;
	size_t n = tk_rtypes(&t);

	tk_json_key(j, "children");
	tk_json_arr(j);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < t[i]->nfield; k++) {
			const struct tk_field *f = &t[i]->field[k];

			if (f->type != TK_F_REF || f->ref != of || f->flags & TK_SECRET ||
			    t[i]->flags & TK_T_HIDDEN || !reaches(t[i], w, t[i]->read))
				continue;
			tk_json_obj(j);
			tk_json_kstr(j, "path", t[i]->path);
			tk_json_kstr(j, "field", f->name);
			tk_json_end_obj(j);
		}
	tk_json_end_arr(j);
}

void tk_rtype_json(struct tk_json *j, const struct tk_rtype *t, const struct tk_who *w,
		   enum tk_lang lang)
{
	bool read = reaches(t, w, t->read), write = reaches(t, w, t->write);
	bool search = false;

	tk_json_obj(j);
	tk_json_kstr(j, "name", t->name);
	tk_json_kstr(j, "path", t->path);
	tk_json_kstr(j, "label", tk_tr(lang, t->label));
	tk_json_kstr(j, "label_plural", tk_tr(lang, t->label_plural));
	tk_json_kstr(j, "group", t->group);
	tk_json_kbool(j, "life", t->life != NULL);
	tk_json_kstr(j, "reach", tk_scope_code(tk_who_scope(w, t->read)));
	tk_json_kbool(j, "common", (t->flags & TK_T_COMMON) != 0);
	tk_json_kint(j, "grade", t->grade);
	tk_json_key(j, "can");
	tk_json_obj(j);
	tk_json_kbool(j, "list", read);
	tk_json_kbool(j, "create", write && !(t->flags & TK_T_NO_CREATE));
	tk_json_kbool(j, "update", write && !(t->flags & TK_T_NO_UPDATE));
	tk_json_kbool(j, "delete", write && !(t->flags & TK_T_NO_DELETE));
	tk_json_kbool(j, "import", write && !(t->flags & TK_T_NO_IMPORT));
	tk_json_kbool(j, "export", read);
	tk_json_end_obj(j);
	tk_json_key(j, "fields");
	tk_json_arr(j);
	for (size_t i = 0; i < t->nfield; i++) {
		if (t->field[i].flags & TK_SECRET)
			continue;
		search = search || t->field[i].flags & TK_SEARCH;
		field_json(j, &t->field[i], fixed_for(t, &t->field[i], w), lang);
	}
	tk_json_end_arr(j);
	tk_json_kbool(j, "search", search);
	children_json(j, t, w);
	tk_json_end_obj(j);
}

void tk_rtype_schema(struct tk_json *j, const struct tk_rtype *t)
{
	static const char *const type[TK_FTYPE_MAX] = {
		[TK_F_TEXT] = "string", [TK_F_LONG] = "string",  [TK_F_MAIL] = "string",
		[TK_F_INT] = "integer", [TK_F_BOOL] = "boolean", [TK_F_TIME] = "string",
		[TK_F_DATE] = "string", [TK_F_ENUM] = "string",  [TK_F_REF] = "string",
	};

	tk_json_obj(j);
	tk_json_kstr(j, "type", "object");
	tk_json_kstr(j, "description", t->label);
	tk_json_key(j, "properties");
	tk_json_obj(j);
	tk_json_key(j, "id");
	tk_json_raw(j, "{\"type\":\"string\",\"readOnly\":true}");
	tk_json_key(j, "version");
	tk_json_raw(j, "{\"type\":\"integer\",\"readOnly\":true}");
	for (size_t i = 0; i < t->nfield; i++) {
		const struct tk_field *f = &t->field[i];

		if (f->flags & TK_SECRET)
			continue;
		tk_json_key(j, f->name);
		tk_json_obj(j);
		tk_json_key(j, "type");
		tk_json_arr(j);
		tk_json_str(j, f->flags & TK_ID ? "string" : type[f->type]);
		if (!(f->flags & TK_REQUIRED))
			tk_json_str(j, "null");
		tk_json_end_arr(j);
		tk_json_kstr(j, "description", f->label);
		if (f->flags & TK_READONLY)
			tk_json_kbool(j, "readOnly", true);
		if (f->type == TK_F_DATE || f->type == TK_F_TIME)
			tk_json_kstr(j, "format", f->type == TK_F_DATE ? "date" : "date-time");
		if (f->choice) {
			tk_json_key(j, "enum");
			tk_json_arr(j);
			for (const struct tk_choice *c = f->choice; c->id; c++)
				tk_json_str(j, c->id);
			if (!(f->flags & TK_REQUIRED))
				tk_json_null(j);
			tk_json_end_arr(j);
		}
		tk_json_end_obj(j);
	}
	tk_json_end_obj(j);
	tk_json_end_obj(j);
}
