/* cli_list.h - a list on standard output as CSV or JSON, row by row.  How it looks to a person
 * (--format table) each command decides itself.
 */
#pragma once
#include "main/cli.h"
#include "sheet/sheet_write.h"

enum { CLI_LIST_MAX = 12 };

struct cli_list {
	struct cli          *c;
	enum tk_print_format format;
	const char *const   *name;      /* of the columns: heads and keys, ended by NULL */
	struct tk_out       *out;
	int64_t              rows;
};

/* name must outlive the list. */
enum tk_rc cli_list_open(struct cli_list *l, struct cli *c, enum tk_print_format format,
			 const char *const *name) TK_MUST_USE;
/* As many values as there are names; not for TK_PRINT_TABLE. */
void       cli_list_row(struct cli_list *l, const struct tk_value *v);
enum tk_rc cli_list_close(struct cli_list *l, enum tk_rc rc) TK_MUST_USE;
