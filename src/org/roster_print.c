/* roster_print.c - the report of an import as JSON and for the terminal. */
#include <inttypes.h>
#include "org/roster_in.h"

static void new_units(struct tk_json *j, const struct tk_roster *r)
{
	tk_json_key(j, "new_bureaus");
	tk_json_arr(j);
	for (size_t i = 0; i < r->nbureau; i++)
		if (r->bureau[i].is_new)
			tk_json_str(j, r->bureau[i].name);
	tk_json_end_arr(j);
	tk_json_key(j, "new_divisions");
	tk_json_arr(j);
	for (size_t i = 0; i < r->ndivision; i++)
		if (r->division[i].is_new && !r->division[i].dropped)
			tk_json_str(j, tk_sprintf(r->tmp, "%s %s",
						  r->bureau[r->division[i].bureau].name,
						  r->division[i].name));
	tk_json_end_arr(j);
	tk_json_key(j, "new_posts");
	tk_json_arr(j);
	for (size_t i = 0; i < r->npost; i++)
		if (r->post[i].is_new)
			tk_json_str(j, r->post[i].name);
	tk_json_end_arr(j);
}

void tk_roster_json(struct tk_json *j, const struct tk_roster *r)
{
	tk_json_obj(j);
	tk_report_members(j, r->report);
	new_units(j, r);
	tk_json_key(j, "unused_sheets");
	tk_json_arr(j);
	for (size_t i = 0; i < r->nunused; i++)
		tk_json_str(j, r->unused_sheet[i]);
	tk_json_end_arr(j);
	tk_json_kstr(j, "base_date", r->base_date);
	tk_json_end_obj(j);
	tk_arena_reset(r->tmp);
}

static void print_units(const struct tk_roster *r, FILE *f, enum tk_lang lang)
{
	if (r->report->sheet)
		fprintf(f, "%s: %s\n%s: %" PRIu32 "\n", tk_tr(lang, N_("sheet")), r->report->sheet,
			tk_tr(lang, N_("header row")), r->report->header_row);
	for (size_t i = 0; i < r->nunused; i++)
		fprintf(f, "%s: %s\n", tk_tr(lang, N_("sheet not used")), r->unused_sheet[i]);
	for (size_t i = 0; i < r->nbureau; i++)
		if (r->bureau[i].is_new)
			fprintf(f, "%s: %s\n", tk_tr(lang, N_("new bureau")), r->bureau[i].name);
	for (size_t i = 0; i < r->ndivision; i++)
		if (r->division[i].is_new && !r->division[i].dropped)
			fprintf(f, "%s: %s %s\n", tk_tr(lang, N_("new division")),
				r->bureau[r->division[i].bureau].name, r->division[i].name);
	for (size_t i = 0; i < r->npost; i++)
		if (r->post[i].is_new)
			fprintf(f, "%s: %s\n", tk_tr(lang, N_("new post")), r->post[i].name);
}

/* Who changes and who ends is what a person wants to see before saying yes; additions are counted.
 */
static void print_people(const struct tk_report *r, FILE *f, enum tk_lang lang)
{
	for (size_t i = 0; i < r->nentry[TK_REP_CHANGED]; i++) {
		const struct tk_report_entry *x = &r->entry[TK_REP_CHANGED][i];

		fprintf(f, "  %s  %s %s", tk_tr(lang, N_("changed")), x->pair[0].value,
			x->pair[1].value);
		for (size_t k = 0; k < x->nchange; k++)
			fprintf(f, "; %s: %s → %s", x->change[k].label,
				x->change[k].from ? x->change[k].from : "",
				x->change[k].to ? x->change[k].to : "");
		fputc('\n', f);
	}
	for (size_t i = 0; i < r->nentry[TK_REP_ENDED]; i++) {
		const struct tk_report_entry *x = &r->entry[TK_REP_ENDED][i];

		fprintf(f, "  %s  %s %s  %s\n", tk_tr(lang, N_("ended")), x->pair[0].value,
			x->pair[1].value, x->pair[2].value);
	}
}

enum tk_rc tk_roster_print(const struct tk_roster *r, FILE *f, enum tk_print_format format,
			   enum tk_lang lang, struct tk_err *e)
{
	struct tk_buf b = TK_BUF(16 << 20);
	struct tk_json j = TK_JSON(&b);
	enum tk_rc rc = TK_OK;

	if (format == TK_PRINT_TABLE) {
		print_units(r, f, lang);
		print_people(r->report, f, lang);
	}
	if (format != TK_PRINT_JSON)
		return tk_report_print(r->report, f, format, lang, e);
	tk_roster_json(&j, r);
	if (b.bad)
		rc = tk_fail(e, TK_ETOOBIG, NULL, N_("The report is too large."));
	else
		fprintf(f, "%s\n", tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return rc;
}
