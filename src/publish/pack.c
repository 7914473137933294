/* pack.c - the files of a publication, put together. */
#include <string.h>
#include "base/hash.h"
#include "form/xlsform.h"
#include "publish/pack.h"

enum { FILE_MAX = 64 << 20 };
#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

enum tk_rc tk_pack_add(struct tk_pack_job *j, const char *name, const char *media_type,
		       struct tk_buf *b)
{
	struct tk_pack *p = j->pack;
	struct tk_arena *a = j->op->mem;
	char *data;

	if (b->bad) {
		tk_buf_drop(b);
		return tk_fail(j->op->e, TK_ETOOBIG, NULL,
			       N_("The file %.80s of the publication becomes too large."), name);
	}
	if (p->n == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 64;
		struct tk_pack_file *v = tk_alloc_n(a, cap, sizeof(*v));

		if (p->n)
			memcpy(v, p->file, p->n * sizeof(*v));
		p->file = v;
		p->cap = cap;
	}
	data = tk_alloc(a, b->len + 1);
	if (b->len)
		memcpy(data, b->p, b->len);
	p->file[p->n++] = (struct tk_pack_file){ tk_strdup(a, name), media_type, data, b->len };
	tk_buf_drop(b);
	return TK_OK;
}

/* -- tables ------------------------------------------------------------------------------------ */
static enum tk_rc workbook(struct tk_pack_job *j)
{
	struct tk_buf b = TK_BUF(FILE_MAX);
	struct tk_out_opt opt = { .format = TK_OUT_XLSX, .title = j->c->title_ja };
	struct tk_out *o = NULL;
	enum tk_rc rc = tk_out_open(&o, &opt, tk_out_to_buf, &b, j->op->e);

	if (rc != TK_OK)
		return rc;
	for (size_t k = 0; k < j->ja.ntable; k++)
		tk_table_sheet(o, j->ja.table[k].table);
	rc = tk_out_close(o, j->op->e);
	tk_out_free(o);
	return rc == TK_OK ? tk_pack_add(j, "tables.xlsx", XLSX, &b) : rc;
}

static const char *file_name(struct tk_pack_job *j, const char *folder, const struct tk_table *t,
			     const char *kind)
{
	return tk_sprintf(j->op->mem, "%s/%s.%s", folder, t->name, kind);
}

static enum tk_rc one_csv(struct tk_pack_job *j, const struct tk_table *t)
{
	struct tk_buf b = TK_BUF(FILE_MAX);
	struct tk_out_opt opt = TK_OUT_DOWNLOAD;
	enum tk_rc rc = tk_table_out(t, &opt, tk_out_to_buf, &b, j->op->e);

	return rc == TK_OK ? tk_pack_add(j, file_name(j, "tables", t, "csv"), "text/csv", &b) : rc;
}

static enum tk_rc one_json(struct tk_pack_job *j, const struct tk_table *ja,
			   const struct tk_table *en)
{
	struct tk_buf b = TK_BUF(FILE_MAX);
	struct tk_json w = TK_JSON(&b);

	tk_json_obj(&w);
	tk_json_kstr(&w, "name", ja->name);
	tk_json_key(&w, "ja");
	tk_table_json(&w, ja);
	tk_json_key(&w, "en");
	tk_table_json(&w, en);
	tk_json_key(&w, "data");
	tk_table_objects(&w, ja);
	tk_json_end_obj(&w);
	return tk_pack_add(j, file_name(j, "tables", ja, "json"), "application/json", &b);
}

/* Not every table has a picture (numbers have none). */
static enum tk_rc chart(struct tk_pack_job *j, const struct tk_table *t, bool png)
{
	struct tk_buf b = TK_BUF(FILE_MAX);
	struct tk_err none = { .lang = j->op->e->lang };
	enum tk_rc rc = png ? tk_table_chart_png(t, j->op->mem, &b, &none)
			    : tk_table_chart(t, j->op->mem, &b, &none);

	if (rc == TK_ENOTFOUND) {
		tk_buf_drop(&b);
		return TK_OK;
	}
	if (rc != TK_OK) {
		*j->op->e = none;
		tk_buf_drop(&b);
		return rc;
	}
	return tk_pack_add(j, file_name(j, "charts", t, png ? "png" : "svg"),
			   png ? "image/png" : "image/svg+xml", &b);
}

enum tk_rc tk_pack_tables(struct tk_pack_job *j)
{
	enum tk_rc rc = workbook(j);

	for (size_t k = 0; k < j->ja.ntable && rc == TK_OK; k++)
		rc = one_csv(j, j->ja.table[k].table);
	for (size_t k = 0; k < j->ja.ntable && rc == TK_OK; k++)
		rc = one_json(j, j->ja.table[k].table, j->en.table[k].table);
	for (size_t k = 0; k < j->ja.ntable && rc == TK_OK; k++) {
		rc = chart(j, j->ja.table[k].table, false);
		if (rc == TK_OK)
			rc = chart(j, j->ja.table[k].table, true);
	}
	return rc;
}

enum tk_rc tk_pack_questionnaire(struct tk_pack_job *j)
{
	struct tk_buf b = TK_BUF(FILE_MAX);
	struct tk_form_rows rows;
	enum tk_rc rc = tk_form_rows(j->op, j->op->mem, j->c->form_version_id, &rows);

	if (rc == TK_OK)
		rc = tk_xlsform_write(j->op->mem, &rows, tk_out_to_buf, &b, j->op->e);
	return rc == TK_OK ? tk_pack_add(j, "questionnaire.xlsx", XLSX, &b) : rc;
}

/* -- all --------------------------------------------------------------------------------------- */
enum tk_rc tk_pack_manifest(struct tk_pack_job *j)
{
	struct tk_buf b = TK_BUF(FILE_MAX);
	struct tk_json w = TK_JSON(&b);

	tk_json_obj(&w);
	tk_json_kstr(&w, "survey", j->c->name);
	tk_json_kint(&w, "edition", j->p->edition);
	tk_json_kint(&w, "fiscal_year", j->c->fiscal_year);
	tk_json_key(&w, "files");
	tk_json_arr(&w);
	for (size_t i = 0; i < j->pack->n; i++) {
		const struct tk_pack_file *f = &j->pack->file[i];
		char hex[TK_SHA256_HEX];

		tk_sha256_hex(f->data, f->n, hex);
		tk_json_obj(&w);
		tk_json_kstr(&w, "name", f->name);
		tk_json_kint(&w, "size", (int64_t)f->n);
		tk_json_kstr(&w, "sha256", hex);
		tk_json_end_obj(&w);
	}
	tk_json_end_arr(&w);
	tk_json_end_obj(&w);
	return tk_pack_add(j, "manifest.json", "application/json", &b);
}

enum tk_rc tk_pack_make(const struct tk_op *op, const struct publication *p, struct tk_pack *ret)
{
	struct campaign c = { 0 };
	struct tk_pack_job j = { .op = op, .p = p, .c = &c, .pack = ret };
	enum tk_rc rc = tk_rec_load(op, &tk_campaign_type, p->campaign_id, &c);

	*ret = (struct tk_pack){ 0 };
	if (rc == TK_OK)
		rc = tk_disclose(op, p, &c, TK_JA, &j.ja);
	if (rc == TK_OK)
		rc = tk_disclosure_prove(op, &j.ja);
	ret->figure = j.ja.shown;
	ret->nfigure = j.ja.nshown;
	ret->editions = j.ja.editions;
	if (rc == TK_OK)
		rc = tk_disclose(op, p, &c, TK_EN, &j.en);
	if (rc == TK_OK)
		rc = tk_pack_method(&j, TK_JA);
	if (rc == TK_OK)
		rc = tk_pack_method(&j, TK_EN);
	if (rc == TK_OK)
		rc = tk_pack_tables(&j);
	if (rc == TK_OK)
		rc = tk_pack_csv(&j);
	if (rc == TK_OK)
		rc = tk_pack_sdmx(&j);
	if (rc == TK_OK)
		rc = tk_pack_questionnaire(&j);
	return rc == TK_OK ? tk_pack_manifest(&j) : rc;
}
