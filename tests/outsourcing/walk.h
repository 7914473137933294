/* walk.h - records with a life through HTTP: made, moved, refused.  What is made stays for the
 * tests of the group that come after. */
#pragma once
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../http/world.h"

#define ID(x) ((long long)(x))

static inline struct reply made(struct world *w, enum actor_id who, const char *type, const char *body)
{
	return ask(w, who, "POST", fmt(w, "/api/v1/%s", type), .body = body, .keep = true);
}

static inline int64_t make(struct world *w, enum actor_id who, const char *type, const char *body)
{
	struct reply r = made(w, who, type, body);

	STATUS(r, 201);
	return strtoll(reply_member(w, &r, "id"), NULL, 10);
}

static inline struct reply move(struct world *w, enum actor_id who, const char *type, int64_t id, const char *action,
				const char *comment)
{
	return ask(w, who, "POST", fmt(w, "/api/v1/%s/%lld/case/move", type, ID(id)),
		   .body = comment ? fmt(w, "{\"action\":\"%s\",\"comment\":\"%s\"}", action, comment) :
				     fmt(w, "{\"action\":\"%s\"}", action), .keep = true);
}
#define MOVE(w, who, type, id, action, comment) STATUS(move((w), (who), (type), (id), (action), (comment)), 200)

static inline struct reply change(struct world *w, enum actor_id who, const char *type, int64_t id, const char *body)
{
	struct reply r = get(w, who, fmt(w, "/api/v1/%s/%lld", type, ID(id)));

	if (r.status != 200)
		return r;
	return ask(w, who, "PATCH", fmt(w, "/api/v1/%s/%lld", type, ID(id)), .body = body, .keep = true,
		   .if_match = fmt(w, "\"%s\"", reply_member(w, &r, "version")));
}

/* A refusal that names the field. */
#define NAMES(r, status_, field_) do { struct reply n_ = (r); STATUS(n_, (status_)); \
	HAS(n_, "\"field\":\"" field_ "\""); } while (0)

static inline const char *member(struct world *w, enum actor_id who, const char *type, int64_t id, const char *name)
{
	struct reply r = get(w, who, fmt(w, "/api/v1/%s/%lld", type, ID(id)));

	STATUS(r, 200);
	return reply_member(w, &r, name);
}
