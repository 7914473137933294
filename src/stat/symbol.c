#include "stat/symbol.h"

static const struct {
	const char *text, *note, *obs;
} symbol[TK_SYM_MAX] = {
	[TK_SYM_VALUE] = { "", "", "A" },
	[TK_SYM_CAUTION] = { "*", N_("\"*\": the base is 1 to 9; use the figure with caution."),
			     "U" },
	[TK_SYM_SUPPRESSED] = { "x", N_("\"x\": not published, so that no single answer can be "
					"known or computed."),
				"Q" },
	[TK_SYM_NONE] = { "-", N_("\"-\": nobody."), "A" },
	[TK_SYM_LESS] = { "0", N_("\"0\" or \"0.0\": less than half the unit."), "A" },
	[TK_SYM_UNKNOWN] = { "…", N_("\"…\": unknown, or nobody was asked."), "L" },
};

const char *tk_symbol_text(enum tk_symbol s, int decimals)
{
	static const char *const less[] = { "0",      "0.0",	 "0.00",    "0.000",
					    "0.0000", "0.00000", "0.000000" };

	if (s == TK_SYM_LESS && decimals > 0)
		return less[decimals < (int)TK_LEN(less) ? decimals : (int)TK_LEN(less) - 1];
	return symbol[s].text;
}

const char *tk_symbol_note(enum tk_symbol s)
{
	return symbol[s].note;
}

const char *tk_symbol_obs_status(enum tk_symbol s)
{
	return symbol[s].obs;
}

const char *tk_conf_status(enum tk_cell_status s, bool internal)
{
	switch (s) {
	case TK_CELL_ST_PRIMARY:
		return "C";
	case TK_CELL_ST_COMPLEMENTARY:
		return internal ? "D" : "C";
	case TK_CELL_ST_HIDDEN:
		return internal ? "N" : "C";
	default:
		return "F";
	}
}

enum tk_symbol tk_symbol_of_share(int64_t num, int64_t den, int decimals,
				  enum tk_cell_status status)
{
	int64_t unit = 200;

	if (status != TK_CELL_ST_PRINTED)
		return TK_SYM_SUPPRESSED;
	if (den <= 0 || num < 0)
		return TK_SYM_UNKNOWN;
	if (num == 0)
		return TK_SYM_NONE;
	/* num / den is less than half of 1 / (100 * 10^decimals) */
	for (int i = 0; i < decimals && i < 6; i++)
		unit *= 10;
	if (num < (den + unit - 1) / unit)
		return TK_SYM_LESS;
	return den < 10 ? TK_SYM_CAUTION : TK_SYM_VALUE;
}
