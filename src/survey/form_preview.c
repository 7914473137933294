/* form_preview.c - for authors: the faults of a version, and the questionnaire tried out as a
 * respondent without anything being kept. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "form/xlsform.h"
#include "survey/form_view.h"
#include "survey/survey_api.h"

/* -- faults ------------------------------------------------------------------------------------ */
struct telling {
	struct tk_json *j;
	const struct tk_form_rows *rows;
};

/* The row that a fault is about, so that the page can lead there. */
static void place_members(const struct telling *t, const struct tk_form_fault *f)
{
	const struct form_item *it = NULL;
	const struct choice *ch = NULL;

	for (size_t i = 0; !strcmp(f->sheet, "survey") && i < t->rows->nitem && !it; i++)
		if (!strcmp(t->rows->item[i].code, f->item))
			it = &t->rows->item[i];
	for (size_t i = 0; !strcmp(f->sheet, "choices") && i < t->rows->nchoice && !ch; i++)
		if (t->rows->choice[i].sheet_row == f->row &&
		    !strcmp(t->rows->choice[i].code, f->item))
			ch = &t->rows->choice[i];
	tk_json_key(t->j, "item_id");
	tk_json_id(t->j, it ? it->rec.id : 0);
	tk_json_kstr(t->j, "list", ch ? ch->list : NULL);
}

static void tell(void *ctx, const struct tk_form_fault *f)
{
	const struct telling *t = ctx;

	tk_json_obj(t->j);
	tk_json_kstr(t->j, "sheet", f->sheet);
	tk_json_kint(t->j, "row", f->row);
	tk_json_kstr(t->j, "column", f->column);
	tk_json_kstr(t->j, "item", f->item);
	place_members(t, f);
	tk_json_kstr(t->j, "text", f->text);
	tk_json_end_obj(t->j);
}

static enum tk_rc form_check(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_form_rows rows;
	struct telling t = { &j, &rows };
	int64_t id;
	size_t n = 0;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_form_rows(&rq->op, rq->mem, id, &rows);
	if (rc != TK_OK)
		return rc;
	rq->out.max = 16 << 20;
	tk_json_obj(&j);
	tk_json_key(&j, "faults");
	tk_json_arr(&j);
	rc = tk_form_faults(rq->mem, &rows, tell, &t, &n, &rq->err);
	tk_json_end_arr(&j);
	tk_json_kbool(&j, "runs", n == 0);
	tk_json_end_obj(&j);
	return rc;
}

/* -- tried out --------------------------------------------------------------------------------- */
struct trying {
	struct tk_req *rq;
	struct tk_response r;
	struct tk_json errors;
	struct tk_buf buf;
};

static void refused(struct trying *t, const char *field, const char *text)
{
	tk_json_obj(&t->errors);
	tk_json_kstr(&t->errors, "field", field);
	tk_json_kstr(&t->errors, "detail", text);
	tk_json_end_obj(&t->errors);
}

struct judged { struct trying *t; const struct tk_err *e; };

static void not_accepted(void *ctx, size_t item)
{
	const struct judged *j = ctx;

	refused(j->t, j->t->r.form->item[item].code, j->e->msg);
}

/* Each answer for itself: one that is refused does not keep the others out. */
static void take(struct trying *t, const cJSON *answers)
{
	struct tk_err e = { .lang = t->rq->who.lang };
	struct tk_op op = { t->rq->db, t->rq->mem, &t->rq->who, &e };
	const cJSON *v;

	cJSON_ArrayForEach(v, answers)
	{
		int i = v->string ? tk_form_item_index(t->r.form, v->string) : -1;
		struct tk_ans *x = i < 0 ? NULL : &t->r.answer[i];

		if (!x || t->r.form->item[i].silent || !cJSON_IsObject(v))
			continue;
		if (x->state == TK_ANSWER_NOT_ASKED)
			x = &t->r.kept[i];
		if (tk_answer_json(&op, &t->r.form->item[i], x, v, false) != TK_OK)
			refused(t, v->string, e.msg);
	}
	tk_response_settle(&t->r, t->rq->mem);
	(void)!tk_response_refusals(&op, &t->r, NULL, not_accepted, &(struct judged){ t, &e });
}

/* What conditions see: the calculations and hidden values, which nobody else is shown. */
static void values_json(struct tk_json *j, const struct tk_response *r, struct tk_arena *a)
{
	tk_json_key(j, "values");
	tk_json_obj(j);
	for (size_t i = 0; i < r->form->nitem; i++)
		if (r->form->item[i].silent)
			tk_json_kstr(j, r->form->item[i].code,
				     tk_answer_text(&r->form->item[i], &r->answer[i], a));
	tk_json_end_obj(j);
}

static enum tk_rc open_form(struct trying *t, int64_t id)
{
	struct tk_req *rq = t->rq;
	enum tk_rc rc = tk_form_get(&rq->op, id, &t->r.form);

	if (rc != TK_OK)
		return rc;
	t->r.state = "draft";
	t->r.audiences = ~UINT64_C(0);
	t->r.answer = tk_alloc_n(rq->mem, t->r.form->nitem + 1, sizeof(*t->r.answer));
	t->r.kept = tk_alloc_n(rq->mem, t->r.form->nitem + 1, sizeof(*t->r.kept));
	tk_response_settle(&t->r, rq->mem);
	return TK_OK;
}

static void reply(struct trying *t, bool begun)
{
	struct tk_req *rq = t->rq;
	struct tk_json j = TK_JSON(&rq->out);
	const char *missing[300];
	size_t n = tk_response_missing(&t->r, missing, TK_LEN(missing));

	rq->out.max = 32 << 20;
	tk_json_obj(&j);
	if (begun)
		tk_view_form(&j, &t->r, NULL, rq->who.lang, rq->mem);
	tk_view_now(&j, &t->r, NULL, rq->who.lang, rq->mem);
	tk_json_key(&j, "answers");
	tk_response_json(&j, &t->r, NULL, NULL);
	values_json(&j, &t->r, rq->mem);
	tk_json_key(&j, "missing");
	tk_json_arr(&j);
	for (size_t i = 0; i < n && i < TK_LEN(missing); i++)
		tk_json_str(&j, missing[i]);
	tk_json_end_arr(&j);
	tk_json_key(&j, "errors");
	tk_json_raw(&j, tk_buf_cstr(&t->buf));
	tk_json_end_obj(&j);
}

static enum tk_rc form_preview(struct tk_req *rq)
{
	static const char *const keys[] = { "answers", NULL };
	struct trying t = { .rq = rq, .buf = TK_BUF(4 << 20) };
	const cJSON *answers;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK && rq->json)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK)
		rc = open_form(&t, id);
	if (rc != TK_OK)
		return rc;
	answers = rq->json ? cJSON_GetObjectItemCaseSensitive(rq->json, "answers") : NULL;
	if (answers && !cJSON_IsObject(answers))
		return tk_fail(&rq->err, TK_EINVAL, "answers",
			       N_("answers must be an object with one member for each item."));
	t.errors = TK_JSON(&t.buf);
	tk_json_arr(&t.errors);
	if (answers)
		take(&t, answers);
	else
		tk_answer_begin(&rq->op, &t.r);
	tk_json_end_arr(&t.errors);
	reply(&t, !answers);
	tk_buf_drop(&t.buf);
	return TK_OK;
}

/* -- an expression by itself ------------------------------------------------------------------- */
static bool given(void *ctx, const char *name, struct tk_xval *ret)
{
	const cJSON *v = ctx ? cJSON_GetObjectItemCaseSensitive(ctx, name) : NULL;

	*ret = tk_xstr(cJSON_IsString(v) ? v->valuestring : "");
	return cJSON_IsString(v);
}

static bool has_row(const struct tk_form_rows *rows, const char *name)
{
	if (!strncmp(name, TK_EXPR_LAST, strlen(TK_EXPR_LAST)))
		name += strlen(TK_EXPR_LAST);
	for (size_t i = 0; i < rows->nitem; i++)
		if (tk_form_is_asked(&rows->item[i]) && !strcmp(rows->item[i].code, name))
			return true;
	return *name == ':'; /* a column of the choices */
}

static void names_json(struct tk_json *j, const struct tk_expr *x, const struct tk_form_rows *rows)
{
	size_t n;
	const char *const *name = tk_expr_names(x, &n);

	tk_json_key(j, "names");
	tk_json_arr(j);
	for (size_t i = 0; i < n; i++)
		tk_json_str(j, name[i]);
	tk_json_end_arr(j);
	tk_json_key(j, "unknown");
	tk_json_arr(j);
	for (size_t i = 0; i < n; i++)
		if (!has_row(rows, name[i]))
			tk_json_str(j, name[i]);
	tk_json_end_arr(j);
}

/* What `tenken form eval` prints, and which of its names the version has. */
static enum tk_rc form_expression(struct tk_req *rq)
{
	static const char *const keys[] = { "expression", "values", "filter", NULL };
	static const char *const type[] = { "text", "number", "boolean" };
	struct tk_json j = TK_JSON(&rq->out);
	cJSON *values = cJSON_GetObjectItemCaseSensitive(rq->json, "values");
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(rq->json, "expression");
	struct tk_xenv env = { .get = given, .ctx = values };
	struct tk_form_rows rows;
	struct tk_expr *x = NULL;
	struct tk_xval v;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_json_only(rq->json, keys, &rq->err);
	if (rc == TK_OK && !cJSON_IsString(text))
		rc = tk_fail(&rq->err, TK_EINVAL, "expression", N_("The expression is empty."));
	if (rc == TK_OK)
		rc = tk_form_rows(&rq->op, rq->mem, id, &rows);
	if (rc == TK_OK)
		rc = (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(rq->json, "filter"))
			      ? tk_expr_parse_filter
			      : tk_expr_parse)(rq->mem, text->valuestring, &x, &rq->err);
	if (rc != TK_OK)
		return rc;
	(void)given(values, ".", &env.self);
	v = tk_expr_eval(x, &env, rq->mem);
	tk_json_obj(&j);
	tk_json_kstr(&j, "value", tk_xval_str(rq->mem, v));
	tk_json_kstr(&j, "type", type[v.type]);
	tk_json_kbool(&j, "self", tk_expr_uses_self(x));
	names_json(&j, x, &rows);
	tk_json_end_obj(&j);
	return TK_OK;
}

#define V "/api/v1/form-versions/{id}"
const struct tk_route tk_preview_routes[] = {
	{ "GET", V "/check", form_check, .perm = TK_P_FORM_READ, .max_mem = 256 << 20,
	  .doc = "Every fault that keeps a version from being published, with its row" },
	{ "POST", V "/preview", form_preview, .perm = TK_P_FORM_READ, .max_body = 1 << 20,
	  .max_mem = 256 << 20,
	  .doc = "A questionnaire tried out with these answers; nothing is kept. Without answers "
		 "as it "
		 "begins, with the form" },
	{ "POST", V "/expression", form_expression, .perm = TK_P_FORM_READ, .max_body = 1 << 20,
	  .max_mem = 64 << 20,
	  .doc = "An expression with values of its names: its value and type, and the names that "
		 "the "
		 "version does not have" },
	{ 0 },
};
