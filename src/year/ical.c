/* ical.c - the calendar as an iCalendar file (RFC 5545), and the secret address of a person's. */
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "record/trail.h"
#include "year/year_in.h"

enum { LINE = 75 };

static void escaped(struct tk_buf *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '\n')
			tk_buf_str(b, "\\n");
		else if (*s == '\\' || *s == ';' || *s == ',') {
			tk_buf_chr(b, '\\');
			tk_buf_chr(b, *s);
		} else if ((unsigned char)*s >= 0x20 || *s == '\t') {
			tk_buf_chr(b, *s);      /* control characters may not stand in a text */
		}
	}
}

/* Bytes of a character by its first byte. */
static size_t length(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

void tk_ics_line(struct tk_buf *out, const char *name, const char *value, bool text)
{
	struct tk_buf b = TK_BUF(1 << 20);
	size_t column = 0;
	const char *p;

	tk_buf_fmt(&b, "%s:", name);
	if (text)
		escaped(&b, value);
	else
		tk_buf_str(&b, value);
	for (p = tk_buf_cstr(&b); *p;) {
		size_t n = strnlen(p, length((unsigned char)*p));

		if (column + n > LINE) {
			tk_buf_str(out, "\r\n ");
			column = 1;             /* the blank belongs to the line */
		}
		tk_buf_add(out, p, n);
		column += n;
		p += n;
	}
	tk_buf_str(out, "\r\n");
	tk_buf_drop(&b);
}

struct feed {
	const struct tk_op *op;
	struct tk_buf *out;
	const char *base, *stamp;
	struct tk_buf seen;             /* digests of the entries so far, one after the other */
};

/* The same entry has the same UID whenever the file is made, also when its day has moved: it is
 * known by its kind and page.  Several days of one page are told apart by their order. */
static const char *uid(struct feed *f, const struct tk_date_item *d)
{
	char hex[TK_SHA256_HEX];
	const char *key = tk_sprintf(f->op->mem, "%s %s", d->kind, d->href ? d->href : d->title);
	unsigned n = 0;

	tk_sha256_hex(key, strlen(key), hex);
	hex[32] = '\0';
	for (const char *p = tk_buf_cstr(&f->seen); (p = strstr(p, hex)); p += 32)
		n++;
	tk_buf_fmt(&f->seen, "%s ", hex);
	return n ? tk_sprintf(f->op->mem, "%s-%u@tenken", hex, n + 1)
		 : tk_sprintf(f->op->mem, "%s@tenken", hex);
}

static const char *plain_day(const struct feed *f, const char *iso, int more)
{
	struct tk_date d;

	if (!tk_date_from_iso(iso, &d))
		return NULL;
	d = tk_date_of_days(tk_date_days(d) + more);
	return tk_sprintf(f->op->mem, "%04d%02d%02d", d.y, d.m, d.d);
}

static void entry(void *ctx, const struct tk_date_item *d)
{
	struct feed *f = ctx;
	const char *last = d->to && strcmp(d->to, d->from) > 0 ? d->to : d->from;
	const char *from = plain_day(f, d->from, 0), *end = plain_day(f, last, 1);

	if (!from || !end)
		return;
	tk_buf_str(f->out, "BEGIN:VEVENT\r\n");
	tk_ics_line(f->out, "UID", uid(f, d), false);
	tk_ics_line(f->out, "DTSTAMP", f->stamp, false);
	tk_ics_line(f->out, "DTSTART;VALUE=DATE", from, false);
	tk_ics_line(f->out, "DTEND;VALUE=DATE", end, false);    /* the day after the last */
	tk_ics_line(f->out, "SUMMARY", d->title, true);
	if (f->base[0] && d->href)
		tk_ics_line(f->out, "URL", tk_sprintf(f->op->mem, "%s/%s", f->base, d->href),
			    false);
	tk_ics_line(f->out, "TRANSP", "TRANSPARENT", false);
	tk_buf_str(f->out, "END:VEVENT\r\n");
}

enum tk_rc tk_calendar_ics(const struct tk_op *op, const char *from, const char *to,
			   const char *base, struct tk_buf *out)
{
	struct feed f = { .op = op, .out = out, .base = base, .seen = TK_BUF(4 << 20) };
	char iso[21];
	enum tk_rc rc;

	tk_time_rfc3339(tk_now(), iso);         /* 2026-11-24T03:04:05Z */
	f.stamp = tk_sprintf(op->mem, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", iso, iso + 5, iso + 8, iso + 11,
			     iso + 14, iso + 17);
	tk_buf_str(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tenken//Calendar//JA\r\n"
			"CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n");
	tk_ics_line(out, "X-WR-CALNAME", tk_tr(op->who->lang, N_("Information security (Tenken)")),
		    true);
	rc = tk_calendar_each(op, from, to, entry, &f);
	tk_buf_drop(&f.seen);
	tk_buf_str(out, "END:VCALENDAR\r\n");
	return rc;
}

/* -- the address ------------------------------------------------------------------------------- */
enum tk_rc tk_calendar_link_end(const struct tk_op *op)
{
	enum tk_rc rc = tk_db_exec(op->db, op->e, "DELETE FROM calendar_link WHERE account_id = $1",
				   TK_I(op->who->account_id));

	if (rc == TK_OK && tk_db_changes(op->db))
		rc = tk_trail_add(op, "calendar_link_end", "account", op->who->account_id, NULL);
	return rc;
}

enum tk_rc tk_calendar_link_new(const struct tk_op *op, const char **ret)
{
	char digest[TK_SHA256_HEX];
	char *token = tk_token(op->mem, 32);
	enum tk_rc rc = tk_db_exec(op->db, op->e, "DELETE FROM calendar_link WHERE account_id = $1",
				   TK_I(op->who->account_id));

	tk_sha256_hex(token, strlen(token), digest);
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"INSERT INTO calendar_link(digest, account_id, created_at) "
				"VALUES($1, $2, $3)",
				TK_S(digest), TK_I(op->who->account_id), TK_I(tk_now()));
	if (rc == TK_OK)
		rc = tk_trail_add(op, "calendar_link_new", "account", op->who->account_id, NULL);
	*ret = token;
	return rc;
}

enum tk_rc tk_calendar_link_who(const struct tk_op *op, const char *token, int64_t *ret_account)
{
	char digest[TK_SHA256_HEX];
	enum tk_rc rc;

	tk_sha256_hex(token, strlen(token), digest);
	rc = tk_db_int(op->db, op->e, "SELECT account_id FROM calendar_link WHERE digest = $1",
		       TK_ARGS(TK_S(digest)), 0, ret_account);
	if (rc == TK_OK && !*ret_account)
		rc = tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such calendar."));
	return rc;
}
