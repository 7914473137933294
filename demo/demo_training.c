/* demo_training.c - courses, sessions and attendance of the demonstration.
 *
 * Chosen so that the founding document's figures come out of the rows: twelve sessions in 2011 and
 * an attendance rate of 92.0 % in 2010 and 97.9 % in 2011 of 1500 staff (1380 and 1469 people). */
#include <string.h>
#include "base/clock.h"
#include "demo/demo_in.h"
#include "training/training_in.h"

struct held {
	const char *day, *from, *to, *place;
};
static const struct held sessions_2010[] = {
	{ "2010-06-10", "10:00", "11:30", "大会議室" },
	{ "2010-07-08", "10:00", "11:30", "大会議室" },
	{ "2010-09-09", "10:00", "11:30", "大会議室" },
	{ "2010-10-14", "14:00", "15:30", "大会議室" },
	{ "2010-11-11", "14:00", "15:30", "研修室" },
	{ "2010-12-09", "10:00", "11:30", "大会議室" },
	{ "2011-01-20", "10:00", "11:30", "研修室" },
	{ "2011-02-17", "14:00", "15:30", "大会議室" },
};
/* Twelve, some at hours that suit busy staff. */
static const struct held sessions_2011[] = {
	{ "2011-06-14", "10:00", "11:30", "大会議室" },
	{ "2011-06-16", "17:00", "18:30", "大会議室" },
	{ "2011-07-12", "10:00", "11:30", "大会議室" },
	{ "2011-07-14", "08:30", "10:00", "研修室" },
	{ "2011-09-13", "10:00", "11:30", "大会議室" },
	{ "2011-09-15", "17:00", "18:30", "大会議室" },
	{ "2011-10-18", "14:00", "15:30", "大会議室" },
	{ "2011-11-15", "10:00", "11:30", "研修室" },
	{ "2011-12-13", "17:00", "18:30", "大会議室" },
	{ "2012-01-24", "12:00", "13:30", "大会議室" },
	{ "2012-02-14", "14:00", "15:30", "大会議室" },
	{ "2012-03-06", "10:00", "11:30", "大会議室" },
};
static const char topics[] = "情報セキュリティの重要性\n情報セキュリティポリシー\n実施手順書等\n"
			     "暗号化ソフトの使い方\n標的型攻撃の概要と対策";
static const char topics_now[] =
	"情報セキュリティの重要性\n情報セキュリティポリシー\n実施手順書等\n"
	"標的型攻撃の手口\nメールの誤送信を減らす工夫";

static enum tk_rc add_course(const struct tk_op *op, int year, const char *kind, const char *title,
			     const char *en, const char *text, int64_t *ret)
{
	const struct tk_rtype *t = &tk_course_type;
	struct course c = { 0 };
	enum tk_rc rc;

	tk_set_by(t, &c, "fiscal_year", TK_I(year));
	tk_set_by(t, &c, "kind", TK_S(kind));
	tk_set_by(t, &c, "title", TK_S(title));
	tk_set_by(t, &c, "title_en", TK_S(en));
	tk_set_by(t, &c, "topics", TK_S(text));
	tk_set_by(t, &c, "yearly", TK_I(!strcmp(kind, "security_training")));
	tk_set_by(t, &c, "carry", TK_I(1));
	tk_set_by(t, &c, "state", TK_S(year == tk_fiscal_year(tk_today()) ? "open" : "finished"));
	if (!strcmp(kind, "external"))
		tk_set_by(t, &c, "host", TK_S("総務省、NISC"));
	if (!strcmp(kind, "system_staff"))
		tk_set_by(t, &c, "materials",
			  TK_S("情報システムに係る政府調達におけるセキュリティ要件策定マニュアル\n"
			       "調達仕様書の記載要領"));
	rc = tk_rec_insert(op, t, &c);
	*ret = c.rec.id;
	return rc;
}

static enum tk_rc add_session(const struct tk_op *op, int64_t course, const struct held *h,
			      int64_t capacity, int64_t *ret)
{
	const struct tk_rtype *t = &tk_session_type;
	struct session s = { 0 };
	char today[11];
	enum tk_rc rc;

	tk_date_iso(tk_today(), today);
	tk_set_by(t, &s, "course_id", TK_I(course));
	tk_set_by(t, &s, "held_on", TK_S(h->day));
	tk_set_by(t, &s, "from_time", TK_S(h->from));
	tk_set_by(t, &s, "to_time", TK_S(h->to));
	tk_set_by(t, &s, "place", TK_S(h->place));
	tk_set_by(t, &s, "capacity", TK_I0(capacity));
	tk_set_by(t, &s, "state", TK_S(strcmp(h->day, today) < 0 ? "held" : "planned"));
	rc = tk_rec_insert(op, t, &s);
	*ret = s.rec.id;
	return rc;
}

static enum tk_rc attend(const struct tk_op *op, int64_t session, int64_t staff, const char *state)
{
	const struct tk_rtype *t = &tk_attendance_type;
	struct attendance a = { 0 };

	tk_set_by(t, &a, "session_id", TK_I(session));
	tk_set_by(t, &a, "staff_id", TK_I(staff));
	tk_set_by(t, &a, "state", TK_S(state));
	tk_set_by(t, &a, "how", TK_S("list"));
	return tk_rec_insert(op, t, &a);
}

/* -- people ------------------------------------------------------------------------------------ */
struct people {
	int64_t *v;
	size_t n, cap;
};

static enum tk_rc person_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct people *p = ctx;

	(void)n;
	if (p->n < p->cap)
		p->v[p->n++] = col[0].i;
	return TK_OK;
}

static enum tk_rc people(struct demo *d, const char *where, struct people *p)
{
	const char *sql = tk_sprintf(d->op->mem,
				     "SELECT s.id FROM staff s JOIN division d ON d.id = "
				     "s.division_id JOIN post p ON p.id = s.post_id WHERE "
				     "s.deleted_at IS NULL AND %s ORDER BY s.staff_number COLLATE "
				     "\"C\"",
				     where);

	p->cap = d->staff;
	p->n = 0;
	p->v = tk_alloc_n(d->op->mem, p->cap, sizeof(*p->v));
	return tk_db_run(d->op->db, d->op->e, sql, NULL, 0, person_row, p);
}

/* All but `missing` of the people, spread over the sessions; who is missing is scattered. */
static enum tk_rc fill(const struct tk_op *op, const int64_t *session, size_t nsession,
		       const struct people *p, size_t missing)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < p->n && rc == TK_OK; i++) {
		size_t place = i * 7919 % p->n; /* a prime: everybody has a place of their own */

		if (place >= missing)
			rc = attend(op, session[place % nsession], p->v[i], "attended");
	}
	return rc;
}

static enum tk_rc one_session(const struct tk_op *op, int64_t course, const char *day,
			      const struct people *p, size_t n)
{
	struct held h = { day, "13:30", "16:30", "研修室" };
	struct people some = { p->v, p->n < n ? p->n : n, 0 };
	int64_t session;
	enum tk_rc rc = add_session(op, course, &h, 0, &session);

	return rc == TK_OK ? fill(op, &session, 1, &some, 0) : rc;
}

/* The other three kinds, one or two sessions each. */
static enum tk_rc others(struct demo *d, int year)
{
	const struct tk_op *op = d->op;
	struct people basics, system;
	int64_t course;
	enum tk_rc rc = people(d, "p.name IN ('係員', '主任') AND d.code LIKE 'D01%'", &basics);

	if (rc == TK_OK)
		rc = people(d, "d.owns_system = 1 AND p.name NOT IN ('課長', '室長')", &system);
	if (rc == TK_OK)
		rc = add_course(op, year, "it_basics", "IT基礎知識研修", "IT basics course",
				"パソコンとネットワークの基礎\n電子メールの使い方", &course);
	if (rc == TK_OK)
		rc = one_session(op, course, tk_sprintf(op->mem, "%d-05-17", year), &basics, 24);
	if (rc == TK_OK)
		rc = add_course(op, year, "system_staff", "情報システム担当者研修",
				"Course for staff in charge of systems",
				"調達仕様書のセキュリティ要件\n検査で見つかる不備の例", &course);
	if (rc == TK_OK)
		rc = one_session(op, course, tk_sprintf(op->mem, "%d-07-26", year), &system, 16);
	if (rc == TK_OK)
		rc = one_session(op, course, tk_sprintf(op->mem, "%d-10-25", year), &system, 12);
	if (rc == TK_OK)
		rc = add_course(op, year, "external", "他省庁主催研修（総務省研修、NISC勉強会）",
				"Courses held by other ministries",
				"情報システム統一研修\nNISC勉強会", &course);
	return rc == TK_OK
		       ? one_session(op, course, tk_sprintf(op->mem, "%d-09-21", year), &system, 6)
		       : rc;
}

/* Heads recommended attendance to those still missing in February; half of them came. */
static enum tk_rc recommend(const struct tk_op *op, int64_t course, int year, int64_t last,
			    const struct people *p, size_t missing)
{
	const struct tk_rtype *t = &tk_attendance_notice_type;
	enum tk_rc rc = TK_OK;
	size_t n = missing < 10 ? missing : 10;

	for (size_t i = 0; i < p->n && rc == TK_OK; i++) {
		struct attendance_notice r = { 0 };
		size_t place = i * 7919 % p->n;

		if (place >= missing + n)
			continue;
		tk_set_by(t, &r, "course_id", TK_I(course));
		tk_set_by(t, &r, "staff_id", TK_I(p->v[i]));
		tk_set_by(t, &r, "recommended_by", TK_S("所属課室の長"));
		tk_set_by(t, &r, "recommended_on", TK_S(tk_sprintf(op->mem, "%d-02-20", year + 1)));
		rc = tk_rec_insert(op, t, &r);
		if (rc == TK_OK && place >= missing)
			rc = attend(op, last, p->v[i], "attended");
	}
	return rc;
}

static enum tk_rc year(struct demo *d, int y, const struct held *h, size_t n, unsigned permille)
{
	const struct tk_op *op = d->op;
	struct people all, early;
	int64_t course, session[12];
	size_t missing, n_late;
	enum tk_rc rc = people(d, "1 = 1", &all);

	if (rc == TK_OK)
		rc = add_course(op, y, "security_training", "情報セキュリティ研修",
				"Information security course", topics, &course);
	for (size_t i = 0; i < n && rc == TK_OK; i++)
		rc = add_session(op, course, &h[i], 0, &session[i]);
	if (rc != TK_OK)
		return rc;
	missing = all.n - (all.n * permille + 500) / 1000;
	n_late = y >= 2011 ? (missing < 10 ? missing : 10) : 0;
	early = all;
	rc = fill(op, session, n - 1, &early, missing + n_late);
	if (rc == TK_OK && n_late)
		rc = recommend(op, course, y, session[n - 1], &all, missing);
	/* some came twice: they count once */
	for (size_t i = 0; i < all.n && i < 20 && rc == TK_OK; i++)
		if (i * 7919 % all.n >= missing + n_late)
			rc = attend(op, session[n - 1], all.v[i], "attended");
	return rc == TK_OK ? others(d, y) : rc;
}

/* -- the current year ------------------------------------------------------------------------- */
static enum tk_rc question(const struct tk_op *op, int64_t course, const char *text,
			   const char *const o[3], int64_t answer)
{
	const struct tk_rtype *t = &tk_course_question_type;
	struct course_question q = { 0 };

	tk_set_by(t, &q, "course_id", TK_I(course));
	tk_set_by(t, &q, "text", TK_S(text));
	tk_set_by(t, &q, "option_1", TK_S(o[0]));
	tk_set_by(t, &q, "option_2", TK_S(o[1]));
	tk_set_by(t, &q, "option_3", TK_S(o[2]));
	tk_set_by(t, &q, "answer", TK_I(answer));
	return tk_rec_insert(op, t, &q);
}

static enum tk_rc test_course(const struct tk_op *op, int y)
{
	struct course c = { 0 };
	int64_t id;
	enum tk_rc rc = add_course(op, y, "security_training", "情報セキュリティ確認テスト",
				   "Information security test", topics_now, &id);

	if (rc == TK_OK)
		rc = tk_rec_load(op, &tk_course_type, id, &c);
	tk_set_by(&tk_course_type, &c, "pass_mark", TK_I(60));
	tk_set_by(&tk_course_type, &c, "yearly", TK_I(0));
	if (rc == TK_OK)
		rc = tk_rec_update(op, &tk_course_type, &c, -1);
	if (rc == TK_OK)
		rc = question(
			op, id,
			"心当たりのない添付ファイル付きのメールを受け取りました。どうしますか。",
			(const char *const[]){ "開いて内容を確かめる", "開かずに届け出る",
					       "同僚に転送する" },
			2);
	if (rc == TK_OK)
		rc = question(op, id, "機密性3の情報を庁外へ持ち出すときに必要なものはどれですか。",
			      (const char *const[]){ "許可と暗号化", "口頭の連絡", "何も要らない" },
			      1);
	return rc == TK_OK ? question(op, id, "外部へメールを送る前にすることはどれですか。",
				      (const char *const[]){ "すぐ送る", "宛先を上司に任せる",
							     "宛先と添付を確かめる" },
				      3)
			   : rc;
}

static enum tk_rc now(struct demo *d)
{
	const struct tk_op *op = d->op;
	struct tk_date today = tk_today();
	int y = tk_fiscal_year(today);
	int64_t course, session[4], first = tk_date_days((struct tk_date){ y, 4, 1 }),
				    last = tk_date_days((struct tk_date){ y + 1, 3, 31 });
	static const int away[] = { -45, -17, 9, 23 };
	struct people all;
	size_t nheld = 0;
	enum tk_rc rc = people(d, "d.code NOT IN ('D0302', 'D0403')", &all);

	if (rc == TK_OK)
		rc = add_course(op, y, "security_training", "情報セキュリティ研修",
				"Information security course", topics_now, &course);
	for (size_t i = 0; i < TK_LEN(away) && rc == TK_OK; i++) {
		char day[11];
		int64_t on = tk_date_days(today) + away[i];
		struct held h = { day, i % 2 ? "17:00" : "10:00", i % 2 ? "18:30" : "11:30",
				  "大会議室" };

		if (on < first || on > last)
			continue;
		tk_date_iso(tk_date_of_days(on), day);
		rc = add_session(op, course, &h,
				 away[i] < 0 ? 0
				 : i == 2    ? 40
					     : 120,
				 &session[away[i] < 0 ? nheld : 3]);
		nheld += away[i] < 0;
	}
	if (rc == TK_OK && nheld)
		rc = fill(op, session, nheld, &all, all.n * 6 / 10);
	return rc == TK_OK ? test_course(op, y) : rc;
}

/* -- drills ------------------------------------------------------------------------------------ */
struct event {
	const char *at, *who, *what;
};

static enum tk_rc add_drill(const struct tk_op *op, int y, const char *kind, const char *title,
			    const char *day, const char *purpose, const int64_t n[4], int64_t *ret)
{
	const struct tk_rtype *t = &tk_drill_type;
	struct drill r = { 0 };
	enum tk_rc rc;

	tk_set_by(t, &r, "fiscal_year", TK_I(y));
	tk_set_by(t, &r, "title", TK_S(title));
	tk_set_by(t, &r, "kind", TK_S(kind));
	tk_set_by(t, &r, "host", TK_S("nisc"));
	tk_set_by(t, &r, "state", TK_S("held"));
	tk_set_by(t, &r, "held_on", TK_S(day));
	tk_set_by(t, &r, "purpose", TK_S(purpose));
	tk_set_by(t, &r, "participants", TK_I(n[0]));
	tk_set_by(t, &r, "mails_sent", TK_I0(n[1]));
	if (n[1]) {
		tk_set_by(t, &r, "mails_opened", TK_I(n[2]));
		tk_set_by(t, &r, "mails_reported", TK_I(n[3]));
	}
	rc = tk_rec_insert(op, t, &r);
	*ret = r.rec.id;
	return rc;
}

static enum tk_rc add_events(const struct tk_op *op, int64_t drill, const struct event *v, size_t n)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		struct drill_event e = { 0 };

		tk_set_by(&tk_drill_event_type, &e, "drill_id", TK_I(drill));
		tk_set_by(&tk_drill_event_type, &e, "happened_at", TK_S(v[i].at));
		tk_set_by(&tk_drill_event_type, &e, "who", TK_S(v[i].who));
		tk_set_by(&tk_drill_event_type, &e, "what", TK_S(v[i].what));
		rc = tk_rec_insert(op, &tk_drill_event_type, &e);
	}
	return rc;
}

static enum tk_rc drills(const struct tk_op *op)
{
	static const struct event line[] = {
		{ "10:00", "NISC", "訓練開始の連絡" },
		{ "10:12", "情報セキュリティ担当", "所管部署へ状況の確認を依頼" },
		{ "10:47", "情報システム管理者", "被害なしの回答" },
		{ "11:05", "情報セキュリティ担当", "NISCへ報告" },
	};
	struct drill_lesson l = { 0 };
	int64_t id, y = tk_fiscal_year(tk_today());
	enum tk_rc rc = add_drill(op, 2011, "cyber_attack", "サイバー攻撃対処訓練", "2011-12-08",
				  "政府機関間の情報共有の手順を確かめる。",
				  (int64_t[]){ 14, 0, 0, 0 }, &id);

	if (rc == TK_OK)
		rc = add_events(op, id, line, TK_LEN(line));
	tk_set_by(&tk_drill_lesson_type, &l, "drill_id", TK_I(id));
	tk_set_by(&tk_drill_lesson_type, &l, "title", TK_S("休日の連絡先を連絡網に加える"));
	if (rc == TK_OK)
		rc = tk_rec_insert(op, &tk_drill_lesson_type, &l);
	if (rc == TK_OK)
		rc = add_drill(op, (int)y - 1, "suspicious_mail", "不審メール受付訓練",
			       tk_sprintf(op->mem, "%d-10-12", (int)y - 1),
			       "不審なメールを受け取ったときの届出を体験する。",
			       (int64_t[]){ 300, 300, 31, 187 }, &id);
	return rc;
}

enum tk_rc demo_training(struct demo *d)
{
	enum tk_rc rc = tk_db_begin(d->op->db, d->op->e);

	if (rc == TK_OK)
		rc = year(d, 2010, sessions_2010, TK_LEN(sessions_2010), 920);
	if (rc == TK_OK)
		rc = year(d, 2011, sessions_2011, TK_LEN(sessions_2011), 979);
	if (rc == TK_OK)
		rc = now(d);
	if (rc == TK_OK)
		rc = drills(d->op);
	if (rc == TK_OK)
		return tk_db_commit(d->op->db, d->op->e);
	tk_db_rollback(d->op->db);
	return rc;
}
