/* book.h - a respondent's workbook as another program would write it after somebody has worked in it: the same
 * cells without any format, all as texts, changed as asked. */
#pragma once
#include "office.h"

struct file { const char *p; size_t n; };
/* What is done to the rows of one code: what = answer | comment | formula | drop | twice | code; in the hidden
 * sheet: ident (its second cell), lose (the row). */
struct edit { const char *code, *what, *text; };
enum { SHUFFLED = 1, NO_HEADINGS = 2, NO_IDENTITY = 4 };
struct file changed(struct office *o, struct file f, const struct edit *e, unsigned flags);
/* With an office o in sight. */
#define CHANGED(f, ...) changed(&o, (f), (const struct edit[]){ __VA_ARGS__, { 0 } }, 0)
