/* template_text.c - the mail texts that Tenken brings. */
#include "job/template.h"

const struct tk_template_kind tk_template_kinds[] = {
	{ "reminder", N_("Reminder of an answer"),
	  TK_TV_ALL,
	  { [TK_JA] = "【回答のお願い】{title}（{closes_on}まで）\n\n"
		      "{name} 様\n\n"
		      "「{title}」へのご回答がまだ提出されていません。\n"
		      "{closes_on}までに、次のページからご回答ください。\n\n"
		      "{url}\n\n"
		      "行き違いで提出済みの場合はご容赦ください。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "Please answer: {title} (by {closes_on})\n\n"
		      "Dear {name},\n\n"
		      "your answers to \"{title}\" have not been submitted yet.\n"
		      "Please answer by {closes_on} on this page:\n\n"
		      "{url}\n\n"
		      "If you have submitted them in the meantime, please ignore this mail.\n"
		      "It was sent automatically and cannot be replied to.\n" } },
	{ "invite", N_("Account for staff"),
	  TK_TV_ALL,
	  { [TK_JA] = "【ご案内】{title}：アカウントの登録\n\n"
		      "{name} 様\n\n"
		      "情報セキュリティ自己点検などに使うアカウントを用意しました。\n"
		      "{closes_on}までに次のページを開き、パスワードを設定してください。\n\n"
		      "{url}\n\n"
		      "このページは一度だけ使えます。ほかの人に転送しないでください。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] =
		    "{title}: set up your account\n\n"
		    "Dear {name},\n\n"
		    "an account for the self-inspection of information security is ready for you.\n"
		    "Please open this page by {closes_on} and choose a password:\n\n"
		    "{url}\n\n"
		    "The page can be used once. Do not pass this mail on.\n"
		    "It was sent automatically and cannot be replied to.\n" } },
	{ "invite_panel", N_("Account for institutions"),
	  TK_TV_ALL,
	  { [TK_JA] = "【ご案内】{title}：調査に回答するアカウントの登録\n\n"
		      "{name} 様\n\n"
		      "調査への回答に使うアカウントを用意しました。\n"
		      "{closes_on}までに次のページを開き、パスワードを設定してください。\n\n"
		      "{url}\n\n"
		      "このページは一度だけ使えます。ほかの人に転送しないでください。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "{title}: set up your account for surveys\n\n"
		      "Dear {name},\n\n"
		      "an account with which you answer surveys is ready for you.\n"
		      "Please open this page by {closes_on} and choose a password:\n\n"
		      "{url}\n\n"
		      "The page can be used once. Do not pass this mail on.\n"
		      "It was sent automatically and cannot be replied to.\n" } },
	{ "send_back", N_("Answers sent back"),
	  TK_TV_ALL,
	  { [TK_JA] = "【差戻し】{title}\n\n"
		      "{name} 様\n\n"
		      "提出された「{title}」の回答が差し戻されました。\n\n"
		      "理由：{reason}\n\n"
		      "{closes_on}までに、次のページから修正して再度提出してください。\n\n"
		      "{url}\n\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "Sent back: {title}\n\n"
		      "Dear {name},\n\n"
		      "your answers to \"{title}\" have been sent back to you.\n\n"
		      "Reason: {reason}\n\n"
		      "Please correct them and submit them again by {closes_on} on this page:\n\n"
		      "{url}\n\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
	{ "section", N_("Section to be answered"),
	  TK_TV_ALL,
	  { [TK_JA] = "【回答のお願い】{title}：{reason}\n\n"
		      "{name} 様\n\n"
		      "「{title}」のうち「{reason}」の回答を担当していただくことになりました。\n"
		      "{closes_on}までに、次のページからご回答ください。\n\n"
		      "{url}\n\n"
		      "回答が終わったら、その部分を「完了」にしてください。\n"
		      "提出は取りまとめの担当者が行います。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "Please answer: {title}, {reason}\n\n"
		      "Dear {name},\n\n"
		      "you have been asked to answer \"{reason}\" of \"{title}\".\n"
		      "Please answer by {closes_on} on this page:\n\n"
		      "{url}\n\n"
		      "Mark the section as done when you have finished; your coordinator submits.\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
	{ "accepted", N_("Answers accepted"),
	  TK_TV_ALL,
	  { [TK_JA] = "【受理】{title}\n\n"
		      "{name} 様\n\n"
		      "提出された「{title}」の回答を受理しました。\n"
		      "ご協力ありがとうございました。\n\n"
		      "{url}\n\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "Accepted: {title}\n\n"
		      "Dear {name},\n\n"
		      "your answers to \"{title}\" have been accepted. Thank you.\n\n"
		      "{url}\n\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
	{ "position", N_("Position against the panel"),
	  TK_TV_ALL,
	  { [TK_JA] = "【お知らせ】{title}：立ち位置（他先対比）\n\n"
		      "{name} ご担当者様\n\n"
		      "「{title}」の結果がまとまり、貴先の回答を業態や全体と対比した"
		      "「立ち位置」をご覧いただけるようになりました。\n"
		      "次のページにサインインし、「立ち位置」を開いてください。\n\n"
		      "{url}\n\n"
		      "貴先の回答が載っているため、取扱いにご注意ください。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "{title}: your position against the panel\n\n"
		      "To {name},\n\n"
		      "the results of \"{title}\" are out. You can now read your own answers "
		      "against those of your sector and of all.\n"
		      "Please sign in on this page and open \"Position against the panel\":\n\n"
		      "{url}\n\n"
		      "They show your own answers; please handle them with care.\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
	{ "digest", N_("Daily mail"),
	  TK_TV_NAME | TK_TV_TITLE | TK_TV_URL | TK_TV_LIST,
	  { [TK_JA] = "【本日のやること】{title}\n\n"
		      "{name} 様\n\n"
		      "お手続きが必要なものをお知らせします。\n\n"
		      "{list}\n\n"
		      "一覧は次のページで見られます。\n\n"
		      "{url}\n\n"
		      "お知らせするものがない日は送信しません。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "To do today: {title}\n\n"
		      "Dear {name},\n\n"
		      "this is what needs your attention:\n\n"
		      "{list}\n\n"
		      "All of it stands on this page:\n\n"
		      "{url}\n\n"
		      "There is no mail on days without anything to say.\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
	{ "notice", N_("A request was moved"),
	  TK_TV_NAME | TK_TV_TITLE | TK_TV_URL | TK_TV_REASON | TK_TV_LIST,
	  { [TK_JA] = "【お知らせ】{title}\n\n"
		      "{name} 様\n\n"
		      "「{title}」に動きがありました。\n\n"
		      "{list}\n\n"
		      "{url}\n\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "News of: {title}\n\n"
		      "Dear {name},\n\n"
		      "something has happened to \"{title}\":\n\n"
		      "{list}\n\n"
		      "{url}\n\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
	{ "hand_over", N_("Cases handed over"),
	  TK_TV_NAME | TK_TV_TITLE | TK_TV_URL | TK_TV_REASON | TK_TV_LIST,
	  { [TK_JA] = "【引継ぎ】{title}\n\n"
		      "{name} 様\n\n"
		      "{reason}さんが担当していた次の案件の担当者になりました。\n\n"
		      "{list}\n\n"
		      "{url}\n\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "Handed over to you: {title}\n\n"
		      "Dear {name},\n\n"
		      "you now own these cases, which {reason} saw to before:\n\n"
		      "{list}\n\n"
		      "{url}\n\n"
		      "This mail was sent automatically and cannot be replied to.\n" } },
	{ "recommendation", N_("Recommendation to attend"),
	  TK_TV_NAME | TK_TV_TITLE | TK_TV_CLOSES_ON | TK_TV_URL | TK_TV_REASON,
	  { [TK_JA] = "【受講の勧告】{title}（{closes_on}まで）\n\n"
		      "{name} 様\n\n"
		      "「{title}」をまだ受講していません。\n"
		      "{closes_on}までに受講してください。\n\n"
		      "理由：{reason}\n\n"
		      "{url}\n\n"
		      "行き違いで受講済みの場合はご容赦ください。\n"
		      "このメールは自動で送信しています。返信はできません。\n",
	    [TK_EN] = "Please attend: {title} (by {closes_on})\n\n"
		      "Dear {name},\n\n"
		      "you have not attended \"{title}\" yet. Please do so by {closes_on}.\n\n"
		      "Reason: {reason}\n\n"
		      "{url}\n\n"
		      "If you have attended in the meantime, please ignore this mail.\n"
		      "It was sent automatically and cannot be replied to.\n" } },
	{ NULL, NULL, 0, { NULL, NULL } },
};
