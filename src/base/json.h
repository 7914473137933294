/* json.h - a streaming JSON writer over a tk_buf (errors are the buffer's), and a small set of
 * helpers for reading with cJSON (limits on size and depth, unknown and repeated keys refused).
 * One thread at a time uses a writer; readers belong to the arena they were given. */
#pragma once
#include "base/mem.h"

struct tk_json { struct tk_buf *b; uint64_t comma; unsigned depth; bool after_key; };
#define TK_JSON(buf) ((struct tk_json){ .b = (buf) })
void tk_json_obj(struct tk_json *j);
void tk_json_end_obj(struct tk_json *j);
void tk_json_arr(struct tk_json *j);
void tk_json_end_arr(struct tk_json *j);
void tk_json_key(struct tk_json *j, const char *key);
void tk_json_str(struct tk_json *j, const char *s);             /* NULL gives null */
void tk_json_strn(struct tk_json *j, const char *s, size_t n);
void tk_json_int(struct tk_json *j, int64_t v);
void tk_json_id(struct tk_json *j, int64_t id); /* ids travel as strings; 0 gives null */
void tk_json_bool(struct tk_json *j, bool v);
void tk_json_null(struct tk_json *j);
void tk_json_raw(struct tk_json *j, const char *json);          /* already JSON */
/* tenths as a decimal number: 902 -> 90.2 */
void tk_json_x10(struct tk_json *j, int64_t tenths);
void tk_json_time(struct tk_json *j, int64_t utc);              /* RFC 3339; 0 gives null */
/* key and value at once */
#define tk_json_kstr(j, k, v)  (tk_json_key(j, k), tk_json_str(j, v))
#define tk_json_kint(j, k, v)  (tk_json_key(j, k), tk_json_int(j, v))
#define tk_json_kid(j, k, v)   (tk_json_key(j, k), tk_json_id(j, v))
#define tk_json_kbool(j, k, v) (tk_json_key(j, k), tk_json_bool(j, v))
#define tk_json_ktime(j, k, v) (tk_json_key(j, k), tk_json_time(j, v))

struct cJSON;
/* Parses n bytes into a tree that dies with the arena.  Refuses what is not UTF-8 or not one JSON
 * value, NUL characters in strings, nesting over 64, repeated keys (named in e->field). */
enum tk_rc tk_json_parse(struct tk_arena *a, const char *text, size_t n, struct cJSON **ret,
			 struct tk_err *e) TK_MUST_USE;
/* Member readers: a missing or null member (or a NULL object) leaves *ret as the caller set it,
 * which is the default; a wrong type is TK_EINVAL naming it.  An id is a string of digits above 0.
 */
enum tk_rc tk_json_get_str(const struct cJSON *o, const char *key, const char **ret,
			   struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_json_get_int(const struct cJSON *o, const char *key, int64_t *ret,
			   struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_json_get_bool(const struct cJSON *o, const char *key, bool *ret,
			    struct tk_err *e) TK_MUST_USE;
enum tk_rc tk_json_get_id(const struct cJSON *o, const char *key, int64_t *ret,
			  struct tk_err *e) TK_MUST_USE;
/* TK_EINVAL naming the first member that is not in the list (NULL-terminated). */
enum tk_rc tk_json_only(const struct cJSON *o, const char *const *keys,
			struct tk_err *e) TK_MUST_USE;
