#include <string.h>
#include "base/text.h"
#include "sheet/sheet_in.h"

/* A token that is longer than this is no part of an office workbook; expat would hold it whole. */
enum { CHUNK = 65536, TOKEN_MAX = 1 << 20, RATIO_FROM = 32 << 20 };

const char *tk_xml_local(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

const char *tk_xml_att(const char **att, const char *name)
{
	for (; att[0]; att += 2)
		if (!strcmp(att[0], name))
			return att[1];
	return NULL;
}

bool tk_xml_flag(const char **att, const char *name)
{
	const char *v = tk_xml_att(att, name);

	return v && (!strcmp(v, "1") || !strcmp(v, "true"));
}

static void on_start(void *u, const char *name, const char **att)
{
	struct tk_xml *x = u;

	x->event_at = x->got;
	x->fn.start(x, tk_xml_local(name), att);
}

static void on_end(void *u, const char *name)
{
	struct tk_xml *x = u;

	x->event_at = x->got;
	if (x->fn.end && x->rc == TK_OK)
		x->fn.end(x, tk_xml_local(name));
}

static void on_text(void *u, const char *s, int n)
{
	struct tk_xml *x = u;

	x->event_at = x->got;
	if (x->rc == TK_OK)
		x->fn.text(x, s, (size_t)n);
}

static void on_doctype(void *u, const char *name, const char *sys, const char *pub, int internal)
{
	struct tk_xml *x = u;

	(void)name, (void)sys, (void)pub, (void)internal;
	tk_xml_stop(x, tk_fail(x->e, TK_ETYPE, "",
			       N_("The workbook %s declares XML entities (DOCTYPE) "
				  "in its part %s. No spreadsheet program writes these; the file "
				  "is refused."),
			       x->s->filename, x->part));
}

void tk_xml_pause(struct tk_xml *x)
{
	x->paused = true;
	XML_StopParser(x->parser, XML_TRUE);
}

void tk_xml_stop(struct tk_xml *x, enum tk_rc rc)
{
	if (x->rc == TK_OK)
		x->rc = rc;
	XML_StopParser(x->parser, XML_FALSE);
}

static enum tk_rc damaged(struct tk_xml *x)
{
	return tk_fail(x->e, TK_ETYPE, "",
		       N_("The workbook %s is damaged or cut short: its part %s "
			  "cannot be read. Open it in Excel, save it and send it again."),
		       x->s->filename, x->part);
}

static enum tk_rc too_big(struct tk_xml *x)
{
	return tk_fail(x->e, TK_ETOOBIG, "",
		       N_("The workbook %s unpacks to far more than its size "
			  "(part %s) and is refused. Delete empty rows and columns, or split it."),
		       x->s->filename, x->part);
}

static bool bomb(const struct tk_xml *x, uint64_t unpacked)
{
	return unpacked > x->s->opt.max_unpacked ||
		(unpacked > RATIO_FROM && unpacked / x->s->opt.max_ratio > x->packed);
}

enum tk_rc tk_xml_open(struct tk_xml *x, struct tk_sheet *s, const char *part, struct tk_xml_fn fn,
		       void *ctx, bool *found, struct tk_err *e)
{
	zip_int64_t at = zip_name_locate(s->book->zip, part, ZIP_FL_NOCASE);
	zip_stat_t st;

	*x = (struct tk_xml){ .s = s, .fn = fn, .ctx = ctx, .e = e };
	x->part = tk_utf8_head(s->mem, part, 40);
	if (found)
		*found = at >= 0;
	if (at < 0 && found)
		return TK_OK;
	if (at < 0 || zip_stat_index(s->book->zip, (zip_uint64_t)at, 0, &st))
		return damaged(x);
	if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
		return tk_fail(e, TK_ETYPE, "",
			       N_("The workbook %s is protected by a password. Take "
				  "the password off in Excel, save it and send it again."),
			       s->filename);
	x->size = st.size;
	x->packed = st.comp_size;
	if (bomb(x, x->size))
		return too_big(x);
	x->file = zip_fopen_index(s->book->zip, (zip_uint64_t)at, 0);
	if (!x->file)
		return damaged(x);
	x->parser = XML_ParserCreate(NULL);
	if (!x->parser)
		return tk_fail(e, TK_EINTERNAL, "", N_("Out of memory."));
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_start, on_end);
	if (fn.text)
		XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	return TK_OK;
}

static enum XML_Status feed(struct tk_xml *x)
{
	void *buf = XML_GetBuffer(x->parser, CHUNK);
	zip_int64_t n = buf ? zip_fread(x->file, buf, CHUNK) : -1;

	if (n < 0) {
		x->rc = damaged(x);
		return XML_STATUS_ERROR;
	}
	x->got += (uint64_t)n;
	/* the directory of the archive may lie about the size */
	if (x->got > x->size || bomb(x, x->got)) {
		x->rc = too_big(x);
		return XML_STATUS_ERROR;
	}
	if (x->got > x->event_at + TOKEN_MAX) {
		x->rc = damaged(x);
		return XML_STATUS_ERROR;
	}
	x->last = n == 0;
	return XML_ParseBuffer(x->parser, (int)n, n == 0);
}

enum tk_rc tk_xml_run(struct tk_xml *x, struct tk_err *e)
{
	enum XML_Status st = XML_STATUS_OK;
	XML_ParsingStatus ps;

	x->e = e;
	x->paused = false;
	XML_GetParsingStatus(x->parser, &ps);
	if (ps.parsing == XML_SUSPENDED)
		st = XML_ResumeParser(x->parser);
	while (st == XML_STATUS_OK && !x->last)
		st = feed(x);
	if (st == XML_STATUS_ERROR && x->rc == TK_OK)
		x->rc = damaged(x);
	x->done = st == XML_STATUS_OK;
	return x->rc;
}

void tk_xml_close(struct tk_xml *x)
{
	if (x->parser)
		XML_ParserFree(x->parser);
	if (x->file)
		zip_fclose(x->file);
	x->parser = NULL;
	x->file = NULL;
}
