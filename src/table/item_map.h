/* item_map.h - which question of one version of a questionnaire is which of another.
 *
 * Without a record, questions meet by their code: `same` where text and choices are equal,
 * `reworded` where only texts differ; with other choices they are not comparable.  A record says
 * otherwise, as for a question that was split or got a new code.  Only `same` and `reworded` are
 * compared. */
#pragma once
#include "form/form.h"

struct item_map {
	struct tk_rec rec;
	int64_t from_version_id;
	const char *from_item; /* NULL: it is new */
	int64_t to_version_id;
	const char *to_item; /* NULL: it is retired */
	const char *kind;    /* same reworded split merged new retired */
	const char *note;
};
extern const struct tk_rtype tk_item_map_type;

struct tk_item_link {
	int from;	  /* item of the earlier version; -1: not comparable */
	const char *kind; /* as above, or "choices" where the choices differ */
};
/* *ret has one for each item of `to`. */
enum tk_rc tk_item_links(const struct tk_op *op, const struct tk_form *from,
	const struct tk_form *to, const struct tk_item_link **ret) TK_MUST_USE;
/* Why it is compared or not, for people. */
const char *tk_item_link_label(enum tk_lang lang, const char *kind);
