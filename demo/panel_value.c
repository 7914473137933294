/* panel_value.c - numbers, days and texts of the demonstration panel: they follow from the choices
 * that an institution made and are scattered within what those allow. */
#include <string.h>
#include "demo/panel_in.h"

/* The bands of choices.csv, in percent: from (included) to (not included). */
static const struct band { const char *code; unsigned from, to; } band[] = {
	{ "none", 0, 1 },     { "under_10", 0, 10 }, { "from_10", 10, 30 },
	{ "from_30", 30, 50 }, { "from_50", 50, 70 }, { "from_70", 70, 100 },
	{ "from_100", 100, 135 },
};

static const struct band *band_of(const char *code)
{
	for (size_t i = 0; i < TK_LEN(band); i++)
		if (!strcmp(band[i].code, code))
			return &band[i];
	return NULL;
}

static bool is(const struct panel *p, const char *item, const char *code, size_t at)
{
	return panel_has(panel_value(p, item, at), code);
}

static void set(struct panel *p, const char *item, size_t at, const char *value)
{
	panel_item(p, item)->value[at] = value;
}

static void set_number(struct panel *p, const char *item, size_t at, unsigned n)
{
	set(p, item, at, tk_sprintf(p->a, "%u", n));
}

/* from + 0..days-1 */
static void set_day(struct panel *p, const char *item, size_t at, int64_t from, unsigned days)
{
	char iso[11];

	tk_date_iso(tk_date_of_days(from + panel_scatter(item, "", at, days ? days : 1)), iso);
	set(p, item, at, tk_strdup(p->a, iso));
}

/* A number whose share of the staff lies in the band. */
static unsigned in_band(const struct panel *p, const char *item, size_t at, const char *key)
{
	const struct band *b = band_of(panel_value(p, item, at));
	unsigned staff = p->at[at].staff, low, high;

	if (!b)
		return 0;
	low = (b->from * staff + 99) / 100;
	high = (b->to * staff + 99) / 100;
	return high > low ? low + panel_scatter(key, "", at, high - low) : low;
}

static void numbers(struct panel *p, size_t at)
{
	unsigned before, after, losses;

	set_number(p, "staff_total", at, p->at[at].staff);
	if (is(p, "practice_kinds_after", "telework", at)) {
		unsigned peak = in_band(p, "staff_share_after", at, "staff_peak");

		if (!is(p, "practice_kinds_after", "standby", at) || peak < 8)
			set_number(p, "staff_peak", at, peak ? peak : 1);
		else            /* the others of that day stood by */
			set_number(p, "staff_peak", at, peak - peak / 8);
	}
	if (!is(p, "system_exists", "yes", at))
		return;
	before = in_band(p, "device_share_before", at, "devices");
	after = in_band(p, "device_share_after", at, "devices");
	set_number(p, "devices_before", at, before);
	set_number(p, "devices_after", at, after > before ? after : before);
	losses = panel_scatter("device_losses", "", at, 100);
	if (losses < 2)
		set(p, "device_losses", at, "dk");
	else
		set_number(p, "device_losses", at, losses < 10 ? 1 : losses < 13 ? 2 : 0);
}

static int64_t day(int y, int m, int d)
{
	return tk_date_days((struct tk_date){ y, m, d });
}

static void days(struct panel *p, size_t at)
{
	int64_t answered, pivot = day(2020, 2, 25);
	struct tk_date d;

	set_day(p, "answered_on", at, tk_date_days(p->from), p->days);
	if (!tk_date_from_iso(panel_value(p, "answered_on", at), &d))
		return;
	answered = tk_date_days(d);
	if (is(p, "system_exists", "yes", at))
		set_day(p, "system_since", at,
			is(p, "practice_kinds_before", "telework", at) ? day(2015, 4, 1) : pivot,
			is(p, "practice_kinds_before", "telework", at) ? 1700 : 120);
	if (is(p, "bcp_revision", "revised", at))
		set_day(p, "bcp_revised_on", at, pivot + 10, 110);
	if (panel_holds(p, "review_rhythm=on_new_threats|yearly|when_changed", at))
		set_day(p, "last_review_on", at, answered - 100, 95);
}

/* -- texts ------------------------------------------------------------------------------------- */
/* When it is written (a condition), what, and the codes that a reviewer gives to it. */
struct text { const char *when, *codes, *ja; };
enum { TEXTS = 16 };            /* of one question, at most */

static const struct text policy[] = {
	{ "future_direction=expand", "work_style.lasting_scheme",
	  "感染症が収まった後も働き方の見直しとして続けるため、規程を整えています。" },
	{ "future_direction=expand", "work_style.normal_times",
	  "緊急時だけでなく、普段から週に数日は在宅で働けるように検討しています。" },
	{ "future_direction=expand", "wider_scope.more_business",
	  "これまで在宅ではできなかった事務も、対象に加えられないか順に確かめています。" },
	{ "future_direction=expand", "wider_scope.more_staff",
	  "一部の職員に限ってきた対象を、嘱託を含む全員に広げる予定です。" },
	{ "future_direction=introduce", "scheme.new_scheme",
	  "制度がないまま実施してきたので、年度内に規程と端末をあわせて整えます。" },
	{ "future_direction=keep", "as_it_is.keep",
	  "今の範囲で続け、利用の状況を見ながら考えます。" },
	{ "future_direction=keep", "as_it_is.keep",
	  "育児や介護と両立する手段として、引き続き利用します。" },
	{ "future_direction=reduce", "as_it_is.reduce",
	  "窓口の体制を優先し、感染の状況が落ち着いたら対象を絞る予定です。" },
	{ "future_direction=undecided", "as_it_is.undecided",
	  "他社の動きも参考にしながら、これから検討します。" },
};
static const struct text obstacle[] = {
	{ "biz_reasons=paper biz_account_services=not_realised", "paper_flow.paper",
	  "印鑑を押す書類や郵便の発送が残っており、そのために出社する職員がいます。" },
	{ "conn_capacity=short_at_peak|short", "systems.network",
	  "自宅から接続する機器の処理能力が足りず、朝の時間帯につながりにくくなります。" },
	{ "device_share_after=under_10|from_10|from_30", "systems.devices",
	  "端末の台数が足りず、交代で使っています。" },
	{ "biz_reasons=system_on_site", "on_site.on_site_systems",
	  "本店の中でしか使えない端末があり、その業務は在宅にできません。" },
	{ "conn_measures=password_only device_own_level=lower|not_checked", "security.measures",
	  "私用端末を含めた対策の水準をどう揃えるかが課題です。" },
	{ "biz_reasons=confidential_data", "information.personal_data",
	  "お客さまの個人情報を扱う事務を自宅で行わせてよいか、判断がついていません。" },
	{ NULL, "information.home_rules",
	  "情報の管理について、家族が同居する環境での決まりが十分ではありません。" },
	{ NULL, "communication.smooth",
	  "若い職員への指導や、ちょっとした相談がしにくくなりました。" },
	{ NULL, "personnel.hours personnel.evaluation",
	  "始業と終業の把握、仕事ぶりの評価の仕方が定まっていません。" },
};

/* Up to max of those that fit, the first of them by chance; their codes into PANEL_CODES item. */
static void write_text(struct panel *p, const char *item, const struct text *t, size_t n, size_t at,
		       unsigned max)
{
	struct tk_buf text = TK_BUF(4000), codes = TK_BUF(1000);
	const struct text *fits[TEXTS];
	unsigned m = 0, first;

	for (size_t k = 0; k < n && m < TEXTS; k++)
		if (panel_holds(p, t[k].when, at))
			fits[m++] = &t[k];
	first = m ? panel_scatter(item, "first", at, m) : 0;
	for (unsigned k = 0; k < m && k < max; k++) {
		const struct text *x = fits[(first + k) % m];

		tk_buf_str(&text, x->ja);
		tk_buf_fmt(&codes, "%s%s", codes.len ? " " : "", x->codes);
	}
	if (text.len) {
		set(p, item, at, tk_strdup(p->a, text.p));
		set(p, tk_sprintf(p->a, PANEL_CODES "%s", item), at, tk_strdup(p->a, codes.p));
	}
	tk_buf_drop(&text);
	tk_buf_drop(&codes);
}

static void texts(struct panel *p, size_t at)
{
	static const char *const department[] = { "経営企画部", "事務統括部", "システム部",
						  "リスク統括部", "総務部" };

	set(p, "answering_department", at,
	    department[panel_scatter("department", "", at, TK_LEN(department))]);
	if (panel_scatter("policy", "", at, 5) > 0)
		write_text(p, "future_policy", policy, TK_LEN(policy), at, 1);
	if (panel_scatter("obstacle", "", at, 6) > 0)
		write_text(p, "obstacles", obstacle, TK_LEN(obstacle), at,
			   1 + panel_scatter("obstacles", "n", at, 2));
}

void panel_values(struct panel *p)
{
	for (size_t at = 0; at < PANEL_SIZE; at++) {
		numbers(p, at);
		days(p, at);
		texts(p, at);
	}
}
