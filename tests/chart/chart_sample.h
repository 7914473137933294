/* chart_sample.h - charts that the chart tests share: the published figures of the fact-finding
 * survey (web meetings, before and after) and of the self-inspection (rate classes). */
#pragma once
#include "chart/chart.h"

struct tk_chart sample_web_meeting(void);
struct tk_chart sample_self_inspection(void);
struct tk_chart sample_trend(void);
/* n categories with one missing value each third row, all kinds of series */
struct tk_chart sample_wide(
	struct tk_arena *a, enum tk_chart_kind kind, size_t ncategory, size_t nseries);
