#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "sheet/sheet_in.h"

enum { ENTRY_MAX = 10000, SHEET_MAX = 4096, XF_MAX = 65536, FMT_MAX = 16384,
	NAME_MAX_LEN = 512 };

/* "xl/worksheets/../x.xml" and "/xl/x.xml" as the archive names them */
static const char *resolve(struct tk_arena *a, const char *base, const char *target)
{
	const char *slash = strrchr(base, '/');
	char *path, *up, *from;

	if (target[0] == '/')
		return tk_strdup(a, target + 1);
	path = tk_sprintf(a, "%.*s%s", slash ? (int)(slash - base + 1) : 0, base, target);
	while ((up = strstr(path, "/../"))) {
		for (from = up; from > path && from[-1] != '/'; from--)
			;
		memmove(from, up + 4, strlen(up + 4) + 1);
	}
	return path;
}

struct rels { struct tk_rel *first; size_t n; };

static void rel_start(struct tk_xml *x, const char *name, const char **att)
{
	struct rels *r = x->ctx;
	const char *id = tk_xml_att(att, "Id"), *type = tk_xml_att(att, "Type"),
		*target = tk_xml_att(att, "Target");
	struct tk_rel *rel;

	if (strcmp(name, "Relationship") || !id || !type || !target || ++r->n > ENTRY_MAX ||
	    strlen(id) > NAME_MAX_LEN || strlen(type) > NAME_MAX_LEN ||
	    strlen(target) > NAME_MAX_LEN)
		return;
	rel = tk_alloc(x->s->mem, sizeof(*rel));
	type = strrchr(type, '/') ? strrchr(type, '/') + 1 : type;
	*rel = (struct tk_rel){ tk_strdup(x->s->mem, id), tk_strdup(x->s->mem, type),
		tk_strdup(x->s->mem, target), r->first };
	r->first = rel;
}

/* Runs a whole small part; a missing one is as an empty one when found is given. */
static enum tk_rc run_part(struct tk_sheet *s, const char *part, struct tk_xml_fn fn, void *ctx,
			   bool *found, struct tk_err *e)
{
	struct tk_xml x;
	enum tk_rc rc = tk_xml_open(&x, s, part, fn, ctx, found, e);

	if (rc == TK_OK && x.parser)
		rc = tk_xml_run(&x, e);
	tk_xml_close(&x);
	return rc;
}

static const struct tk_rel *rel_by_type(const struct rels *r, const char *type)
{
	for (const struct tk_rel *p = r->first; p; p = p->next)
		if (!strcmp(p->type, type))
			return p;
	return NULL;
}

/* The workbook part: sheets with their relation ids, and the date system. */
struct wb { struct { const char *name, *rid; bool hidden; } *sheet; size_t n; };

static void wb_start(struct tk_xml *x, const char *name, const char **att)
{
	struct wb *wb = x->ctx;
	const char *title = tk_xml_att(att, "name"), *state = tk_xml_att(att, "state"), *rid = NULL;

	if (!strcmp(name, "workbookPr"))
		x->s->book->date1904 = tk_xml_flag(att, "date1904");
	if (strcmp(name, "sheet") || !title || wb->n == SHEET_MAX)
		return;
	for (const char **p = att; *p; p += 2)
		if (strchr(*p, ':') && !strcmp(tk_xml_local(*p), "id"))
			rid = p[1];
	/* Excel allows 31 */
	wb->sheet[wb->n].name = tk_utf8_head(x->s->mem, title, 40);
	wb->sheet[wb->n].rid = tk_utf8_head(x->s->mem, rid ? rid : "", 100);
	wb->sheet[wb->n++].hidden = state && strcmp(state, "visible");
}

static enum tk_rc read_workbook(struct tk_sheet *s, const char *part, struct tk_err *e)
{
	struct tk_book *b = s->book;
	struct rels rels = { 0 };
	struct wb wb = { .sheet = tk_alloc_n(s->mem, SHEET_MAX, sizeof(*wb.sheet)) };
	const char *slash = strrchr(part, '/');
	const struct tk_rel *r;
	bool found;
	enum tk_rc rc;

	rc = run_part(s, part, (struct tk_xml_fn){ .start = wb_start }, &wb, NULL, e);
	if (rc == TK_OK)
		rc = run_part(s, tk_sprintf(s->mem, "%.*s_rels/%s.rels",
			slash ? (int)(slash - part + 1) : 0, part, slash ? slash + 1 : part),
			(struct tk_xml_fn){ .start = rel_start }, &rels, &found, e);
	if (rc != TK_OK)
		return rc;
	s->name = tk_alloc_n(s->mem, wb.n, sizeof(*s->name));
	b->part = tk_alloc_n(s->mem, wb.n, sizeof(*b->part));
	for (size_t i = 0; i < wb.n; i++) {
		for (r = rels.first; r && strcmp(r->id, wb.sheet[i].rid); r = r->next)
			;
		/* chart and dialog sheets hold no rows */
		if (!r || strcmp(r->type, "worksheet"))
			continue;
		s->name[s->nname] = (struct tk_sheet_name){ wb.sheet[i].name, wb.sheet[i].hidden };
		b->part[s->nname++] = resolve(s->mem, part, r->target);
	}
	if ((r = rel_by_type(&rels, "styles")))
		b->styles = resolve(s->mem, part, r->target);
	if ((r = rel_by_type(&rels, "sharedStrings")))
		b->shared = resolve(s->mem, part, r->target);
	if (s->nname == 0)
		return tk_fail(e, TK_ETYPE, "", N_("The workbook %s has no sheet with rows."),
			       s->filename);
	return TK_OK;
}

static enum tk_rc refuse_zip(struct tk_sheet *s, const char *target, struct tk_err *e)
{
	zip_t *z = s->book->zip;

	if (target && strstr(target, ".bin"))
		return tk_fail(e, TK_ETYPE, "",
			       N_("The file %s is a binary Excel workbook (.xlsb). Save "
				  "it as .xlsx."),
			       s->filename);
	if (zip_name_locate(z, "word/document.xml", 0) >= 0)
		return tk_fail(e, TK_ETYPE, "",
			       N_("The file %s is a Word document. Send the table as "
				  ".xlsx or CSV."),
			       s->filename);
	if (zip_name_locate(z, "ppt/presentation.xml", 0) >= 0)
		return tk_fail(e, TK_ETYPE, "",
			       N_("The file %s is a presentation. Send the table as "
				  ".xlsx or CSV."),
			       s->filename);
	if (zip_name_locate(z, "mimetype", 0) >= 0 && zip_name_locate(z, "content.xml", 0) >= 0)
		return tk_fail(e, TK_ETYPE, "",
			       N_("The file %s is an OpenDocument file (.ods). Save it as "
				  ".xlsx or CSV."),
			       s->filename);
	return tk_fail(e, TK_ETYPE, "",
		       N_("The file %s is a ZIP archive and no workbook. Unpack it "
			  "and send the workbook itself."),
		       s->filename);
}

/* What the archive's directory declares is tested before anything is unpacked. */
static enum tk_rc check_directory(struct tk_sheet *s, struct tk_err *e)
{
	zip_int64_t n = zip_get_num_entries(s->book->zip, 0);
	uint64_t sum = 0;
	zip_stat_t st;

	for (zip_int64_t i = 0; i < n && n <= ENTRY_MAX && sum <= s->opt.max_unpacked; i++)
		if (!zip_stat_index(s->book->zip, (zip_uint64_t)i, 0, &st))
			sum = st.size > s->opt.max_unpacked ? st.size : sum + st.size;
	if (n > ENTRY_MAX || sum > s->opt.max_unpacked)
		return tk_fail(e, TK_ETOOBIG, "",
			       N_("The workbook %s would unpack to more than %llu MB "
				  "or 10,000 parts and is refused. Split it, or send it as CSV."),
			       s->filename, (unsigned long long)(s->opt.max_unpacked >> 20));
	return TK_OK;
}

enum tk_rc tk_book_open(struct tk_sheet *s, struct tk_err *e)
{
	struct rels top = { 0 };
	const struct tk_rel *r;
	const char *target;
	zip_source_t *src;
	zip_error_t ze;
	bool found;
	enum tk_rc rc;

	s->book = tk_xcalloc(1, sizeof(*s->book));
	s->book->str.text = TK_BUF(s->opt.max_strings);
	zip_error_init(&ze);
	src = zip_source_buffer_create(s->data, s->n, 0, &ze);
	s->book->zip = src ? zip_open_from_source(src, ZIP_RDONLY, &ze) : NULL;
	zip_error_fini(&ze);
	if (!s->book->zip) {
		zip_source_free(src);
		return tk_fail(e, TK_ETYPE, "",
			       N_("The workbook %s is damaged or cut short. Open it in "
				  "Excel, save it and send it again."),
			       s->filename);
	}
	rc = check_directory(s, e);
	if (rc == TK_OK)
		rc = run_part(s, "_rels/.rels", (struct tk_xml_fn){ .start = rel_start }, &top,
			      &found, e);
	if (rc != TK_OK)
		return rc;
	r = rel_by_type(&top, "officeDocument");
	target = r ? resolve(s->mem, "", r->target) : "xl/workbook.xml";
	if (strstr(target, ".bin") || strstr(target, "word/") || strstr(target, "ppt/") ||
	    zip_name_locate(s->book->zip, target, ZIP_FL_NOCASE) < 0)
		return refuse_zip(s, target, e);
	return read_workbook(s, target, e);
}

/* Shared strings: one text after the other in one buffer, each ended by a NUL.  Phonetic runs (rPh)
 * belong to the reading, not to the text.  A damaged table can hold si within si, or text outside
 * of any: the outermost si is the one that is counted, and text outside belongs to no string. */
struct str_ctx { bool collect; int depth, phonetic; size_t from; };

static void str_start(struct tk_xml *x, const char *name, const char **att)
{
	struct str_ctx *c = x->ctx;
	struct tk_strings *t = &x->s->book->str;

	(void)att;
	if (!strcmp(name, "si")) {
		if (c->depth++ > 0)
			return;
		c->from = t->text.len;
		c->phonetic = 0;
	} else if (!strcmp(name, "rPh")) {
		c->phonetic++;
	} else if (!strcmp(name, "t")) {
		c->collect = c->depth > 0 && c->phonetic == 0;
	}
}

static void str_end(struct tk_xml *x, const char *name)
{
	struct str_ctx *c = x->ctx;
	struct tk_strings *t = &x->s->book->str;

	if (!strcmp(name, "t")) {
		c->collect = false;
	} else if (!strcmp(name, "rPh")) {
		c->phonetic--;
	} else if (!strcmp(name, "si") && --c->depth == 0) {
		if (t->text.len > c->from)
			t->text.len =
				c->from + tk_unescape(t->text.p + c->from, t->text.len - c->from);
		tk_buf_chr(&t->text, '\0');
		if (t->n == t->cap) {
			t->cap = t->cap ? t->cap * 2 : 1024;
			t->off = tk_xrealloc(t->off, t->cap * sizeof(*t->off));
		}
		t->off[t->n++] = c->from;
		if (t->text.bad || t->cap * sizeof(*t->off) > x->s->opt.max_strings)
			tk_xml_stop(x, tk_fail(x->e, TK_ETOOBIG, "",
					       N_("The workbook %s holds more text "
						  "than %zu MB. Split it, or send it as CSV."),
					       x->s->filename, x->s->opt.max_strings >> 20));
	}
}

static void str_text(struct tk_xml *x, const char *s, size_t n)
{
	struct str_ctx *c = x->ctx;
	struct tk_strings *t = &x->s->book->str;

	if (!c->collect)
		return;
	tk_buf_add(&t->text, s, n);
	if (t->text.len - c->from > TK_RAW_TEXT_MAX)
		tk_xml_stop(x, tk_fail(x->e, TK_ETOOBIG, "",
				       N_("A text of the workbook %s has more than "
					  "32,767 characters."),
				       x->s->filename));
}

/* Styles: which of the cell formats (cellXfs) show a date. */
struct sty_ctx { bool in_xfs; struct { int64_t id; bool date; } *fmt; size_t nfmt; };

static void sty_start(struct tk_xml *x, const char *name, const char **att)
{
	struct sty_ctx *c = x->ctx;
	struct tk_book *b = x->s->book;
	const char *id = tk_xml_att(att, "numFmtId"), *code = tk_xml_att(att, "formatCode");
	int64_t n = id ? strtoll(id, NULL, 10) : 0;

	if (!strcmp(name, "cellXfs")) {
		c->in_xfs = true;
	} else if (!strcmp(name, "numFmt") && code && c->nfmt < FMT_MAX) {
		c->fmt[c->nfmt].id = n;
		c->fmt[c->nfmt++].date = tk_format_is_date(code);
	} else if (!strcmp(name, "xf") && c->in_xfs && b->nxf < XF_MAX) {
		b->xf_date[b->nxf] = tk_format_id_is_date(n);
		for (size_t i = 0; i < c->nfmt; i++)
			if (c->fmt[i].id == n)
				b->xf_date[b->nxf] = c->fmt[i].date;
		b->nxf++;
	}
}

static void sty_end(struct tk_xml *x, const char *name)
{
	struct sty_ctx *c = x->ctx;

	if (!strcmp(name, "cellXfs"))
		c->in_xfs = false;
}

enum tk_rc tk_book_load(struct tk_sheet *s, struct tk_err *e)
{
	struct tk_book *b = s->book;
	struct str_ctx sc = { 0 };
	struct sty_ctx st = { 0 };
	bool found;
	enum tk_rc rc = TK_OK;

	if (b->str.loaded)
		return TK_OK;
	if (b->styles) {
		st.fmt = tk_alloc_n(s->tmp, FMT_MAX, sizeof(*st.fmt));
		b->xf_date = tk_alloc_n(s->mem, XF_MAX, sizeof(*b->xf_date));
		b->nxf = 0;
		rc = run_part(s, b->styles, (struct tk_xml_fn){ sty_start, sty_end, NULL }, &st,
			      &found, e);
	}
	if (rc == TK_OK && b->shared)
		rc = run_part(s, b->shared, (struct tk_xml_fn){ str_start, str_end, str_text }, &sc,
			&found, e);
	b->str.loaded = rc == TK_OK;
	return rc;
}

static bool named(const char *part, const char *word)
{
	size_t n = strlen(word);

	while (*part && strncasecmp(part, word, n) != 0)
		part++;
	return *part;
}

/* Told by the parts that the programs write, whatever the name of the file says. */
unsigned tk_book_brings(const struct tk_sheet *s)
{
	zip_int64_t n = zip_get_num_entries(s->book->zip, 0);
	unsigned found = 0;

	for (zip_int64_t i = 0; i < n; i++) {
		const char *part = zip_get_name(s->book->zip, (zip_uint64_t)i, 0);

		if (!part)
			continue;
		if (named(part, "vbaProject") || named(part, "/macrosheets/") ||
		    named(part, "/activeX/"))
			found |= TK_SHEET_MACROS;
		if (named(part, "/externalLinks/") || named(part, "/connections.xml"))
			found |= TK_SHEET_LINKS;
	}
	return found;
}

void tk_book_close(struct tk_sheet *s)
{
	struct tk_book *b = s->book;

	if (!b)
		return;
	tk_xlsx_close(b->ws);
	tk_buf_drop(&b->str.text);
	free(b->str.off);
	if (b->zip)
		zip_discard(b->zip);
	free(b);
	s->book = NULL;
}
