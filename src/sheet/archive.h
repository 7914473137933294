/* archive.h - the one writer of ZIP archives: a publication pack, files handed out together.
 *
 * Files are gathered in memory and written in the order in which they were added, with one date for
 * all, so that the same content is the same archive byte for byte.  Errors are sticky, as in
 * sheet_write.h.  One thread at a time uses an archive.
 */
#pragma once
#include "sheet/sheet_write.h"

struct tk_archive;
/* at: the date of the files, seconds UTC.  Everything added together may have max bytes. */
struct tk_archive *tk_archive_new(int64_t at, size_t max, enum tk_lang lang);
/* name: with folders, "tables/web-meeting.csv"; a name may be used once.  Copies name and data. */
void tk_archive_add(struct tk_archive *z, const char *name, const void *data, size_t n);
/* Hands the archive to fn and frees it.  TK_ETOOBIG: more than max was added. */
enum tk_rc tk_archive_close(struct tk_archive *z, tk_out_fn fn, void *ctx,
			    struct tk_err *e) TK_MUST_USE;
void tk_archive_free(struct tk_archive *z);                     /* NULL is fine */
