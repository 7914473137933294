/* contractor.c - the firms that work for the office. */
#include "base/text.h"
#include "org/institution.h"
#include "outsourcing/outsourcing.h"

#define F struct tk_contractor
static const char *const name_alias[] = { "名称", "商号", "事業者名", "委託先", "会社名", NULL };
static const char *const kana_alias[] = { "カナ", "フリガナ", "ふりがな", NULL };
static const char *const corporate_alias[] = { "法人番号", NULL };
static const char *const address_alias[] = { "住所", "所在地", NULL };
static const char *const contact_alias[] = { "担当者", "連絡先", "窓口", NULL };
static const char *const phone_alias[] = { "電話番号", "電話", "tel", NULL };
static const char *const mail_alias[] = { "メールアドレス", "メール", "e-mail", "mail", NULL };
static const char *const certification_alias[] = { "認証", "認証取得状況", "外部認証", NULL };
static const char *const until_alias[] = { "認証の有効期限", "有効期限", NULL };
static const char *const note_alias[] = { "備考", NULL };

static enum tk_rc check_corporate(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	if (!tk_corporate_number_ok(v.s))
		return tk_fail(e, TK_EINVAL, f->name,
			       N_("\"%.40s\" is no corporate number: it has 13 digits, the first "
				  "of which must fit the other twelve."), v.s);
	return TK_OK;
}

static const struct tk_field field[] = {
	TK_TEXT(F, name, .label = N_("Contractor"), .alias = name_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_TEXT(F, kana, .label = N_("Name in kana"),
		.alias = kana_alias, .flags = TK_SEARCH, .max = 200),
	TK_TEXT(F, corporate_number, .label = N_("Corporate number"), .alias = corporate_alias,
		.max = 40, .flags = TK_UNIQUE | TK_LIST | TK_SEARCH | TK_PLAIN,
		.check = check_corporate, .help = N_("13 digits; the first is a check digit.")),
	TK_TEXT(F, address, .label = N_("Address"), .alias = address_alias, .max = 300),
	TK_TEXT(F, contact, .label = N_("Contact person"), .alias = contact_alias,
		.flags = TK_LIST, .max = 200),
	TK_TEXT(F, phone, .label = N_("Telephone"), .alias = phone_alias, .max = 60),
	TK_MAIL(F, mail, .label = N_("Mail address"), .alias = mail_alias, .max = 254),
	TK_TEXT(F, certification, .label = N_("External certification"),
		.alias = certification_alias, .flags = TK_LIST | TK_SEARCH, .max = 300,
		.help = N_("Such as ISO/IEC 27001 or the Privacy Mark.")),
	TK_DATE(F, certified_until, .label = N_("Certified until"), .alias = until_alias,
		.flags = TK_LIST),
	TK_TEXT(F, note, .label = N_("Note"), .alias = note_alias, .max = 2000),
};

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct tk_contractor *c = now;

	(void)was;
	if (!deleted && c->name)
		tk_set_by(&tk_contractor, c, "name", TK_S(tk_squeeze(op->mem, c->name)));
	if (!deleted && c->corporate_number)
		tk_set_by(&tk_contractor, c, "corporate_number",
			  TK_S(tk_unblank(op->mem, tk_narrow(op->mem, c->corporate_number))));
	return TK_OK;
}

const struct tk_rtype tk_contractor = {
	.name = "contractor",
	.path = "contractors",
	.table = "contractor",
	.label = N_("Contractor"),
	.label_plural = N_("Contractors"),
	.group = "outsourcing",
	.size = sizeof(F),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "name",
	.order = "name",
	.flags = TK_T_COMMON,
	.read = TK_P_OUT_READ,
	.write = TK_P_OUT_WRITE,
	.grade = 2,
	.check = check,
};
