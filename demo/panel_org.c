/* panel_org.c - the 239 institutions of the demonstration panel.
 *
 * All of them are invented and say so in their names.  Their corporate numbers begin, after the
 * check digit, with 9999 where real ones have the number of a registration office; no office has
 * that one.  Their bank codes are from 0701 on, between the bands that are in use.
 */
#include <string.h>
#include "demo/panel_in.h"

/* How many of each kind (the sectors add up to SRV-01), and what they look like. */
static const struct kind {
	enum panel_kind kind;
	unsigned    n, digits;          /* digits of the number in the name; 0: it has none */
	const char *sector, *group, *letter;
	const char *before, *after, *kana_before, *kana_after, *en;
	unsigned    smallest, largest;  /* staff */
	unsigned    mature;             /* added to chance */
	bool        bank_code;
} kind[] = {
	{ PANEL_MAJOR, 10, 3, "bank", "major_bank", "B", "架空第", "銀行", "カクウダイ", "ギンコウ",
	  "Fictional Bank", 4000, 30000, 500, true },
	{ PANEL_REGIONAL, 102, 3, "bank", "regional_bank", "B", "架空第", "銀行", "カクウダイ",
	  "ギンコウ", "Fictional Bank", 500, 3800, 250, true },
	{ PANEL_FOREIGN, 57, 3, "bank", "foreign_bank", "B", "架空外国第", "銀行",
	  "カクウガイコクダイ", "ギンコウ", "Fictional Foreign Bank", 24, 480, 450, true },
	{ PANEL_OTHER_BANK, 15, 3, "bank", "other", "B", "架空第", "銀行", "カクウダイ", "ギンコウ",
	  "Fictional Bank", 90, 2600, 350, true },
	{ PANEL_SHINKIN, 20, 2, "shinkin_bank", "other", "K", "架空第", "信用金庫", "カクウダイ",
	  "シンヨウキンコ", "Fictional Shinkin Bank", 180, 1600, 100, true },
	{ PANEL_CENTRAL, 4, 1, "central_organisation", "other", "C", "架空第", "系統中央機関",
	  "カクウダイ", "ケイトウチュウオウキカン", "Fictional Central Organisation", 400, 3200,
	  350, true },
	{ PANEL_SECURITIES, 22, 2, "securities_firm", "securities", "S", "架空第", "証券",
	  "カクウダイ", "ショウケン", "Fictional Securities", 80, 9000, 400, false },
	{ PANEL_SECURITIES_FINANCE, 1, 0, "securities_finance_company", "other", "F",
	  "架空証券金融", "", "カクウショウケンキンユウ", "", "Fictional Securities Finance", 240,
	  240, 350, false },
	{ PANEL_MONEY, 3, 1, "money_broker", "other", "M", "架空第", "短資", "カクウダイ", "タンシ",
	  "Fictional Money Broker", 90, 200, 300, false },
	{ PANEL_FUNDS_CLEARING, 1, 0, "funds_clearing_body", "other", "P", "架空資金清算機関", "",
	  "カクウシキンセイサンキカン", "", "Fictional Funds Clearing Body", 130, 130, 450, false },
	{ PANEL_INSTRUMENTS_CLEARING, 2, 1, "financial_instruments_clearing_body", "other", "N",
	  "架空第", "金融商品取引清算機関", "カクウダイ",
	  "キンユウショウヒントリヒキセイサンキカン",
	  "Fictional Financial Instruments Clearing Body", 120, 300, 450, false },
	{ PANEL_OTHER, 2, 1, "other", "other", "X", "架空第", "金融機関", "カクウダイ",
	  "キンユウキカン", "Fictional Institution", 200, 900, 300, false },
};

static const char *const digit_kana[] = { "ゼロ", "イチ", "ニ",	  "サン", "ヨン",
					  "ゴ",	  "ロク", "ナナ", "ハチ", "キュウ" };

/* Where the seat is.  Regional banks and shinkin banks are everywhere, the others where business
 * is. */
static unsigned prefecture_of(const struct kind *k, unsigned i)
{
	/* Tokyo, Osaka, Aichi, Fukuoka, Hyogo, Kyoto, Hokkaido, Shizuoka: two, then three banks */
	static const unsigned large[] = { 13, 27, 23, 40, 28, 26, 1, 22 };

	switch (k->kind) {
	case PANEL_REGIONAL:
		return i < 94 ? i % 47 + 1 : large[i - 94];
	case PANEL_SHINKIN:
		return i * 9 % 47 + 1;
	case PANEL_SECURITIES:
		return i < 14 ? 13 : i < 18 ? 27 : large[i % 8];
	case PANEL_MAJOR:
	case PANEL_FOREIGN:
	case PANEL_OTHER_BANK:
		return i % 8 == 7 ? 27 : 13;
	default:
		return i % 2 ? 27 : 13;
	}
}

static const char *corporate_number(struct panel *p, size_t i)
{
	char *s = tk_sprintf(p->a, "09999%08zu", i + 1);
	int sum = 0;

	for (int k = 0; k < 12; k++)
		sum += (s[12 - k] - '0') * (k % 2 ? 2 : 1);
	s[0] = (char)('0' + 9 - sum % 9);
	return s;
}

static const char *kana(struct panel *p, const struct kind *k, const char *number)
{
	struct tk_buf b = TK_BUF(400);
	const char *ret;

	tk_buf_str(&b, k->kana_before);
	for (; *number; number++)
		tk_buf_str(&b, digit_kana[*number - '0']);
	tk_buf_str(&b, k->kana_after);
	ret = tk_strdup(p->a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return ret;
}

static void make(struct panel *p, size_t at, const struct kind *k, unsigned i, unsigned number)
{
	struct panel_institution *in = &p->at[at];
	const char *n = k->digits ? tk_sprintf(p->a, "%0*u", (int)k->digits, number) : "";
	/* many small ones and few large: the square of a number that is spread evenly */
	unsigned x = panel_scatter("staff", k->letter, i, 1000);

	*in = (struct panel_institution){
		.kind = k->kind,
		.code = tk_sprintf(p->a, "%s%03u", k->letter, number),
		.sector = k->sector,
		.group = k->group,
		.name = tk_sprintf(p->a, "%s%s%s", k->before, n, k->after),
		.kana = kana(p, k, n),
		.name_en = tk_sprintf(p->a, "%s%s%s", k->en, *n ? " " : "", n),
		.prefecture = tk_sprintf(p->a, "%02u", prefecture_of(k, i)),
		.corporate_number = corporate_number(p, at),
		.bank_code = k->bank_code ? tk_sprintf(p->a, "%04zu", 701 + at) : "",
		.staff = k->smallest + (k->largest - k->smallest) * (x * x / 1000) / 1000,
		.mature = k->mature + panel_scatter("mature", k->letter, at, 500),
	};
}

void panel_institutions(struct panel *p)
{
	size_t at = 0;
	unsigned number = 0;

	for (size_t k = 0; k < TK_LEN(kind); k++) {
		if (k == 0 || strcmp(kind[k].letter, kind[k - 1].letter) != 0)
			number = 0;
		for (unsigned i = 0; i < kind[k].n && at < PANEL_SIZE; i++)
			make(p, at++, &kind[k], i, ++number);
	}
}
