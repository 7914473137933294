/* table_picture.h - inside table_*.c: charts of declared tables. */
#pragma once
#include "chart/chart.h"
#include "table/table_int.h"

enum tk_rc tk_picture_declared(const struct tk_table *t, struct tk_arena *a, bool png,
	struct tk_buf *out, struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_picture_write(const struct tk_chart *c, struct tk_arena *a, bool png,
	struct tk_buf *out, struct tk_err *e) TK_MUST_USE;
