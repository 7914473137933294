/** Small helpers for records of any type. */
import { day, dateTime, number } from './format';
import { pick, t } from './i18n.svelte';
import type { FieldType, Item, RecordType } from './types';

/** What a record is called in a heading or a choice: its own label, else its telling fields. */
export function recordLabel(item: Item, type?: RecordType): string {
	const s = (name: string): string => (item[name] === null || item[name] === undefined ? '' : String(item[name]));
	const label = s('label');
	if (label) return label;
	const title = pick(s('title_ja') || s('title'), s('title_en')) || pick(s('label_ja'), s('label_en')) || s('name');
	const code = s('staff_number') || s('code') || s('login');
	if (title && code && title !== code) return `${title}（${code}）`;
	if (title || code) return title || code;
	for (const f of type?.fields ?? []) {
		const shown = s(`${f.name}_label`) || (f.kind === 'text' ? s(f.name) : '');
		if (shown) return s('number') ? `${shown} – ${s('number')}` : shown;
	}
	return item.id;
}

export function shown(item: Item, f: FieldType): string {
	const label = item[`${f.name}_label`];
	if (label !== undefined && label !== null && label !== '') return String(label);
	const v = item[f.name];
	if (v === null || v === undefined || v === '') return '';
	switch (f.kind) {
		case 'bool':
			return v ? t().common.yes : t().common.no;
		case 'date':
			return day(String(v));
		case 'time':
			return dateTime(String(v));
		case 'int':
			// A year or a number of order is not a quantity; it is written without separators.
			return typeof v === 'number' && Math.abs(v) >= 10000 ? number(v) : String(v);
		case 'enum':
			return f.choices?.find((c) => c.code === v)?.label ?? String(v);
		default:
			return String(v);
	}
}

/** `datetime-local` inputs are read and shown in Japan's time, as all times of the page are. */
export function toInput(f: FieldType, v: unknown): string {
	if (v === null || v === undefined) return '';
	if (f.kind === 'time') {
		const d = new Date(String(v));
		if (Number.isNaN(d.getTime())) return '';
		return new Date(d.getTime() + 9 * 3600_000).toISOString().slice(0, 16);
	}
	if (f.kind === 'date') return String(v).slice(0, 10);
	return String(v);
}

export function fromInput(f: FieldType, s: string | boolean): unknown {
	if (f.kind === 'bool') return Boolean(s);
	if (typeof s !== 'string') return s;
	const text = f.kind === 'longtext' ? s : s.trim();
	if (text === '') return null;
	if (f.kind === 'int') return /^-?\d+$/.test(text) ? Number(text) : text;
	if (f.kind === 'time') return Math.floor(new Date(`${text}:00+09:00`).getTime() / 1000);
	return text;
}
