/* CSV: bytes that are taken for another kind of file are left to fuzz_xlsx. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "fuzz.h"
#include "sheet/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tk_err e = { .lang = TK_EN };
	struct tk_sheet *s;
	struct tk_row row;

	if (n >= 2 && !memcmp(data, "PK", 2))
		return 0;
	if (tk_sheet_open(&s, data, n, "fuzz.csv", &e) != TK_OK)
		return 0;
	while (tk_sheet_next(s, &row, &e) == TK_OK && row.number)
		for (size_t i = 0; i < row.n; i++)
			if (strlen(row.cell[i].text) != row.cell[i].len ||
			    !tk_utf8_valid(row.cell[i].text, row.cell[i].len))
				abort();
	tk_sheet_close(s);
	return 0;
}
