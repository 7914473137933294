#include <string.h>
#include "form/pack.h"

static const char *name_of(const struct tk_layout_item *it) { return it->name ? it->name : ""; }

unsigned tk_layout_ncode(const struct tk_layout_item *it)
{
	bool choice = it->kind == TK_Q_SINGLE || it->kind == TK_Q_MULTI;

	return TK_ANSWER_VALUE + (choice ? it->noption : 1);
}

static enum tk_rc check_item(const struct tk_layout_item *it, struct tk_err *e)
{
	unsigned max = it->kind == TK_Q_MULTI ? TK_PACK_MULTI : TK_PACK_OPTIONS;

	if ((int)it->kind < 0 || it->kind >= TK_Q_KIND_MAX)
		return tk_fail(
			e, TK_EINVAL, name_of(it), N_("The item has a kind that does not exist."));
	if (it->kind != TK_Q_SINGLE && it->kind != TK_Q_MULTI)
		return TK_OK;
	if (it->noption == 0)
		return tk_fail(e, TK_EINVAL, name_of(it),
			       N_("The item is a choice without options; give it at least one."));
	if (it->noption > max)
		return tk_fail(e, TK_EINVAL, name_of(it),
			N_("The item has %u options; at most %u are possible."), it->noption, max);
	return TK_OK;
}

enum tk_rc tk_layout_new(struct tk_arena *a, const struct tk_layout_item *item, size_t n,
			 struct tk_layout **ret, struct tk_err *e)
{
	struct tk_layout *l;
	enum tk_rc rc;

	if (n == 0 || n > TK_PACK_ITEMS)
		return tk_fail(e, TK_EINVAL, "items",
			N_("A questionnaire has 1 to %d items, this one has %zu."), TK_PACK_ITEMS,
			n);
	l = tk_alloc(a, sizeof(*l));
	l->item = tk_alloc_n(a, n, sizeof(*l->item));
	l->nitem = n;
	for (size_t i = 0; i < n; i++) {
		struct tk_layout_item *it = &l->item[i];

		if ((rc = check_item(&item[i], e)) != TK_OK)
			return rc;
		*it = item[i];
		it->name = tk_strdup(a, item[i].name);
		it->off = (uint32_t)l->size;
		it->len = it->kind == TK_Q_MULTI ? 1 + (it->noption + 7) / 8 : 1;
		l->size += it->len;
	}
	*ret = l;
	return TK_OK;
}

static uint64_t get_bits(const struct tk_layout_item *it, const uint8_t *blob)
{
	uint64_t bits = 0;

	for (uint32_t i = 1; i < it->len; i++)
		bits |= (uint64_t)blob[it->off + i] << (8 * (i - 1));
	return bits;
}

static enum tk_rc check_answer(
	const struct tk_layout_item *it, const uint8_t *blob, struct tk_err *e)
{
	unsigned code = blob[it->off];
	uint64_t bits;

	if (it->kind == TK_Q_SINGLE) {
		if (code >= tk_layout_ncode(it))
			return tk_fail(e, TK_EINVAL, name_of(it),
				N_("The stored answer has code %u, but the item's "
				   "codes end at %u."),
				code, tk_layout_ncode(it) - 1);
		return TK_OK;
	}
	if (code > TK_ANSWER_VALUE)
		return tk_fail(e, TK_EINVAL, name_of(it),
			N_("The stored answer has state %u, but states end at %d."), code,
			TK_ANSWER_VALUE);
	if (it->kind != TK_Q_MULTI)
		return TK_OK;
	bits = get_bits(it, blob);
	if (bits >> it->noption)
		return tk_fail(e, TK_EINVAL, name_of(it),
			N_("The stored answer marks an option beyond the item's %u."), it->noption);
	if ((bits != 0) != (code == TK_ANSWER_VALUE))
		return tk_fail(e, TK_EINVAL, name_of(it),
			       N_("The stored answer's options disagree with its state %u."), code);
	return TK_OK;
}

enum tk_rc tk_pack_check(const struct tk_layout *l, const uint8_t *blob, size_t n, struct tk_err *e)
{
	enum tk_rc rc;

	if (n != l->size)
		return tk_fail(e, TK_EINVAL, "answers",
			N_("The stored answers have %zu bytes; the questionnaire needs %zu."), n,
			l->size);
	for (size_t i = 0; i < l->nitem; i++)
		if ((rc = check_answer(&l->item[i], blob, e)) != TK_OK)
			return rc;
	return TK_OK;
}

enum tk_answer tk_pack_state(const struct tk_layout *l, const uint8_t *blob, size_t item)
{
	uint8_t code = blob[l->item[item].off];

	return code >= TK_ANSWER_VALUE ? TK_ANSWER_VALUE : (enum tk_answer)code;
}

int tk_pack_option(const struct tk_layout *l, const uint8_t *blob, size_t item)
{
	const struct tk_layout_item *it = &l->item[item];

	return it->kind == TK_Q_SINGLE && blob[it->off] >= TK_ANSWER_VALUE ?
	       blob[it->off] - TK_ANSWER_VALUE : -1;
}

uint64_t tk_pack_bits(const struct tk_layout *l, const uint8_t *blob, size_t item)
{
	return get_bits(&l->item[item], blob);
}

/* NULL is TK_EINVAL. */
static const struct tk_layout_item *find(const struct tk_layout *l, size_t item, struct tk_err *e)
{
	if (item < l->nitem)
		return &l->item[item];
	tk_fail(e, TK_EINVAL, "item",
		N_("The questionnaire has %zu items; there is no item number %zu."), l->nitem,
		item + 1);
	return NULL;
}

static void put(const struct tk_layout_item *it, uint8_t *blob, uint8_t code, uint64_t bits)
{
	blob[it->off] = code;
	for (uint32_t i = 1; i < it->len; i++)
		blob[it->off + i] = (uint8_t)(bits >> (8 * (i - 1)));
}

enum tk_rc tk_pack_set_state(const struct tk_layout *l, uint8_t *blob, size_t item,
			     enum tk_answer state, struct tk_err *e)
{
	const struct tk_layout_item *it = find(l, item, e);

	if (!it)
		return TK_EINVAL;
	if ((int)state < 0 || state > TK_ANSWER_VALUE)
		return tk_fail(
			e, TK_EINVAL, name_of(it), N_("There is no answer state %d."), (int)state);
	if (state == TK_ANSWER_VALUE && (it->kind == TK_Q_SINGLE || it->kind == TK_Q_MULTI))
		return tk_fail(e, TK_EINVAL, name_of(it),
			N_("The answer to a choice is one of its options, which was not given."));
	put(it, blob, (uint8_t)state, 0);
	return TK_OK;
}

enum tk_rc tk_pack_set_option(const struct tk_layout *l, uint8_t *blob, size_t item,
			      unsigned option, struct tk_err *e)
{
	const struct tk_layout_item *it = find(l, item, e);

	if (!it)
		return TK_EINVAL;
	if (it->kind != TK_Q_SINGLE)
		return tk_fail(e, TK_EINVAL, name_of(it), N_("The item is not a single choice."));
	if (option >= it->noption)
		return tk_fail(e, TK_EINVAL, name_of(it),
			N_("The item has %u options; there is no option number %llu."), it->noption,
			(unsigned long long)option + 1);
	put(it, blob, (uint8_t)(TK_ANSWER_VALUE + option), 0);
	return TK_OK;
}

enum tk_rc tk_pack_set_bits(const struct tk_layout *l, uint8_t *blob, size_t item, uint64_t bits,
			    struct tk_err *e)
{
	const struct tk_layout_item *it = find(l, item, e);

	if (!it)
		return TK_EINVAL;
	if (it->kind != TK_Q_MULTI)
		return tk_fail(e, TK_EINVAL, name_of(it), N_("The item is not a multiple choice."));
	if (bits >> it->noption)
		return tk_fail(e, TK_EINVAL, name_of(it),
			       N_("An option beyond the item's %u was chosen."), it->noption);
	put(it, blob, bits ? TK_ANSWER_VALUE : TK_ANSWER_NO_ANSWER, bits);
	return TK_OK;
}
