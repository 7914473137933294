/* demo_in.h - pieces of the demonstration.  Private to demo/. */
#pragma once
#include "demo/demo.h"

struct demo {
	const struct tk_op       *op;
	const struct tk_demo_opt *opt;
	unsigned                  staff;
};
void       demo_say(struct demo *d, const char *msgid);
enum tk_rc demo_org(struct demo *d) TK_MUST_USE; /* units, posts, staff, role holders, titles */
enum tk_rc demo_year(struct demo *d, int year) TK_MUST_USE;     /* a finished self-inspection */
enum tk_rc demo_now(struct demo *d) TK_MUST_USE; /* the open one of the current fiscal year */
enum tk_rc demo_persons(struct demo *d) TK_MUST_USE;    /* accounts to sign in as */
