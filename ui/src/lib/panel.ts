/** The shapes of the replies about institutions: who answers which section, what the office sees. */
import type { AnswerState, AnswerValue, ImportProblem, Table } from './types';

export interface Colleague {
	account_id: string;
	name: string;
	login: string;
	mail?: string | null;
	coordinator: boolean;
	state: 'active' | 'invited' | 'locked' | string;
	last_sign_in_at?: string | null;
	you: boolean;
}

/** Who answers a section, and how far it is. */
export interface SectionShare {
	code: string;
	label: string;
	assigned: { account_id: string; name: string }[];
	/** Is it given to the person signed in? */
	mine: boolean;
	asked: number;
	answered: number;
	/** Required and without an answer. */
	missing: number;
	state: 'open' | 'done';
	done_by?: string | null;
	done_at?: string | null;
}

/** What the office wrote to a question (or, without item, to the whole) when it sent the answers back. */
export interface OfficeComment {
	item: string | null;
	label?: string | null;
	text: string;
	at: string;
	submission: number;
}

export interface Submission {
	number: number;
	at: string;
	by: string;
	late: boolean;
	missing: number;
	receipt_no?: string | null;
	partial_reason?: string | null;
}

export interface Invited {
	colleague: Colleague;
	mailed: boolean;
	/** The one-time link, where no mail was sent. */
	url?: string | null;
}

export interface WorkbookChange {
	item: string;
	label: string;
	sheet?: string;
	cell?: string;
	server: string;
	file: string;
	server_comment?: string | null;
	file_comment?: string | null;
	conflict?: boolean;
	decided?: boolean;
	taken?: boolean;
	/** Not asked as things stand: kept, not counted. */
	asked?: boolean;
}

export interface WorkbookReport {
	accepted: boolean;
	written?: boolean;
	problems: ImportProblem[];
	changes: WorkbookChange[];
	version: number;
	/** Who saved last, where something was changed on both sides. */
	changed?: { by: string; at: string };
}

export type PanelState = 'not_started' | 'draft' | 'submitted' | 'sent_back' | 'accepted';

export interface PanelRow {
	respondent_id: string;
	institution_id: string;
	code: string;
	name: string;
	kana?: string | null;
	sector_id: string;
	sector: string;
	prefecture?: string | null;
	prefecture_name?: string | null;
	state: PanelState;
	asked: number;
	answered: number;
	submitted_at?: string | null;
	receipt_no?: string | null;
	submissions: number;
	late: boolean;
	partial: boolean;
	/** Plausibility warnings that nobody has cleared. */
	warnings_open: number;
	/** No longer in the panel. */
	left?: boolean;
	mail?: string | null;
	reminded_at?: string | null;
}

export interface PanelStatus {
	items: PanelRow[];
	sectors: { id: string; code: string; name: string; total: number; submitted: number }[];
}

export interface ReviewComment {
	id: string;
	/** null: about the whole. */
	item: string | null;
	text: string;
	by: string;
	at: string;
	/** When it went back to the institution; null: not yet. */
	sent_at?: string | null;
	submission: number;
}

/** What a plausibility rule found odd. */
export interface Warning {
	rule: string;
	message: string;
	state: 'open' | 'cleared' | 'gone' | string;
	/** The values it looked at, by item. */
	seen: Record<string, unknown>;
	cleared_by?: string | null;
	cleared_at?: string | null;
	note?: string | null;
}

/** An answer with its words. */
export interface SaidAnswer {
	state: AnswerState | 'not_asked';
	value?: AnswerValue;
	comment?: string | null;
	label?: string | null;
}

export interface ReviewItem extends SaidAnswer {
	code: string;
	kind: string;
	question: string;
	required?: boolean;
	calculated?: boolean;
	last: SaidAnswer | null;
	changed_by?: string | null;
	changed_at?: string | null;
}

export interface ReviewChange {
	item: string;
	before: SaidAnswer;
	after: SaidAnswer;
}

export interface ReviewData {
	respondent: { id: string; institution_id: string; code: string; name: string; sector: string; prefecture_name?: string | null };
	state: PanelState;
	version: number;
	receipt_no?: string | null;
	submitted_at?: string | null;
	review_state_label?: string | null;
	/** What the person signed in may do now: return, accept. */
	actions: { action: string; label: string }[];
	log: { at: string; who: string; action_label: string; comment?: string | null }[];
	submissions: Submission[];
	comments: ReviewComment[];
	warnings: Warning[];
	evidence: { id: string; item: string; name: string; size: number }[];
	sections: { code: string; label: string; items: ReviewItem[] }[];
}

/** A draft as it would go out, and what small cells cost it. */
export interface PublicationPreview {
	lost: { figures: number; primary: number; complementary: number; optimal: boolean };
	/** What cannot be protected, in sentences. */
	leaks: string[];
	tables: {
		name: string;
		title: string;
		table: Table;
		left_out: { series: string; series_label?: string | null; option?: string | null; option_label?: string | null; status: string }[];
	}[];
}

export interface PublicationFile {
	name: string;
	media_type: string;
	size: number;
	sha256: string;
}

/** The answers to a free-text question, with the codes they were given (`GROUP.CODE`, blanks between). */
export interface CodedAnswer {
	respondent_id: string;
	name: string;
	text: string;
	codes: string;
	/** The answer changed after it was coded. */
	stale: boolean;
	version: number;
}

export interface CodingSheet {
	item: string;
	label: string;
	codes: { code: string; label: string; group: boolean }[];
	answers: CodedAnswer[];
	uncoded: number;
}
