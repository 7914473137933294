/* demo.h - the demonstration agency: plainly fictional, shaped like the founding document, filled
 * through the same doors that an office uses (roster import, campaigns, answer import, sign-off).
 *
 * Fiscal years 2010, 2011 and the last one are complete; the current one has an open campaign, part
 * answered.  A database that already holds a demonstration is left as it is; one that holds
 * anything else is refused.  One thread; every step is a transaction of its own.
 */
#pragma once
#include <stdio.h>
#include "record/record.h"

struct tk_demo_opt {
	unsigned staff;                                 /* 0: 1500 */
	void   (*say)(void *ctx, const char *line);     /* what is being done; may be NULL */
	void    *ctx;
};
enum tk_rc tk_demo_fill(const struct tk_op *op, const struct tk_demo_opt *opt) TK_MUST_USE;
/* Address and one person for each kind of user, with what there is to do. */
enum tk_rc tk_demo_print_persons(const struct tk_op *op, const char *address, FILE *f) TK_MUST_USE;
