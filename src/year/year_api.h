/* year_api.h - routes of the year: facts, dashboard, calendar, opening a year. */
#pragma once
#include "http/http.h"

struct tk_fact;
extern const struct tk_route tk_year_routes[];
/* Handlers of fact_api.c and dashboard_api.c. */
enum tk_rc tk_facts_get(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_fact_rows_get(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_fact_chart_get(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_facts_post(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_dashboard_get(struct tk_req *rq) TK_MUST_USE;
/* ?year=, else the current fiscal year. */
enum tk_rc tk_year_query(struct tk_req *rq, int *ret) TK_MUST_USE;
/* One number as contract: value, last year's, change, trend.  Frees nothing, writes an object. */
enum tk_rc tk_fact_json(struct tk_req *rq, struct tk_json *j, const struct tk_fact *f,
			int year) TK_MUST_USE;
