/* system.c - the systems, their servers, software and costs. */
#include <string.h>
#include "base/text.h"
#include "ledger/ledger_in.h"

static enum tk_rc in_order(const struct tk_op *op, const char *from, const char *to)
{
	if (from && to && strcmp(to, from) < 0)
		return tk_fail(op->e, TK_EINVAL, "to_on",
			       N_("The last day must not be before the first day."));
	return TK_OK;
}

/* -- systems ----------------------------------------------------------------------------------- */
static const struct tk_choice conf[] = {
	{ "3", N_("Confidentiality 3") }, { "2", N_("Confidentiality 2") },
	{ "1", N_("Confidentiality 1") }, { 0 },
};
static const struct tk_choice integ[] = { { "2", N_("Integrity 2") }, { "1", N_("Integrity 1") },
					  { 0 } };
static const struct tk_choice avail[] = { { "2", N_("Availability 2") },
					  { "1", N_("Availability 1") }, { 0 } };

#define ALIAS(name, ...) static const char *const name[] = { __VA_ARGS__, NULL }
ALIAS(code_alias, "システムコード", "管理番号", "コード");
ALIAS(name_alias, "システム名", "システム名称", "情報システム名", "情報システムの名称", "名称");
ALIAS(owner_alias, "所管課室", "所管部署", "担当課室", "所管課", "主管課");
ALIAS(purpose_alias, "目的", "利用目的");
ALIAS(overview_alias, "概要", "システム概要");
ALIAS(contractor_alias, "委託先", "受託者", "運用事業者", "保守業者");
ALIAS(public_alias, "国民利用", "国民", "一般利用", "外部利用（国民）");
ALIAS(bureaus_alias, "財務局利用", "財務局", "外部利用（財務局）");
ALIAS(sro_alias, "自主規制団体利用", "自主規制団体", "外部利用（自主規制団体）");
ALIAS(conf_alias, "機密性", "機密性格付", "機密性の格付");
ALIAS(integ_alias, "完全性", "完全性格付", "完全性の格付");
ALIAS(avail_alias, "可用性", "可用性格付", "可用性の格付");
ALIAS(from_alias, "運用開始日", "稼働日", "運用開始", "稼働開始日");
ALIAS(to_alias, "運用終了日", "廃止日", "運用終了");
ALIAS(hardware_alias, "ハードウェア", "ハードウェア構成", "ハード構成");
ALIAS(software_alias, "ソフトウェア", "ソフトウェア構成", "ソフト構成");
ALIAS(priority_alias, "非常時優先", "非常時優先業務", "優先システム");
ALIAS(rule_alias, "運用管理規程", "規程");
ALIAS(contact_alias, "連絡先", "担当者", "問合せ先");
ALIAS(note_alias, "備考");

#define S struct info_system
static const struct tk_field system_field[] = {
	TK_TEXT(S, code, .label = N_("System code"), .alias = code_alias, .max = 40,
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH | TK_PLAIN),
	TK_TEXT(S, name, .label = N_("Information system"), .alias = name_alias, .max = 200,
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH),
	TK_TEXT(S, name_en, .label = N_("English name"), .max = 200, .flags = TK_SEARCH),
	TK_REF(S, owner_division_id, .label = N_("Owning division"), .alias = owner_alias,
	       .ref = &tk_division, .flags = TK_REQUIRED | TK_LIST),
	TK_LONG(S, purpose, .label = N_("Purpose"), .alias = purpose_alias, .max = 4000,
		.flags = TK_SEARCH),
	TK_LONG(S, overview, .label = N_("Overview"), .alias = overview_alias, .max = 4000,
		.flags = TK_SEARCH),
	TK_LONG(S, hardware, .label = N_("Hardware configuration"), .alias = hardware_alias,
		.max = 4000, .flags = TK_SEARCH),
	TK_LONG(S, software, .label = N_("Software configuration"), .alias = software_alias,
		.max = 4000, .flags = TK_SEARCH,
		.help = N_("In words. Products that vulnerability notices are matched with stand "
			   "in the register of software.")),
	TK_TEXT(S, contractor, .label = N_("Operated by"), .alias = contractor_alias, .max = 200,
		.flags = TK_SEARCH, .help = N_("The contractor; empty: the agency itself.")),
	TK_BOOL(S, for_public, .label = N_("Used by the public"), .alias = public_alias,
		.flags = TK_LIST),
	TK_BOOL(S, for_bureaus, .label = N_("Used by finance bureaus"), .alias = bureaus_alias),
	TK_BOOL(S, for_sro, .label = N_("Used by self-regulatory organisations"),
		.alias = sro_alias,
		.help = N_("A system whose stop affects the public, finance bureaus or "
			   "self-regulatory organisations needs a continuity manual.")),
	TK_BOOL(S, priority, .label = N_("Needed for priority work"), .alias = priority_alias,
		.flags = TK_LIST),
	TK_ENUM(S, conf_grade, .label = N_("Confidentiality"), .alias = conf_alias, .choice = conf),
	TK_ENUM(S, integ_grade, .label = N_("Integrity"), .alias = integ_alias, .choice = integ),
	TK_ENUM(S, avail_grade, .label = N_("Availability"), .alias = avail_alias,
		.choice = avail),
	TK_DATE(S, from_on, .label = N_("In operation from"), .alias = from_alias,
		.flags = TK_LIST),
	TK_DATE(S, to_on, .label = N_("In operation until"), .alias = to_alias, .flags = TK_LIST,
		.help = N_("The last day; empty: until further notice.")),
	TK_TEXT(S, operation_rule, .label = N_("Operation rule"), .alias = rule_alias, .max = 200,
		.help = N_("Title or number of the system's operation rule.")),
	TK_TEXT(S, contact, .label = N_("Contact"), .alias = contact_alias, .max = 200),
	TK_LONG(S, note, .label = N_("Note"), .alias = note_alias, .max = 2000),
};
#undef S

static enum tk_rc system_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct info_system *s = now;

	(void)was;
	if (deleted)
		return TK_OK;           /* what refers to it refuses */
	tk_squeeze_field(op->mem, &tk_info_system, s, "code");
	tk_squeeze_field(op->mem, &tk_info_system, s, "name");
	return in_order(op, s->from_on, s->to_on);
}

#define FLD(S, a) .size = sizeof(struct S), .field = a, .nfield = TK_LEN(a)
const struct tk_rtype tk_info_system = {
	.name = "info_system",
	.path = "info-systems",
	.table = "info_system",
	.label = N_("Information system"),
	.label_plural = N_("Information systems"),
	.group = "systems",
	FLD(info_system, system_field),
	.title = "name",
	.order = "code",
	.read = TK_P_SYSTEM_READ,
	.write = TK_P_SYSTEM_WRITE,
	.scope_division = "owner_division_id",
	.grade = 2,
	.check = system_check,
};

/* -- servers ----------------------------------------------------------------------------------- */
static const struct tk_choice server_kind[] = {
	{ "web", N_("Web server") },
	{ "mail", N_("Mail server") },
	{ "db", N_("Database server") },
	{ "file", N_("File server") },
	{ "other", N_("Other") },
	{ 0 },
};
ALIAS(system_alias, "システム名", "情報システム", "情報システム名", "システムコード", "システム");
ALIAS(server_alias, "サーバ名", "サーバー名", "ホスト名", "機器名", "サーバ");
ALIAS(kind_alias, "種別", "種類", "用途", "サーバ種別");
ALIAS(address_alias, "IPアドレス", "アドレス");
ALIAS(os_alias, "OS", "基本ソフト");
ALIAS(place_alias, "設置場所", "場所");
#define S struct server
static const struct tk_field server_field[] = {
	TK_TEXT(S, name, .label = N_("Server"), .alias = server_alias, .max = 100,
		.flags = TK_REQUIRED | TK_UNIQUE | TK_LIST | TK_SEARCH),
	TK_REF(S, info_system_id, .label = N_("Information system"), .alias = system_alias,
	       .ref = &tk_info_system, .flags = TK_REQUIRED | TK_LIST),
	TK_ENUM(S, kind, .label = N_("Kind"), .alias = kind_alias, .choice = server_kind,
		.flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(S, address, .label = N_("Server address"), .alias = address_alias, .max = 100,
		.flags = TK_SEARCH),
	TK_TEXT(S, os, .label = N_("Operating system"), .alias = os_alias, .max = 100,
		.flags = TK_LIST | TK_SEARCH),
	TK_TEXT(S, place, .label = N_("Place"), .alias = place_alias, .max = 200,
		.flags = TK_LIST),
	TK_DATE(S, from_on, .label = N_("In operation from"), .alias = from_alias),
	TK_DATE(S, to_on, .label = N_("In operation until"), .alias = to_alias, .flags = TK_LIST,
		.help = N_("The last day; empty: until further notice.")),
	TK_LONG(S, note, .label = N_("Note"), .alias = note_alias, .max = 2000),
	TK_REF(S, division_id, .label = N_("Owning division"), .ref = &tk_division,
	       .flags = TK_READONLY),
};
#undef S

static enum tk_rc server_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct server *s = now;

	(void)was;
	if (deleted)
		return TK_OK;
	tk_squeeze_field(op->mem, &tk_server_type, s, "name");
	return in_order(op, s->from_on, s->to_on);
}

const struct tk_rtype tk_server_type = {
	.name = "server",
	.path = "servers",
	.table = "server",
	.label = N_("Server"),
	.label_plural = N_("Servers"),
	.group = "systems",
	FLD(server, server_field),
	.title = "name",
	.order = "name",
	.read = TK_P_SYSTEM_READ,
	.write = TK_P_SYSTEM_WRITE,
	.scope_division = "division_id",
	.division_of = "info_system_id",
	.grade = 3,
	.check = server_check,
};

/* -- software ---------------------------------------------------------------------------------- */
ALIAS(product_alias, "製品名", "ソフトウェア名", "ソフトウェア", "品名");
ALIAS(edition_alias, "バージョン", "版", "版数");
ALIAS(vendor_alias, "ベンダ", "ベンダー", "開発元", "製造元");
ALIAS(support_alias, "サポート期限", "サポート終了日", "保守期限");
#define S struct software
static const struct tk_field software_field[] = {
	TK_TEXT(S, product, .label = N_("Product"), .alias = product_alias, .max = 200,
		.flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_TEXT(S, edition, .label = N_("Product version"), .alias = edition_alias, .max = 60,
		.flags = TK_LIST | TK_SEARCH),
	TK_TEXT(S, vendor, .label = N_("Vendor"), .alias = vendor_alias, .max = 200,
		.flags = TK_LIST | TK_SEARCH),
	TK_REF(S, info_system_id, .label = N_("Information system"), .alias = system_alias,
	       .ref = &tk_info_system, .flags = TK_REQUIRED | TK_LIST),
	TK_REF(S, server_id, .label = N_("Server"), .alias = server_alias, .ref = &tk_server_type,
	       .flags = TK_LIST, .help = N_("Empty: on several servers of the system.")),
	TK_DATE(S, support_until, .label = N_("Support ends on"), .alias = support_alias,
		.flags = TK_LIST),
	TK_LONG(S, note, .label = N_("Note"), .alias = note_alias, .max = 2000),
	TK_REF(S, division_id, .label = N_("Owning division"), .ref = &tk_division,
	       .flags = TK_READONLY),
};
#undef S

static enum tk_rc software_check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct software *s = now;
	int64_t system = s->info_system_id;
	enum tk_rc rc = TK_OK;

	(void)was;
	if (deleted)
		return TK_OK;
	tk_squeeze_field(op->mem, &tk_software, s, "product");
	if (s->server_id)
		rc = tk_db_int(op->db, op->e, "SELECT info_system_id FROM server WHERE id = $1",
			       TK_ARGS(TK_I(s->server_id)), 0, &system);
	if (rc == TK_OK && system != s->info_system_id)
		return tk_fail(op->e, TK_EINVAL, "server_id",
			       N_("This server belongs to another information system."));
	return rc;
}

const struct tk_rtype tk_software = {
	.name = "software",
	.path = "software",
	.table = "software",
	.label = N_("Software"),
	.label_plural = N_("Software of the systems"),
	.group = "systems",
	FLD(software, software_field),
	.title = "product",
	.order = "product",
	.read = TK_P_SYSTEM_READ,
	.write = TK_P_SYSTEM_WRITE,
	.scope_division = "division_id",
	.division_of = "info_system_id",
	.grade = 3,
	.check = software_check,
};

/* -- costs ------------------------------------------------------------------------------------- */
static const struct tk_choice cost_kind[] = { { "development", N_("Development cost") },
					      { "operation", N_("Operation cost") }, { 0 } };
ALIAS(year_alias, "年度", "会計年度");
ALIAS(cost_alias, "区分", "費目", "経費区分");
ALIAS(yen_alias, "金額", "金額（円）", "費用", "経費");
#define S struct system_cost
static const struct tk_field cost_field[] = {
	TK_REF(S, info_system_id, .label = N_("Information system"), .alias = system_alias,
	       .ref = &tk_info_system, .flags = TK_REQUIRED | TK_LIST),
	TK_INT(S, fiscal_year, .label = N_("Fiscal year"), .alias = year_alias, .min = 1950,
	       .max = 2200, .flags = TK_REQUIRED | TK_LIST),
	TK_ENUM(S, kind, .label = N_("Kind"), .alias = cost_alias, .choice = cost_kind,
		.flags = TK_REQUIRED | TK_LIST),
	TK_INT(S, yen, .label = N_("Amount (yen)"), .alias = yen_alias, .min = 0,
	       .max = INT64_C(1000000000000000), .flags = TK_REQUIRED | TK_LIST),
	TK_TEXT(S, note, .label = N_("Note"), .alias = note_alias, .max = 500),
	TK_REF(S, division_id, .label = N_("Owning division"), .ref = &tk_division,
	       .flags = TK_READONLY),
};
#undef S

const struct tk_rtype tk_system_cost = {
	.name = "system_cost",
	.path = "system-costs",
	.table = "system_cost",
	.label = N_("Cost of a system"),
	.label_plural = N_("Costs of the systems"),
	.group = "systems",
	FLD(system_cost, cost_field),
	.order = "-fiscal_year",
	.read = TK_P_SYSTEM_READ,
	.write = TK_P_SYSTEM_WRITE,
	.scope_division = "division_id",
	.division_of = "info_system_id",
	.grade = 2,
};
