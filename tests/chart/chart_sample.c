#include "chart_sample.h"

struct tk_chart sample_web_meeting(void)
{
	static const char *const series[] = {"方針発表前（130先）", "方針発表後（207先）"};
	static const char *const category[] = {
		"セキュリティ対策を盛り込んだ利用マニュアルの整備",
		"会議ごとのパスコードや暗証番号の設定",
		"Web会議を利用できる業務範囲の限定",
		"管理者用パスワードの設定ルールの策定",
		"情報漏えいを防ぐための利用制限事項の周知",
		"その他",
	};
	static const struct tk_chart_value value[] = {
		{64, 130, "49.2"},
		{116, 207, "56.0"},
		{77, 130, "59.2"},
		{147, 207, "71.0"},
		{50, 130, "38.5"},
		{82, 207, "39.6"},
		{44, 130, "33.8"},
		{70, 207, "33.8"},
		{44, 130, "33.8"},
		{85, 207, "41.1"},
		{12, 130, "9.2"},
		{36, 207, "17.4"},
	};
	static const char *const note[] = {
		"（注）Web会議サービスを利用している先を分母とする（方針発表前130先、方針発表後207"
		"先）。複数回答のため、合計は100％にならない。",
	};

	return (struct tk_chart){.kind = TK_CHART_HBAR_GROUPED,
		.id = "fig5",
		.unit = "％",
		.title = "■ Web会議サービスの利用にあたり実施している対策",
		.series = series,
		.nseries = TK_LEN(series),
		.category = category,
		.ncategory = TK_LEN(category),
		.value = value,
		.note = note,
		.nnote = TK_LEN(note)};
}

struct tk_chart sample_self_inspection(void)
{
	static const char *const series[] = {
		"100％", "95％以上100％未満", "90％以上95％未満", "90％未満"};
	static const char *const category[] = {"全職員（6項目）", "課室長（51項目）",
		"情報システム管理者（24項目）", "合計（81項目）"};
	static const struct tk_chart_value value[] = {
		{0, 6, "0.0"},
		{6, 6, "100.0"},
		{0, 6, "0.0"},
		{0, 6, "0.0"},
		{50, 51, "98.0"},
		{0, 51, "0.0"},
		{1, 51, "2.0"},
		{0, 51, "0.0"},
		{23, 24, "95.8"},
		{0, 24, "0.0"},
		{0, 24, "0.0"},
		{1, 24, "4.2"},
		{73, 81, "90.2"},
		{6, 81, "7.4"},
		{1, 81, "1.2"},
		{1, 81, "1.2"},
	};
	static const char *const note[] = {
		"（注）割合は小数点以下第2位を四捨五入し、合計が100."
		"0となるよう最大の項目で調整している。",
	};

	return (struct tk_chart){.kind = TK_CHART_STACKED,
		.id = "fig3",
		.unit = "％",
		.title = "対策の実施率の区分別項目数の割合",
		.series = series,
		.nseries = TK_LEN(series),
		.category = category,
		.ncategory = TK_LEN(category),
		.value = value,
		.note = note,
		.nnote = TK_LEN(note)};
}

struct tk_chart sample_trend(void)
{
	static const char *const series[] = {"課室長研修", "情報システム担当者研修", "新任者研修"};
	static const char *const category[] = {
		"平成20年度", "平成21年度", "平成22年度", "平成23年度"};
	static const struct tk_chart_value value[] = {
		{871, 1000, "87.1"},
		{902, 1000, "90.2"},
		{0, 0, NULL},
		{905, 1000, "90.5"},
		{911, 1000, "91.1"},
		{990, 1000, "99.0"},
		{948, 1000, "94.8"},
		{940, 1000, "94.0"},
		{995, 1000, "99.5"},
		{970, 1000, "97.0"},
		{971, 1000, "97.1"},
		{1000, 1000, "100.0"},
	};
	static const char *const note[] = {"（注）各年度の3月31日現在の対象者を分母とする。"};

	return (struct tk_chart){.kind = TK_CHART_TREND,
		.axis = TK_AXIS_AUTO,
		.id = "fig4",
		.unit = "％",
		.title = "受講率の推移",
		.series = series,
		.nseries = TK_LEN(series),
		.category = category,
		.ncategory = TK_LEN(category),
		.value = value,
		.note = note,
		.nnote = TK_LEN(note)};
}

struct tk_chart sample_wide(
	struct tk_arena *a, enum tk_chart_kind kind, size_t ncategory, size_t nseries)
{
	static const char *const word[] = {"外部電磁的記録媒体の取扱い",
		"Security training for new members of staff",
		"クラウドサービスの利用申請手続における承認者の確認と記録の保存", "例外措置"};
	const char **category = tk_alloc_n(a, ncategory, sizeof(*category));
	const char **series = tk_alloc_n(a, nseries, sizeof(*series));
	struct tk_chart_value *value = tk_alloc_n(a, ncategory * nseries, sizeof(*value));
	struct tk_chart c = {.kind = kind,
		.id = "wide",
		.title = "広い図",
		.unit = "％",
		.series = series,
		.nseries = nseries,
		.category = category,
		.ncategory = ncategory,
		.value = value};

	for (size_t k = 0; k < nseries; k++)
		series[k] = tk_sprintf(a, "系列%zu", k + 1);
	for (size_t i = 0; i < ncategory; i++) {
		category[i] = kind == TK_CHART_TREND ? tk_sprintf(a, "平成%zu年度", i + 1)
						     : word[i % TK_LEN(word)];
		for (size_t k = 0; k < nseries; k++) {
			int64_t tenths = (int64_t)((i * 37 + k * 61) % (1001 / nseries));
			if (i % 3 == 2 && k == 0)
				continue;
			value[i * nseries + k] = (struct tk_chart_value){tenths, 1000,
				tk_sprintf(a, "%d.%d", (int)tenths / 10, (int)tenths % 10)};
		}
	}
	return c;
}
