/* office.h - a small organisation with the real moves: roster rows, a form made or loaded, a campaign
 * through its rules, requests through the routes.
 *
 * Bureau B1 総務企画局: D1 総務課, D2 検査課.  Bureau B2 監督局: D3 監理課 (owns a system).
 * Posts: P1 課長 (heads), P2 係員.  Staff: 101 heads D1, 102 and 103 are in D1; 201 heads D2, 202 in
 * D2; 301 heads D3, 302 and 303 in D3.  Everybody but 103 and 303 has a mail address. */
#pragma once
#include "http/http.h"
#include "survey/campaign.h"
#include "survey/response.h"
#include "testdb.h"

enum { STAFF = 8 };
struct office {
	struct testdb *t;
	struct tk_who  program;         /* the program itself */
	struct tk_op   op;              /* acts as that */
	int64_t        bureau[2], division[3], post[2], staff[STAFF];
	int64_t        form, version;   /* of the last office_form() */
};
void office_up(struct office *o, struct testdb *t);
#define OFFICE(state) struct testdb *t = testdb_of(state); struct office o; office_up(&o, t)

int64_t     office_staff(struct office *o, const char *number, const char *name, int division, int post);
int64_t     staff_id(struct office *o, const char *number);
void        run_sql(struct office *o, const char *sql);
int64_t     int_sql(struct office *o, const char *sql, int64_t arg);
const char *text_sql(struct office *o, const char *sql, int64_t arg);
/* Rows in order, NULL at the end: "KIND CODE|field=value|..." or "choice LIST CODE|field=value|...". */
int64_t     office_draft(struct office *o, const char *code, const char *const *rows);
int64_t     office_form(struct office *o, const char *code, const char *const *rows);
/* a: single (done partly not_done), may be not applicable or unknown, evidence; b: single; both required;
 * c: text. */
extern const char *const office_basic[];
/* A planned campaign on the last form; NULL: everybody. */
struct campaign office_campaign(struct office *o, const char *name, const char *rule);
/* The same, opened. */
struct campaign office_open(struct office *o, const char *name);
int64_t     respondent(struct office *o, const struct campaign *c, const char *number);
struct tk_response response_of(struct office *o, const struct campaign *c, const char *number);
/* Applies JSON {"code":{...}} to the response and gives the result; office_save also writes. */
enum tk_rc  apply(struct office *o, struct tk_response *r, const char *json);
void        submit(struct office *o, const struct campaign *c, const char *number, const char *json);
/* The answers as the page gets them. */
const char *answers(struct office *o, const struct tk_response *r);
/* N days from today, ISO. */
const char *day(struct office *o, int n);

/* Requests, in the name of somebody, to the routes of the survey or to what is set here. */
extern const struct tk_route *const *office_routes;
struct tk_who as_office(void);
struct tk_who as_staff(struct office *o, const char *number);
struct tk_who as_head(struct office *o, const char *number, int division);
struct tk_who as_bureau(struct office *o, int bureau);
struct reply { int status; const char *body, *etag, *type, *policy; size_t n; };
/* METHOD, PATH, then as needed: body, If-Match, Idempotency-Key, query */
struct reply call(struct office *o, struct tk_who who, const char *const ask[6]);
#define CALL(o, who, ...) call((o), (who), (const char *const[6]){ __VA_ARGS__ })
struct reply call_raw(struct office *o, struct tk_who who, const char *method, const char *path, const void *body, size_t n, const char *query);
/* A file with If-Match. */
struct reply call_file(struct office *o, struct tk_who who, const char *path, const void *body, size_t n, const char *if_match,
		       const char *query);
#define HAS(r, s)   do { struct reply x_ = (r); if (!strstr(x_.body, (s))) fail_msg("%s is not in %d %.4000s", (s), x_.status, x_.body); } while (0)
#define HASNT(r, s) do { struct reply x_ = (r); if (strstr(x_.body, (s))) fail_msg("%s is in %d %.4000s", (s), x_.status, x_.body); } while (0)
#define STATUS(r, want) do { struct reply y_ = (r); if (y_.status != (want)) fail_msg("%d, not %d: %.1500s", y_.status, (want), y_.body); } while (0)
#define SAYS(t, s) do { if (!strstr((t)->e.msg, (s))) fail_msg("%s is not in: %s", (s), (t)->e.msg); } while (0)
