/* common_form.c - an incident in the fields that the common forms for DDoS and ransomware ask for:
 * section, item, content, one item a row, so that it can be copied over or read by a program. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "incident/incident_api.h"
#include "incident/incident_in.h"
#include "sheet/sheet_write.h"

enum { BOTH, DDOS, RANSOMWARE };

/* field: of the incident; or one of those that value() knows */
static const struct item {
	int form;
	const char *section, *item, *field;
} items[] = {
	{ BOTH, N_("Report"), N_("Organisation"), "@organisation" },
	{ BOTH, N_("Report"), N_("Receipt number"), "receipt_no" },
	{ BOTH, N_("Report"), N_("Day of this form"), "@today" },
	{ BOTH, N_("Report"), N_("First or later report"), "@which" },
	{ BOTH, N_("Report"), N_("Reported by"), "requester_staff_id" },
	{ BOTH, N_("Report"), N_("In charge"), "owner_staff_id" },
	{ BOTH, N_("Outline"), N_("Kind of attack"), "attack" },
	{ BOTH, N_("Outline"), N_("Subject"), "title" },
	{ BOTH, N_("Outline"), N_("Began at"), "began_at" },
	{ BOTH, N_("Outline"), N_("Detected at"), "detected_at" },
	{ BOTH, N_("Outline"), N_("Contained at"), "contained_at" },
	{ BOTH, N_("Outline"), N_("Outline of the incident"), "summary_internal" },
	{ BOTH, N_("Damage"), N_("Information system"), "info_system_id" },
	{ BOTH, N_("Damage"), N_("What is affected"), "affected" },
	{ BOTH, N_("Damage"), N_("Effect on services"), "service_impact" },
	{ BOTH, N_("Damage"), N_("Personal data"), "personal_data" },
	{ BOTH, N_("Damage"), N_("Number of persons whose data are affected"), "persons_affected" },
	{ DDOS, N_("Attack"), N_("Source of the attack"), "attack_source" },
	{ RANSOMWARE, N_("Attack"), N_("Route of intrusion"), "intrusion_route" },
	{ RANSOMWARE, N_("Attack"), N_("Ransom note"), "ransom_note" },
	{ RANSOMWARE, N_("Attack"), N_("Extension of encrypted files"), "encrypted_extension" },
	{ RANSOMWARE, N_("Attack"), N_("Kind of malware"), "malware_family" },
	{ BOTH, N_("Attack"), N_("Indicators of compromise"), "indicators" },
	{ BOTH, N_("Measures"), N_("Measures that were taken"), "measures" },
	{ BOTH, N_("Measures"), N_("Procedure followed"), "procedure_title" },
	{ BOTH, N_("Measures"), N_("Published as"), "summary_public" },
	{ BOTH, N_("Measures"), N_("Recipients told"), "@told" },
};

static enum tk_rc value(struct tk_req *rq, const struct incident *i, const char *name,
			const char **ret)
{
	const struct tk_rtype *t = &tk_incident_type;
	const struct tk_field *f;
	struct tk_value v;
	char today[11];
	int64_t n = 0;
	bool found = false;
	enum tk_rc rc;

	*ret = "";
	if (!strcmp(name, "@organisation")) {
		rc = tk_db_first(rq->db, rq->mem, &rq->err,
				 "SELECT value FROM setting WHERE name = 'organisation'", NULL, 0,
				 &v, 1, &found);
		*ret = rc == TK_OK && found && v.s ? v.s : "";
		return rc;
	}
	if (!strcmp(name, "@today")) {
		tk_date_iso(tk_today(), today);
		*ret = tk_strdup(rq->mem, today);
		return TK_OK;
	}
	if (*name == '@') { /* told, and whether this is the first report */
		rc = tk_db_int(rq->db, &rq->err,
			       "SELECT COUNT(*) FROM incident_notice WHERE incident_id = $1 AND "
			       "told_at IS NOT NULL AND recipient <> 'ciso' AND deleted_at IS NULL",
			       TK_ARGS(TK_I(i->rec.id)), 0, &n);
		*ret = !strcmp(name, "@told") ? tk_sprintf(rq->mem, "%lld", (long long)n)
		       : n                    ? tk_tr(rq->who.lang, N_("Later report"))
					      : tk_tr(rq->who.lang, N_("First report"));
		return rc;
	}
	f = &t->field[tk_field_index(t, name)];
	v = tk_get_by(t, i, name);
	if (f->type == TK_F_REF && v.type != TK_V_NULL)
		return tk_rec_label(&rq->op, f->ref, v.i, ret);
	*ret = tk_print(rq->mem, rq->who.lang, f, v);
	return TK_OK;
}

static enum tk_rc write_items(struct tk_req *rq, const struct incident *i, int form,
			      struct tk_out *o)
{
	enum tk_lang lang = rq->who.lang;
	struct tk_out_col col[] = { { tk_tr(lang, N_("Section")), 14 },
				    { tk_tr(lang, N_("Item of the form")), 30 },
				    { tk_tr(lang, N_("Content")), 70 } };
	enum tk_rc rc = TK_OK;

	tk_out_sheet(o,
		     form == DDOS ? tk_tr(lang, N_("DDoS attack")) : tk_tr(lang, N_("Ransomware")),
		     col, TK_LEN(col));
	for (size_t k = 0; k < TK_LEN(items) && rc == TK_OK; k++) {
		const char *text;

		if (items[k].form != BOTH && items[k].form != form)
			continue;
		rc = value(rq, i, items[k].field, &text);
		tk_out_row(o);
		tk_out_text(o, tk_tr(lang, items[k].section));
		tk_out_text(o, tk_tr(lang, items[k].item));
		tk_out_text(o, text);
	}
	return rc;
}

enum tk_rc tk_common_form(struct tk_req *rq)
{
	const char *name = tk_req_query(rq, "form"), *format = tk_req_query(rq, "format");
	struct tk_out_opt opt = TK_OUT_DOWNLOAD;
	struct incident i = { 0 };
	struct tk_out *o = NULL;
	int64_t id;
	int form;
	enum tk_rc rc = tk_req_id(rq, 0, &id), end;

	if (rc == TK_OK)
		rc = tk_rec_load(&rq->op, &tk_incident_type, id, &i);
	if (rc != TK_OK)
		return rc;
	if (!name)
		name = i.attack && !strcmp(i.attack, "ddos") ? "ddos" : "ransomware";
	form = !strcmp(name, "ddos") ? DDOS : !strcmp(name, "ransomware") ? RANSOMWARE : BOTH;
	if (form == BOTH)
		return tk_fail(&rq->err, TK_EINVAL, "form", N_("form takes ddos or ransomware."));
	if (format && strcmp(format, "csv") != 0 && strcmp(format, "xlsx") != 0)
		return tk_fail(&rq->err, TK_EINVAL, "format", N_("format takes csv or xlsx."));
	opt.format = format && !strcmp(format, "xlsx") ? TK_OUT_XLSX : TK_OUT_CSV;
	opt.mark = tk_tr(rq->who.lang, N_("Confidentiality 3"));
	rc = tk_out_open(&o, &opt, tk_out_to_buf, &rq->out, &rq->err);
	if (rc != TK_OK)
		return rc;
	rc = write_items(rq, &i, form, o);
	end = tk_out_close(o, &rq->err);
	tk_out_free(o);
	if (rc != TK_OK || end != TK_OK)
		return rc != TK_OK ? rc : end;
	tk_req_download(
		rq,
		tk_sprintf(rq->mem, "%s_%s.%s", i.life.receipt_no, name,
			   opt.format == TK_OUT_XLSX ? "xlsx" : "csv"),
		opt.format == TK_OUT_XLSX
			? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
			: "text/csv; charset=utf-8",
		3);
	return TK_OK;
}
