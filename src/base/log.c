#include <stdio.h>
#include "base/clock.h"
#include "base/log.h"

static enum tk_level max_level = TK_LOG_INFO;
static const char *const name[] = { "error", "warn", "info", "debug" };

void tk_log_level(enum tk_level l)
{
	max_level = l;
}

void tk_log(enum tk_level l, const char *fmt, ...)
{
	char line[1024], when[21];
	va_list ap;

	if (l > max_level)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 32)     /* one event, one line */
			*p = ' ';
	tk_time_rfc3339(tk_now(), when);
	fprintf(stderr, "%s %s %s\n", when, name[l], line);
}

void tk_log_err(enum tk_level l, const char *what, const struct tk_err *e)
{
	tk_log(l, "%s: %s %s%s%s (%s)", what, tk_rc_slug(e->rc), e->field, e->field[0] ? ": " : "",
	       e->msg, e->where ? e->where : "");
}
