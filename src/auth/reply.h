/* reply.h - what the handlers of src/auth share.  Private to src/auth. */
#pragma once
#include "auth/sign_in.h"

/* GET /session's body for this person; sets cookie and rq->who when s is a session just made. */
enum tk_rc tk_session_reply(struct tk_req *rq, const struct tk_person *p,
			    const struct tk_session *s) TK_MUST_USE;
/* The name of the organisation (settings organisation, organisation_en); "" when it has none. */
enum tk_rc tk_organisation(const struct tk_op *op, enum tk_lang lang, const char **ret) TK_MUST_USE;
/* POST /accounts/invite (invite_api.c) */
enum tk_rc tk_invite_post(struct tk_req *rq) TK_MUST_USE;
