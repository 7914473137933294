/* log.h - one line an event on standard error, JSON or plain, no secrets, no answers.  Any thread.
 */
#pragma once
#include "base/err.h"
enum tk_level { TK_LOG_ERROR, TK_LOG_WARN, TK_LOG_INFO, TK_LOG_DEBUG };
void tk_log_level(enum tk_level l);
void tk_log(enum tk_level l, const char *fmt, ...) TK_PRINTF(2, 3);
void tk_log_err(enum tk_level l, const char *what, const struct tk_err *e);
