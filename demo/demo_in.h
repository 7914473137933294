/* demo_in.h - pieces of the demonstration.  Private to demo/. */
#pragma once
#include "demo/demo.h"

/* Whose people one can sign in as; its answers to the current survey are in work. */
#define DEMO_INSTITUTION "B053"

struct demo {
	const struct tk_op       *op;
	const struct tk_demo_opt *opt;
	unsigned                  staff;
};
/* The first n of the invented names, family and given; in op->mem. */
struct demo_name { const char *name, *kana; };
enum tk_rc demo_names(const struct tk_op *op, struct demo_name *v, size_t n) TK_MUST_USE;
void       demo_say(struct demo *d, const char *msgid);
enum tk_rc demo_org(struct demo *d) TK_MUST_USE; /* units, posts, staff, role holders, titles */
enum tk_rc demo_year(struct demo *d, int year) TK_MUST_USE;     /* a finished self-inspection */
enum tk_rc demo_now(struct demo *d) TK_MUST_USE; /* the open one of the current fiscal year */
enum tk_rc demo_training(struct demo *d) TK_MUST_USE;   /* courses, attendance, drills */
enum tk_rc demo_ledger(struct demo *d) TK_MUST_USE;     /* systems, servers, software, costs */
enum tk_rc demo_continuity(struct demo *d) TK_MUST_USE; /* plans, manuals, equipment */
enum tk_rc demo_inspection(struct demo *d) TK_MUST_USE; /* items and results of each year */
enum tk_rc demo_incident(struct demo *d) TK_MUST_USE;   /* incidents, mail, CSIRT */
enum tk_rc demo_panel(struct demo *d) TK_MUST_USE;      /* institutions and their surveys */
struct panel;
enum tk_rc demo_wave_2020(const struct tk_op *op, const struct panel *p) TK_MUST_USE;
enum tk_rc demo_wave_now(const struct tk_op *op) TK_MUST_USE;   /* the open one */
enum tk_rc demo_year_plan(struct demo *d) TK_MUST_USE; /* plan, problems, events */
enum tk_rc demo_facts(struct demo *d) TK_MUST_USE;      /* numbers of the finished years */
enum tk_rc demo_persons(struct demo *d) TK_MUST_USE;    /* accounts to sign in as */
enum tk_rc demo_policy(struct demo *d) TK_MUST_USE;     /* documents, readers, the portal */
enum tk_rc demo_request(struct demo *d) TK_MUST_USE;    /* exceptions, take-outs, secure areas */

/* A record from texts as a file would bring them: field, text, field, text, ..., NULL.  ret_id may
 * be NULL. */
enum tk_rc demo_put(const struct tk_op *op, const char *type, int64_t *ret_id,
		    const char *const *pair) TK_MUST_USE;
#define PUT(op, type, ret_id, ...) \
	demo_put((op), (type), (ret_id), (const char *const[]){ __VA_ARGS__, NULL })
