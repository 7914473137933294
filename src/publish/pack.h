/* pack.h - inside src/publish: the files of a publication, each made by one function.
 * Everything lives in op->mem. */
#pragma once
#include "publish/disclose.h"

struct tk_pack_job {
	const struct tk_op *op;
	const struct publication *p;
	const struct campaign *c;
	struct tk_disclosure ja, en; /* the same figures, in both languages */
	struct tk_pack *pack;
};
/* Takes the buffer's bytes over; TK_ETOOBIG if it ran over. */
enum tk_rc tk_pack_add(struct tk_pack_job *j, const char *name, const char *media_type,
		       struct tk_buf *b) TK_MUST_USE;

/* Every figure of every table, one a row, with numerator and denominator: data.csv. */
enum tk_rc tk_pack_csv(struct tk_pack_job *j) TK_MUST_USE;
/* The same as SDMX-CSV 1.0 with OBS_STATUS and CONF_STATUS: data_sdmx.csv. */
enum tk_rc tk_pack_sdmx(struct tk_pack_job *j) TK_MUST_USE;
/* tables.xlsx, tables/NAME.csv, tables/NAME.json, charts/NAME.svg and .png. */
enum tk_rc tk_pack_tables(struct tk_pack_job *j) TK_MUST_USE;
/* questionnaire.xlsx, an XLSForm workbook. */
enum tk_rc tk_pack_questionnaire(struct tk_pack_job *j) TK_MUST_USE;
/* method.ja.html and method.en.html. */
enum tk_rc tk_pack_method(struct tk_pack_job *j, enum tk_lang lang) TK_MUST_USE;
/* manifest.json: every file with its digest; the last. */
enum tk_rc tk_pack_manifest(struct tk_pack_job *j) TK_MUST_USE;
