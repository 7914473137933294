/** Turns whatever went wrong into a sentence for the person. */
import { ApiError, OfflineError } from './api';
import { t } from './i18n.svelte';
import type { FieldError } from './types';

export function errorText(e: unknown): string {
	const m = t().errors;
	if (e instanceof OfflineError) return m.offline;
	if (!(e instanceof ApiError)) return m.unknown;
	if (e.problem.detail) return e.problem.detail;
	if (e.status === 403) return m.forbidden;
	if (e.status === 404) return m.notFound;
	if (e.status === 412) return m.changed;
	if (e.status === 413) return m.tooLarge;
	return m.unknown;
}

export function fieldErrors(e: unknown): FieldError[] {
	if (!(e instanceof ApiError)) return [];
	if (e.problem.errors?.length) return e.problem.errors;
	return e.problem.field ? [{ field: e.problem.field, detail: e.problem.detail }] : [];
}

/** Moves the keyboard to an element; a link to `#id` would be taken for a route. */
export function focusOn(id: string): void {
	const el = document.getElementById(id);
	if (!el) return;
	el.scrollIntoView({ block: 'center' });
	const inner = el.matches('input,select,textarea,button,a,[tabindex]')
		? el
		: el.querySelector<HTMLElement>('input,select,textarea,button,a,[tabindex]');
	(inner as HTMLElement | null)?.focus();
}
