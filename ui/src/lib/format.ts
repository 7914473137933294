/** Dates, numbers and sizes as a person reads them. Times are shown in Japan's time zone. */
import { lang } from './i18n.svelte';
import type { Cell, Rate } from './types';

const ZONE = 'Asia/Tokyo';

function locale(): string {
	return lang() === 'en' ? 'en-GB' : 'ja-JP';
}

export function dateTime(at: string | null | undefined): string {
	if (!at) return '';
	const d = new Date(at);
	if (Number.isNaN(d.getTime())) return at;
	return new Intl.DateTimeFormat(locale(), {
		timeZone: ZONE,
		year: 'numeric',
		// 01/12 in digits is January to half of the readers of English
		month: lang() === 'en' ? 'short' : '2-digit',
		day: lang() === 'en' ? 'numeric' : '2-digit',
		hour: '2-digit',
		minute: '2-digit',
	}).format(d);
}

export function clock(at: string | Date | null | undefined): string {
	if (!at) return '';
	const d = at instanceof Date ? at : new Date(at);
	if (Number.isNaN(d.getTime())) return '';
	return new Intl.DateTimeFormat(locale(), {
		timeZone: ZONE,
		hour: '2-digit',
		minute: '2-digit',
	}).format(d);
}

/** A calendar date has no time zone: it is read and shown as it is written. */
export function day(date: string | null | undefined): string {
	if (!date) return '';
	const d = new Date(`${date.slice(0, 10)}T00:00:00Z`);
	if (Number.isNaN(d.getTime())) return date;
	return new Intl.DateTimeFormat(locale(), {
		timeZone: 'UTC',
		year: 'numeric',
		month: lang() === 'en' ? 'short' : 'numeric',
		day: 'numeric',
		weekday: 'short',
	}).format(d);
}

export function number(n: number | null | undefined): string {
	return n === null || n === undefined ? '' : new Intl.NumberFormat(locale()).format(n);
}

export function bytes(n: number): string {
	if (n < 1024) return `${n} B`;
	if (n < 1024 * 1024) return `${Math.ceil(n / 1024)} KB`;
	return `${(n / 1024 / 1024).toFixed(1)} MB`;
}

export function isRate(cell: unknown): cell is Rate {
	return typeof cell === 'object' && cell !== null && 'numerator' in cell;
}

/** A rate is printed as the server rounded it; the page never rounds a rate itself. */
export function rate(r: Rate | null | undefined): string {
	if (!r || r.print === null || r.print === undefined || r.print === '') return '–';
	return /^[0-9.]+$/.test(r.print) ? `${r.print}%` : r.print;
}

export function cell(c: Cell, kind: string): string {
	if (c === null || c === undefined) return '–';
	if (isRate(c)) return rate(c);
	if (typeof c === 'number') return kind === 'rate' ? `${c}%` : number(c);
	return c;
}

export function isoToday(): string {
	return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(new Date());
}

/** ISO day so many days after that one. */
export function daysAfter(iso: string, days: number): string {
	return new Date(Date.parse(`${iso}T00:00:00Z`) + days * 86400_000).toISOString().slice(0, 10);
}

/** The fiscal year of a day: it begins on 1 April. */
export function fiscalYear(iso: string): number {
	return Number(iso.slice(0, 4)) - (iso.slice(5, 7) < '04' ? 1 : 0);
}
