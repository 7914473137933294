/* request.c - what handlers ask of a request and say in a reply. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "base/text.h"
#include "http/http.h"

void tk_req_header(struct tk_req *rq, const char *name, const char *value)
{
	if (rq->nheader < TK_MAX_HEADER)
		rq->header[rq->nheader++] = (struct tk_pair){ name, value };
}

void tk_req_etag(struct tk_req *rq, int64_t version)
{
	tk_req_header(rq, "ETag", tk_sprintf(rq->mem, "\"%" PRId64 "\"", version));
}

const char *tk_req_query(const struct tk_req *rq, const char *name)
{
	for (size_t i = 0; i < rq->nquery; i++)
		if (!strcmp(rq->query[i].name, name))
			return rq->query[i].value;
	return NULL;
}

bool tk_req_flag(const struct tk_req *rq, const char *name)
{
	const char *v = tk_req_query(rq, name);

	return v && (!*v || !strcmp(v, "1") || !strcmp(v, "true"));
}

enum tk_rc tk_req_id(struct tk_req *rq, size_t n, int64_t *ret)
{
	const char *s = n < TK_MAX_PARAM ? rq->param[n] : NULL;

	if (!s || strlen(s) > 19 || !tk_parse_int(s, ret) || *ret <= 0)
		return tk_fail(&rq->err, TK_ENOTFOUND, NULL,
			       N_("There is nothing at this address."));
	return TK_OK;
}

enum tk_rc tk_req_version(struct tk_req *rq, int64_t *ret)
{
	const char *s = rq->if_match;
	bool quoted;
	size_t n;

	if (!s)
		return tk_fail(&rq->err, TK_ENEEDVERSION, "If-Match",
			       N_("Say which version you have seen (header If-Match), so that "
				  "nobody's change is lost."));
	if (!strncmp(s, "W/", 2))
		s += 2;
	quoted = *s == '"';
	s += quoted;
	n = strspn(s, "0123456789");
	/* one version, exactly: no list, no *, no sign (below 0 would mean "whatever is there") */
	if (n == 0 || n > 18 || strcmp(s + n, quoted ? "\"" : "") != 0)
		return tk_fail(&rq->err, TK_EINVAL, "If-Match",
			       N_("The header If-Match must hold a version number."));
	*ret = strtoll(s, NULL, 10);
	return TK_OK;
}

const char *tk_req_cookie(struct tk_req *rq, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = rq->cookie; p && *p;) {
		const char *end = strchr(p, ';');
		size_t len = end ? (size_t)(end - p) : strlen(p);

		while (len && *p == ' ') {
			p++;
			len--;
		}
		if (len > n && !strncmp(p, name, n) && p[n] == '=')
			return tk_strndup(rq->mem, p + n + 1, len - n - 1);
		p = end ? end + 1 : NULL;
	}
	return NULL;
}

const char *tk_req_base_url(struct tk_req *rq)
{
	const struct tk_server_config *c = rq->server ? tk_server_config(rq->server) : NULL;

	if (!c)
		return "";
	if (c->base_url)
		return c->base_url;
	return tk_sprintf(rq->mem, strchr(c->host, ':') ? "%s://[%s]:%u" : "%s://%s:%u",
			  c->tls_cert ? "https" : "http", c->host,
			  (unsigned)tk_server_port(rq->server));
}

void tk_req_download(struct tk_req *rq, const char *filename, const char *type, int grade)
{
	struct tk_buf b = TK_BUF(16384);

	/* RFC 6266: the UTF-8 name percent-encoded, an ASCII name for old clients */
	tk_buf_str(&b, "attachment; filename=\"");
	for (const char *p = filename; *p; p++)         /* %: some clients would decode it */
		tk_buf_chr(&b, *p >= ' ' && *p < 0x7f && !strchr("\"\\%;/", *p) ? *p : '_');
	tk_buf_str(&b, "\"; filename*=UTF-8''");
	for (const char *p = filename; *p; p++) {
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~",
			   *p))
			tk_buf_chr(&b, *p);
		else
			tk_buf_fmt(&b, "%%%02X", (unsigned)(unsigned char)*p);
	}
	tk_req_header(rq, "Content-Disposition", tk_strdup(rq->mem, tk_buf_cstr(&b)));
	tk_buf_drop(&b);
	if (grade)
		tk_req_header(rq, "X-Confidentiality", tk_sprintf(rq->mem, "%d", grade));
	rq->content_type = type;
}

void tk_req_page(struct tk_req *rq, const char *style, int grade)
{
	char digest[TK_SHA256_BASE64];

	tk_sha256_base64(style, strlen(style), digest);
	rq->policy = tk_sprintf(rq->mem,
				"default-src 'none'; style-src 'sha256-%s'; form-action 'none'; "
				"base-uri 'none'; frame-ancestors 'none'", digest);
	if (grade)
		tk_req_header(rq, "X-Confidentiality", tk_sprintf(rq->mem, "%d", grade));
	rq->content_type = "text/html; charset=utf-8";
}

void tk_req_fault(struct tk_req *rq, const char *field, const char *detail)
{
	struct tk_json j;

	if (!rq->faults.max)
		rq->faults = TK_BUF(256 << 10);
	if (rq->faults.len)
		tk_buf_chr(&rq->faults, ',');
	j = TK_JSON(&rq->faults);
	tk_json_obj(&j);
	tk_json_kstr(&j, "field", field);
	tk_json_kstr(&j, "detail", detail);
	tk_json_end_obj(&j);
}

/* RFC 9457.  The title is the kind of fault, the detail the finished sentence. */
static const char *title(enum tk_rc rc)
{
	switch (rc) {
	case TK_EAUTH:     return N_("Please sign in");
	case TK_EPERM:     return N_("Not permitted");
	case TK_ENOTFOUND: return N_("Not found");
	case TK_EMETHOD:   return N_("Not possible here");
	case TK_ECONFLICT: return N_("Not possible now");
	case TK_EVERSION:  return N_("Changed in the meantime");
	case TK_ETOOBIG:   return N_("Too large");
	case TK_ERATE:     return N_("Too many requests");
	case TK_EBUSY:     return N_("Busy");
	case TK_EFULL:     return N_("The disk is full");
	case TK_EDB: case TK_EINTERNAL:
		return N_("A fault in the server");
	default:           return N_("Please correct the input");
	}
}

static void problem(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	enum tk_rc rc = rq->err.rc;
	char type[80];

	tk_buf_clear(&rq->out);
	rq->status = tk_rc_http(rc);
	rq->content_type = "application/problem+json";
	tk_json_obj(&j);
	snprintf(type, sizeof(type), "urn:tenken:problem:%s", tk_rc_slug(rc));
	tk_json_kstr(&j, "type", type);
	tk_json_kstr(&j, "title", tk_tr(rq->err.lang, title(rc)));
	tk_json_kint(&j, "status", rq->status);
	tk_json_kstr(&j, "detail", rq->err.msg);
	if (rq->err.field[0])
		tk_json_kstr(&j, "field", rq->err.field);
	if (rq->faults.len) {
		tk_json_key(&j, "errors");
		tk_json_arr(&j);
		tk_json_raw(&j, rq->faults.p);
		tk_json_end_arr(&j);
	}
	if (rc == TK_EAUTH)
		tk_json_kbool(&j, "demo", rq->server && tk_server_config(rq->server)->demo);
	tk_json_end_obj(&j);
	if (rc == TK_ERATE || rc == TK_EBUSY)
		tk_req_header(rq, "Retry-After", "5");
}

enum tk_rc tk_req_refuse(struct tk_req *rq)
{
	problem(rq);
	return TK_OK;
}
