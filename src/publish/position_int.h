/* position_int.h - inside position*.c: a sheet on its way from counts to a page. */
#pragma once
#include "publish/disclose.h"
#include "publish/position.h"
#include "stat/quantile.h"
#include "survey/live.h"
#include "survey/response.h"
#include "table/decimal.h"
#include "table/table_int.h"

enum { SECTOR, ALL, NSTRATUM };
/* x, … or a figure */
enum tk_position_show { TK_POSITION_FEW, TK_POSITION_OUT, TK_POSITION_SHOWN };

struct tk_position_cell {
	int64_t n;
	uint8_t show;           /* enum tk_position_show */
	uint32_t cell;          /* of the guard */
};
struct tk_position_spread {
	uint8_t show;
	struct tk_frac q1, median, q3;
};
struct tk_position_item {
	const struct tk_item *item;
	size_t at;              /* in the form */
	const struct tk_ans *own;
	struct tk_position_cell base[NSTRATUM];
	int64_t others[NSTRATUM];       /* of the base */
	/* choices, then "don't know" where that is part of the base */
	struct tk_position_cell (*option)[NSTRATUM];
	size_t noption;
	/* of a number, and of how many measures are taken */
	bool spread, own_known;
	int64_t own_value;
	int scale;
	struct tk_position_spread quarter[NSTRATUM];
};
struct tk_position {
	const struct tk_positions *ps;
	const struct tk_response *r;
	const char *institution, *code;
	uint32_t person, sector;        /* index and slot in the plane */
	int64_t answered[NSTRATUM];
	bool shown[NSTRATUM];
	struct tk_position_item *item;
	size_t nitem;
};

struct tk_positions {
	struct tk_who program;
	struct campaign c;
	struct publication p;
	struct tk_disclosure d;
	struct tk_live *l;
	struct tk_side *side;           /* NULL until a number is looked at */
	const uint64_t *measure;        /* by item: its choices that are measures; 0: none */
	int64_t min_cell;
};

/* Filters of a sheet: everybody but the reader, the sector; NULL in a list is everybody. */
struct tk_position_people { struct tk_filter *others, *sector; };
/* Everybody who is in all of these. */
enum tk_rc tk_position_cut(const struct tk_op *op, const struct tk_positions *ps,
			   const struct tk_filter *f, const struct tk_filter *g,
			   const struct tk_filter *h, struct tk_filter **ret) TK_MUST_USE;
/* Who was asked the item and answered it. */
enum tk_rc tk_position_base(const struct tk_op *op, const struct tk_positions *ps, size_t item,
			    struct tk_filter **ret) TK_MUST_USE;

/* Counts every item of the sheet and says what of it is shown (position_guard.c). */
enum tk_rc tk_position_guard(const struct tk_op *op, struct tk_position *s) TK_MUST_USE;
/* Quartiles of numbers and of measures taken (position_spread.c). */
enum tk_rc tk_position_spreads(const struct tk_op *op, struct tk_position *s) TK_MUST_USE;
/* By item of the form, for tk_positions.measure. */
const uint64_t *tk_position_measures(const struct tk_form *f, struct tk_arena *a);

/* Counts, guard and quartiles of one sheet. */
enum tk_rc tk_position_make(const struct tk_op *op, struct tk_positions *ps, int64_t respondent_id,
			    enum tk_lang lang, struct tk_position *ret) TK_MUST_USE;
/* A quartile as it is printed: two significant digits; a count of measures (scale 0) in halves. */
const char *tk_position_print(struct tk_arena *a, struct tk_frac v, int scale, bool count);
enum tk_rc tk_position_html(const struct tk_op *op, const struct tk_position *s, enum tk_lang lang,
			    struct tk_buf *out) TK_MUST_USE;
