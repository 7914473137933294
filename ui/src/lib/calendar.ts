/** Days as they are written; a calendar date has no time zone. */
export interface Dated {
	from: string;
	to: string;
	kind: string;
	kind_label: string;
	title: string;
	href: string | null;
	phase: string | null;
	done: boolean;
}

export const PHASES = ['plan', 'do', 'check', 'improve'] as const;

export function firstOf(day: string): string {
	return `${day.slice(0, 7)}-01`;
}

export function lastOf(day: string): string {
	return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);
}

/** The same day of another month, or its last day. */
export function monthsAfter(day: string, n: number): string {
	const first = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + n, 1)).toISOString().slice(0, 10);
	const last = lastOf(first);
	const same = `${first.slice(0, 8)}${day.slice(8, 10)}`;
	return same > last ? last : same;
}

export function weekday(day: string): number {
	return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** The shortest first: what is on that day only is not hidden behind what lasts for months. */
export function onDay(items: Dated[], day: string): Dated[] {
	const length = (i: Dated): number => Date.parse(i.to) - Date.parse(i.from);
	return items.filter((i) => i.from <= day && i.to >= day).sort((a, b) => length(a) - length(b));
}
