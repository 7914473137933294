/* generic.h - what the files generic*.c share.  Private to src/http. */
#pragma once
#include "http/http.h"

/* The query string as a list query of rq->type. */
enum tk_rc tk_generic_query(struct tk_req *rq, struct tk_query *q) TK_MUST_USE;
/* "staff.csv", "staff.xlsx" */
enum tk_rc tk_generic_export(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_generic_import_before(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_generic_import(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_generic_import_columns(struct tk_req *rq) TK_MUST_USE;
/* generic_bulk.c */
enum tk_rc tk_generic_bulk(struct tk_req *rq) TK_MUST_USE;
/* generic_kept.c */
enum tk_rc tk_generic_files(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_generic_file_add(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_generic_file_get(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_generic_file_delete(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_generic_filters(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_generic_filter_save(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_generic_filter_delete(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_generic_search(struct tk_req *rq) TK_MUST_USE;
