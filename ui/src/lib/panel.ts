/** The shapes of the replies about institutions: who answers which section, what the office sees. */
import type { Answer, AnswerState, AnswerValue, Choice, ImportProblem, Rate } from './types';

export interface Colleague {
	id: string;
	name: string;
	login: string;
	mail?: string | null;
	department?: string | null;
	coordinator: boolean;
	state: 'active' | 'invited' | 'blocked' | string;
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
	partial_reason?: string | null;
}

export interface Invited {
	colleague: Colleague;
	url?: string | null;
	expires_at?: string | null;
	mailed?: boolean;
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

export interface PanelNumbers {
	population: number;
	submitted: number;
	accepted: number;
	sent_back: number;
	draft: number;
	not_started: number;
	late: number;
	partial: number;
	rate: Rate;
}

export interface PanelRow {
	id: string;
	code: string;
	name: string;
	kana?: string | null;
	sector_id: string;
	sector: string;
	prefecture?: string | null;
	state: PanelState;
	asked: number;
	answered: number;
	submitted_at?: string | null;
	receipt_no?: string | null;
	late: boolean;
	partial: boolean;
	/** Plausibility warnings that nobody has cleared. */
	warnings: number;
	coordinator?: string | null;
	mail?: boolean | string | null;
	reminded_at?: string | null;
}

export interface PanelStatus {
	total: PanelNumbers;
	sectors: (PanelNumbers & { id: string; name: string; note?: string | null })[];
	institutions: PanelRow[];
}

export interface ItemComment {
	id: string;
	item: string;
	text: string;
	by: string;
	at: string;
	/** Which return it went out with; null: not sent yet. */
	round?: number | null;
}

export interface Warning {
	id: string;
	/** The items it is about; the first one is where it is shown. */
	items: string[];
	message: string;
	cleared?: { by: string; at: string; note: string } | null;
}

export interface ReviewItem {
	code: string;
	kind: string;
	label: string;
	required?: boolean;
	choices?: Choice[];
	not_applicable?: boolean;
	dont_know?: boolean;
}

export interface ReviewChange {
	item: string;
	from: Answer | null;
	to: Answer | null;
}

export interface ReviewData {
	institution: { id: string; code: string; name: string; sector: string; prefecture?: string | null };
	state: PanelState;
	version: number;
	receipt_no?: string | null;
	submitted_at?: string | null;
	late: boolean;
	partial: boolean;
	partial_reason?: string | null;
	submission: number;
	form: { title: string; sections: { code: string; label: string; items: ReviewItem[] }[] };
	asked: string[];
	answers: Record<string, Answer>;
	last_year?: Record<string, { state: AnswerState; value?: AnswerValue; label?: string; comment?: string }> | null;
	changes: ReviewChange[];
	warnings: Warning[];
	comments: ItemComment[];
	events: { at: string; by: string; what: string; text?: string | null }[];
}

export interface CoordinatorInvitation {
	made: number;
	links?: { institution: string; name: string; login: string; url: string; expires_at: string }[];
}
