/* write_xlsx.h - a workbook under construction, shared by the two files that know libxlsxwriter.
 * Private to src/sheet. */
#pragma once
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#pragma GCC diagnostic ignored "-Wcast-qual"
#include <xlsxwriter.h>
#pragma GCC diagnostic pop
#include "sheet/write_in.h"

enum { TK_WBOOK_LOOKS = 64 };

struct tk_wbook {
	lxw_workbook  *wb;
	lxw_worksheet *ws;
	lxw_format    *plain, *wrapped, *bold, *tenths, *day;
	lxw_format    *look[TK_WBOOK_LOOKS];    /* of tk_out_look(), in order */
	int            nlook;
	unsigned       nvalid;          /* of tk_out_valid(), on this sheet */
	char          *path;            /* of the finished file, before it goes to the sink */
	char           name[128];       /* of the sheet, as asked for */
};

void        tk_wbook_failed(struct tk_out *o, const char *why);
void        tk_wbook_check(struct tk_out *o, lxw_error rc);     /* of the cell being written */
const char *tk_wbook_escape(struct tk_out *o, const char *s);
lxw_format *tk_wbook_format(struct tk_out *o, const char *num); /* a new one */
/* What tk_out_use() chose, else what the kind of cell brings. */
lxw_format *tk_wbook_look(const struct tk_out *o, lxw_format *otherwise);
