#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "job/template.h"

enum { SUBJECT_MAX = 200, BODY_MAX = 20000 };

static const struct { const char *kind, *text[2];
} builtin[] = {
	{ "reminder",
	  { [TK_JA] = "【回答のお願い】{title}（{closes_on}まで）\n\n"
		      "{name} 様\n\n"
		      "「{title}」へのご回答がまだ提出されていません。\n"
		      "{closes_on}までに、次のページからご回答ください。\n\n"
		      "{url}\n\n"
		      "行き違いで提出済みの場合はご容赦ください。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "Please answer: {title} (by {closes_on})\n\n"
		      "Dear {name},\n\n"
		      "your answers to \"{title}\" have not been submitted yet.\n"
		      "Please answer by {closes_on} on this page:\n\n"
		      "{url}\n\n"
		      "If you have submitted them in the meantime, please ignore this mail.\n"
		      "It was sent automatically and cannot be replied to.\n" } },
	{ "invite",
	  { [TK_JA] = "【ご案内】{title}：アカウントの登録\n\n"
		      "{name} 様\n\n"
		      "情報セキュリティ自己点検などに使うアカウントを用意しました。\n"
		      "{closes_on}までに次のページを開き、パスワードを設定してください。\n\n"
		      "{url}\n\n"
		      "このページは一度だけ使えます。ほかの人に転送しないでください。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] =
		    "{title}: set up your account\n\n"
		    "Dear {name},\n\n"
		    "an account for the self-inspection of information security is ready for you.\n"
		    "Please open this page by {closes_on} and choose a password:\n\n"
		    "{url}\n\n"
		    "The page can be used once. Do not pass this mail on.\n"
		    "It was sent automatically and cannot be replied to.\n" } },
	{ "invite_panel",
	  { [TK_JA] = "【ご案内】{title}：調査に回答するアカウントの登録\n\n"
		      "{name} 様\n\n"
		      "調査への回答に使うアカウントを用意しました。\n"
		      "{closes_on}までに次のページを開き、パスワードを設定してください。\n\n"
		      "{url}\n\n"
		      "このページは一度だけ使えます。ほかの人に転送しないでください。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "{title}: set up your account for surveys\n\n"
		      "Dear {name},\n\n"
		      "an account with which you answer surveys is ready for you.\n"
		      "Please open this page by {closes_on} and choose a password:\n\n"
		      "{url}\n\n"
		      "The page can be used once. Do not pass this mail on.\n"
		      "It was sent automatically and cannot be replied to.\n" } },
	{ "send_back",
	  { [TK_JA] = "【差戻し】{title}\n\n"
		      "{name} 様\n\n"
		      "提出された「{title}」の回答が差し戻されました。\n\n"
		      "理由：{reason}\n\n"
		      "{closes_on}までに、次のページから修正して再度提出してください。\n\n"
		      "{url}\n\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "Sent back: {title}\n\n"
		      "Dear {name},\n\n"
		      "your answers to \"{title}\" have been sent back to you.\n\n"
		      "Reason: {reason}\n\n"
		      "Please correct them and submit them again by {closes_on} on this page:\n\n"
		      "{url}\n\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
	{ "section",
	  { [TK_JA] = "【回答のお願い】{title}：{reason}\n\n"
		      "{name} 様\n\n"
		      "「{title}」のうち「{reason}」の回答を担当していただくことになりました。\n"
		      "{closes_on}までに、次のページからご回答ください。\n\n"
		      "{url}\n\n"
		      "回答が終わったら、その部分を「完了」にしてください。\n"
		      "提出は取りまとめの担当者が行います。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "Please answer: {title}, {reason}\n\n"
		      "Dear {name},\n\n"
		      "you have been asked to answer \"{reason}\" of \"{title}\".\n"
		      "Please answer by {closes_on} on this page:\n\n"
		      "{url}\n\n"
		      "Mark the section as done when you have finished; your coordinator submits.\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
	{ "accepted",
	  { [TK_JA] = "【受理】{title}\n\n"
		      "{name} 様\n\n"
		      "提出された「{title}」の回答を受理しました。\n"
		      "ご協力ありがとうございました。\n\n"
		      "{url}\n\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "Accepted: {title}\n\n"
		      "Dear {name},\n\n"
		      "your answers to \"{title}\" have been accepted. Thank you.\n\n"
		      "{url}\n\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
	{ "position",
	  { [TK_JA] = "【お知らせ】{title}：立ち位置（他先対比）\n\n"
		      "{name} ご担当者様\n\n"
		      "「{title}」の結果がまとまり、貴先の回答を業態や全体と対比した"
		      "「立ち位置」をご覧いただけるようになりました。\n"
		      "次のページにサインインし、「立ち位置」を開いてください。\n\n"
		      "{url}\n\n"
		      "貴先の回答が載っているため、取扱いにご注意ください。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "{title}: your position against the panel\n\n"
		      "To {name},\n\n"
		      "the results of \"{title}\" are out. You can now read your own answers "
		      "against those of your sector and of all.\n"
		      "Please sign in on this page and open \"Position against the panel\":\n\n"
		      "{url}\n\n"
		      "They show your own answers; please handle them with care.\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
};

const char *tk_template_builtin(const char *kind, enum tk_lang lang)
{
	for (size_t i = 0; i < TK_LEN(builtin); i++)
		if (!strcmp(builtin[i].kind, kind))
			return builtin[i].text[lang];
	return NULL;
}

enum { NAME, TITLE, CLOSES_ON, URL, REASON, NVALUE };
static const char *const value_name[NVALUE] = { "name", "title", "closes_on", "url", "reason" };

/* Which placeholder stands at s ("{title}..."): its index and length; -1 when none does. */
static int placeholder(const char *s, size_t *len)
{
	for (int i = 0; i < NVALUE; i++) {
		size_t n = strlen(value_name[i]);

		if (!strncmp(s + 1, value_name[i], n) && s[n + 1] == '}') {
			*len = n + 2;
			return i;
		}
	}
	return -1;
}

static void put(struct tk_buf *b, const char *s, size_t n, const char *const value[NVALUE])
{
	for (const char *end = s + n; s < end;) {
		size_t len = 1;
		int i = *s == '{' ? placeholder(s, &len) : -1;

		if (i >= 0)
			tk_buf_str(b, value[i]);
		else
			tk_buf_chr(b, *s);
		s += len;
	}
}

/* Where the subject ends and the body begins. */
static bool split(const char *text, size_t *subject, const char **body)
{
	const char *p = text + (*subject = strcspn(text, "\r\n"));

	while (*p == '\r' || *p == '\n')
		p++;
	*body = p;
	return *subject && *p;
}

enum tk_rc tk_template_check(const char *text, struct tk_err *e)
{
	const char *body;
	size_t n, len;

	if (!split(text, &n, &body) || tk_is_blank(body))
		return tk_fail(e, TK_EINVAL, "value",
			       N_("The template of a mail needs a subject in its first line, then "
				  "an empty line and the text."));
	for (const char *p = strchr(text, '{'); p; p = strchr(p + 1, '{')) {
		if (placeholder(p, &len) >= 0)
			continue;
		for (len = strnlen(p, 20); len > 0 && (p[len] & 0xC0) == 0x80;)
			len--;                          /* whole characters */
		return tk_fail(e, TK_EINVAL, "value",
			       N_("The template holds an unknown placeholder at \"%.*s\". Known "
				  "are {name}, {title}, {closes_on}, {url} and {reason}."),
			       (int)len, p);
	}
	return TK_OK;
}

static const char *line(struct tk_arena *a, const char *s)
{
	char *r = s ? tk_squeeze(a, s) : tk_strdup(a, "");

	for (char *p = r; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = ' ';
	return r;
}

static enum tk_rc find(const struct tk_op *op, const char *kind, enum tk_lang lang,
		       const char **ret)
{
	const char *key = tk_sprintf(op->mem, "mail.template.%s.%s", kind,
				     lang == TK_JA ? "ja" : "en");
	struct tk_value v[1];
	bool found = false;
	enum tk_rc rc;

	*ret = tk_template_builtin(kind, lang);
	if (!*ret)
		return tk_fail(op->e, TK_ENOTFOUND, "kind",
			       N_("There is no mail template \"%s\"."), kind);
	rc = tk_db_first(op->db, op->mem, op->e, "SELECT value FROM setting WHERE name = $1",
			 TK_ARGS(TK_S(key)), v, 1, &found);
	if (rc == TK_OK && found && !tk_is_blank(v[0].s))
		*ret = v[0].s;
	return rc;
}

enum tk_rc tk_template_fill(const struct tk_op *op, const char *kind, enum tk_lang lang,
			    const struct tk_template_values *v, const char **ret_subject,
			    const char **ret_body)
{
	const char *value[NVALUE] = {
		[NAME] = line(op->mem, v->name),           [TITLE] = line(op->mem, v->title),
		[CLOSES_ON] = line(op->mem, v->closes_on), [URL] = line(op->mem, v->url),
		[REASON] = line(op->mem, v->reason),
	};
	struct tk_buf b = TK_BUF(BODY_MAX * 4);
	const char *text, *body;
	struct tk_date day;
	size_t n;
	enum tk_rc rc = find(op, kind, lang, &text);

	if (rc != TK_OK || (rc = tk_template_check(text, op->e)) != TK_OK)
		return rc;
	if (v->closes_on && tk_date_from_iso(v->closes_on, &day))
		value[CLOSES_ON] = tk_date_print(op->mem, lang, day);
	(void)split(text, &n, &body);
	put(&b, text, n, value);
	*ret_subject = tk_utf8_head(op->mem, tk_buf_cstr(&b), SUBJECT_MAX);
	tk_buf_clear(&b);
	put(&b, body, strlen(body), value);
	*ret_body = tk_utf8_head(op->mem, tk_buf_cstr(&b), BODY_MAX);
	if (b.bad)
		rc = tk_fail(op->e, TK_ETOOBIG, NULL, N_("The text of the mail is too long."));
	tk_buf_drop(&b);
	return rc;
}
