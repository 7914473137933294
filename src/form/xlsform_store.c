/* xlsform_store.c - rows of a workbook into the database, and their faults by place. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "form/xlsform.h"

/* -- faults ------------------------------------------------------------------------------------ */
struct telling {
	const struct tk_form_rows *rows;
	struct tk_form_say        *from;
	void                     (*say)(void *ctx, const struct tk_form_fault *f);
	void                      *ctx;
};

static void tell(void *ctx, const char *item, const char *text)
{
	struct telling *t = ctx;
	struct tk_form_fault f = {
		.sheet = "survey", .item = item, .column = t->from->column, .text = text
	};

	if (t->from->choice) {
		f.sheet = "choices";
		f.row = t->from->choice->sheet_row;
		t->say(t->ctx, &f);
		return;
	}
	for (size_t i = 0; i < t->rows->nitem && !f.row; i++)
		if (!strcmp(t->rows->item[i].code, item))
			f.row = t->rows->item[i].sheet_row;
	t->say(t->ctx, &f);
}

enum tk_rc tk_form_faults(struct tk_arena *a, const struct tk_form_rows *rows,
			  void (*say)(void *ctx, const struct tk_form_fault *f), void *ctx,
			  size_t *ret_n, struct tk_err *e)
{
	struct tk_form_say from = { .say = tell };
	struct telling t = { rows, &from, say, ctx };
	struct tk_form_fault none = { .sheet = "survey", .item = "" };
	struct tk_form *f = NULL;
	enum tk_rc rc;

	from.ctx = &t;
	rc = tk_form_compile(a, rows, &f, &from, e);
	if (rc == TK_OK && f->nitem == 0) {
		from.n++;
		none.text = tk_tr(e->lang, N_("The questionnaire has no items."));
		say(ctx, &none);
	}
	*ret_n = from.n;
	return rc;
}

/* -- storing ----------------------------------------------------------------------------------- */
static void nothing(void *ctx, const char *item, const char *text)
{
	(void)ctx, (void)item, (void)text;
}

static enum tk_rc digest_of(const struct tk_op *op, const struct tk_form_rows *rows,
			    const char **ret)
{
	struct tk_form_say quiet = { .say = nothing };
	struct tk_form *f = NULL;
	enum tk_rc rc = tk_form_compile(op->mem, rows, &f, &quiet, op->e);

	if (rc == TK_OK)
		*ret = f->digest;
	return rc;
}

/* The newest version of the form, when it says the same. */
static enum tk_rc same_as_newest(const struct tk_op *op, int64_t form_id,
				 const struct tk_form_rows *rows, int64_t *same)
{
	const char *mine = NULL, *theirs = NULL;
	struct tk_form_rows newest;
	int64_t id = 0;
	enum tk_rc rc =
		tk_db_int(op->db, op->e,
			  "SELECT id FROM form_version WHERE form_id = $1 AND deleted_at IS NULL"
			  " ORDER BY number DESC LIMIT 1",
			  TK_ARGS(TK_I(form_id)), 0, &id);

	if (rc != TK_OK || !id)
		return rc;
	if ((rc = tk_form_rows(op, op->mem, id, &newest)) == TK_OK &&
	    (rc = digest_of(op, &newest, &theirs)) == TK_OK)
		rc = digest_of(op, rows, &mine);
	if (rc == TK_OK && !strcmp(mine, theirs))
		*same = id;
	return rc;
}

static enum tk_rc make_version(const struct tk_op *op, int64_t form_id, const char *settings,
			       int64_t *ret)
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
	if (settings)
		tk_set_by(&tk_form_version_type, &v, "settings", TK_S(settings));
	rc = tk_rec_insert(op, &tk_form_version_type, &v);
	*ret = v.rec.id;
	return rc;
}

enum tk_rc tk_form_put_rows(const struct tk_op *op, const struct tk_form_rows *rows,
			    int64_t version_id)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < rows->nchoice && rc == TK_OK; i++) {
		struct choice ch = rows->choice[i];

		ch.rec.id = 0;
		tk_set_by(&tk_choice_type, &ch, "form_version_id", TK_I(version_id));
		rc = tk_rec_insert(op, &tk_choice_type, &ch);
	}
	for (size_t i = 0; i < rows->nitem && rc == TK_OK; i++) {
		struct form_item it = rows->item[i];

		it.rec.id = 0;
		tk_set_by(&tk_form_item_type, &it, "form_version_id", TK_I(version_id));
		rc = tk_rec_insert(op, &tk_form_item_type, &it);
	}
	return rc;
}

enum tk_rc tk_form_import(const struct tk_op *op, const struct tk_form_rows *rows,
			  int64_t *ret_version_id, bool *ret_new)
{
	struct form form = rows->form;
	int64_t form_id = 0, same = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT id FROM form WHERE code = $1 AND deleted_at IS NULL",
				  TK_ARGS(TK_S(form.code)), 0, &form_id);

	if (rc == TK_OK && form_id)
		rc = same_as_newest(op, form_id, rows, &same);
	*ret_new = !same;
	*ret_version_id = same;
	if (rc != TK_OK || same)
		return rc;
	if (!form_id) {
		form.rec.id = 0;
		if ((rc = tk_rec_insert(op, &tk_form_type, &form)) != TK_OK)
			return rc;
		form_id = form.rec.id;
	}
	rc = make_version(op, form_id, rows->version.settings, ret_version_id);
	return rc == TK_OK ? tk_form_put_rows(op, rows, *ret_version_id) : rc;
}

enum tk_rc tk_form_find_any(const struct tk_op *op, const char *name, int64_t *ret)
{
	char code[80];
	const char *at = strchr(name, '@');
	int64_t number = 0;
	enum tk_rc rc;

	snprintf(code, sizeof(code), "%.*s", at ? (int)(at - name) : 79, name);
	for (char *p = code; *p; p++)
		*p = *p == '-' ? '_' : *p;
	if (at && !tk_parse_int(at + 1, &number))
		return tk_fail(op->e, TK_EINVAL, "form",
			       N_("Write the form as CODE or CODE@VERSION."));
	*ret = 0;
	rc = tk_db_int(op->db, op->e,
		       "SELECT v.id FROM form_version v JOIN form f ON f.id = v.form_id"
		       " WHERE REPLACE(f.code, '-', '_') = $1 AND v.deleted_at IS NULL AND "
		       "f.deleted_at IS NULL"
		       " AND ($2 = 0 OR v.number = $2) ORDER BY CASE WHEN v.state = 'published' "
		       "THEN 0 ELSE 1 END, v.number DESC LIMIT 1",
		       TK_ARGS(TK_S(code), TK_I(number)), 0, ret);
	if (rc == TK_OK && !*ret)
		return tk_fail(op->e, TK_ENOTFOUND, "form",
			       N_("There is no questionnaire \"%.60s\". \"tenken form list\" names "
				  "those there are."),
			       name);
	return rc;
}
