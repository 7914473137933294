/** The rows of a questionnaire version in the order in which they are asked, sections around them. */
import type { FormTree, TreeItem } from './types';

export interface OutlineRow {
	id: string;
	code: string;
	kind: string;
	group: string;
	sort: number;
	depth: number;
	label_ja: string;
	label_en?: string;
	/** All there is of an item; a section has less. */
	item?: TreeItem;
	audience?: string;
}

export const SECTION = ['group', 'repeat'];

export function isSection(r: OutlineRow): boolean {
	return SECTION.includes(r.kind);
}

/** Sections name their own section, items the one that the tree gives them. */
function flat(tree: FormTree): OutlineRow[] {
	const rows: OutlineRow[] = [];
	for (const s of tree.sections) {
		if (s.id)
			rows.push({ id: s.id, code: s.code, kind: 'group', group: s.group_code ?? '', sort: s.sort ?? 0, depth: 0, label_ja: s.label_ja, label_en: s.label_en, audience: s.audience });
		for (const i of s.items)
			rows.push({ id: i.id, code: i.code, kind: i.kind, group: i.group_code ?? '', sort: i.sort ?? 0, depth: 0, label_ja: i.label_ja, label_en: i.label_en, item: i, audience: i.audience });
	}
	return rows.sort((a, b) => a.sort - b.sort);
}

export function outline(tree: FormTree): OutlineRow[] {
	const rows = flat(tree);
	const known = new Set(rows.filter(isSection).map((r) => r.code));
	const out: OutlineRow[] = [];
	const place = (group: string, depth: number): void => {
		if (depth > 64) return;
		for (const r of rows) {
			const own = known.has(r.group) ? r.group : '';
			if (own !== group || out.includes(r)) continue;
			r.depth = depth;
			out.push(r);
			if (isSection(r)) place(r.code, depth + 1);
		}
	};
	place('', 0);
	return out;
}

/** Rows that belong to the one at `at`: itself, and for a section what stands in it. */
export function span(rows: OutlineRow[], at: number): number {
	const r = rows[at];
	if (!r) return 0;
	let n = 1;
	while (isSection(r) && (rows[at + n]?.depth ?? -1) > r.depth) n += 1;
	return n;
}

/** The ids in the order after a row has gone one place up or down among its neighbours; null: it cannot. */
export function moved(rows: OutlineRow[], at: number, by: -1 | 1): string[] | null {
	const r = rows[at];
	if (!r) return null;
	const n = span(rows, at);
	let other = at + n;
	if (by < 0) {
		other = at - 1;
		while (other >= 0 && (rows[other]?.depth ?? 0) > r.depth) other -= 1;
	}
	const o = rows[other];
	if (!o || o.depth !== r.depth || (o.group || '') !== (r.group || '')) return null;
	const first = Math.min(at, other);
	const size = [span(rows, first), span(rows, Math.max(at, other))] as const;
	const ids = rows.map((x) => x.id);
	return [...ids.slice(0, first), ...ids.slice(first + size[0], first + size[0] + size[1]), ...ids.slice(first, first + size[0]), ...ids.slice(first + size[0] + size[1])];
}
