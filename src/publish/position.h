/* position.h - the position sheet: an institution's own answers against its sector and all (SRV-09,
 * panel_position; docs/DISCLOSURE.md).
 *
 * There is one for everybody whose answers count, once a publication of the campaign is out.  It
 * names nobody but its reader, and it says no more than the publication may:
 *   - a stratum stands on it only where at least `min_position` others answered, as a whole and in
 *     the base of each question; the reader, who knows the own answer, is never counted;
 *   - the counts without the reader, the rest of every base, and everybody outside the sector are
 *     protected together over all questions, by the publication's rule (src/stat/suppress.h);
 *   - what the publication leaves out about the same respondents is left out here too, and must not
 *     be computed from what is printed here;
 *   - quartiles need `min_cell` others in each quarter and have two significant digits, so that
 *     none is somebody's answer.
 * Several institutions that put their sheets together know more than one; that is not hidden from
 * them.
 *
 * struct tk_positions holds the campaign read-locked (live.h): one thread, and not inside a
 * transaction, where every look would count anew.  Results live in op->mem.
 */
#pragma once
#include "publish/publication.h"

/* The campaign and the publication that its sheets go with, for everybody: asks no permission.
 * TK_ENOTFOUND: no institutions are asked, or nothing is published; TK_ECONFLICT: answers may have
 * changed since. */
enum tk_rc tk_position_ready(const struct tk_op *op, int64_t campaign_id, struct campaign *c,
			     struct publication *p) TK_MUST_USE;

struct tk_positions;
/* What all sheets of a campaign have in common.  Errors as of tk_position_ready. */
enum tk_rc tk_positions_open(const struct tk_op *op, int64_t campaign_id,
			     struct tk_positions **ret) TK_MUST_USE;
void       tk_positions_close(struct tk_positions *ps);         /* NULL is fine */
/* The whole page.  op->mem may be another arena than the one of tk_positions_open.  TK_ENOTFOUND:
 * not one of the institutions asked; TK_ECONFLICT: it has not submitted. */
enum tk_rc tk_position_page(const struct tk_op *op, struct tk_positions *ps, int64_t respondent_id,
			    enum tk_lang lang, struct tk_buf *out) TK_MUST_USE;
/* What stands in its one <style> element. */
extern const char tk_position_style[];

/* Those who have a sheet, by code. */
struct tk_position_row { int64_t respondent_id; const char *code, *name, *mail; };
typedef enum tk_rc (*tk_position_fn)(void *ctx, const struct tk_position_row *r);
enum tk_rc tk_position_each(const struct tk_op *op, int64_t campaign_id, tk_position_fn fn,
			    void *ctx) TK_MUST_USE;
/* In the caller's transaction: one mail to the coordinating contact of each, with the address of
 * the page that leads to the sheet; nobody gets it twice for the same edition. */
struct tk_position_sent { int64_t queued, without_mail, already; };
enum tk_rc tk_positions_send(const struct tk_op *op, int64_t campaign_id, const char *base_url,
			     struct tk_position_sent *ret) TK_MUST_USE;
