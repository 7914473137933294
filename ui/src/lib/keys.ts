/**
 * Keys of one character, for people who do the same many times a day. They can be switched off (WCAG
 * 2.1.4) and never act while somebody types, while a dialog is open, or together with a modifier.
 */
const KEY = 'tenken.keys';

export function keysOn(): boolean {
	return localStorage.getItem(KEY) !== 'off';
}

export function setKeys(on: boolean): void {
	localStorage.setItem(KEY, on ? 'on' : 'off');
}

const TYPING = 'input:not([type=checkbox],[type=radio],[type=button]),textarea,select,[contenteditable]';

export function isShortcut(e: KeyboardEvent): boolean {
	if (!keysOn() || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.key.length !== 1) return false;
	if (document.querySelector('dialog[open]')) return false;
	return !(e.target instanceof Element && e.target.closest(TYPING));
}
