/* default_checks.c - the items that come with the program: four categories for web servers, three
 * for mail servers (TECH-02, TECH-03).  Each office changes them as it needs. */
#include "inspection/inspection_in.h"

static const struct item { const char *code, *kind, *category, *ja, *en; } item[] = {
	{ "W-1-1", "web", "malware", "ウイルス対策ソフトウェアが動作し、定義ファイルが最新である",
	  "Antivirus software runs with up-to-date definitions" },
	{ "W-1-2", "web", "malware", "公開ファイルの改ざんの有無を定期に確かめている",
	  "Published files are regularly checked for tampering" },
	{ "W-2-1", "web", "intrusion", "不要なポートとサービスを止めている",
	  "Ports and services that are not needed are closed" },
	{ "W-2-2", "web", "intrusion", "セキュリティ修正を期限までに適用している",
	  "Security fixes are applied in time" },
	{ "W-2-3", "web", "intrusion", "不正な通信を検知し、遮断する設定がある",
	  "Unauthorised traffic is detected and blocked" },
	{ "W-3-1", "web", "info_protect", "利用者の権限を必要な範囲に限っている",
	  "Users have no more rights than they need" },
	{ "W-3-2", "web", "info_protect", "要機密情報を送受信する通信を暗号化している",
	  "Traffic with information needing confidentiality is encrypted" },
	{ "W-3-3", "web", "info_protect", "公開領域に要機密情報を置いていない",
	  "No information needing confidentiality lies in the public area" },
	{ "W-4-1", "web", "server_admin", "管理者の権限を必要な者に限っている",
	  "Only those who need them have administrator rights" },
	{ "W-4-2", "web", "server_admin", "管理者の操作の記録を取り、見直している",
	  "What administrators do is logged and the logs are reviewed" },
	{ "W-4-3", "web", "server_admin", "バックアップを取得し、復元できることを確かめている",
	  "Backups are taken and restoring them was tried" },
	{ "M-1-1", "mail", "malware", "送受信する電子メールのウイルス検査が動作している",
	  "Incoming and outgoing mail is scanned for malware" },
	{ "M-1-2", "mail", "malware", "実行形式の添付ファイルを止めている",
	  "Executable attachments are held back" },
	{ "M-2-1", "mail", "info_protect", "利用者の認証を行っている", "Users are authenticated" },
	{ "M-2-2", "mail", "info_protect", "第三者の中継を許していない",
	  "Mail of third parties is not relayed" },
	{ "M-2-3", "mail", "info_protect", "サーバ間の通信を暗号化できる",
	  "Traffic between servers can be encrypted" },
	{ "M-3-1", "mail", "server_admin", "管理者の権限を必要な者に限っている",
	  "Only those who need them have administrator rights" },
	{ "M-3-2", "mail", "server_admin", "送受信の記録を保存している",
	  "Logs of sent and received mail are kept" },
	{ "M-3-3", "mail", "server_admin", "不要なサービスを止めている",
	  "Services that are not needed are closed" },
};

enum tk_rc tk_checks_default(const struct tk_op *op, int year, int64_t *ret_n)
{
	const struct tk_rtype *t = &tk_tech_check;
	int64_t there = 0;
	enum tk_rc rc = tk_db_int(op->db, op->e,
				  "SELECT COUNT(*) FROM tech_check WHERE fiscal_year = $1 AND"
				  " deleted_at IS NULL",
				  TK_ARGS(TK_I(year)), 0, &there);

	*ret_n = 0;
	if (rc == TK_OK && there)
		return tk_fail(op->e, TK_ECONFLICT, "fiscal_year",
			       N_("The year has items already."));
	for (size_t i = 0; i < TK_LEN(item) && rc == TK_OK; i++, ++*ret_n) {
		struct tech_check *c = tk_alloc(op->mem, sizeof(*c));

		tk_set_by(t, c, "fiscal_year", TK_I(year));
		tk_set_by(t, c, "code", TK_S(item[i].code));
		tk_set_by(t, c, "server_kind", TK_S(item[i].kind));
		tk_set_by(t, c, "category", TK_S(item[i].category));
		tk_set_by(t, c, "text", TK_S(item[i].ja));
		tk_set_by(t, c, "text_en", TK_S(item[i].en));
		tk_set_by(t, c, "sort", TK_I((int64_t)(i + 1) * 10));
		rc = tk_rec_insert(op, t, c);
	}
	return rc;
}
