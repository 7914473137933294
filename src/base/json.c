#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

enum {
	MAX_DEPTH = 64,
	MAX_VALUES = 500000,    /* cJSON takes about 80 bytes for each */
};

/* ---- writing ---- */

static void before_value(struct tk_json *j)
{
	uint64_t bit = UINT64_C(1) << (j->depth & 63);

	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->comma & bit)
		tk_buf_chr(j->b, ',');
	j->comma |= bit;
}

static void open_level(struct tk_json *j, char c)
{
	before_value(j);
	tk_buf_chr(j->b, c);
	if (j->depth == 63)
		j->b->bad = true;       /* one bit a level */
	else
		j->depth++;
	j->comma &= ~(UINT64_C(1) << j->depth);
}

static void close_level(struct tk_json *j, char c)
{
	tk_buf_chr(j->b, c);
	if (j->depth)
		j->depth--;
}

void tk_json_obj(struct tk_json *j)
{
	open_level(j, '{');
}

void tk_json_end_obj(struct tk_json *j)
{
	close_level(j, '}');
}

void tk_json_arr(struct tk_json *j)
{
	open_level(j, '[');
}

void tk_json_end_arr(struct tk_json *j)
{
	close_level(j, ']');
}

static void escape(struct tk_buf *b, unsigned char c)
{
	switch (c) {
	case '"':  tk_buf_str(b, "\\\""); break;
	case '\\': tk_buf_str(b, "\\\\"); break;
	case '\n': tk_buf_str(b, "\\n"); break;
	case '\r': tk_buf_str(b, "\\r"); break;
	case '\t': tk_buf_str(b, "\\t"); break;
	default:   tk_buf_fmt(b, "\\u%04x", c); break;
	}
}

static bool is_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((signed char)s[i] < 32 || s[i] == '"' || s[i] == '\\')
			return false;
	return true;
}

static void quoted(struct tk_buf *b, const char *s, size_t n)
{
	bool plain = is_plain(s, n), text = plain || tk_utf8_valid(s, n);
	size_t from = 0;

	tk_buf_chr(b, '"');
	if (plain) {
		tk_buf_add(b, s, n);
		tk_buf_chr(b, '"');
		return;
	}
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c >= 32 && c != '"' && c != '\\' && (c < 128 || text))
			continue;
		tk_buf_add(b, s + from, i - from);
		from = i + 1;
		if (c < 128)
			escape(b, c);
		else
			tk_buf_str(b,
				   "\xEF\xBF\xBD"); /* not UTF-8: the reader must still get JSON */
	}
	tk_buf_add(b, s + from, n - from);
	tk_buf_chr(b, '"');
}

void tk_json_key(struct tk_json *j, const char *key)
{
	before_value(j);
	quoted(j->b, key, strlen(key));
	tk_buf_chr(j->b, ':');
	j->after_key = true;
}

void tk_json_strn(struct tk_json *j, const char *s, size_t n)
{
	before_value(j);
	quoted(j->b, s, n);
}

void tk_json_str(struct tk_json *j, const char *s)
{
	if (s)
		tk_json_strn(j, s, strlen(s));
	else
		tk_json_null(j);
}

void tk_json_raw(struct tk_json *j, const char *json)
{
	before_value(j);
	tk_buf_str(j->b, json);
}

void tk_json_int(struct tk_json *j, int64_t v)
{
	before_value(j);
	tk_buf_int(j->b, v);
}

void tk_json_id(struct tk_json *j, int64_t id)
{
	before_value(j);
	if (!id) {
		tk_buf_str(j->b, "null");
		return;
	}
	tk_buf_chr(j->b, '"');
	tk_buf_int(j->b, id);
	tk_buf_chr(j->b, '"');
}

void tk_json_bool(struct tk_json *j, bool v)
{
	tk_json_raw(j, v ? "true" : "false");
}

void tk_json_null(struct tk_json *j)
{
	tk_json_raw(j, "null");
}

void tk_json_x10(struct tk_json *j, int64_t tenths)
{
	uint64_t u = tenths < 0 ? -(uint64_t)tenths : (uint64_t)tenths;

	before_value(j);
	tk_buf_fmt(j->b, "%s%llu.%llu", tenths < 0 ? "-" : "", (unsigned long long)(u / 10),
		   (unsigned long long)(u % 10));
}

void tk_json_time(struct tk_json *j, int64_t utc)
{
	char s[21];

	if (!utc) {
		tk_json_null(j);
		return;
	}
	tk_time_rfc3339(utc, s);
	tk_json_str(j, s);
}

/* ---- reading ---- */

/* What cJSON would let pass or suffer from: depth, number of values, NUL, raw control characters.
 */
static enum tk_rc scan(const char *s, size_t n, size_t *ret_values, struct tk_err *e)
{
	size_t depth = 0, values = 1;
	bool in_string = false;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c < 32 && (in_string || !c || !strchr("\t\n\r", c)))
			return tk_fail(e, TK_ESYNTAX, NULL,
				       N_("The JSON text has a bare control character at byte %zu. "
					  "Write it as an escape such as \\n."), i);
		if (c == '"')
			in_string = !in_string;
		else if (in_string && c == '\\' && ++i + 4 < n && !memcmp(s + i, "u0000", 5))
			return tk_fail(e, TK_EINVAL, NULL,
				       N_("The JSON text has a NUL character in a string. Please "
					  "leave it out."));
		if (in_string)
			continue;
		values += c == ',' || c == '[' || c == '{';
		depth += c == '[' || c == '{';
		depth -= depth && (c == ']' || c == '}');
		if (depth > MAX_DEPTH)
			return tk_fail(e, TK_EINVAL, NULL,
				       N_("The JSON text is nested more than %d levels deep."),
				       MAX_DEPTH);
		if (values > MAX_VALUES)
			return tk_fail(e, TK_ETOOBIG, NULL,
				       N_("The JSON text holds more than %d values. Please send it "
					  "in parts."),
				       MAX_VALUES);
	}
	*ret_values = values;           /* at least as many as there are */
	return TK_OK;
}

static int key_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Keys that ascend cannot repeat; programs mostly write them so. */
static bool ascending(const cJSON *o)
{
	const cJSON *c = o->child;

	while (c && c->next && strcmp(c->string, c->next->string) < 0)
		c = c->next;
	return !c || !c->next;
}

/* Copies the first key that an object has twice to dup (cut to size).  Sorts, because an object may
 * have very many keys. */
static bool repeated_key(const cJSON *o, char *dup, size_t size)
{
	size_t n = 0, i = 0;
	const char **key;
	bool found = false;

	if (ascending(o))
		return false;
	for (const cJSON *c = o->child; c; c = c->next)
		n++;
	key = tk_xcalloc(n, sizeof(*key));
	for (const cJSON *c = o->child; c; c = c->next)
		key[i++] = c->string;
	qsort(key, n, sizeof(*key), key_cmp);
	for (i = 1; i < n && !found; i++) {
		if (strcmp(key[i - 1], key[i]) != 0)
			continue;
		snprintf(dup, size, "%s", key[i]);
		found = true;
	}
	free(key);
	return found;
}

static enum tk_rc no_repeats(const cJSON *v, struct tk_err *e)
{
	char dup[61];
	enum tk_rc rc;

	if (cJSON_IsObject(v) && repeated_key(v, dup, sizeof(dup))) {
		size_t n = strlen(dup);
		while (n && !tk_utf8_valid(dup, n))     /* a cut must not leave half a character */
			dup[--n] = '\0';
		return tk_fail(e, TK_EINVAL, dup,
			       N_("The name \"%s\" appears twice in one JSON object. Each name may "
				  "appear once."),
			       dup);
	}
	for (const cJSON *c = v->child; c; c = c->next)
		if (c->child && (rc = no_repeats(c, e)))
			return rc;
	return TK_OK;
}

/* A small tree lies in one block of the arena: hundreds of values without an allocation each.  A
 * large one would need more than an arena may have and stays on the heap. */
enum { BLOCK_MAX = 256 << 10, NODE_BYTES = 64 + 2 * 32 };      /* a node, its name and its text */

struct block { char *p; size_t room; };
static _Thread_local struct block *block;       /* while this thread parses into one */

static void *node_alloc(size_t n)
{
	char *p;

	if (!block)
		return malloc(n);
	n = (n + 15) / 16 * 16;
	if (n > block->room)
		return NULL;
	p = block->p;
	block->p += n;
	block->room -= n;
	return p;
}

static void node_free(void *p)
{
	if (!block)
		free(p);
}

static void set_hooks(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){ .malloc_fn = node_alloc, .free_fn = node_free });
}

static void tree_free(void *arg)
{
	cJSON_Delete(*(cJSON **)arg);
}

/* Everything from the arena first: a jump out of it after the parse would leave a tree behind. */
static cJSON *parse_tree(struct tk_arena *a, const char *text, size_t n, size_t values,
			 const char **end)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct block b = { .room = (values + 1) * NODE_BYTES + n };
	cJSON **root = tk_alloc(a, sizeof(*root));

	pthread_once(&once, set_hooks);
	if (b.room > BLOCK_MAX) {
		tk_on_free(a, tree_free, root);
	} else {
		b.p = tk_alloc(a, b.room);
		block = &b;
	}
	*root = cJSON_ParseWithLengthOpts(text, n + 1, end, true);
	block = NULL;
	return *root;
}

enum tk_rc tk_json_parse(struct tk_arena *a, const char *text, size_t n, cJSON **ret,
			 struct tk_err *e)
{
	const char *copy, *end = NULL;
	size_t values = 0;
	cJSON *root;
	enum tk_rc rc;

	*ret = NULL;
	if (!tk_utf8_valid(text, n))
		return tk_fail(e, TK_ESYNTAX, NULL, N_("The JSON text is not UTF-8."));
	if ((rc = scan(text, n, &values, e)))
		return rc;
	copy = tk_strndup(a, text, n);
	root = parse_tree(a, copy, n, values, &end);
	if (!root)
		return tk_fail(e, TK_ESYNTAX, NULL,
			       N_("The text is not one JSON value (the fault is at byte %zu)."),
			       end ? (size_t)(end - copy) : (size_t)0);
	if ((rc = no_repeats(root, e)))
		return rc;
	*ret = root;
	return TK_OK;
}

/* The member, or NULL in *ret if it is missing or null. */
static enum tk_rc member(const cJSON *o, const char *key, const cJSON **ret, struct tk_err *e)
{
	*ret = NULL;
	if (!o)
		return TK_OK;
	if (!cJSON_IsObject(o))
		return tk_fail(e, TK_EINVAL, key,
			       N_("A JSON object is expected here, with names and values."));
	*ret = cJSON_GetObjectItemCaseSensitive(o, key);
	if (*ret && cJSON_IsNull(*ret))
		*ret = NULL;
	return TK_OK;
}

enum tk_rc tk_json_get_str(const cJSON *o, const char *key, const char **ret, struct tk_err *e)
{
	const cJSON *v;
	enum tk_rc rc = member(o, key, &v, e);

	if (rc || !v)
		return rc;
	if (!cJSON_IsString(v))
		return tk_fail(e, TK_EINVAL, key, N_("\"%s\" must be a text."), key);
	*ret = v->valuestring;
	return TK_OK;
}

enum tk_rc tk_json_get_int(const cJSON *o, const char *key, int64_t *ret, struct tk_err *e)
{
	const double top = 9007199254740991.0;  /* beyond it a double skips numbers */
	const cJSON *v;
	enum tk_rc rc = member(o, key, &v, e);

	if (rc || !v)
		return rc;
	if (!cJSON_IsNumber(v) || !(v->valuedouble >= -top && v->valuedouble <= top) ||
	    v->valuedouble != (double)(int64_t)v->valuedouble)
		return tk_fail(e, TK_EINVAL, key, N_("\"%s\" must be a whole number."), key);
	*ret = (int64_t)v->valuedouble;
	return TK_OK;
}

enum tk_rc tk_json_get_bool(const cJSON *o, const char *key, bool *ret, struct tk_err *e)
{
	const cJSON *v;
	enum tk_rc rc = member(o, key, &v, e);

	if (rc || !v)
		return rc;
	if (!cJSON_IsBool(v))
		return tk_fail(e, TK_EINVAL, key, N_("\"%s\" must be true or false."), key);
	*ret = cJSON_IsTrue(v);
	return TK_OK;
}

enum tk_rc tk_json_get_id(const cJSON *o, const char *key, int64_t *ret, struct tk_err *e)
{
	const cJSON *v;
	int64_t id = 0;
	enum tk_rc rc = member(o, key, &v, e);

	if (rc || !v)
		return rc;
	if (!cJSON_IsString(v) || strspn(v->valuestring, "0123456789") != strlen(v->valuestring) ||
	    !tk_parse_int(v->valuestring, &id) || id <= 0)
		return tk_fail(e, TK_EINVAL, key,
			       N_("\"%s\" must be an id: digits in quotation marks."), key);
	*ret = id;
	return TK_OK;
}

enum tk_rc tk_json_only(const cJSON *o, const char *const *keys, struct tk_err *e)
{
	if (!cJSON_IsObject(o))
		return tk_fail(e, TK_EINVAL, NULL,
			       N_("A JSON object is expected here, with names and values."));
	for (const cJSON *c = o->child; c; c = c->next) {
		const char *const *k = keys;
		while (*k && strcmp(*k, c->string) != 0)
			k++;
		if (!*k)
			return tk_fail(e, TK_EINVAL, c->string,
				       N_("\"%s\" is not a name that is known here."), c->string);
	}
	return TK_OK;
}
