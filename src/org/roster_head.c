/* roster_head.c - which sheet, which row is the header, which column is what. */
#include <string.h>
#include "base/text.h"
#include "org/roster_in.h"

enum { HEAD_ROWS = 30 };

const char *const roster_col_name[C_MAX] = {
#define X(id, name, label) name,
	ROSTER_COLUMN_TABLE(X)
#undef X
};
const char *const roster_col_label[C_MAX] = {
#define X(id, name, label) label,
	ROSTER_COLUMN_TABLE(X)
#undef X
};

/* Headings of personnel systems and of lists kept by hand; compared by roster_key(), in which kana
 * are all alike, letters small, blanks and signs gone. */
static const struct { enum col_kind kind; const char *word;
} heading[] = {
	{ C_NUMBER, "職員番号" },
	{ C_NUMBER, "職員No" },
	{ C_NUMBER, "職員ID" },
	{ C_NUMBER, "職員コード" },
	{ C_NUMBER, "職員CD" },
	{ C_NUMBER, "職番" },
	{ C_NUMBER, "職員整理番号" },
	{ C_NUMBER, "社員番号" },
	{ C_NUMBER, "社員No" },
	{ C_NUMBER, "社員ID" },
	{ C_NUMBER, "社員コード" },
	{ C_NUMBER, "従業員番号" },
	{ C_NUMBER, "従業員コード" },
	{ C_NUMBER, "人事番号" },
	{ C_NUMBER, "staff number" },
	{ C_NUMBER, "staff no" },
	{ C_NUMBER, "staff id" },
	{ C_NUMBER, "employee number" },
	{ C_NUMBER, "employee no" },
	{ C_NUMBER, "employee id" },
	{ C_NUMBER, "employee code" },
	{ C_NUMBER, "personnel number" },
	{ C_NAME, "氏名" },
	{ C_NAME, "名前" },
	{ C_NAME, "職員氏名" },
	{ C_NAME, "職員名" },
	{ C_NAME, "社員名" },
	{ C_NAME, "漢字氏名" },
	{ C_NAME, "氏名漢字" },
	{ C_NAME, "name" },
	{ C_NAME, "full name" },
	{ C_NAME, "staff name" },
	{ C_NAME, "employee name" },
	{ C_KANA, "フリガナ" },
	{ C_KANA, "カナ氏名" },
	{ C_KANA, "氏名カナ" },
	{ C_KANA, "カナ" },
	{ C_KANA, "氏名フリガナ" },
	{ C_KANA, "ヨミガナ" },
	{ C_KANA, "読みがな" },
	{ C_KANA, "読み仮名" },
	{ C_KANA, "読み" },
	{ C_KANA, "氏名読み" },
	{ C_KANA, "カナ名" },
	{ C_KANA, "名前カナ" },
	{ C_KANA, "kana" },
	{ C_KANA, "furigana" },
	{ C_KANA, "name kana" },
	{ C_KANA, "reading" },
	{ C_BUREAU, "局等" },
	{ C_BUREAU, "局" },
	{ C_BUREAU, "局名" },
	{ C_BUREAU, "局等名" },
	{ C_BUREAU, "部局" },
	{ C_BUREAU, "部局名" },
	{ C_BUREAU, "所属局" },
	{ C_BUREAU, "所属部局" },
	{ C_BUREAU, "部" },
	{ C_BUREAU, "部名" },
	{ C_BUREAU, "本部" },
	{ C_BUREAU, "所属局等" },
	{ C_BUREAU, "bureau" },
	{ C_BUREAU, "bureau name" },
	{ C_DIVISION, "課室" },
	{ C_DIVISION, "課室名" },
	{ C_DIVISION, "課室等" },
	{ C_DIVISION, "課" },
	{ C_DIVISION, "課名" },
	{ C_DIVISION, "課等" },
	{ C_DIVISION, "所属" },
	{ C_DIVISION, "所属名" },
	{ C_DIVISION, "所属名称" },
	{ C_DIVISION, "所属課" },
	{ C_DIVISION, "所属課室" },
	{ C_DIVISION, "部署" },
	{ C_DIVISION, "部署名" },
	{ C_DIVISION, "所属部署" },
	{ C_DIVISION, "配属先" },
	{ C_DIVISION, "division" },
	{ C_DIVISION, "division name" },
	{ C_DIVISION, "department" },
	{ C_DIVISION, "department name" },
	{ C_DIVISION, "section" },
	{ C_DIVISION, "unit" },
	{ C_CODE, "所属コード" },
	{ C_CODE, "所属CD" },
	{ C_CODE, "課室コード" },
	{ C_CODE, "部署コード" },
	{ C_CODE, "組織コード" },
	{ C_CODE, "所属番号" },
	{ C_CODE, "division code" },
	{ C_CODE, "department code" },
	{ C_CODE, "unit code" },
	{ C_POST, "役職" },
	{ C_POST, "役職名" },
	{ C_POST, "職名" },
	{ C_POST, "官職" },
	{ C_POST, "官職名" },
	{ C_POST, "職位" },
	{ C_POST, "補職名" },
	{ C_POST, "post" },
	{ C_POST, "title" },
	{ C_POST, "job title" },
	{ C_POST, "position" },
	{ C_MAIL, "メール" },
	{ C_MAIL, "メールアドレス" },
	{ C_MAIL, "Eメール" },
	{ C_MAIL, "Eメールアドレス" },
	{ C_MAIL, "電子メール" },
	{ C_MAIL, "電子メールアドレス" },
	{ C_MAIL, "email" },
	{ C_MAIL, "mail" },
	{ C_MAIL, "e-mail address" },
	{ C_MAIL, "mail address" },
	{ C_JOINED, "採用日" },
	{ C_JOINED, "採用年月日" },
	{ C_JOINED, "入庁日" },
	{ C_JOINED, "入庁年月日" },
	{ C_JOINED, "入社日" },
	{ C_JOINED, "入社年月日" },
	{ C_JOINED, "着任" },
	{ C_JOINED, "着任日" },
	{ C_JOINED, "着任年月日" },
	{ C_JOINED, "joined" },
	{ C_JOINED, "joined on" },
	{ C_JOINED, "hire date" },
	{ C_JOINED, "date joined" },
	{ C_JOINED, "start date" },
	{ C_LEFT, "退職日" },
	{ C_LEFT, "退職年月日" },
	{ C_LEFT, "離職日" },
	{ C_LEFT, "離職年月日" },
	{ C_LEFT, "退官日" },
	{ C_LEFT, "退社日" },
	{ C_LEFT, "left" },
	{ C_LEFT, "left on" },
	{ C_LEFT, "date left" },
	{ C_LEFT, "end date" },
	{ C_LEFT, "leaving date" },
	{ C_FAMILY, "姓" },
	{ C_FAMILY, "氏" },
	{ C_FAMILY, "名字" },
	{ C_FAMILY, "苗字" },
	{ C_FAMILY, "family name" },
	{ C_FAMILY, "last name" },
	{ C_FAMILY, "surname" },
	{ C_GIVEN, "名" },
	{ C_GIVEN, "given name" },
	{ C_GIVEN, "first name" },
	{ C_FAMILY_KANA, "姓カナ" },
	{ C_FAMILY_KANA, "セイ" },
	{ C_FAMILY_KANA, "姓フリガナ" },
	{ C_FAMILY_KANA, "カナ姓" },
	{ C_GIVEN_KANA, "名カナ" },
	{ C_GIVEN_KANA, "メイ" },
	{ C_GIVEN_KANA, "名フリガナ" },
	{ C_GIVEN_KANA, "カナ名前" },
};

/* Signs that people put around words and that tell nothing; ASCII ones are taken out one by one. */
static const char *const sign[] = { "※", "●", "○", "◎", "【", "】", "・" };

char *roster_key(struct tk_arena *a, const char *s)
{
	char *k = tk_unblank(a, tk_fold(a, s)), *o = k;

	for (const char *p = k; *p; p++)
		if (!strchr("_-.:*/()[]#", *p))
			*o++ = *p;
	*o = '\0';
	for (size_t i = 0; i < TK_LEN(sign); i++)
		while ((o = strstr(k, sign[i])))
			memmove(o, o + strlen(sign[i]), strlen(o + strlen(sign[i])) + 1);
	return k;
}

/* -- one heading ------------------------------------------------------------------------------- */

/* 氏名（ローマ字） and 氏名（旧姓） are not the name. */
static bool another_form(const char *key)
{
	static const char *const word[] = { "ローマ", "英", "旧", "alphabet", "roman" };
	for (size_t i = 0; i < TK_LEN(word); i++)
		if (strstr(key, word[i]))
			return true;
	return false;
}

/* The kind of column that a heading names, or C_MAX.  What stands in brackets may be part of the
 * word, 氏名（カナ）, or a remark, 採用日（西暦）. */
static enum col_kind kind_of(const struct tk_strmap *words, struct tk_arena *tmp, const char *text)
{
	char *cut, *key = roster_key(tmp, text);
	uint32_t kind;

	if (tk_strmap_get(words, key, &kind))
		return (enum col_kind)kind;
	cut = tk_unblank(tmp, tk_fold(tmp, text));
	if (another_form(cut) || !strchr(cut, '(') || *cut == '(')
		return C_MAX;
	*strchr(cut, '(') = '\0';
	return tk_strmap_get(words, roster_key(tmp, cut), &kind) ? (enum col_kind)kind : C_MAX;
}

/* -- the header row ---------------------------------------------------------------------------- */
struct hrow {
	uint32_t     number;
	size_t       n, score;          /* cells; different kinds among them */
	uint8_t     *kind;              /* of each cell; C_MAX: none */
	const char **text;              /* squeezed, "" when blank */
};
struct headers { struct hrow h[HEAD_ROWS + 1]; size_t n; struct tk_strmap words; };

static void read_words(struct tk_roster *r, struct tk_strmap *words)
{
	words->mem = r->mem;
	for (size_t i = 0; i < TK_LEN(heading); i++)
		tk_strmap_add(words, roster_key(r->mem, heading[i].word), heading[i].kind);
}

static bool one_of(struct tk_roster *r, const char *text, const char *const *word)
{
	const char *key = roster_key(r->tmp, text);

	for (; *word; word++)
		if (!strcmp(key, roster_key(r->tmp, *word)))
			return true;
	return false;
}

/* 番号 alone is the staff number only where nothing says so more clearly. */
static bool number_by_weak_word(struct tk_roster *r, struct hrow *h)
{
	static const char *const weak[] = { "番号", "ID", "コード", "number", "code", NULL };

	for (size_t i = 0; i < h->n; i++) {
		if (h->kind[i] != C_MAX || !*h->text[i] || strlen(h->text[i]) > 40 ||
		    !one_of(r, h->text[i], weak))
			continue;
		h->kind[i] = C_NUMBER;
		return true;
	}
	return false;
}

static void read_hrow(struct tk_roster *r, struct headers *hs, struct tk_sheet *s,
		      const struct tk_row *row)
{
	struct hrow *h = &hs->h[hs->n++];
	unsigned seen = 0;

	*h = (struct hrow){ .number = row->number, .n = row->n };
	h->kind = tk_alloc(r->mem, row->n + 1);
	h->text = tk_alloc_n(r->mem, row->n + 1, sizeof(*h->text));
	for (size_t i = 0; i < row->n; i++) {
		const char *t = tk_squeeze(r->tmp, tk_cell_restore(s, row->cell[i].text));

		h->text[i] = *t ? tk_strdup(r->mem, t) : "";
		h->kind[i] = (uint8_t)(*t && row->cell[i].len < 200 ? kind_of(&hs->words, r->tmp, t)
								    : C_MAX);
		if (h->kind[i] != C_MAX && !(seen >> h->kind[i] & 1)) {
			seen |= 1u << h->kind[i];
			h->score++;
		}
		tk_arena_reset(r->tmp);
	}
	if (!(seen >> C_NUMBER & 1) && number_by_weak_word(r, h)) {
		seen |= 1u << C_NUMBER;
		h->score++;
	}
	if (!(seen >> C_NUMBER & 1) || !(seen >> C_NAME & 1 || seen >> C_FAMILY & 1))
		h->score = 0;
}

static enum tk_rc read_headers(struct tk_roster *r, struct headers *hs, struct tk_sheet *s,
			       struct tk_err *e)
{
	struct tk_row row;
	enum tk_rc rc = TK_OK;

	hs->n = 0;
	while (hs->n <= HEAD_ROWS && (rc = tk_sheet_next(s, &row, e)) == TK_OK && row.number)
		read_hrow(r, hs, s, &row);
	return rc;
}

static const struct hrow *best_header(const struct headers *hs)
{
	const struct hrow *best = NULL;

	for (size_t i = 0; i < hs->n && i < HEAD_ROWS; i++)
		if (hs->h[i].score && (!best || hs->h[i].score > best->score))
			best = &hs->h[i];
	return best;
}

/* A header of two lines: 所属 above, 局等 and 課室 below it.  The second line counts when it stands
 * directly below, leaves number and name free and says something that is known. */
static const struct hrow *second_line(const struct headers *hs, const struct hrow *h)
{
	const struct hrow *low = h + 1;
	size_t known = 0, filled = 0;

	if (low >= hs->h + hs->n || low->number != h->number + 1)
		return NULL;
	for (size_t i = 0; i < low->n; i++) {
		bool person = i < h->n && (h->kind[i] == C_NUMBER || h->kind[i] == C_NAME ||
					   h->kind[i] == C_MAIL);

		if (*low->text[i] && person)
			return NULL;
		filled += *low->text[i] != '\0';
		known += low->kind[i] != C_MAX;
	}
	return known && known * 2 >= filled ? low : NULL;
}

/* 所属 beside 課室: the general word is then the bureau, unless something else is. */
static void settle_units(struct tk_roster *r, const char *const *text, uint8_t *kind, size_t n)
{
	static const char *const general[] = { "所属",   "所属名",     "所属名称",
					       "部署",   "部署名",     "所属部署",
					       "配属先", "department", "department name",
					       NULL };
	size_t wide = n, exact = n;
	bool bureau = false;

	for (size_t i = 0; i < n; i++) {
		bureau |= kind[i] == C_BUREAU;
		if (kind[i] != C_DIVISION)
			continue;
		if (one_of(r, text[i], general))
			wide = wide == n ? i : wide;
		else
			exact = exact == n ? i : exact;
	}
	if (wide < n && exact < n)
		kind[wide] = bureau ? C_MAX : C_BUREAU;
}

/* The first column of a kind is it; a second one of the same kind is not used. */
static void take_columns(struct tk_roster *r, const struct hrow *h, const struct hrow *low)
{
	size_t n = low && low->n > h->n ? low->n : h->n;
	const char **text = tk_alloc_n(r->mem, n + 1, sizeof(*text));
	uint8_t *kind = tk_alloc(r->mem, n + 1);

	for (size_t i = 0; i < n; i++) {
		bool sub = low && i < low->n && *low->text[i];

		text[i] = sub ? low->text[i] : i < h->n ? h->text[i] : "";
		kind[i] = sub && low->kind[i] != C_MAX ? low->kind[i]
			  : i < h->n                   ? h->kind[i]
						       : C_MAX;
	}
	settle_units(r, text, kind, n);
	for (size_t k = 0; k < C_MAX; k++)
		r->col[k] = -1;
	for (size_t i = 0; i < n; i++) {
		uint8_t k = kind[i];

		if (k != C_MAX && r->col[k] < 0) {
			r->col[k] = (int32_t)i;
			tk_report_column(r->report, (uint32_t)i, text[i], roster_col_name[k],
					 tk_tr(r->lang, roster_col_label[k]));
		} else if (*text[i]) {
			tk_report_column(r->report, (uint32_t)i, text[i], NULL, NULL);
		}
	}
	if (r->col[C_NAME] >= 0)
		r->col[C_FAMILY] = r->col[C_GIVEN] = -1;
	if (r->col[C_KANA] >= 0)
		r->col[C_FAMILY_KANA] = r->col[C_GIVEN_KANA] = -1;
	r->report->header_row = low ? low->number : h->number;
}

static enum tk_rc behind_header(struct tk_roster *r, struct tk_sheet *s, size_t sheet,
				struct tk_err *e)
{
	struct tk_row row;
	enum tk_rc rc = tk_sheet_select(s, sheet, e);

	do {
		if (rc == TK_OK)
			rc = tk_sheet_next(s, &row, e);
	} while (rc == TK_OK && row.number && row.number < r->report->header_row);
	return rc;
}

static void not_used(struct tk_roster *r, const char *name, bool roster_too)
{
	r->unused_sheet[r->nunused++] = tk_strdup(r->mem, name);
	if (roster_too)
		ROSTER_SAY(r, 0, C_MAX, name, TK_SEV_WARNING,
			   N_("The sheet \"%.60s\" also looks like a roster; it was not read. Put "
			      "all persons on one"
			      " sheet, or import it as a file of its own."),
			   name);
}

enum tk_rc roster_find_table(struct tk_roster *r, struct tk_sheet *s, bool *found, struct tk_err *e)
{
	struct headers *hs = tk_alloc(r->mem, sizeof(*hs));
	const struct tk_sheet_name *name;
	const struct hrow *h = NULL;
	size_t n = tk_sheet_names(s, &name), used = n;
	enum tk_rc rc = TK_OK;

	read_words(r, &hs->words);
	r->unused_sheet = tk_alloc_n(r->mem, n + 1, sizeof(*r->unused_sheet));
	for (size_t i = 0; rc == TK_OK && i < n; i++) {
		if (name[i].hidden) {
			not_used(r, name[i].name, false);
			continue;
		}
		if ((rc = tk_sheet_select(s, i, e)) != TK_OK ||
		    (rc = read_headers(r, hs, s, e)) != TK_OK)
			break;
		h = best_header(hs);
		if (used < n || !h) {
			not_used(r, name[i].name, h != NULL);
			continue;
		}
		used = i;
		r->report->sheet = tk_strdup(r->mem, name[i].name);
		take_columns(r, h, second_line(hs, h));
	}
	*found = used < n;
	return rc == TK_OK && *found ? behind_header(r, s, used, e) : rc;
}

bool roster_is_header(struct tk_roster *r, const struct tk_row *row)
{
	for (size_t i = 0; i < r->report->ncolumn; i++) {
		const struct tk_report_column *c = &r->report->column[i];

		if (c->col == (uint32_t)r->col[C_NUMBER])
			return !strcmp(tk_squeeze(r->tmp, tk_row_text(row, c->col)), c->heading);
	}
	return false;
}
