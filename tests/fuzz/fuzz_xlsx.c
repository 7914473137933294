/* Workbooks.  Bytes that are no archive are taken for the XML of a worksheet and wrapped into one,
 * since no mutation would ever get through deflate and checksum. */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "fuzz.h"
#include "sheet/sheet.h"

static uint32_t crc(const char *p, size_t n)
{
	uint32_t c = 0xFFFFFFFFu;

	for (size_t i = 0; i < n; i++) {
		c ^= (unsigned char)p[i];
		for (int k = 0; k < 8; k++)
			c = c >> 1 ^ (0xEDB88320u & (0 - (c & 1)));
	}
	return ~c;
}

static void le(struct tk_buf *b, uint32_t v, int n)
{
	for (; n-- > 0; v >>= 8)
		tk_buf_chr(b, (char)(v & 0xFF));
}

/* A stored (not deflated) entry, and its line of the directory. */
static void entry(struct tk_buf *zip, struct tk_buf *dir, const char *name, const char *p, size_t n)
{
	uint32_t at = (uint32_t)zip->len, sum = crc(p, n);
	struct tk_buf *both[2] = { zip, dir };

	for (int i = 0; i < 2; i++) {
		tk_buf_str(both[i], i ? "PK\1\2\x14" : "PK\3\4");
		if (i)
			tk_buf_chr(dir, '\0');
		le(both[i], 20, 2);
		le(both[i], 0, 8);
		le(both[i], sum, 4);
		le(both[i], (uint32_t)n, 4);
		le(both[i], (uint32_t)n, 4);
		le(both[i], (uint32_t)strlen(name), 2);
		le(both[i], 0, 2);
		if (i) {
			le(dir, 0, 4);
			le(dir, 0, 2);
			le(dir, 0, 4);
			le(dir, at, 4);
		}
		tk_buf_str(both[i], name);
	}
	tk_buf_add(zip, p, n);
}

static void wrap(struct tk_buf *zip, const char *p, size_t n)
{
	static const char *const part[][2] = {
		{ "xl/workbook.xml", "<workbook><sheets><sheet name='a' r:id='1'/></sheets></workbook>" },
		{ "xl/_rels/workbook.xml.rels", "<r><Relationship Id='1' Type='/worksheet' Target='s.xml'/>"
			"<Relationship Id='2' Type='/styles' Target='s.xml'/>"
			"<Relationship Id='3' Type='/sharedStrings' Target='s.xml'/></r>" },
	};
	struct tk_buf dir = TK_BUF(1 << 16);
	uint32_t at;

	for (size_t i = 0; i < TK_LEN(part); i++)
		entry(zip, &dir, part[i][0], part[i][1], strlen(part[i][1]));
	/* one text for the sheet, its styles and its strings */
	entry(zip, &dir, "xl/s.xml", p, n);
	at = (uint32_t)zip->len;
	tk_buf_add(zip, dir.p, dir.len);
	tk_buf_str(zip, "PK\5\6");
	le(zip, 0, 4);
	le(zip, 3, 2);
	le(zip, 3, 2);
	le(zip, (uint32_t)dir.len, 4);
	le(zip, at, 4);
	le(zip, 0, 2);
	tk_buf_drop(&dir);
}

static void read_book(struct tk_sheet *s, struct tk_err *e)
{
	const struct tk_sheet_name *name;
	struct tk_range r;
	struct tk_row row;
	bool in;

	for (size_t k = 0; k < tk_sheet_names(s, &name) && k < 4; k++) {
		if (tk_sheet_select(s, k, e) != TK_OK)
			continue;
		while (tk_sheet_next(s, &row, e) == TK_OK && row.number) {
			for (size_t i = 0; i < row.n; i++)
				if (strlen(row.cell[i].text) != row.cell[i].len ||
				    !tk_utf8_valid(row.cell[i].text, row.cell[i].len))
					abort();
			if (tk_sheet_merged(s, row.number, 1, &in, &r, e) != TK_OK)
				break;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct tk_sheet_opt opt = { .max_unpacked = 1 << 22, .max_strings = 1 << 20,
		.max_cells = 1 << 20 };
	struct tk_buf zip = TK_BUF(64u << 20);
	struct tk_err e = { .lang = TK_EN };
	struct tk_sheet *s;

	if (n > 1 << 20)
		return 0;
	if (n >= 2 && !memcmp(data, "PK", 2))
		tk_buf_add(&zip, (const char *)data, n);
	else
		wrap(&zip, (const char *)data, n);
	if (tk_sheet_open_opt(&s, tk_buf_cstr(&zip), zip.len, "fuzz.xlsx", &opt, &e) == TK_OK) {
		read_book(s, &e);
		tk_sheet_close(s);
	} else if (e.rc == TK_OK) {
		abort();
	}
	tk_buf_drop(&zip);
	return 0;
}
