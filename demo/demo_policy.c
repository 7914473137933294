/* demo_policy.c - documents of the demonstration: the hierarchy of the founding document with its
 * eleven procedures, a rule for each system, who has read what, the portal. */
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "case/life.h"
#include "demo/demo_in.h"
#include "policy/policy_in.h"

struct issue { const char *by, *on, *from, *summary; bool must_read; int number; };
struct doc {
	const char *level, *number, *title, *parent, *role;
	struct issue issue[4];          /* ends with { 0 } */
};

#define COMMITTEE "行政情報化推進会議"
#define SINCE \
	{ COMMITTEE, "2009-11-11", "2009-12-01", "ポリシー第3版にあわせて制定", false, 0 }
#define PROCEDURE(n, t) \
	{ "procedure", n, t, "measure", "role_general_officer", { SINCE } }

static const struct doc doc[] = {
	{ "common_standard", NULL,
	  "政府機関の情報セキュリティ対策のための統一基準", NULL, NULL, {
		{ "情報セキュリティ政策会議", "2005-12-13", "2006-01-01",
		  "全体版の初版", false, 1 },
		{ "情報セキュリティ政策会議", "2009-02-03", "2009-04-01",
		  "第4版への改定", false, 4 },
		{ "サイバーセキュリティ戦略本部", "2023-07-04", "2023-07-04",
		  "統一基準群の改定", false, 12 } } },
	{ "policy", NULL, "見本庁情報セキュリティポリシー", "common", "role_ciso", {
		{ COMMITTEE, "2002-03-15", "2002-04-01", "制定", false, 0 },
		{ COMMITTEE, "2006-06-28", "2006-07-01", "統一基準への準拠", false, 0 },
		{ COMMITTEE, "2009-11-11", "2009-11-11", "統一基準の改定への対応", true, 0 },
		{ COMMITTEE, "2023-11-15", "2023-12-01",
		  "クラウドサービスの利用、テレワークの定めを追加", true, 0 } } },
	{ "basic_policy", NULL, "基本方針", "policy", "role_ciso", {
		{ COMMITTEE, "2009-11-11", "2009-11-11", "ポリシー第3版の基本方針", false, 0 } } },
	{ "measure_standard", NULL, "対策基準", "policy", "role_general_officer", {
		{ COMMITTEE, "2009-11-11", "2009-11-11", "ポリシー第3版の対策基準", false, 0 },
		{ COMMITTEE, "2023-11-15", "2023-12-01", "ポリシー第4版の対策基準", false, 0 } } },
	PROCEDURE("（ア）", "行政情報化LANシステムにかかる実施手順"),
	PROCEDURE("（イ）", "セキュリティポリシーに基づく例外措置実施手順"),
	PROCEDURE("（ウ）", "情報システム障害等対応手順"),
	PROCEDURE("（エ）", "外部委託における情報セキュリティ対策実施規程"),
	PROCEDURE("（オ）", "モバイルPC利用手順"),
	PROCEDURE("（カ）", "要機密情報を庁外にメール送信する際の実施規則"),
	{ "procedure", "（キ）", "情報の格付け・取扱いに関する実施手順", "measure",
	  "role_general_officer", { SINCE,
		{ COMMITTEE, "2024-03-13", "2024-04-01", "取扱制限の書き方を見直し", true, 0 } } },
	PROCEDURE("（ク）", "機器等の調達における情報セキュリティ対策実施規程"),
	PROCEDURE("（ケ）", "ソフトウェア開発における情報セキュリティ対策実施規程"),
	PROCEDURE("（コ）", "庁外の情報セキュリティ水準の低下を招く行為の防止に関する規程"),
	{ "procedure", "（サ）", "安全区域（サーバ室）管理規程", "measure",
	  "role_general_officer", { SINCE,
		{ "総括情報セキュリティ責任者", "2011-03-25", "2011-04-01",
		  "目的と同行者を確認した上での入室に改定", false, 0 } } },
};

/* For a ledger without systems. */
static const char *const system_name[] = {
	"検査監督データシステム", "証券総合システム", "電子申請・届出システム",
	"開示書類閲覧システム",
	"資格試験システム", "見本庁ウェブサイトシステム", "見本庁ネットワークシステム",
};

struct ids { int64_t common, policy, measure, edition[TK_LEN(doc)][4]; };

static enum tk_rc add_doc(const struct tk_op *op, const struct doc *d, const char *title,
			  int64_t parent, int64_t system, int64_t *ret)
{
	const struct tk_rtype *t = &tk_policy_document;
	struct policy_document x = { 0 };
	enum tk_rc rc;

	tk_set_by(t, &x, "level", TK_S(d->level));
	tk_set_by(t, &x, "number", TK_S(d->number));
	tk_set_by(t, &x, "title", TK_S(title));
	tk_set_by(t, &x, "parent_id", TK_I0(parent));
	tk_set_by(t, &x, "info_system_id", TK_I0(system));
	tk_set_by(t, &x, "owner_role", TK_S(d->role));
	rc = tk_rec_insert(op, t, &x);
	*ret = x.rec.id;
	return rc;
}

/* As recorded at the time: the log and the closing stand on the days themselves. */
static enum tk_rc date_back(const struct tk_op *op, int64_t edition, const struct issue *i)
{
	struct tk_date on, from;
	int64_t then;
	enum tk_rc rc;

	if (!tk_date_from_iso(i->on, &on) || !tk_date_from_iso(i->from, &from))
		return tk_fail(op->e, TK_EINTERNAL, NULL, "%s", i->on);
	then = tk_date_time(from) + 9 * 3600;
	rc = tk_db_exec(op->db, op->e, "UPDATE tk_case SET opened_at = $2, closed_at = $3 WHERE"
			" subject_type = 'document_edition' AND subject_id = $1", TK_I(edition),
			TK_I(tk_date_time(on) - 86400), TK_I(then));
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e, "UPDATE document_edition SET closed_at = $2 WHERE id"
				" = $1", TK_I(edition), TK_I(then));
	return rc != TK_OK ? rc : tk_db_exec(op->db, op->e,
		"UPDATE case_log SET at = CASE action WHEN 'put_in_force' THEN $3 ELSE $2 END"
		" WHERE case_id IN (SELECT id FROM tk_case WHERE subject_type ="
		" 'document_edition' AND subject_id = $1)", TK_I(edition),
		TK_I(tk_date_time(on) + 9 * 3600), TK_I(then));
}

static enum tk_rc add_edition(const struct tk_op *op, int64_t document, const struct issue *i,
			      int64_t *ret)
{
	const struct tk_rtype *t = &tk_document_edition;
	struct document_edition x = { 0 };
	enum tk_rc rc;

	tk_set_by(t, &x, "policy_document_id", TK_I(document));
	tk_set_by(t, &x, "edition", TK_I0(i->number));
	tk_set_by(t, &x, "decided_by", TK_S(i->by));
	tk_set_by(t, &x, "decided_on", TK_S(i->on));
	tk_set_by(t, &x, "from_on", TK_S(i->from));
	tk_set_by(t, &x, "summary", TK_S(i->summary));
	tk_set_by(t, &x, "must_read", TK_I(i->must_read));
	tk_set_by(t, &x, "body", TK_S("この文書は、見本庁（架空の組織）の見本です。"
				      "本文は添付するか、ここに書きます。"));
	if ((rc = tk_rec_insert(op, t, &x)) != TK_OK)
		return rc;
	*ret = x.rec.id;
	if ((rc = tk_life_move(op, t, x.rec.id, "decide", NULL)) != TK_OK ||
	    (rc = tk_life_move(op, t, x.rec.id, "put_in_force", NULL)) != TK_OK)
		return rc;
	return date_back(op, x.rec.id, i);
}

static enum tk_rc documents(const struct tk_op *op, struct ids *ids)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(doc) && rc == TK_OK; i++) {
		const struct doc *d = &doc[i];
		int64_t id = 0, parent = !d->parent ? 0 : !strcmp(d->parent, "common") ?
			ids->common : !strcmp(d->parent, "policy") ? ids->policy : ids->measure;

		rc = add_doc(op, d, d->title, parent, 0, &id);
		if (!strcmp(d->level, "common_standard"))
			ids->common = id;
		else if (!strcmp(d->level, "policy"))
			ids->policy = id;
		else if (!strcmp(d->level, "measure_standard"))
			ids->measure = id;
		for (size_t k = 0; k < 4 && d->issue[k].by && rc == TK_OK; k++)
			rc = add_edition(op, id, &d->issue[k], &ids->edition[i][k]);
	}
	return rc;
}

/* -- operation rules (DOC-04) ------------------------------------------------------------------ */
enum { SYSTEMS = 32 };
struct systems { struct tk_arena *a; int64_t id[SYSTEMS]; const char *name[SYSTEMS]; size_t n; };

static enum tk_rc system_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct systems *s = ctx;

	(void)n;
	if (s->n < SYSTEMS) {
		s->id[s->n] = col[0].i;
		s->name[s->n++] = tk_strdup(s->a, col[1].s);
	}
	return TK_OK;
}

static enum tk_rc operation_rules(const struct tk_op *op, const struct ids *ids)
{
	static const struct doc rule = { .level = "operation_rule", .role = "role_system_officer" };
	static const struct issue since = {
		"情報システムセキュリティ責任者", "2010-01-20", "2010-02-01",
		"ポリシー第3版にあわせて制定", false, 0 };
	struct systems s = { .a = op->mem };
	enum tk_rc rc = tk_db_run(op->db, op->e, "SELECT id, name FROM info_system WHERE deleted_at"
				  " IS NULL ORDER BY code", NULL, 0, system_row, &s);

	if (rc == TK_OK && !s.n)
		for (; s.n < TK_LEN(system_name); s.n++)
			s.name[s.n] = system_name[s.n];
	for (size_t i = 0; i < s.n && rc == TK_OK; i++) {
		int64_t id = 0, edition = 0;

		rc = add_doc(op, &rule, tk_sprintf(op->mem, "%s運用管理規程", s.name[i]),
			     ids->measure, s.id[i], &id);
		if (rc == TK_OK)
			rc = add_edition(op, id, &since, &edition);
	}
	return rc;
}

/* -- conformance ------------------------------------------------------------------------------- */
static enum tk_rc conform(const struct tk_op *op, int64_t from, const char *clause, int64_t to,
			  const char *to_clause, const char *degree, const char *note)
{
	const struct tk_rtype *t = &tk_conformance;
	struct conformance x = { 0 };

	tk_set_by(t, &x, "from_edition_id", TK_I(from));
	tk_set_by(t, &x, "from_clause", TK_S(clause));
	tk_set_by(t, &x, "to_edition_id", TK_I(to));
	tk_set_by(t, &x, "to_clause", TK_S(to_clause));
	tk_set_by(t, &x, "degree", TK_S(degree));
	tk_set_by(t, &x, "note", TK_S(note));
	return tk_rec_insert(op, t, &x);
}

static enum tk_rc conformances(const struct tk_op *op, const struct ids *ids)
{
	static const struct { size_t doc; const char *from, *to, *degree, *note; } link[] = {
		{ 4, "3(1)", "6.1", "full", NULL }, { 5, "2(1)", "2.2.2", "full", NULL },
		{ 5, "4(2)", "2.2.2", "stricter", "期間の上限を1年とする" },
		{ 6, "3(1)", "2.2.4", "full", NULL }, { 7, "3(1)", "4.1.1", "full", NULL },
		{ 9, "2(3)", "8.1.1", "part", "送信先の確認の手順を追補する" },
		{ 10, "2(1)", "3.1.1", "full", NULL }, { 14, "2(2)", "3.2.1", "full", NULL },
	};
	int64_t third = ids->edition[3][0], common = ids->edition[0][1];
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(link) && rc == TK_OK; i++)
		rc = conform(op, ids->edition[link[i].doc][0], link[i].from, third, link[i].to,
			     link[i].degree, link[i].note);
	for (int i = 1; i <= 8 && rc == TK_OK; i++)
		rc = conform(op, third, tk_sprintf(op->mem, "%d.1", i), common,
			     tk_sprintf(op->mem, "%d.1", i), "full", NULL);
	return rc;
}

/* -- reading (DOC-08) -------------------------------------------------------------------------- */
struct members { int64_t *staff, *division; size_t n, cap; };

static enum tk_rc member_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct members *m = ctx;

	(void)n;
	if (m->n < m->cap) {
		m->staff[m->n] = col[0].i;
		m->division[m->n++] = col[1].i;
	}
	return TK_OK;
}

static enum tk_rc everybody(const struct tk_op *op, struct members *m)
{
	int64_t n = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT COUNT(*) FROM staff", NULL, 0, 0, &n);

	m->cap = (size_t)n;
	m->staff = tk_alloc_n(op->mem, m->cap + 1, sizeof(*m->staff));
	m->division = tk_alloc_n(op->mem, m->cap + 1, sizeof(*m->division));
	return rc != TK_OK ? rc : tk_db_run(op->db, op->e, "SELECT id, division_id FROM staff WHERE"
					    " deleted_at IS NULL ORDER BY staff_number", NULL, 0,
					    member_row, m);
}

/* All but `missing` of each thousand, scattered. */
static enum tk_rc read_by(const struct tk_op *op, const struct members *m, int64_t edition,
			  const char *since, unsigned missing, unsigned turn)
{
	struct tk_date d;
	enum tk_rc rc = TK_OK;

	if (!tk_date_from_iso(since, &d))
		return TK_OK;
	for (size_t i = 0; i < m->n && rc == TK_OK; i++) {
		unsigned place = (unsigned)((i * 7919 + turn) % m->n * 1000 / m->n);
		int64_t at = tk_date_time(d) + (int64_t)(i % 40) * 43200 + 10 * 3600;

		if (place < missing || at > tk_now())
			continue;
		rc = tk_db_exec(op->db, op->e, "INSERT INTO document_read(id, version,"
				" document_edition_id, staff_id, division_id, read_at)"
				" VALUES($1, 1, $2, $3, $4, $5)", TK_I(tk_id_new()), TK_I(edition),
				TK_I(m->staff[i]), TK_I(m->division[i]), TK_I(at));
	}
	return rc;
}

/* -- the portal (SYS-04) ----------------------------------------------------------------------- */
static const struct { const char *title, *body; int from, to; bool important; } notice[] = {
	{ "ポリシー第4版の施行",
	  "クラウドサービスの利用とテレワークの定めを加えました。"
	  "文書一覧から読み、既読を確認してください。", -40, 60, true },
	{ "情報セキュリティ自己点検の実施",
	  "全職員が対象です。期間内に回答してください。", -20, 20, false },
	{ "不審メールへの注意",
	  "心当たりのない添付ファイルは開かず、情報セキュリティ担当に連絡してください。",
	  -5, 25, true },
	{ "研修の追加開催", "受講していない職員向けに、追加の回を設けます。", 10, 40, false },
};
static const struct { const char *title, *question, *answer, *of; int end; } question[] = {
	{ "持出し許可の期間", "同じ資料を毎週持ち出す場合、毎回の申請が必要ですか。",
	  "1回の申請で、期間を最長1か月とすることができます。"
	  "返却の記録は、その都度行ってください。",
	  "D0302", 2 },
	{ "格付けの表示の位置", "表計算の資料では、格付けをどこに表示すればよいですか。",
	  "各シートの上部に表示してください。印刷した場合も見えるようにします。", "D0204", 2 },
	{ "外部のストレージの利用", "相手先の指定するストレージへ資料を載せてもよいですか。",
	  "機密性1の情報に限ります。それ以外は、例外措置の申請を行ってください。", "D0108", 1 },
	{ "暗号化ソフトの更新", "新しい端末で暗号化ソフトが動きません。", NULL, "D0401", 0 },
};

static enum tk_rc notices(const struct tk_op *op, int64_t today)
{
	const struct tk_rtype *t = &tk_portal_notice;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(notice) && rc == TK_OK; i++) {
		struct portal_notice x = { 0 };
		char from[11], to[11];

		tk_date_iso(tk_date_of_days(today + notice[i].from), from);
		tk_date_iso(tk_date_of_days(today + notice[i].to), to);
		tk_set_by(t, &x, "title", TK_S(notice[i].title));
		tk_set_by(t, &x, "body", TK_S(notice[i].body));
		tk_set_by(t, &x, "important", TK_I(notice[i].important));
		tk_set_by(t, &x, "from_on", TK_S(from));
		tk_set_by(t, &x, "to_on", TK_S(to));
		rc = tk_rec_insert(op, t, &x);
	}
	return rc;
}

static enum tk_rc questions(const struct tk_op *op)
{
	const struct tk_rtype *t = &tk_portal_question;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(question) && rc == TK_OK; i++) {
		struct portal_question x = { 0 };
		struct tk_value col[2];
		bool found;

		rc = tk_db_first(op->db, op->mem, op->e, "SELECT s.id, s.division_id FROM staff s"
				 " JOIN division d ON d.id = s.division_id WHERE d.code = $1 ORDER"
				 " BY s.staff_number DESC LIMIT 1", TK_ARGS(TK_S(question[i].of)),
				 col, 2, &found);
		if (rc != TK_OK || !found)
			continue;
		tk_set_by(t, &x, "title", TK_S(question[i].title));
		tk_set_by(t, &x, "question", TK_S(question[i].question));
		tk_set_by(t, &x, "requester_staff_id", col[0]);
		tk_set_by(t, &x, "division_id", col[1]);
		rc = tk_rec_insert(op, t, &x);
		if (rc == TK_OK && question[i].end > 0)
			rc = tk_life_move(op, t, x.rec.id, "answer", question[i].answer);
		if (rc == TK_OK && question[i].end > 1)
			rc = tk_life_move(op, t, x.rec.id, "publish", NULL);
	}
	return rc;
}

static enum tk_rc reads(const struct tk_op *op, const struct ids *ids)
{
	struct members m = { 0 };
	enum tk_rc rc = everybody(op, &m);

	if (rc == TK_OK)                /* the third edition, the fourth, the grades */
		rc = read_by(op, &m, ids->edition[1][2], "2010-04-05", 2, 0);
	if (rc == TK_OK)
		rc = read_by(op, &m, ids->edition[1][3], "2023-12-04", 15, 0);
	if (rc == TK_OK)
		rc = read_by(op, &m, ids->edition[10][1], "2024-04-02", 380, 700);
	return rc;
}

enum tk_rc demo_policy(struct demo *d)
{
	const struct tk_op *op = d->op;
	struct ids *ids = tk_alloc(op->mem, sizeof(*ids));
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	if (rc == TK_OK)
		rc = documents(op, ids);
	if (rc == TK_OK)
		rc = operation_rules(op, ids);
	if (rc == TK_OK)
		rc = conformances(op, ids);
	if (rc == TK_OK)
		rc = reads(op, ids);
	if (rc == TK_OK)
		rc = notices(op, tk_date_days(tk_today()));
	if (rc == TK_OK)
		rc = questions(op);
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}
