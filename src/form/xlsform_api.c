/* xlsform_api.c - workbooks of questionnaires over HTTP. */
#include <string.h>
#include "form/form_api.h"
#include "form/xlsform.h"

static void fault_json(void *ctx, const struct tk_form_fault *f)
{
	struct tk_json *j = ctx;

	tk_json_obj(j);
	tk_json_kstr(j, "sheet", f->sheet);
	tk_json_kint(j, "row", f->row);
	tk_json_kstr(j, "column", f->column);
	tk_json_kstr(j, "item", f->item);
	tk_json_kstr(j, "text", f->text);
	tk_json_end_obj(j);
}

/* Everything is taken; the faults are said with it, because they stop publication. */
static enum tk_rc form_import(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *name = tk_req_query(rq, "name");
	struct tk_form_rows rows;
	int64_t id = 0;
	bool fresh = false;
	size_t n = 0;
	enum tk_rc rc = tk_xlsform_read_bytes(rq->mem, rq->body, rq->nbody, name ? name : "upload",
					      &rows, &rq->err);

	if (rc == TK_OK)
		rc = tk_form_import(&rq->op, &rows, &id, &fresh);
	if (rc != TK_OK)
		return rc;
	rq->out.max = 16 << 20;
	tk_json_obj(&j);
	tk_json_kid(&j, "id", id);
	tk_json_kstr(&j, "form", rows.form.code);
	tk_json_kbool(&j, "new", fresh);
	tk_json_key(&j, "faults");
	tk_json_arr(&j);
	rc = tk_form_faults(rq->mem, &rows, fault_json, &j, &n, &rq->err);
	tk_json_end_arr(&j);
	tk_json_key(&j, "warnings");
	tk_json_arr(&j);
	for (size_t i = 0; i < rows.nwarning; i++)
		fault_json(&j, &rows.warning[i]);
	tk_json_end_arr(&j);
	tk_json_end_obj(&j);
	rq->status = fresh ? 201 : 200;
	return rc;
}

static enum tk_rc form_export(struct tk_req *rq)
{
	struct tk_form_rows rows;
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_form_rows(&rq->op, rq->mem, id, &rows);
	if (rc != TK_OK)
		return rc;
	rq->out.max = 64 << 20;
	rc = tk_xlsform_write(rq->mem, &rows, tk_out_to_buf, &rq->out, &rq->err);
	if (rc == TK_OK)
		tk_req_download(rq, tk_sprintf(rq->mem, "%s.xlsx", rows.form.code),
				"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
				1);
	return rc;
}

const struct tk_route tk_xlsform_routes[] = {
	{ "POST", "/api/v1/form-versions/import", form_import, .perm = TK_P_FORM_WRITE,
	  .flags = TK_R_TX | TK_R_RAW, .max_body = 16 << 20, .max_mem = 512 << 20, .query = "name",
	  .doc = "A questionnaire workbook (XLSForm) as a new draft, with its faults by sheet, row "
		 "and column" },
	{ "GET", "/api/v1/form-versions/{id}/export.xlsx", form_export, .perm = TK_P_FORM_READ,
	  .max_mem = 256 << 20, .doc = "A questionnaire version as an XLSForm workbook" },
	{ 0 },
};
