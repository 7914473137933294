/* demo_request.c - exceptions, take-outs, secure areas and information of the demonstration: two
 * years that are over and the current one in every state. */
#include <inttypes.h>
#include <string.h>
#include "base/clock.h"
#include "case/life.h"
#include "demo/demo_in.h"
#include "request/request_in.h"

enum { PEOPLE = 200 };
struct person { int64_t staff, division; const char *name; };
struct crew {
	struct tk_arena *a;
	struct person    v[PEOPLE];
	size_t           n;
	int64_t          head, keeper, deputy;
};

static enum tk_rc person_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct crew *c = ctx;

	(void)n;
	if (c->n < PEOPLE)
		c->v[c->n++] = (struct person){ col[0].i, col[1].i, tk_strdup(c->a, col[2].s) };
	return TK_OK;
}

static enum tk_rc crew_of(const struct tk_op *op, struct crew *c)
{
	enum tk_rc rc = tk_db_run(op->db, op->e, "SELECT s.id, s.division_id, s.name FROM staff s"
		" JOIN post p ON p.id = s.post_id WHERE p.is_head = 0 AND s.deleted_at IS NULL"
		" ORDER BY s.staff_number DESC LIMIT 200", NULL, 0, person_row, c);

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT s.id FROM staff s JOIN post p ON p.id ="
			" s.post_id JOIN division d ON d.id = s.division_id WHERE d.code = 'D0204'"
			" AND p.is_head = 1 ORDER BY s.staff_number LIMIT 1", NULL, 0, 0, &c->head);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT s.id FROM staff s JOIN post p ON p.id ="
			" s.post_id JOIN division d ON d.id = s.division_id WHERE d.code = 'D0403'"
			" AND p.name = 'システム担当係長' LIMIT 1", NULL, 0, 0, &c->keeper);
	return rc != TK_OK ? rc : tk_db_int(op->db, op->e, "SELECT s.id FROM staff s JOIN post p ON"
		" p.id = s.post_id JOIN division d ON d.id = s.division_id WHERE d.code = 'D0403'"
		" AND p.name = '総務担当係長' LIMIT 1", NULL, 0, 0, &c->deputy);
}

static const char *day_of(const struct tk_op *op, int64_t days)
{
	char iso[11];

	tk_date_iso(tk_date_of_days(days), iso);
	return tk_strdup(op->mem, iso);
}

/* -- moves, as the program, and dated back ----------------------------------------------------- */
struct move { const char *action, *comment; int64_t days; };

static enum tk_rc walk(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
		       int64_t asked, const struct move *m, size_t n)
{
	int64_t last = asked, closed = 0;
	enum tk_rc rc = tk_db_exec(op->db, op->e, "UPDATE case_log SET at = $2 WHERE case_id IN"
		" (SELECT id FROM tk_case WHERE subject_type = $3 AND subject_id = $1)", TK_I(id),
		TK_I(tk_date_time(tk_date_of_days(asked)) + 10 * 3600), TK_S(t->name));

	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		last = m[i].days;
		rc = tk_life_move(op, t, id, m[i].action, m[i].comment);
		if (rc == TK_OK)
			rc = tk_db_exec(op->db, op->e, "UPDATE case_log SET at = $2 WHERE id ="
				" (SELECT MAX(l.id) FROM case_log l JOIN tk_case c ON c.id ="
				" l.case_id WHERE c.subject_type = $3 AND c.subject_id = $1)",
				TK_I(id), TK_I(tk_date_time(tk_date_of_days(last)) + 15 * 3600),
				TK_S(t->name));
	}
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT closed_at FROM tk_case WHERE subject_type ="
			" $1 AND subject_id = $2", TK_ARGS(TK_S(t->name), TK_I(id)), 0, &closed);
	closed = closed ? tk_date_time(tk_date_of_days(last)) + 15 * 3600 : 0;
	return rc != TK_OK ? rc : tk_db_exec(op->db, op->e,
		"UPDATE tk_case SET opened_at = $2, closed_at = $3 WHERE subject_type = $4 AND"
		" subject_id = $1", TK_I(id), TK_I(tk_date_time(tk_date_of_days(asked)) + 36000),
		TK_I0(closed), TK_S(t->name));
}

static void life(const struct tk_rtype *t, void *rec, const struct person *p)
{
	tk_set_by(t, rec, "requester_staff_id", TK_I(p->staff));
	tk_set_by(t, rec, "owner_staff_id", TK_I(p->staff));
	tk_set_by(t, rec, "division_id", TK_I(p->division));
}

/* -- exceptions (EXC-02) ----------------------------------------------------------------------- */
static const struct { const char *title, *clause, *reason, *alternative; } exception[] = {
	{ "旧版の基本ソフトウェアの継続利用", "6.2(2)", "更改が次年度となるため",
	  "外部との通信を遮断し、媒体の接続を禁じる" },
	{ "共用アカウントによる閲覧端末の運用", "5.1(1)",
	  "窓口の閲覧端末は利用者を特定できないため",
	  "閲覧以外の機能を止め、利用簿に記録する" },
	{ "パスワードの定期変更の除外", "5.1(3)", "検査機器が変更の機能を持たないため",
	  "機器を施錠した室内で用い、使用者を限る" },
	{ "外部ストレージの一時利用", "8.1(4)", "国際会議の資料共有が指定されたため",
	  "機密性1の情報に限り、会議の後に消去する" },
	{ "ログ保存期間の短縮", "7.1(2)", "記憶装置の容量が足りないため",
	  "週ごとに媒体へ写し、別に保管する" },
};
enum end { ASKED, SENT_BACK, APPROVED, REJECTED, ENDED, WITHDRAWN };

static enum tk_rc add_exception(const struct tk_op *op, const struct person *p, size_t k,
				int64_t asked, int days, enum end end)
{
	const struct tk_rtype *t = &tk_exception_request;
	struct exception_request x = { 0 };
	struct move m[2] = { { "approve", NULL, asked + 5 }, { NULL, NULL, 0 } };
	size_t n = end == ASKED ? 0 : end == ENDED ? 2 : 1;
	int64_t to = asked + 6 + days;
	enum tk_rc rc;

	if (end == REJECTED)
		m[0] = (struct move){ "reject", "代替措置では情報を守れません。", asked + 5 };
	if (end == SENT_BACK)
		m[0] = (struct move){ "send_back", "期間の根拠を書いてください。", asked + 3 };
	if (end == WITHDRAWN)
		m[0] = (struct move){ "withdraw", NULL, asked + 2 };
	if (end == ENDED)
		m[1] = (struct move){ "end", "原則どおりの運用に戻しました。", to - 3 };
	life(t, &x, p);
	tk_set_by(t, &x, "title", TK_S(exception[k].title));
	tk_set_by(t, &x, "clause", TK_S(exception[k].clause));
	tk_set_by(t, &x, "reason", TK_S(exception[k].reason));
	tk_set_by(t, &x, "alternative", TK_S(exception[k].alternative));
	tk_set_by(t, &x, "from_on", TK_S(day_of(op, asked + 6)));
	tk_set_by(t, &x, "to_on", TK_S(day_of(op, to)));
	tk_set_by(t, &x, "requested_on", TK_S(day_of(op, asked)));
	tk_set_by(t, &x, "conf_grade", TK_S(k % 2 ? "2" : "1"));
	if ((rc = tk_rec_insert(op, t, &x)) != TK_OK ||
	    (rc = walk(op, t, x.rec.id, asked, m, n)) != TK_OK || end == ASKED ||
	    end == SENT_BACK || end == WITHDRAWN)
		return rc;
	return tk_db_exec(op->db, op->e,
		"UPDATE exception_request SET decided_on = $2, ended_on = $3 WHERE id = $1",
		TK_I(x.rec.id), TK_S(day_of(op, asked + 5)),
		TK_S(end == ENDED ? day_of(op, to - 3) : NULL));
}

/* year: 2010: 5 asked for, 4 approved, 1 rejected; the last of the approved runs on. */
static enum tk_rc exceptions(const struct tk_op *op, const struct crew *c)
{
	static const struct { int year, month, day, days; enum end end; } made[] = {
		{ 2010, 4, 20, 120, ENDED }, { 2010, 6, 3, 200, ENDED },
		{ 2010, 7, 15, 90, REJECTED }, { 2010, 9, 8, 150, ENDED },
		{ 2011, 1, 12, 300, ENDED }, { 2011, 5, 10, 180, ENDED },
		{ 2011, 8, 2, 120, ENDED }, { 2011, 10, 4, 60, REJECTED },
		{ 2011, 12, 5, 200, ENDED },
	};
	static const struct { int ago, days; enum end end; } now[] = {
		{ 90, 60, ENDED }, { 70, 200, APPROVED }, { 40, 25, APPROVED },
		{ 30, 90, REJECTED },
		{ 20, 40, WITHDRAWN }, { 9, 120, SENT_BACK }, { 4, 150, ASKED }, { 1, 60, ASKED },
	};
	int64_t today = tk_date_days(tk_today());
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(made) && rc == TK_OK; i++)
		rc = add_exception(op, &c->v[i * 17 % c->n], i % TK_LEN(exception),
			tk_date_days((struct tk_date){ made[i].year, made[i].month, made[i].day }),
			made[i].days, made[i].end);
	for (size_t i = 0; i < TK_LEN(now) && rc == TK_OK; i++)
		rc = add_exception(op, &c->v[(i * 23 + 5) % c->n], i % TK_LEN(exception),
			today - now[i].ago, now[i].days, now[i].end);
	return rc;
}

/* -- take-outs (CLS-03, CLS-04) ---------------------------------------------------------------- */
static const struct { const char *title, *medium, *to, *why, *conf; } out[] = {
	{ "検査資料（見本銀行）", "pc", "見本市の検査会場", "立入検査", "3" },
	{ "会議資料", "paper", "見本会議場", "会議への出席", "2" },
	{ "統計表の原稿", "usb", "例示印刷", "印刷の校正", "2" },
	{ "照会への回答", "mail", "例示財務事務所", "照会への回答", "2" },
	{ "研修の資料", "pc", "研修所", "講師としての出張", "1" },
};
enum took { T_ASKED, T_ABOVE, T_SENT_BACK, T_APPROVED, T_OUT, T_BACK, T_LATE, T_GONE, T_REJECTED };

static enum tk_rc add_takeout(const struct tk_op *op, const struct person *p, size_t k,
			      int64_t asked, int days, enum took end)
{
	const struct tk_rtype *t = &tk_takeout;
	bool mail = !strcmp(out[k].medium, "mail"), paper = !strcmp(out[k].medium, "paper");
	int64_t from = asked + 2, to = from + days, back = end == T_LATE ? to + 4 : to;
	struct move m[3] = { { "approve", NULL, asked + 1 },
			     { mail ? "mail" : "take_out", NULL, from },
			     { "bring_back", NULL, back } };
	size_t n = end == T_ASKED ? 0 : end < T_OUT || end == T_REJECTED ? 1 :
		end == T_OUT || mail ? 2 : 3;
	struct takeout x = { 0 };
	enum tk_rc rc;

	if (end == T_ABOVE)
		m[0] = (struct move){ "to_above", NULL, asked };
	if (end == T_SENT_BACK)
		m[0] = (struct move){ "send_back", "持ち出す範囲を絞ってください。", asked + 1 };
	if (end == T_REJECTED)
		m[0] = (struct move){ "reject", "庁内での作業をお願いします。", asked + 1 };
	if (end == T_GONE)
		m[2] = (struct move){ "dispose", "会議の後、裁断して廃棄した。", back };
	life(t, &x, p);
	tk_set_by(t, &x, "title", TK_S(out[k].title));
	tk_set_by(t, &x, "medium", TK_S(out[k].medium));
	tk_set_by(t, &x, "destination", TK_S(out[k].to));
	tk_set_by(t, &x, "purpose", TK_S(out[k].why));
	tk_set_by(t, &x, "conf_grade", TK_S(out[k].conf));
	tk_set_by(t, &x, "integ_grade", TK_S(paper ? NULL : "2"));
	tk_set_by(t, &x, "avail_grade", TK_S(paper ? NULL : "1"));
	tk_set_by(t, &x, "encrypted", TK_I(!paper));
	tk_set_by(t, &x, "must_encrypt", TK_I(!paper && k == 0));
	tk_set_by(t, &x, "limited", TK_I(k == 0));
	tk_set_by(t, &x, "no_copy", TK_I(k == 0));
	tk_set_by(t, &x, "device", TK_S(!strcmp(out[k].medium, "pc") ? "見本PC-017" :
					!strcmp(out[k].medium, "usb") ? "見本USB-004" : NULL));
	tk_set_by(t, &x, "requested_on", TK_S(day_of(op, asked)));
	tk_set_by(t, &x, "from_on", TK_S(day_of(op, from)));
	tk_set_by(t, &x, "to_on", TK_S(day_of(op, to)));
	if ((rc = tk_rec_insert(op, t, &x)) != TK_OK ||
	    (rc = walk(op, t, x.rec.id, asked, m, n)) != TK_OK)
		return rc;
	return tk_db_exec(op->db, op->e,
		"UPDATE takeout SET decided_on = $2, taken_on = $3, back_on = $4 WHERE id = $1",
		TK_I(x.rec.id),
		TK_S(n && end != T_ABOVE && end != T_SENT_BACK ? day_of(op, asked + 1) : NULL),
		TK_S(n > 1 ? day_of(op, from) : NULL), TK_S(n > 2 ? day_of(op, back) : NULL));
}

/* Of 2010 three came back late, of 2011 one. */
static enum tk_rc takeouts(const struct tk_op *op, const struct crew *c)
{
	static const struct { int ago, days; enum took end; } now[] = {
		{ 60, 3, T_BACK }, { 50, 2, T_GONE }, { 45, 3, T_LATE }, { 30, 2, T_REJECTED },
		{ 20, 3, T_OUT }, { 5, 12, T_OUT }, { 2, 5, T_APPROVED }, { 3, 6, T_SENT_BACK },
		{ 1, 7, T_ASKED }, { 1, 7, T_ASKED }, { 2, 7, T_ABOVE },
	};
	int64_t today = tk_date_days(tk_today());
	struct person head = { c->head, 0, "" };
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT division_id FROM staff WHERE id = $1",
				  TK_ARGS(TK_I(c->head)), 0, &head.division);

	for (int year = 2010; year <= 2011 && rc == TK_OK; year++) {
		int64_t first = tk_date_days((struct tk_date){ year, 4, 12 });
		size_t n = year == 2010 ? 24 : 30;

		for (size_t i = 0; i < n && rc == TK_OK; i++) {
			enum took end = i % 12 == 5 ? T_REJECTED : i % 8 == 1 ? T_GONE : T_BACK;

			if (i % 10 == 4 && i / 10 < (year == 2010 ? 3 : 1) && end == T_BACK)
				end = T_LATE;
			if (!strcmp(out[i % TK_LEN(out)].medium, "mail") && end > T_OUT &&
			    end != T_REJECTED)
				end = T_BACK;
			rc = add_takeout(op, &c->v[(i * 29 + (size_t)year) % c->n],
				i % TK_LEN(out), first + (int64_t)(i * 330 / n), 3, end);
		}
	}
	for (size_t i = 0; i < TK_LEN(now) && rc == TK_OK; i++)
		rc = add_takeout(op, now[i].end == T_ABOVE && c->head ? &head :
				 &c->v[(i * 31 + 3) % c->n],
				 now[i].end == T_GONE ? 1 : i % 2 ? 0 : 2, today - now[i].ago,
				 now[i].days, now[i].end);
	return rc;
}

/* -- secure areas (CORE-04) -------------------------------------------------------------------- */
static enum tk_rc add_area(const struct tk_op *op, const struct crew *c, const char *name,
			   const char *kind, const char *place, int64_t *ret)
{
	const struct tk_rtype *t = &tk_secure_area;
	struct secure_area x = { 0 };
	int64_t division = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT id FROM division WHERE code = 'D0403'",
				  NULL, 0, 0, &division);

	tk_set_by(t, &x, "name", TK_S(name));
	tk_set_by(t, &x, "kind", TK_S(kind));
	tk_set_by(t, &x, "place", TK_S(place));
	tk_set_by(t, &x, "division_id", TK_I(division));
	tk_set_by(t, &x, "keeper_staff_id", TK_I0(c->keeper));
	tk_set_by(t, &x, "deputy_staff_id", TK_I0(c->deputy));
	tk_set_by(t, &x, "rule", TK_S("目的と同行者を確認した後に入室する。"));
	if (rc == TK_OK)
		rc = tk_rec_insert(op, t, &x);
	*ret = x.rec.id;
	return rc;
}

static enum tk_rc add_entry(const struct tk_op *op, const struct person *p, int64_t area, size_t k,
			    int64_t day, int moves)
{
	static const char *const why[] = { "機器の交換", "月次の点検", "配線の確認", "媒体の保管" };
	static const char *const who[] = { NULL, "例示保守（保守員2名）", NULL, "見本配線（1名）" };
	const struct tk_rtype *t = &tk_area_entry;
	struct move m[] = { { "confirm", NULL, day - 1 }, { "enter", NULL, day },
			    { "leave", NULL, day } };
	int64_t at = tk_date_time(tk_date_of_days(day)) + 10 * 3600 + (int64_t)k * 900;
	struct area_entry x = { 0 };
	enum tk_rc rc;

	tk_set_by(t, &x, "secure_area_id", TK_I(area));
	tk_set_by(t, &x, "requester_staff_id", TK_I(p->staff));
	tk_set_by(t, &x, "purpose", TK_S(why[k % 4]));
	tk_set_by(t, &x, "companion", TK_S(p->name));
	tk_set_by(t, &x, "visitors", TK_S(who[k % 4]));
	/* the rule of the day is for the living: old entries are walked on today's day */
	tk_set_by(t, &x, "planned_on",
		  TK_S(day_of(op, moves > 1 ? tk_date_days(tk_today()) : day)));
	if ((rc = tk_rec_insert(op, t, &x)) != TK_OK ||
	    (rc = walk(op, t, x.rec.id, day - 2, m, (size_t)moves)) != TK_OK)
		return rc;
	return tk_db_exec(op->db, op->e,
		"UPDATE area_entry SET planned_on = $2, due_on = $2, fiscal_year = $3, entered_at ="
		" $4, left_at = $5 WHERE id = $1", TK_I(x.rec.id), TK_S(day_of(op, day)),
		TK_I(tk_fiscal_year(tk_date_of_days(day))), TK_I0(moves > 1 ? at : 0),
		TK_I0(moves > 2 ? at + 2700 : 0));
}

/* In 2010 not every entry was confirmed beforehand; in 2011 all were. */
static enum tk_rc areas(const struct tk_op *op, const struct crew *c)
{
	int64_t area[2] = { 0 }, today = tk_date_days(tk_today());
	enum tk_rc rc = add_area(op, c, "第1サーバ室", "server_room", "本館地下1階", &area[0]);

	if (rc == TK_OK)
		rc = add_area(op, c, "媒体保管庫", "store", "本館2階", &area[1]);
	for (int year = 2010; year <= 2011; year++)
		for (size_t i = 0; i < 24 && rc == TK_OK; i++)
			rc = add_entry(op, &c->v[(i * 13 + 1) % c->n], area[i % 4 == 3], i,
				tk_date_days((struct tk_date){ year, 4, 8 }) + (int64_t)i * 14, 3);
	for (int i = 0; i < 8 && rc == TK_OK; i++)
		rc = add_entry(op, &c->v[(size_t)(i * 11 + 2) % c->n], area[i % 4 == 3], (size_t)i,
			       today - 28 + i * 4 + (i == 7), i < 6 ? 3 : i == 6 ? 1 : 0);
	return rc != TK_OK ? rc : tk_db_exec0(op->db, op->e,
		"UPDATE area_entry SET confirmed_by = NULL WHERE fiscal_year = 2010 AND purpose ="
		" '機器の交換' AND planned_on < '2010-12-01'");
}

/* -- information (CLS-01, CLS-05) -------------------------------------------------------------- */
static const struct { const char *name, *kind, *place, *conf; bool draft, limited; } info[] = {
	{ "検査報告書（案）", "in_system", "共有フォルダ／検査", "3", true, true },
	{ "検査報告書", "in_system", "検査監督データシステム", "3", false, true },
	{ "申請書類の写し", "on_paper", "書庫B-2", "2", false, false },
	{ "システム設計書", "on_paper", "書庫A-1", "2", false, true },
	{ "統計の元データ", "on_media", "媒体保管庫", "2", false, false },
	{ "公表資料", "in_system", "ウェブサイト", "1", false, false },
	{ "公表資料（案）", "in_system", "共有フォルダ／広報", "2", true, false },
	{ "職員名簿", "in_system", "共有フォルダ／総務", "2", false, true },
	{ "会議の出力資料", "on_paper", "会議室の書棚", "2", true, false },
	{ "バックアップ媒体", "on_media", "媒体保管庫", "3", false, true },
};

static enum tk_rc information(const struct tk_op *op, const struct crew *c)
{
	const struct tk_rtype *t = &tk_information;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(info) && rc == TK_OK; i++) {
		const struct person *p = &c->v[(i * 19 + 4) % c->n];
		bool paper = !strcmp(info[i].kind, "on_paper");
		struct information x = { 0 };

		tk_set_by(t, &x, "name", TK_S(info[i].name));
		tk_set_by(t, &x, "kind", TK_S(info[i].kind));
		tk_set_by(t, &x, "place", TK_S(info[i].place));
		tk_set_by(t, &x, "conf_grade", TK_S(info[i].conf));
		tk_set_by(t, &x, "integ_grade", TK_S(paper ? NULL : "2"));
		tk_set_by(t, &x, "avail_grade", TK_S(paper ? NULL : i % 2 ? "2" : "1"));
		tk_set_by(t, &x, "draft", TK_I(info[i].draft));
		tk_set_by(t, &x, "limited", TK_I(info[i].limited));
		tk_set_by(t, &x, "must_encrypt", TK_I(!paper && *info[i].conf == '3'));
		tk_set_by(t, &x, "no_copy", TK_I(paper && info[i].limited));
		tk_set_by(t, &x, "keeper_staff_id", TK_I(p->staff));
		tk_set_by(t, &x, "division_id", TK_I(p->division));
		rc = tk_rec_insert(op, t, &x);
	}
	return rc;
}

enum tk_rc demo_request(struct demo *d)
{
	const struct tk_op *op = d->op;
	struct crew *c = tk_alloc(op->mem, sizeof(*c));
	enum tk_rc rc = tk_db_begin(op->db, op->e);

	c->a = op->mem;
	if (rc == TK_OK)
		rc = crew_of(op, c);
	if (rc == TK_OK)
		rc = exceptions(op, c);
	if (rc == TK_OK)
		rc = takeouts(op, c);
	if (rc == TK_OK)
		rc = areas(op, c);
	if (rc == TK_OK)
		rc = information(op, c);
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}
