/** An answer in words, for those who only read it. */
import { number } from './format';
import { t } from './i18n.svelte';
import type { SaidAnswer } from './panel';
import type { Answer, AnswerState, AnswerValue, Choice } from './types';

export interface Asking {
	kind: string;
	choices?: Choice[];
}

export function stateText(s: AnswerState): string {
	return s === 'not_applicable' ? t().answer.notApplicable : s === 'dont_know' ? t().answer.dontKnow : t().answer.noAnswer;
}

export function valueText(item: Asking, v: AnswerValue): string {
	const one = (c: string): string => item.choices?.find((y) => y.code === c)?.label ?? c;
	if (Array.isArray(v)) return v.map(one).join(t().common.comma);
	const s = String(v ?? '');
	if (item.kind === 'rank') return s.split(' ').map(one).join(' > ');
	if ((item.kind === 'int' || item.kind === 'decimal') && /^-?\d{5,15}$/.test(s)) return number(Number(s));
	return one(s);
}

export function said(item: Asking, a: { state: AnswerState; value?: AnswerValue; label?: string } | Answer | null | undefined): string {
	if (!a) return t().answer.noAnswer;
	if ('label' in a && a.label) return a.label;
	return a.state === 'value' ? valueText(item, a.value) : stateText(a.state);
}

/** An answer that the server has put into words already. */
export function answerWords(a: SaidAnswer): string {
	if (a.state === 'not_asked') return t().review.notAsked;
	if (a.label) return a.label;
	return a.state === 'value' ? String(a.value ?? '') : stateText(a.state);
}
