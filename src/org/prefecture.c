/* prefecture.c - the prefectures of Japan by JIS X 0401. */
#include <string.h>
#include "org/institution.h"

const struct tk_choice tk_prefecture[] = {
	{ "01", N_("Hokkaido") },  { "02", N_("Aomori") },   { "03", N_("Iwate") },
	{ "04", N_("Miyagi") },    { "05", N_("Akita") },    { "06", N_("Yamagata") },
	{ "07", N_("Fukushima") }, { "08", N_("Ibaraki") },  { "09", N_("Tochigi") },
	{ "10", N_("Gunma") },     { "11", N_("Saitama") },  { "12", N_("Chiba") },
	{ "13", N_("Tokyo") },     { "14", N_("Kanagawa") }, { "15", N_("Niigata") },
	{ "16", N_("Toyama") },    { "17", N_("Ishikawa") }, { "18", N_("Fukui") },
	{ "19", N_("Yamanashi") }, { "20", N_("Nagano") },   { "21", N_("Gifu") },
	{ "22", N_("Shizuoka") },  { "23", N_("Aichi") },    { "24", N_("Mie") },
	{ "25", N_("Shiga") },     { "26", N_("Kyoto") },    { "27", N_("Osaka") },
	{ "28", N_("Hyogo") },     { "29", N_("Nara") },     { "30", N_("Wakayama") },
	{ "31", N_("Tottori") },   { "32", N_("Shimane") },  { "33", N_("Okayama") },
	{ "34", N_("Hiroshima") }, { "35", N_("Yamaguchi") }, { "36", N_("Tokushima") },
	{ "37", N_("Kagawa") },    { "38", N_("Ehime") },    { "39", N_("Kochi") },
	{ "40", N_("Fukuoka") },   { "41", N_("Saga") },     { "42", N_("Nagasaki") },
	{ "43", N_("Kumamoto") },  { "44", N_("Oita") },     { "45", N_("Miyazaki") },
	{ "46", N_("Kagoshima") }, { "47", N_("Okinawa") },  { 0 },
};

const char *tk_prefecture_name(enum tk_lang lang, const char *code)
{
	for (size_t i = 0; code && tk_prefecture[i].id; i++)
		if (!strcmp(tk_prefecture[i].id, code))
			return tk_tr(lang, tk_prefecture[i].label);
	return NULL;
}
