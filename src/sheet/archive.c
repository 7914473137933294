/* archive.c - ZIP archives through libzip, in memory. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>
#include "sheet/archive.h"

struct tk_archive {
	struct tk_arena *mem;   /* copies of what was added: libzip reads it when it closes */
	zip_source_t *source;
	zip_t *zip;
	time_t at;
	size_t left;            /* bytes that may still be added */
	struct tk_err err;
};

static void fail(struct tk_archive *z, const char *what)
{
	if (z->err.rc == TK_OK)
		(void)!tk_fail(&z->err, TK_EINTERNAL, NULL,
			       N_("The archive cannot be written: %s"), what);
}

struct tk_archive *tk_archive_new(int64_t at, size_t max, enum tk_lang lang)
{
	struct tk_archive *z = tk_xcalloc(1, sizeof(*z));
	zip_error_t ze;

	z->mem = tk_arena_new(max + (1 << 20));
	z->at = (time_t)at;
	z->left = max;
	z->err.lang = lang;
	zip_error_init(&ze);
	z->source = zip_source_buffer_create(NULL, 0, 0, &ze);
	if (z->source)
		zip_source_keep(z->source);     /* the archive takes one reference, we keep one */
	z->zip = z->source ? zip_open_from_source(z->source, ZIP_TRUNCATE, &ze) : NULL;
	if (!z->zip)
		fail(z, zip_error_strerror(&ze));
	zip_error_fini(&ze);
	return z;
}

void tk_archive_add(struct tk_archive *z, const char *name, const void *data, size_t n)
{
	void *copy;
	zip_source_t *s;
	zip_int64_t at;

	if (z->err.rc != TK_OK)
		return;
	if (n > z->left) {
		(void)!tk_fail(&z->err, TK_ETOOBIG, NULL,
			       N_("The archive would become too large with \"%.80s\"."), name);
		return;
	}
	z->left -= n;
	copy = tk_alloc(z->mem, n + 1);
	if (n)
		memcpy(copy, data, n);
	s = zip_source_buffer(z->zip, copy, n, 0);
	at = s ? zip_file_add(z->zip, tk_strdup(z->mem, name), s, ZIP_FL_ENC_UTF_8) : -1;
	if (at < 0) {
		zip_source_free(s);
		fail(z, zip_strerror(z->zip));
	} else if (zip_file_set_mtime(z->zip, (zip_uint64_t)at, z->at, 0) < 0) {
		fail(z, zip_strerror(z->zip));
	}
}

/* After the archive is closed its bytes are in our source. */
static enum tk_rc hand_out(struct tk_archive *z, tk_out_fn fn, void *ctx, struct tk_err *e)
{
	enum tk_rc rc = TK_OK;
	char block[65536];
	zip_int64_t n = 0;

	if (zip_source_open(z->source) < 0)
		return tk_fail(e, TK_EINTERNAL, NULL, N_("The archive cannot be written: %s"),
			       zip_error_strerror(zip_source_error(z->source)));
	while (rc == TK_OK && (n = zip_source_read(z->source, block, sizeof(block))) > 0)
		rc = fn(ctx, block, (size_t)n, e);
	if (rc == TK_OK && n < 0)
		rc = tk_fail(e, TK_EINTERNAL, NULL, N_("The archive cannot be written: %s"),
			     zip_error_strerror(zip_source_error(z->source)));
	zip_source_close(z->source);
	return rc;
}

enum tk_rc tk_archive_close(struct tk_archive *z, tk_out_fn fn, void *ctx, struct tk_err *e)
{
	enum tk_rc rc = z->err.rc;

	if (rc == TK_OK && zip_close(z->zip) < 0) {
		fail(z, zip_strerror(z->zip));
		rc = z->err.rc;
	} else if (rc == TK_OK) {
		z->zip = NULL;
		rc = hand_out(z, fn, ctx, e);
		tk_archive_free(z);
		return rc;
	}
	if (e != &z->err)
		*e = z->err;
	tk_archive_free(z);
	return rc;
}

void tk_archive_free(struct tk_archive *z)
{
	if (!z)
		return;
	if (z->zip)
		zip_discard(z->zip);
	zip_source_free(z->source);
	tk_arena_free(z->mem);
	free(z);
}
