/* world.h - an organisation to test with, and imports in one line. */
#pragma once
#include "testdb.h"
#include "org/roster.h"

struct world { struct testdb *t; struct tk_op op; struct tk_who who; };
void world_up(struct world *w, struct testdb *t);
#define WORLD(state) struct testdb *t = testdb_of(state); struct world w; world_up(&w, t)

/* Inserts a record from "field=value" pairs (NULL-terminated); references by code. */
int64_t make(struct world *w, const struct tk_rtype *type, ...) __attribute__((sentinel));
enum tk_rc try_make(struct world *w, const struct tk_rtype *type, int64_t *id, ...) __attribute__((sentinel));

struct file { char *data; size_t n; };
/* folder NULL: name is the whole path */
struct file slurp(struct world *w, const char *folder, const char *name);
/* opt may be NULL; the report of the import or the dry run */
struct tk_roster *import_bytes(struct world *w, const void *data, size_t n, const char *name,
			       const struct tk_roster_opt *opt, bool dry);
struct tk_roster *import_text(struct world *w, const char *csv, const struct tk_roster_opt *opt);
/* Asserts on the counts of a report: added, changed, ended, unchanged, errors. */
void counts(const struct tk_roster *r, int added, int changed, int ended, int unchanged, int errors, const char *file, int line);
#define COUNTS(r, a, c, e, u, err) counts((r), (a), (c), (e), (u), (err), __FILE__, __LINE__)
bool has_error(const struct tk_roster *r, const char *cell);
const char *message_of(const struct tk_roster *r, const char *cell);
