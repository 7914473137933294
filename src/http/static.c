#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/hash.h"
#include "http/static.h"

enum { MAX_FILES = 512, MAX_FILE = 16 << 20 };
struct tk_static_set { struct tk_static f[MAX_FILES]; size_t n; };

static const char *media_type(const char *path)
{
	static const struct { const char *end, *type;
	} t[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".ico", "image/x-icon" },
		{ ".json", "application/json" },
		{ ".webmanifest", "application/manifest+json" },
		{ ".woff2", "font/woff2" },
		{ ".txt", "text/plain; charset=utf-8" },
	};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < TK_LEN(t); i++)
		if (!strcmp(dot, t[i].end))
			return t[i].type;
	return "application/octet-stream";
}

static void add(struct tk_static_set *s, const char *path, void *data, size_t len)
{
	struct tk_static *f = &s->f[s->n++];
	char hex[TK_SHA256_HEX];

	tk_sha256_hex(data, len, hex);
	snprintf(f->etag, sizeof(f->etag), "\"%.16s\"", hex);
	f->path = tk_xstrdup(path);
	f->type = media_type(path);
	f->data = data;
	f->len = len;
	f->immutable = !strncmp(path, "/assets/", 8);
}

static void load_file(struct tk_static_set *s, const char *file, const char *path, size_t len)
{
	FILE *f = len <= MAX_FILE && s->n < MAX_FILES ? fopen(file, "rb") : NULL;
	char *data;

	if (!f)
		return;
	data = tk_xmalloc(len + 1);
	if (fread(data, 1, len, f) == len)
		add(s, path, data, len);
	else
		free(data);
	fclose(f);
}

static void load_dir(struct tk_static_set *s, const char *dir, const char *prefix, int depth)
{
	DIR *d = depth < 4 ? opendir(dir) : NULL;
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char file[1024], path[512];
		struct stat st;

		if (e->d_name[0] == '.')
			continue;
		if (snprintf(file, sizeof(file), "%s/%s", dir, e->d_name) >= (int)sizeof(file) ||
		    snprintf(path, sizeof(path), "%s/%s", prefix, e->d_name) >= (int)sizeof(path) ||
		    stat(file, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			load_dir(s, file, path, depth + 1);
		else if (S_ISREG(st.st_mode))
			load_file(s, file, path, (size_t)st.st_size);
	}
	if (d)
		closedir(d);
}

struct tk_static_set *tk_static_load(const char *dir)
{
	static const char missing[] =
		"<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\"><title>Tenken</title>"
		"<h1>Tenken</h1><p>画面の部品が見つかりません。<code>make build</code> "
		"を実行するか、--page で場所を指定してください。</p>"
		"<p lang=\"en\">The page is not built. Run <code>make build</code>, or name its "
		"folder with --page.</p></html>";
	struct tk_static_set *s = tk_xcalloc(1, sizeof(*s));

	if (dir)
		load_dir(s, dir, "", 0);
	if (!tk_static_find(s, "/"))
		add(s, "/index.html", tk_xstrdup(missing), sizeof(missing) - 1);
	return s;
}

void tk_static_free(struct tk_static_set *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		free((void *)(uintptr_t)s->f[i].path);
		free(s->f[i].data);
	}
	free(s);
}

const struct tk_static *tk_static_find(const struct tk_static_set *s, const char *path)
{
	if (!strcmp(path, "/"))
		path = "/index.html";
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->f[i].path, path))
			return &s->f[i];
	return NULL;
}
