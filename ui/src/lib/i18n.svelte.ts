/**
 * The language of the page. Texts of the page itself stand in messages/ja.ts and messages/en.ts;
 * labels of records and finished sentences of errors come from the server in the same language,
 * because every call carries `lang`.
 */
import { ja, type Messages } from '../messages/ja';
import { en } from '../messages/en';
import type { Lang } from './types';

const KEY = 'tenken.lang';
const texts: Record<Lang, Messages> = { ja, en };

function first(): Lang {
	const kept = localStorage.getItem(KEY);
	if (kept === 'ja' || kept === 'en') return kept;
	return navigator.language.startsWith('ja') || !navigator.language.startsWith('en') ? 'ja' : 'en';
}

const state = $state<{ lang: Lang }>({ lang: first() });

export function lang(): Lang {
	return state.lang;
}

export function setLang(next: Lang): void {
	state.lang = next;
	localStorage.setItem(KEY, next);
	document.documentElement.lang = next;
}

export function t(): Messages {
	return texts[state.lang];
}

/** Picks the text of the page's language from a pair such as label_ja / label_en. */
export function pick(ja_text: string | null | undefined, en_text: string | null | undefined): string {
	return (state.lang === 'en' ? en_text || ja_text : ja_text || en_text) ?? '';
}
