/** The shapes of the server's replies under /api/v1, as far as the page reads them. */
import type { OfficeComment, SectionShare, Submission } from './panel';

export type Lang = 'ja' | 'en';
export type Scope = 'own' | 'division' | 'bureau' | 'all';

export type Permission =
	| 'answer.own'
	| 'org.read'
	| 'org.write'
	| 'roster.import'
	| 'account.manage'
	| 'form.read'
	| 'form.write'
	| 'campaign.read'
	| 'campaign.manage'
	| 'rollup.read'
	| 'rollup.sign'
	| 'table.read'
	| 'trail.read'
	| 'mail.read'
	| 'follow_up.manage'
	| 'panel.read'
	| 'panel.manage'
	| 'review'
	| 'colleague.manage'
	| 'document.read'
	| 'document.write'
	| 'request.make'
	| 'request.read'
	| 'request.approve'
	| 'exception.approve'
	| 'education.read'
	| 'education.write'
	| 'education.recommend'
	| 'system.read'
	| 'system.write'
	| 'continuity.read'
	| 'continuity.write'
	| 'inspection.read'
	| 'inspection.write'
	| 'outsourcing.read'
	| 'outsourcing.write'
	| 'outsourcing.review'
	| 'outsourcing.opinion'
	| 'audit.read'
	| 'audit.write'
	| 'audit.approve'
	| 'finding.read'
	| 'finding.answer'
	| 'incident.report'
	| 'incident.read'
	| 'incident.manage'
	| 'roadmap.read'
	| 'roadmap.write'
	| 'fact.read'
	| 'year.read'
	| 'year.write'
	| 'template.write';

export interface Session {
	account: { id: string; login: string; name: string; kana?: string };
	staff: {
		id: string;
		staff_number: string;
		name: string;
		division_id: string;
		division: string;
		bureau_id: string;
		bureau: string;
		post?: string;
	} | null;
	/** Somebody outside the office, who answers for an institution. */
	institution?: { id: string; name: string; coordinator: boolean } | null;
	roles: { code: string; label: string }[];
	can: Partial<Record<Permission, Scope>>;
	lang: Lang;
	csrf: string;
	organisation: string;
	demo: boolean;
}

export interface FieldError {
	field: string;
	detail: string;
}

export interface Problem {
	type?: string;
	title?: string;
	status: number;
	detail: string;
	field?: string;
	errors?: FieldError[];
	[extra: string]: unknown;
}

export interface Choice {
	code: string;
	label: string;
	/** Chosen before other answers took it off the list. */
	gone?: boolean;
}

export type FieldKind =
	| 'text'
	| 'longtext'
	| 'int'
	| 'bool'
	| 'date'
	| 'time'
	| 'enum'
	| 'ref'
	| 'mail';

export interface FieldType {
	name: string;
	label: string;
	help?: string | null;
	kind: FieldKind;
	required?: boolean;
	readonly?: boolean;
	/** May be set when the record is made, never changed. */
	fixed?: boolean;
	list?: boolean;
	sort?: boolean;
	filter?: boolean;
	unique?: boolean;
	min?: number | null;
	max?: number | null;
	choices?: Choice[];
	ref?: string;
}

export interface RecordType {
	name: string;
	path: string;
	label: string;
	label_plural: string;
	group: string;
	/** Every record is a case: it has a state, a due date, people and a log. */
	life?: boolean;
	/** How far this person may read it. */
	reach?: Scope;
	/** Says nothing of a person or unit: who reads it at all reads all of it. */
	common?: boolean;
	/** Types that refer to this one, and by which field. */
	children?: { path: string; field: string }[];
	/** Confidentiality 1 to 3; 0: none. */
	grade?: number;
	can: {
		list?: boolean;
		create?: boolean;
		update?: boolean;
		delete?: boolean;
		import?: boolean;
		export?: boolean;
	};
	search?: boolean;
	fields: FieldType[];
}

/** A heading of the menu. */
export interface TypeGroup {
	id: string;
	label: string;
}

export interface CaseState {
	state: string;
	label: string;
	closed: boolean;
}

export interface CaseAction {
	action: string;
	label: string;
	needs_comment: boolean;
}

export interface CaseLog {
	at: string;
	who: string;
	action: string;
	action_label: string;
	from: string | null;
	to: string | null;
	to_label: string;
	comment: string | null;
}

/** The life of a record: where it stands, what may be done now, who did what when. */
export interface Life {
	case: {
		id: string;
		version: number;
		receipt_no: string;
		state: string;
		state_label: string;
		closed: boolean;
		editable: boolean;
		due_on: string | null;
	};
	states: CaseState[];
	actions: CaseAction[];
	items: CaseLog[];
}

export interface Attachment {
	id: string;
	name: string;
	media_type: string;
	size: number;
	sha256: string;
	at: string;
	who: string;
}

export interface SavedFilter {
	id: string;
	name: string;
	query: string;
	shared: boolean;
	/** Made by this person. */
	own?: boolean;
	can_delete?: boolean;
	who?: string;
}

export interface BulkReport {
	total: number;
	changed: number;
	changes: { id: string; label: string; field: string; field_label: string; from: string | null; to: string | null }[];
	/** How many could not be changed. */
	refused?: number;
	errors: { id: string; label: string; field: string | null; detail: string }[];
	applied: boolean;
}

export interface FoundRecord {
	type: string;
	path: string;
	type_label: string;
	id: string;
	title: string;
	excerpt?: string | null;
	href: string;
}

export interface ImportColumn {
	column: string;
	heading: string;
	field: string | null;
	samples: string[];
	remembered: boolean;
}

export interface ImportColumns {
	header_row: number;
	columns: ImportColumn[];
	fields: { name: string; label: string; required: boolean }[];
}

export type Value = string | number | boolean | null | undefined;
export type Item = { id: string; version?: number } & Record<string, Value>;

export interface Page<T> {
	items: T[];
	next?: string | null;
	total?: number;
}

export interface Change {
	field: string;
	label?: string;
	from?: Value;
	to?: Value;
}

export interface HistoryEntry {
	at: string;
	who: string;
	action: string;
	changes?: Change[];
}

export interface ImportProblem {
	sheet?: string;
	row?: number;
	column?: string;
	cell?: string;
	field?: string;
	value?: string;
	message: string;
	severity: 'error' | 'warning';
}

export interface ImportReport {
	accepted: boolean;
	written: boolean;
	sheet?: string;
	header_row?: number;
	columns?: { column: string; heading: string; field: string; label: string }[];
	ignored_columns?: { column: string; heading: string }[];
	rows: number;
	counts: {
		added?: number;
		changed?: number;
		ended?: number;
		unchanged?: number;
		problems?: number;
	};
	new_bureaus?: string[];
	new_divisions?: string[];
	new_posts?: string[];
	unused_sheets?: string[];
	added?: Record<string, unknown>[];
	changed?: ({ changes?: Change[] } & Record<string, unknown>)[];
	ended?: Record<string, unknown>[];
	problems?: ImportProblem[];
}

export interface Invitation {
	made: number;
	remaining?: number;
	/** Institutions in which nobody can be invited. */
	without_contact?: { institution_id: string; institution: string; name: string }[];
	links?: {
		/** Of a staff member. */
		staff_number?: string;
		/** Of a coordinator. */
		institution?: string;
		name: string;
		login: string;
		url: string;
		expires_at: string;
	}[];
}

export interface Task {
	kind: string;
	campaign_id: string;
	title: string;
	detail?: string;
	due?: string | null;
	overdue?: boolean;
	done?: number;
	total?: number;
	href?: string;
}

export type AnswerState = 'value' | 'not_applicable' | 'dont_know' | 'no_answer';
export type AnswerValue = string | string[] | null | undefined;

export interface Evidence {
	id: string;
	name: string;
	size: number;
	sha256?: string;
}

export interface Answer {
	state: AnswerState;
	value?: AnswerValue;
	comment?: string | null;
	/** As read from the server; files are added and removed by calls of their own. */
	evidence?: Evidence[];
}

export interface FormItem {
	code: string;
	kind: 'single' | 'multi' | 'int' | 'decimal' | 'text' | 'date' | 'time' | 'rank' | 'acknowledge' | 'note';
	label: string;
	hint?: string | null;
	/** What a person may open besides the hint. */
	guidance?: string | null;
	/** The group inside the section that it stands in. */
	group?: string | null;
	list?: string | null;
	appearance?: string | null;
	parameters?: string | null;
	required?: boolean;
	clause?: string | null;
	evidence?: boolean;
	relevant?: string | null;
	choices?: Choice[];
	not_applicable?: boolean;
	dont_know?: boolean;
	max_length?: number | null;
	min?: number | null;
	max?: number | null;
}

export interface FormGroup {
	code: string;
	label: string;
	hint?: string | null;
	appearance?: string | null;
	group?: string | null;
}

export interface FormSection {
	code: string;
	label: string;
	hint?: string | null;
	appearance?: string | null;
	groups?: FormGroup[];
	items: FormItem[];
}

/** What the answers make of the questionnaire: comes with every reply. */
export interface FormNow {
	asked: string[];
	/** Items that a condition makes required. */
	needed?: string[];
	/** Choices that are offered, where they are filtered. */
	offered?: Record<string, string[]>;
	/** Texts that name answers. */
	texts?: Record<string, { label: string; hint?: string | null }>;
	/** Notes that are to be read. */
	notes?: string[];
}

export interface MyResponse extends FormNow {
	campaign: {
		id: string;
		name: string;
		title: string;
		state: string;
		closes_on: string;
		open: boolean;
	};
	respondent: { id: string; division_id?: string; institution_id?: string | null; name?: string };
	state: ResponseState;
	version: number;
	receipt_no?: string | null;
	submitted_at?: string | null;
	signed_off?: boolean;
	send_back?: { reason: string; at: string; by: string } | null;
	form: { title: string; sections: FormSection[] };
	answers: Record<string, Answer>;
	last_year?: Record<string, { state: AnswerState; value?: AnswerValue; label?: string; comment?: string }>;
	/** Of an institution: who has which section, what the office wrote, what looks odd. */
	sections?: SectionShare[];
	comments?: OfficeComment[];
	submissions?: Submission[];
	/** The last day has passed; submitting is still possible and counts as late. */
	over?: boolean;
	limits?: { evidence_max_bytes?: number; evidence_types?: string[]; comment_max?: number };
}

export type ResponseState = 'not_started' | 'draft' | 'submitted' | 'sent_back' | 'accepted';

export interface Rate {
	numerator: number;
	denominator: number;
	print: string | null;
}

export interface Numbers {
	population: number;
	submitted: number;
	draft: number;
	not_started: number;
	sent_back: number;
	rate: Rate;
}

export interface SignOff {
	case_id?: string;
	state: 'open' | 'signed' | string;
	at?: string | null;
	by?: string | null;
	comment?: string | null;
}

export interface Campaign {
	id: string;
	version?: number;
	name: string;
	title?: string;
	title_ja?: string;
	title_en?: string;
	state: 'planned' | 'open' | 'closed' | string;
	state_label?: string;
	/** Whom it asks. */
	asks?: 'staff' | 'institution' | string;
	opens_on?: string;
	closes_on?: string;
	[field: string]: unknown;
}

export interface CampaignStatus {
	campaign: Campaign;
	total: Numbers;
	bureaus: (Numbers & { id: string; name: string })[];
	divisions: (Numbers & {
		id: string;
		bureau_id: string;
		bureau: string;
		name: string;
		sign_off: SignOff | null;
	})[];
}

export interface RespondentRow {
	id: string;
	staff_number: string;
	name: string;
	post?: string | null;
	state: ResponseState;
	asked: number;
	answered: number;
	submitted_at?: string | null;
	receipt_no?: string | null;
	mail?: boolean;
}

export interface DivisionStatus {
	division_id: string;
	division: string;
	bureau?: string;
	sign_off: SignOff | null;
	can_sign: boolean;
	respondents: RespondentRow[];
}

export interface Reminder {
	respondent_id: string;
	staff_number: string;
	name: string;
	bureau: string;
	division: string;
	mail: boolean | string | null;
	last_reminded_at?: string | null;
}

export interface Table {
	title: string;
	subtitle?: string | null;
	base?: string;
	note?: string | string[];
	/** Each series or group with its own base. */
	figures?: { code: string; label: string; base: string; n: number | string | null }[];
	columns: { name: string; label: string; kind: 'text' | 'int' | 'rate' | string }[];
	rows: Cell[][];
	by?: string;
	round?: string;
}

export interface TableName {
	name: string;
	label: string;
	/** `standing`: there is one for every campaign; else declared by the questionnaire. */
	kind: 'standing' | string;
	subtitle?: string | null;
}

export type Cell = string | number | null | Rate;

/** Fields of a form under one heading. */
export interface FieldGroup {
	legend?: string;
	folded?: boolean;
	fields: string[];
}

/** What a control of its own is given. */
export interface FieldControl {
	field: FieldType;
	value: string | boolean;
	error: string;
	values: Record<string, string | boolean>;
	change: (value: string | boolean) => void;
	set: (name: string, value: string | boolean) => void;
}

export interface FormFault {
	sheet: string;
	row: number;
	column: string | null;
	item: string;
	item_id: string | null;
	list: string | null;
	text: string;
}

export interface TreeItem {
	id: string;
	code: string;
	kind: string;
	label_ja: string;
	label_en?: string;
	hint_ja?: string;
	hint_en?: string;
	audience?: string;
	clause?: string;
	required?: boolean;
	required_expr?: string;
	relevant?: string;
	constraint_expr?: string;
	calculation?: string;
	default_value?: string;
	choice_filter?: string;
	appearance?: string;
	/** Of a workbook, where the kind does not say it. */
	type?: string;
	group_code?: string;
	evidence?: boolean;
	list?: string;
	sort?: number;
	choices?: { code: string; label_ja: string; label_en?: string }[];
	version?: number;
}

export interface FormTree {
	form: { id: string; code: string; title_ja: string; title_en?: string };
	version: { id: string; number: number; state: 'draft' | 'published' | string };
	/** The last one may hold the items that stand in no section; it has no id. */
	sections: {
		id?: string;
		code: string;
		label_ja: string;
		label_en?: string;
		audience?: string;
		group_code?: string;
		sort?: number;
		version?: number;
		items: TreeItem[];
	}[];
}

export interface TrailEntry {
	id: string;
	at: string;
	who: string;
	from?: string;
	action: string;
	type: string;
	type_label?: string;
	record_id?: string;
	/** A pair is a change from and to; anything else is a plain fact of the action. */
	detail?: Record<string, unknown> | null;
	sealed?: boolean;
}
