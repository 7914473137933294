/* static.h - the built page, read into memory once at start.  Read-only afterwards, any thread. */
#pragma once
#include "base/mem.h"
struct tk_static {
	const char *path, *type;
	char etag[24];
	void *data;
	size_t len;
	bool immutable;
};
struct tk_static_set;
/* dir NULL or unreadable: only a plain page that says where the real one is missing. */
struct tk_static_set *tk_static_load(const char *dir);
void tk_static_free(struct tk_static_set *s);
/* "/" is index.html; NULL if there is no such file. */
const struct tk_static *tk_static_find(const struct tk_static_set *s, const char *path);
