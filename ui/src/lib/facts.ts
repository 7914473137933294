/** Numbers of a year as the server computed, rounded and printed them. */
export interface FactPoint {
	year: number;
	value_x10: number | null;
	text: string;
}

export interface Fact extends FactPoint {
	id: string;
	label: string;
	unit: string;
	base: string;
	kind: 'count' | 'rate' | 'sum' | 'mean';
	better: -1 | 0 | 1;
	href: string | null;
	missing: boolean;
	why: string | null;
	numerator: number | null;
	denominator: number | null;
	base_date: string;
	digest: string;
	stored: boolean;
	computed_at: string | null;
	last: FactPoint | null;
	change_x10: number | null;
	change_text: string;
	trend: FactPoint[];
}

export interface FactRow {
	type: string | null;
	id: string | null;
	title: string | null;
	counts: boolean;
	amount: number;
	href: string | null;
}

/** Whether the change is for the better (1), for the worse (-1), or neither. */
export function turn(f: Fact): number {
	return Math.sign((f.change_x10 ?? 0) * f.better);
}

/** Value with its unit; a rate has its % already. */
export function withUnit(f: Fact): string {
	return f.missing || f.kind === 'rate' ? f.text : `${f.text} ${f.unit}`;
}
