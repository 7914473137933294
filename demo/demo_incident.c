/* demo_incident.c - incidents, suspicious and mis-sent mail of the demonstration: the two years of
 * the founding document, and the current one with something still to do. */
#include <string.h>
#include "base/clock.h"
#include "demo/demo_in.h"
#include "incident/incident_in.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static int64_t at(const char *day, int hour, int minute)
{
	struct tk_date d = { 0 };

	tk_date_from_iso(day, &d);
	return tk_date_time(d) + hour * HOUR + minute * MINUTE;
}

static enum tk_rc one(const struct tk_op *op, const char *sql, int64_t *ret)
{
	return tk_db_int(op->db, op->e, sql, NULL, 0, 0, ret);
}

/* Through the moves in a row. */
static enum tk_rc through(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			  const char *const *action)
{
	enum tk_rc rc = TK_OK;

	for (; *action && rc == TK_OK; action++)
		rc = tk_life_move(op, t, id, *action, NULL);
	return rc;
}

/* Old years: the log says when it was, not when the demonstration was made. */
static enum tk_rc date_back(const struct tk_op *op, const char *type, int64_t id, int64_t opened,
			    int64_t closed)
{
	enum tk_rc rc = tk_db_exec(op->db, op->e,
				   "UPDATE case_log SET at = $3 WHERE case_id = (SELECT c.id FROM "
				   "tk_case c WHERE c.subject_type = $1 AND c.subject_id = $2)",
				   TK_S(type), TK_I(id), TK_I(opened));

	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"UPDATE tk_case SET opened_at = $3, closed_at = $4 WHERE "
				"subject_type = $1 AND subject_id = $2",
				TK_S(type), TK_I(id), TK_I(opened), TK_I0(closed));
	return rc;
}

/* -- incidents --------------------------------------------------------------------------------- */
struct happened {
	const char *day, *cause, *title, *affected, *summary;
	int severity, found_after, contained_after; /* minutes; contained 0: not yet */
	bool personal;
	const char *division;
};
static const struct happened old[] = {
	{ "2010-08-03", "loss", "私物USBメモリの紛失", "個人情報は含まない資料",
	  "駅で紛失し、翌日発見。", 3, 90, 1500, false, "D0204" },
	{ "2010-11-18", "malware", "業務端末のウイルス感染", "端末1台",
	  "定義ファイル更新前に感染。駆除済み。", 3, 240, 180, false, "D0305" },
	{ "2011-07-20", "malware", "標的型メールによる端末の感染", "端末2台",
	  "添付ファイルを開いて感染。端末を隔離し、外部への通信がないことを確認した。", 2, 400, 95,
	  false, "D0206" },
	{ "2011-10-05", "loss", "携帯端末の紛失", "携帯端末1台（暗号化済み）", "遠隔で消去した。",
	  3, 60, 40, false, "D0404" },
	{ "2012-01-16", "missent_mail", "名簿の誤送信", "外部の3者", "削除を依頼し、確認を得た。",
	  2, 30, 210, true, "D0307" },
};

static enum tk_rc tell_all(const struct tk_op *op, int64_t incident)
{
	const struct tk_rtype *t = &tk_incident_notice_type;
	int64_t id = 0;
	enum tk_rc rc = TK_OK;

	while (rc == TK_OK) {
		struct incident_notice n = { 0 };

		rc = tk_db_int(op->db, op->e,
			       "SELECT MIN(id) FROM incident_notice WHERE incident_id = $1 AND "
			       "told_at IS NULL AND deleted_at IS NULL",
			       TK_ARGS(TK_I(incident)), 0, &id);
		if (rc != TK_OK || !id)
			return rc;
		rc = tk_rec_load(op, t, id, &n);
		tk_set_by(t, &n, "told_at", TK_I(n.due_at - HOUR / 2));
		tk_set_by(t, &n, "told_by", TK_S("情報セキュリティ担当"));
		tk_set_by(t, &n, "what", TK_S("事案の概要と対応の状況"));
		if (rc == TK_OK)
			rc = tk_rec_update(op, t, &n, -1);
	}
	return rc;
}

static enum tk_rc add_event(const struct tk_op *op, int64_t incident, int64_t when,
			    const char *kind, const char *what)
{
	const struct tk_rtype *t = &tk_incident_event_type;
	struct incident_event v = { 0 };

	tk_set_by(t, &v, "incident_id", TK_I(incident));
	tk_set_by(t, &v, "happened_at", TK_I(when));
	tk_set_by(t, &v, "kind", TK_S(kind));
	tk_set_by(t, &v, "who", TK_S("情報セキュリティ担当"));
	tk_set_by(t, &v, "what", TK_S(what));
	return tk_rec_insert(op, t, &v);
}

static enum tk_rc add_incident(const struct tk_op *op, const struct happened *h, int64_t began,
			       int64_t owner, int64_t *ret)
{
	const struct tk_rtype *t = &tk_incident_type;
	int64_t found = began + h->found_after * MINUTE, division = 0;
	struct incident i = { 0 };
	enum tk_rc rc = tk_db_int(op->db, op->e, "SELECT id FROM division WHERE code = $1",
				  TK_ARGS(TK_S(h->division)), 0, &division);

	tk_set_by(t, &i, "title", TK_S(h->title));
	tk_set_by(t, &i, "cause", TK_S(h->cause));
	tk_set_by(t, &i, "severity", TK_I0(h->severity));
	tk_set_by(t, &i, "began_at", TK_I(began));
	tk_set_by(t, &i, "detected_at", TK_I(found));
	tk_set_by(t, &i, "affected", TK_S(h->affected));
	tk_set_by(t, &i, "personal_data", TK_I(h->personal));
	tk_set_by(t, &i, "summary_internal", TK_S(h->summary));
	tk_set_by(t, &i, "division_id", TK_I0(division));
	tk_set_by(t, &i, "owner_staff_id", TK_I0(owner));
	if (h->contained_after)
		tk_set_by(t, &i, "contained_at", TK_I(found + h->contained_after * MINUTE));
	if (rc == TK_OK)
		rc = tk_rec_insert(op, t, &i);
	*ret = i.rec.id;
	if (rc == TK_OK)
		rc = add_event(op, i.rec.id, found, "detection", "届出を受けて確認した。");
	return rc;
}

static enum tk_rc old_incident(const struct tk_op *op, const struct happened *h, int64_t owner)
{
	int64_t id, began = at(h->day, 9, 10);
	enum tk_rc rc = add_incident(op, h, began, owner, &id);

	if (rc == TK_OK)
		rc = through(op, &tk_incident_type, id,
			     (const char *const[]){ "triage", "handle", "contain", NULL });
	if (rc == TK_OK)
		rc = tell_all(op, id);
	if (rc == TK_OK)
		rc = add_event(op, id, began + (h->found_after + h->contained_after) * MINUTE,
			       "measure", "封じ込めを完了した。");
	if (rc == TK_OK)
		rc = through(op, &tk_incident_type, id, (const char *const[]){ "close", NULL });
	if (rc == TK_OK)
		rc = date_back(op, "incident", id, began + h->found_after * MINUTE,
			       began + 30 * DAY);
	return rc == TK_OK ? tk_db_exec(op->db, op->e,
					"UPDATE incident SET closed_at = $2 WHERE id = $1",
					TK_I(id), TK_I(began + 30 * DAY))
			   : rc;
}

static enum tk_rc now_incidents(const struct tk_op *op, int64_t owner, int64_t reporter)
{
	static const struct happened malware = { "",
						 "malware",
						 "暗号化ソフトを装うマルウェアの疑い",
						 "共有フォルダーの一部",
						 "",
						 2,
						 120,
						 0,
						 false,
						 "D0403" };
	static const struct happened lost = {
		"", "loss", "業務用端末の紛失の届出", "端末1台", "", 0, 20, 0, false, "D0302"
	};
	const struct tk_rtype *t = &tk_incident_type;
	struct incident i = { 0 };
	int64_t id;
	enum tk_rc rc = add_incident(op, &malware, tk_now() - 30 * HOUR, owner, &id);

	if (rc == TK_OK)
		rc = through(op, t, id, (const char *const[]){ "triage", "handle", NULL });
	if (rc == TK_OK)
		rc = add_event(op, id, tk_now() - 26 * HOUR, "measure",
			       "端末をネットワークから外した。");
	if (rc == TK_OK)
		rc = tk_rec_load(op, t, id, &i);
	tk_set_by(t, &i, "attack", TK_S("ransomware"));
	tk_set_by(t, &i, "encrypted_extension", TK_S(".locked"));
	tk_set_by(t, &i, "intrusion_route", TK_S("調査中"));
	if (rc == TK_OK)
		rc = tk_rec_update(op, t, &i, -1);
	if (rc == TK_OK)
		rc = tk_notices_late(op);
	if (rc == TK_OK) /* not judged yet: severity is missing */
		rc = add_incident(op, &lost, tk_now() - 2 * HOUR, 0, &id);
	if (rc == TK_OK)
		rc = tk_db_exec(op->db, op->e,
				"UPDATE incident SET requester_staff_id = $2 "
				"WHERE id = $1",
				TK_I(id), TK_I(reporter));
	return rc == TK_OK ? tk_db_exec(op->db, op->e,
					"UPDATE tk_case SET requester_staff_id = $2 WHERE "
					"subject_type = 'incident' AND subject_id = $1",
					TK_I(id), TK_I(reporter))
			   : rc;
}

/* -- mail -------------------------------------------------------------------------------------- */
static enum tk_rc add_mail(const struct tk_op *op, const char *title, const char *source,
			   int64_t when, int handled, bool opened, int64_t *ret)
{
	const struct tk_rtype *t = &tk_suspicious_mail_type;
	bool centre = !strcmp(source, "centre");
	struct suspicious_mail m = { 0 };
	enum tk_rc rc;

	tk_set_by(t, &m, "title", TK_S(title));
	tk_set_by(t, &m, "source", TK_S(source));
	tk_set_by(t, &m, "sender", TK_S("info@fushin.example"));
	tk_set_by(t, &m, "received_at", TK_I(when - 10 * MINUTE));
	tk_set_by(t, &m, "reported_at", TK_I(when));
	tk_set_by(t, &m, "opened", TK_I(opened));
	tk_set_by(t, &m, "tlp", TK_S(centre ? "amber" : "green"));
	if (handled) {
		tk_set_by(t, &m, "measure", TK_S("送信元の受信拒否とURLの遮断"));
		tk_set_by(t, &m, "measured_at", TK_I(when + handled * MINUTE));
	}
	if (handled && !centre) {
		tk_set_by(t, &m, "told_centre_at", TK_I(when + (handled + 20) * MINUTE));
		tk_set_by(t, &m, "told_nisc_at", TK_I(when + (handled + 25) * MINUTE));
	}
	rc = tk_rec_insert(op, t, &m);
	*ret = m.rec.id;
	return rc;
}

static enum tk_rc old_mail(const struct tk_op *op, const char *title, bool centre, int64_t when,
			   int handled)
{
	int64_t id;
	enum tk_rc rc = add_mail(op, title, centre ? "centre" : "staff", when, handled, false, &id);

	if (rc == TK_OK)
		rc = through(op, &tk_suspicious_mail_type, id,
			     centre ? (const char *const[]){ "triage", "measure", "close", NULL }
				    : (const char *const[]){ "triage", "measure", "finish_telling",
							     "close", NULL });
	if (rc == TK_OK)
		rc = date_back(op, "suspicious_mail", id, when, when + DAY);
	return rc == TK_OK ? tk_db_exec(op->db, op->e,
					"UPDATE suspicious_mail SET closed_at = $2 WHERE id = $1",
					TK_I(id), TK_I(when + DAY))
			   : rc;
}

/* Eight a year that staff reported and six pieces of information, spread over the months. */
static enum tk_rc mails(const struct tk_op *op, int year, int staff, int centre, int minutes)
{
	static const char *const title[] = { "【重要】会議資料の送付", "アンケートのお願い",
					     "アカウントの確認について", "請求書の件" };
	enum tk_rc rc = TK_OK;

	for (int k = 0; k < staff + centre && rc == TK_OK; k++) {
		int month = 4 + k % 12;
		const char *day = tk_sprintf(op->mem, "%d-%02d-%02d", year + (month > 12),
					     month > 12 ? month - 12 : month, 5 + k);

		rc = old_mail(op, title[k % 4], k >= staff, at(day, 10 + k % 6, 7 * k % 60),
			      minutes + (k % 5 - 2) * 6);
	}
	return rc;
}

static enum tk_rc add_missent(const struct tk_op *op, const char *title, const char *mistake,
			      int64_t when, bool outside, bool done)
{
	const struct tk_rtype *t = &tk_missent_mail_type;
	struct missent_mail m = { 0 };
	enum tk_rc rc;

	tk_set_by(t, &m, "title", TK_S(title));
	tk_set_by(t, &m, "mistake", TK_S(mistake));
	tk_set_by(t, &m, "sent_at", TK_I(when));
	tk_set_by(t, &m, "outside", TK_I(outside));
	tk_set_by(t, &m, "recipients", TK_I(3));
	tk_set_by(t, &m, "measure", TK_S("受信者へ削除を依頼した。"));
	rc = tk_rec_insert(op, t, &m);
	if (rc != TK_OK || !done)
		return rc;
	rc = through(op, t, m.rec.id, (const char *const[]){ "measure", "close", NULL });
	if (rc == TK_OK)
		rc = date_back(op, "missent_mail", m.rec.id, when, when + 3 * DAY);
	return rc == TK_OK ? tk_db_exec(op->db, op->e,
					"UPDATE missent_mail SET closed_at = $2 WHERE id = $1",
					TK_I(m.rec.id), TK_I(when + 3 * DAY))
			   : rc;
}

static enum tk_rc csirt(const struct tk_op *op)
{
	static const struct {
		const char *role, *post, *of, *phone;
	} who[] = {
		{ "head", "総括審議官", "D0101", "内線0001（架空）" },
		{ "handler", "情報セキュリティ担当補佐", "D0102", "内線0102（架空）" },
		{ "technical", "室長", "D0103", "内線0103（架空）" },
		{ "public_relations", "室長", "D0104", "内線0104（架空）" },
	};
	const struct tk_rtype *t = &tk_csirt_member_type;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < TK_LEN(who) && rc == TK_OK; i++) {
		struct csirt_member m = { 0 };
		int64_t staff = 0;

		rc = tk_db_int(op->db, op->e,
			       "SELECT s.id FROM staff s JOIN post p ON p.id = s.post_id JOIN "
			       "division d ON d.id = s.division_id WHERE p.name = $1 AND d.code = "
			       "$2 ORDER BY s.staff_number LIMIT 1",
			       TK_ARGS(TK_S(who[i].post), TK_S(who[i].of)), 0, &staff);
		if (rc != TK_OK || !staff)
			continue;
		tk_set_by(t, &m, "role", TK_S(who[i].role));
		tk_set_by(t, &m, "staff_id", TK_I(staff));
		tk_set_by(t, &m, "phone", TK_S(who[i].phone));
		tk_set_by(t, &m, "from_on", TK_S("2012-04-01"));
		tk_set_by(t, &m, "sort", TK_I((int64_t)i * 10 + 10));
		rc = tk_rec_insert(op, t, &m);
	}
	return rc;
}

static enum tk_rc fill(struct demo *d)
{
	const struct tk_op *op = d->op;
	int64_t owner = 0, reporter = 0, id;
	enum tk_rc rc = one(op,
			    "SELECT s.id FROM staff s JOIN post p ON p.id = s.post_id WHERE "
			    "p.name = '情報セキュリティ担当補佐' ORDER BY s.id LIMIT 1",
			    &owner);

	if (rc == TK_OK)
		rc = one(op,
			 "SELECT s.id FROM staff s JOIN post p ON p.id = s.post_id JOIN "
			 "division d ON d.id = s.division_id WHERE p.name = '係員' AND d.code "
			 "= 'D0302' ORDER BY s.staff_number LIMIT 1",
			 &reporter);
	for (size_t i = 0; i < TK_LEN(old) && rc == TK_OK; i++)
		rc = old_incident(op, &old[i], owner);
	if (rc == TK_OK)
		rc = mails(op, 2010, 5, 4, 62);
	if (rc == TK_OK)
		rc = mails(op, 2011, 8, 6, 38);
	if (rc == TK_OK)
		rc = add_missent(op, "会議案内の宛先誤り", "address", at("2010-09-14", 15, 20),
				 true, true);
	if (rc == TK_OK)
		rc = add_missent(op, "宛先を全員に表示して送信", "visible", at("2010-12-02", 11, 5),
				 true, true);
	if (rc == TK_OK)
		rc = add_missent(op, "古い添付ファイルの送信", "attachment",
				 at("2011-08-25", 16, 40), false, true);
	if (rc == TK_OK)
		rc = add_missent(op, "名簿の宛先誤り", "address", at("2012-01-16", 9, 10), true,
				 true);
	if (rc == TK_OK)
		rc = now_incidents(op, owner, reporter);
	if (rc == TK_OK)
		rc = add_mail(op, "【至急】パスワードの期限", "staff", tk_now() - 3 * HOUR, 0,
			      false, &id);
	if (rc == TK_OK)
		rc = add_mail(op, "NISCからの注意喚起（架空）", "centre", tk_now() - 50 * HOUR, 0,
			      false, &id);
	return rc == TK_OK ? csirt(op) : rc;
}

enum tk_rc demo_incident(struct demo *d)
{
	enum tk_rc rc = tk_db_begin(d->op->db, d->op->e);

	if (rc == TK_OK)
		rc = fill(d);
	if (rc == TK_OK)
		return tk_db_commit(d->op->db, d->op->e);
	tk_db_rollback(d->op->db);
	return rc;
}
