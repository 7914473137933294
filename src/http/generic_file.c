/* generic_file.c - import and export of every record type, over src/record/transfer. */
#include <string.h>
#include "http/generic.h"
#include "record/transfer.h"

static enum tk_rc export_options(struct tk_req *rq, bool xlsx, struct tk_out_opt *opt)
{
	const char *enc = tk_req_query(rq, "encoding");

	*opt = TK_OUT_DOWNLOAD;
	opt->format = xlsx ? TK_OUT_XLSX : TK_OUT_CSV;
	if (!enc || !strcmp(enc, "utf-8-bom"))
		return TK_OK;
	if (!strcmp(enc, "utf-8"))
		opt->enc = TK_OUT_UTF8;
	else if (!strcmp(enc, "cp932"))
		opt->enc = TK_OUT_CP932;
	else
		return tk_fail(&rq->err, TK_EINVAL, "encoding",
			       N_("encoding takes utf-8-bom, utf-8 or cp932."));
	return TK_OK;
}

enum tk_rc tk_generic_export(struct tk_req *rq)
{
	const char *dot = strchr(rq->param[0], '.');
	bool xlsx = !strcmp(dot, ".xlsx");
	struct tk_export_done done;
	struct tk_out_opt opt;
	struct tk_query q;
	enum tk_rc rc = tk_generic_query(rq, &q);

	if (rc == TK_OK && !xlsx && strcmp(dot, ".csv") != 0)
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL,
			       N_("There is nothing at this address."));
	if (rc == TK_OK)
		rc = export_options(rq, xlsx, &opt);
	if (rc == TK_OK)
		rc = tk_rec_export(&rq->op, rq->type, &q, &opt, rq->who.lang, tk_out_to_buf,
				   &rq->out, &done);
	if (rc != TK_OK)
		return rc;
	tk_req_download(rq, tk_rec_export_name(rq->mem, rq->type, rq->who.lang, dot + 1),
			xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
			: opt.enc == TK_OUT_CP932 ? "text/csv; charset=windows-31j"
						  : "text/csv; charset=utf-8",
			rq->type->grade);
	if (done.total_lost) /* which cells: in the same export as UTF-8 nothing is lost */
		tk_req_header(rq, "X-Characters-Lost", tk_sprintf(rq->mem, "%zu", done.total_lost));
	return TK_OK;
}

enum tk_rc tk_generic_import_before(struct tk_req *rq)
{
	if (rq->type->flags & TK_T_NO_IMPORT)
		return tk_fail(&rq->err, TK_EMETHOD, NULL,
			       N_("%s: this cannot be done directly; it has its own procedure."),
			       tk_tr(rq->err.lang, rq->type->label));
	if (rq->nbody == 0)
		return tk_fail(&rq->err, TK_EINVAL, "file", N_("The file is empty."));
	return TK_OK;
}

enum tk_rc tk_generic_import(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *name = tk_req_query(rq, "name");
	struct tk_report *rep = NULL;
	bool dry = tk_req_flag(rq, "dry_run");
	enum tk_rc rc = tk_rec_import_map(&rq->op, rq->type, rq->body, rq->nbody,
					  name ? name : "upload", tk_req_query(rq, "map"), dry,
					  &rep);

	if (rc != TK_OK)
		return rc;
	tk_report_json(&j, rep);
	if (!dry && !rep->accepted) {
		rq->keep_body_on_error = true;
		return tk_fail(&rq->err, TK_EINVAL, NULL,
			       N_("The file was not accepted. Nothing was written."));
	}
	return TK_OK;
}

enum tk_rc tk_generic_import_columns(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *name = tk_req_query(rq, "name");

	return tk_rec_import_columns(&rq->op, rq->type, rq->body, rq->nbody,
				     name ? name : "upload", &j);
}
