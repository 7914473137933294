/* table_figure.h - inside table_*.c: what the figures of a declared table are counted over.
 *
 * A survey job holds one campaign read-locked while its figures are counted; everything that stays
 * is copied into op->mem. */
#pragma once
#include "table/item_map.h"
#include "table/survey_table.h"
#include "table/table_int.h"

/* One figure to be counted. */
struct tk_want {
	const char *code, *label;
	int item;		  /* of the form; -1: none */
	const struct tk_filter *people; /* NULL: all that the table is about */
	const char *base;	  /* condition; NULL or "": computed */
	const char *words;	  /* of the base, in the language; NULL: made from the condition */
	const char *filter;	  /* of its series */
};

struct tk_matched {
	int64_t *id; /* of respondents, in order */
	size_t n;
};
/* What an earlier survey had in the place of a cell. */
struct tk_was {
	bool some;
	int64_t count, base, share; /* count -1: not known */
};

struct tk_survey_job {
	struct tk_table_job *j;
	const struct tk_op *op;
	enum tk_lang lang;
	struct survey_table def;
	const struct survey_series *series;
	size_t nseries;
	const char *by; /* asked for, else of the definition; NULL: none */
	struct tk_live *l;
	struct tk_side *side;
	struct tk_filter *all; /* whom the table is about; NULL: everybody */
	struct tk_want *want;
	struct tk_filter **people, **base; /* of each figure */
	size_t nwant;
	bool parts;
	/* what the table gets */
	struct tk_figure *figure;
	struct tk_option *option;
	size_t noption;
	bool multi, whole;
	bool weighted, intervals; /* asked for */
	struct tk_beyond {
		const char *share, *low, *high; /* percent as printed; NULL: there is none */
	} *beyond;			/* [figure * noption + option] */
	const struct tk_matched *matched; /* NULL: everybody */
	/* comparing with an earlier survey: counted figures, or published ones */
	bool comparing;
	struct tk_survey_job *before;
	const struct tk_published *published;
	size_t npublished;
	const char *before_title, *before_base;
	/* of the job that counts the earlier survey: items are named as in the later version */
	const struct tk_form *later;
	const struct tk_item_link *link;
	struct tk_survey_job *notes; /* whose table gets the notes */
};
/* From s->def to s->figure with their shares; s->l is held. */
enum tk_rc tk_survey_count(struct tk_survey_job *s) TK_MUST_USE;

/* Groups of people, in print order, with a code and a label in the language. */
struct tk_slice {
	const char *code, *label;
	struct tk_filter *people;
};
/* by: sector prefecture attribute:NAME bureau division post.  TK_EINVAL: not with this campaign. */
enum tk_rc tk_slices(
	struct tk_survey_job *s, const char *by, struct tk_slice **ret, size_t *ret_n) TK_MUST_USE;

/* s->want into s->figure, s->base and s->option. */
enum tk_rc tk_figures_count(struct tk_survey_job *s) TK_MUST_USE;
/* Who chose each of n options. */
void tk_figure_chosen(
	struct tk_figure *f, const struct tk_members *who, size_t n, struct tk_arena *a);
/* The options of a table of coded answers and their counts (table_coded.c). */
enum tk_rc tk_figures_coded(struct tk_survey_job *s) TK_MUST_USE;
/* The code of the planes that option k of figure w counts; UINT32_MAX: none. */
unsigned tk_figure_code(const struct tk_survey_job *s, size_t w, size_t k);
/* Shares of every figure by the rounding rule of the table. */
enum tk_rc tk_figures_round(struct tk_survey_job *s) TK_MUST_USE;
/* Weighted shares and intervals, where they are asked for. */
enum tk_rc tk_figures_beyond(struct tk_survey_job *s) TK_MUST_USE;

/* The base of a figure in words; the item's condition and its sections' where no base is given. */
const char *tk_base_words(struct tk_survey_job *s, const struct tk_want *w);
/* A condition in words, to stand before the word for respondents (Japanese) or behind it. */
const char *tk_condition_words(struct tk_survey_job *s, const struct tk_expr *x);

/* The base of all figures in one sentence. */
const char *tk_figures_base(struct tk_survey_job *s);

/* An earlier survey, if one is asked for (table_before.c); before s->l is taken. */
enum tk_rc tk_before_take(struct tk_survey_job *s) TK_MUST_USE;
struct tk_was tk_before_of(const struct tk_survey_job *s, const char *figure, const char *option);
int tk_before_item(struct tk_survey_job *b, const char *code);
bool tk_before_condition(struct tk_survey_job *b, const char *text);

/* Columns and rows of the table, from its figures. */
void tk_table_long(struct tk_survey_job *s);
void tk_table_wide(struct tk_survey_job *s);
/* The base of a table in words, from its figures. */
void tk_table_bases(struct tk_table *t, struct tk_arena *a);
void tk_table_free(struct tk_survey_job *s); /* rows are there already: only bases and notes */
enum tk_rc tk_table_numbers(struct tk_survey_job *s) TK_MUST_USE;
enum tk_rc tk_table_panel(struct tk_survey_job *s) TK_MUST_USE;
