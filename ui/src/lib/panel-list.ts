/** The list of institutions as a reviewer narrows it; the address carries what was chosen. */
import type { PanelRow, PanelState } from './panel';

export interface PanelQuery {
	words: string;
	sector: string;
	state: PanelState | 'all' | 'missing';
	late: boolean;
	partial: boolean;
	warned: boolean;
	sort: string;
}

const STATES = ['submitted', 'sent_back', 'accepted', 'draft', 'not_started', 'missing'];

export function panelQuery(q: URLSearchParams): PanelQuery {
	const state = q.get('state') ?? '';
	return {
		words: (q.get('q') ?? '').normalize('NFKC').toLowerCase(),
		sector: q.get('sector') ?? '',
		state: (STATES.includes(state) ? state : 'all') as PanelQuery['state'],
		late: q.get('late') === '1',
		partial: q.get('partial') === '1',
		warned: q.get('warned') === '1',
		sort: q.get('sort') ?? '',
	};
}

export function hasNotAnswered(r: PanelRow): boolean {
	return r.state !== 'submitted' && r.state !== 'accepted';
}

function matches(r: PanelRow, q: PanelQuery): boolean {
	if (q.sector && r.sector_id !== q.sector) return false;
	if (q.state === 'missing' ? !hasNotAnswered(r) : q.state !== 'all' && r.state !== q.state) return false;
	if ((q.late && !r.late) || (q.partial && !r.partial) || (q.warned && r.warnings_open === 0)) return false;
	const text = `${r.code} ${r.name} ${r.kana ?? ''} ${r.receipt_no ?? ''}`.normalize('NFKC').toLowerCase();
	return q.words.split(/\s+/).every((w) => text.includes(w));
}

export function filterRows(rows: PanelRow[], q: PanelQuery): PanelRow[] {
	return rows.filter((r) => matches(r, q));
}

/** What waits for the office first, then what waits for the institution. */
const RANK: Record<PanelState, number> = { submitted: 0, sent_back: 1, draft: 2, not_started: 3, accepted: 4 };

export function sortRows(rows: PanelRow[], sort: string): PanelRow[] {
	const down = sort.startsWith('-');
	const name = sort.replace(/^-/, '');
	if (!name) return rows;
	const of = (r: PanelRow): string | number => {
		if (name === 'name') return r.kana || r.name;
		if (name === 'state') return RANK[r.state];
		if (name === 'answered') return r.asked ? r.answered / r.asked : 0;
		return (r[name as keyof PanelRow] as string | number | null) ?? '';
	};
	const order = (a: PanelRow, b: PanelRow): number => {
		const [x, y] = [of(a), of(b)];
		return typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'ja');
	};
	return [...rows].sort((a, b) => (down ? order(b, a) : order(a, b)));
}

export function stateChip(s: PanelState): string {
	return { accepted: 'success', submitted: 'info', sent_back: 'error', draft: 'quiet', not_started: 'quiet' }[s];
}

export interface PanelNumbers {
	population: number;
	submitted: number;
	accepted: number;
	sent_back: number;
	draft: number;
	not_started: number;
	late: number;
	partial: number;
}

export function countRows(rows: PanelRow[]): PanelNumbers {
	const n = { population: rows.length, submitted: 0, accepted: 0, sent_back: 0, draft: 0, not_started: 0, late: 0, partial: 0 };
	for (const r of rows) {
		n[r.state] += 1;
		// Late and partial are facts of what stands submitted now.
		if (!hasNotAnswered(r) && r.late) n.late += 1;
		if (!hasNotAnswered(r) && r.partial) n.partial += 1;
	}
	return n;
}
