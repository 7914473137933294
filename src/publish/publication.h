/* publication.h - what of a campaign is published, and under which rule for small cells (SRV-02,
 * SRV-08; docs/DISCLOSURE.md).
 *
 * A publication is a record: draft -> published -> withdrawn.  A draft is computed anew at every
 * look, so that its preview is never stale.  Publishing proves the pattern of suppressed cells once
 * more, and keeps every file as it goes out with its digest; from then on the record and its files
 * stay as they are.  A correction is a new edition of the same campaign, which says what it
 * corrects.  Any thread with its own tk_op; results live in op->mem.
 */
#pragma once
#include "survey/campaign.h"

struct publication {
	struct tk_rec rec;
	int64_t campaign_id, edition;
	const char *tables;   /* names with blanks between; NULL: all of the questionnaire */
	const char *min_cell; /* "3", "5" or "10": smaller counts are not published */
	bool protect_all;     /* nor that all or none of a base did it */
	int64_t min_position; /* institutions a stratum needs to be shown to one of them */
	const char *remark_ja, *remark_en, *state;
	int64_t published_at;
	const char *digest; /* of the manifest of its files */
};
extern const struct tk_rtype tk_publication_type;

bool tk_publication_is(const struct publication *p, const char *state);
/* The newest published edition of a campaign; TK_ENOTFOUND: there is none. */
enum tk_rc tk_publication_newest(const struct tk_op *op, int64_t campaign_id,
				 struct publication *ret) TK_MUST_USE;
/* A new draft of a campaign, the next edition, with the usual rules unless they are given (NULL,
 * 0). */
enum tk_rc tk_publication_new(const struct tk_op *op, const struct campaign *c, const char *tables,
			      const char *min_cell, const char *remark,
			      struct publication *ret) TK_MUST_USE;

/* -- publishing -------------------------------------------------------------------------------- */
/* One file of a pack.  Lives in the arena. */
struct tk_pack_file {
	const char *name, *media_type;
	const void *data;
	size_t n;
};
struct tk_pack {
	struct tk_pack_file *file;
	size_t n, cap;
	const struct tk_mark *figure; /* that are printed, by whom they count */
	size_t nfigure;
	int64_t editions; /* that were out when it was made */
};
/* All files of a publication, in order, made from the campaign as it is now; the last is the
 * manifest, whose digest is the publication's.  TK_ECONFLICT: a small figure could be found out
 * (what and why is in op->e). */
enum tk_rc tk_pack_make(const struct tk_op *op, const struct publication *p,
			struct tk_pack *ret) TK_MUST_USE;
/* In the caller's transaction: keeps these files, draft -> published. */
enum tk_rc tk_publication_publish(const struct tk_op *op, int64_t id, const struct tk_pack *pack,
				  struct publication *ret) TK_MUST_USE;
/* Remembers which figures are out (earlier.c). */
enum tk_rc tk_earlier_keep(const struct tk_op *op, int64_t publication_id,
			   const struct tk_mark *key, size_t n) TK_MUST_USE;
enum tk_rc tk_publication_withdraw(const struct tk_op *op, int64_t id, const char *reason,
				   struct publication *ret) TK_MUST_USE;
/* A file as it was published.  TK_ENOTFOUND: there is none of that name. */
enum tk_rc tk_publication_file(const struct tk_op *op, int64_t id, const char *name,
			       struct tk_pack_file *ret) TK_MUST_USE;
/* Everything that was published, as one archive; the same publication is the same bytes. */
enum tk_rc tk_publication_archive(const struct tk_op *op, const struct publication *p,
				  struct tk_buf *out) TK_MUST_USE;
