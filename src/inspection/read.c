/* read.c - results from a spreadsheet: a server a line and an item a column, or a cell a line. */
#include <string.h>
#include "base/text.h"
#include "inspection/inspection_in.h"
#include "sheet/sheet.h"

enum { HEADER_ROWS = 20, MAX_COL = 300 };

struct cell_id { int64_t server, check; const char *server_key, *code_key; };
struct reader {
	const struct tk_op *op;
	int64_t round;
	struct cell_id *cell;
	size_t ncell, cap;
	/* columns: -1 none; wide: item of each column */
	int server, check, result, evidence;
	const char *code[MAX_COL];
	bool found;
	struct tk_read_result *ret;
};

static char *key_of(struct tk_arena *a, const char *s)
{
	return tk_fold(a, tk_unblank(a, s));
}

static enum tk_rc on_cell(void *ctx, const struct tk_cell_state *c)
{
	struct reader *r = ctx;
	struct tk_arena *a = r->op->mem;

	if (r->ncell == r->cap) {
		struct cell_id *v = tk_alloc(a, (r->cap * 2 + 256) * sizeof(*v));

		if (r->ncell)
			memcpy(v, r->cell, r->ncell * sizeof(*v));
		r->cell = v;
		r->cap = r->cap * 2 + 256;
	}
	r->cell[r->ncell++] = (struct cell_id){ c->server, c->check, key_of(a, c->server_name),
						key_of(a, c->check_code) };
	return TK_OK;
}

static void fault(struct reader *r, uint32_t row, const char *text)
{
	struct tk_read_result *x = r->ret;

	if (x->nfault < TK_LEN(x->fault))
		x->fault[x->nfault] = (struct tk_read_fault){ row, text };
	x->nfault++;
}

/* -- headings ---------------------------------------------------------------------------------- */
static bool is_one_of(const char *key, const char *const *word, struct tk_arena *a)
{
	for (; *word; word++)
		if (!strcmp(key, key_of(a, *word)))
			return true;
	return false;
}

static bool is_code(const struct reader *r, const char *key)
{
	for (size_t i = 0; i < r->ncell; i++)
		if (!strcmp(r->cell[i].code_key, key))
			return true;
	return false;
}

static void read_heading(struct reader *r, const struct tk_row *row)
{
	static const char *const server[] = { "サーバ名", "サーバー名", "サーバ", "ホスト名",
					      "機器名", "server", NULL };
	static const char *const check[] = { "項目番号", "検査項目番号", "点検項目番号",
	  "項目コード", "check",
					     "check code", NULL };
	static const char *const result[] = { "結果", "判定", "適否", "検査結果", "点検結果",
	  "result", NULL };
	static const char *const evidence[] = { "根拠", "確認内容", "証跡", "備考", "evidence",
						NULL };
	struct tk_arena *a = r->op->mem;
	size_t codes = 0;

	r->server = r->check = r->result = r->evidence = -1;
	for (size_t i = 0; i < row->n && i < MAX_COL; i++) {
		const char *key = key_of(a, row->cell[i].text);

		if (is_one_of(key, server, a))
			r->server = (int)i;
		else if (is_one_of(key, check, a))
			r->check = (int)i;
		else if (is_one_of(key, result, a))
			r->result = (int)i;
		else if (is_one_of(key, evidence, a))
			r->evidence = (int)i;
		r->code[i] = is_code(r, key) ? tk_squeeze(a, row->cell[i].text) : NULL;
		codes += r->code[i] != NULL;
	}
	if (r->check >= 0 && r->result >= 0)    /* one cell a line */
		memset(r->code, 0, sizeof(r->code));
	else
		r->check = -1;
	r->found = r->server >= 0 && (codes || r->check >= 0);
}

/* -- cells ------------------------------------------------------------------------------------- */
/* "適", "否：委託先に依頼中": the word, and what stands behind it. */
static const char *result_of(struct tk_arena *a, const char *text, const char **ret_rest)
{
	static const struct { const char *word, *result; } say[] = {
		{ "該当なし", "not_applicable" }, { "対象外", "not_applicable" },
		{ "not_applicable", "not_applicable" }, { "n/a", "not_applicable" },
		{ "non_conforming", "non_conforming" }, { "不適", "non_conforming" },
		{ "否", "non_conforming" }, { "×", "non_conforming" },
		{ "conforming", "conforming" }, { "適", "conforming" }, { "○", "conforming" },
		{ "〇", "conforming" },
	};
	static const char *const mark[] = { ":", "(", "、", "," };
	char *s = tk_squeeze(a, tk_narrow(a, text));

	for (size_t i = 0; i < TK_LEN(say); i++) {
		size_t n = strlen(say[i].word), len;
		char *rest;

		if (strncmp(s, say[i].word, n) != 0)
			continue;
		rest = s + n;
		for (size_t k = 0; k < TK_LEN(mark); k++)
			if (!strncmp(rest, mark[k], strlen(mark[k]))) {
				rest += strlen(mark[k]);
				len = strlen(rest);
				if (*mark[k] == '(' && len && rest[len - 1] == ')')
					rest[len - 1] = '\0';
				*ret_rest = rest;
				return say[i].result;
			}
		*ret_rest = NULL;
		return *rest ? NULL : say[i].result;
	}
	return NULL;
}

static const struct cell_id *cell_of(const struct reader *r, const char *server, const char *code,
				     bool *ret_server)
{
	*ret_server = false;
	for (size_t i = 0; i < r->ncell; i++) {
		if (strcmp(r->cell[i].server_key, server) != 0)
			continue;
		*ret_server = true;
		if (!strcmp(r->cell[i].code_key, code))
			return &r->cell[i];
	}
	return NULL;
}

static enum tk_rc take(struct reader *r, uint32_t row, const char *server, const char *code,
		       const char *text, const char *evidence)
{
	struct tk_arena *a = r->op->mem;
	enum tk_lang lang = r->op->e->lang;
	const char *rest = NULL, *result = result_of(a, text, &rest);
	bool known, changed = false;
	const struct cell_id *id = cell_of(r, key_of(a, server), key_of(a, code), &known);
	struct tk_cell_set c = { .result = result, .evidence = evidence && *evidence ? evidence
										     : rest };
	enum tk_rc rc;

	if (!id && known)
		fault(r, row, tk_say(a, lang, N_("%s: the item %s is not for this server."), server,
				     code));
	else if (!id)
		fault(r, row, tk_say(a, lang, N_("%s: this inspection has no such server."),
				     server));
	else if (!result)
		fault(r, row, tk_say(a, lang, N_("%s, %s: \"%s\" is no result."), server, code,
				     text));
	if (!id || !result)
		return TK_OK;
	c.server = id->server;
	c.check = id->check;
	rc = tk_cell_put(r->op, r->round, &c, &changed);
	if (rc == TK_EINVAL) {          /* the next lines may have faults too */
		fault(r, row, tk_sprintf(a, "%s, %s: %s", server, code, r->op->e->msg));
		return TK_OK;
	}
	r->ret->cells++;
	r->ret->changed += changed;
	return rc;
}

static enum tk_rc read_row(struct reader *r, const struct tk_row *row)
{
	const char *server = tk_squeeze(r->op->mem, tk_row_text(row, (size_t)r->server));
	enum tk_rc rc = TK_OK;

	if (tk_is_blank(server))
		return TK_OK;
	if (r->check >= 0)
		return tk_is_blank(tk_row_text(row, (size_t)r->result))
			       ? TK_OK
			       : take(r, row->number, server,
				      tk_squeeze(r->op->mem, tk_row_text(row, (size_t)r->check)),
				      tk_row_text(row, (size_t)r->result),
				      r->evidence >= 0
					      ? tk_strdup(r->op->mem,
							  tk_row_text(row, (size_t)r->evidence))
					      : NULL);
	for (size_t i = 0; i < row->n && i < MAX_COL && rc == TK_OK; i++) {
		const char *text = row->cell[i].text;

		/* dashes stand where an item is not for that kind of server */
		if (r->code[i] && !tk_is_blank(text) && strcmp(text, "-") != 0 &&
		    strcmp(text, "－") != 0)
			rc = take(r, row->number, server, r->code[i], text, NULL);
	}
	return rc;
}

enum tk_rc tk_results_read(const struct tk_op *op, int64_t round, const char *data, size_t n,
			   const char *name, struct tk_read_result *ret)
{
	struct reader *r = tk_alloc(op->mem, sizeof(*r));
	struct tk_sheet *s = NULL;
	struct tk_row row;
	uint32_t seen = 0;
	enum tk_rc rc;

	*r = (struct reader){ .op = op, .round = round, .ret = ret };
	*ret = (struct tk_read_result){ 0 };
	if ((rc = tk_cells_each(op, round, on_cell, r)) != TK_OK ||
	    (rc = tk_sheet_open(&s, data, n, name, op->e)) != TK_OK)
		return rc;
	while ((rc = tk_sheet_next(s, &row, op->e)) == TK_OK && row.number) {
		if (r->found)
			rc = read_row(r, &row);
		else if (seen++ < HEADER_ROWS)
			read_heading(r, &row);
		if (rc != TK_OK)
			break;
	}
	tk_sheet_close(s);
	if (rc == TK_OK && !r->found)
		return tk_fail(op->e, TK_EINVAL, "file",
			       N_("No line with the headings was found: a column for the server, "
				  "and either one for each item or one for item and one for "
				  "result."));
	return rc;
}
