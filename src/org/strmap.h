/* strmap.h - text -> number, in an arena.  Private to src/org.  Keys are not copied. */
#pragma once
#include "base/mem.h"

struct tk_strmap { struct tk_arena *mem; const char **key; uint32_t *val; size_t cap, n; };
/* false: the key was there already and keeps its value. */
bool tk_strmap_add(struct tk_strmap *m, const char *key, uint32_t val);
bool tk_strmap_get(const struct tk_strmap *m, const char *key, uint32_t *ret);
