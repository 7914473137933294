/**
 * Answers that the server has not yet acknowledged, kept on this machine so that neither a lost
 * connection nor a closed window loses them. One entry per respondent and version; each changed
 * answer stands with what the server held when it was changed (`base`), so that a later sending
 * can tell whether somebody else changed the same answer in between.
 */
import type { Answer } from './types';

export interface Unsent {
	mine: Record<string, Answer>;
	base: Record<string, Answer | null>;
}

const PREFIX = 'tenken.unsent.';

function key(respondent: string, version: number): string {
	return `${PREFIX}${respondent}.${version}`;
}

function read(k: string): Unsent | null {
	try {
		const u = JSON.parse(localStorage.getItem(k) ?? 'null') as Unsent | null;
		return u && typeof u.mine === 'object' && typeof u.base === 'object' ? u : null;
	} catch {
		return null;
	}
}

function write(k: string, u: Unsent): void {
	try {
		if (Object.keys(u.mine).length === 0) localStorage.removeItem(k);
		else localStorage.setItem(k, JSON.stringify(u));
	} catch {
		// A full or forbidden store only costs the safety copy; sending goes on.
	}
}

/** Adds or replaces these answers, leaving what another tab has put there. */
export function keep(respondent: string, version: number, u: Unsent): void {
	const k = key(respondent, version);
	const old = read(k) ?? { mine: {}, base: {} };
	write(k, { mine: { ...old.mine, ...u.mine }, base: { ...u.base, ...old.base } });
}

export function drop(respondent: string, version: number, codes: Iterable<string>): void {
	const k = key(respondent, version);
	const old = read(k);
	if (!old) return;
	for (const c of codes) {
		delete old.mine[c];
		delete old.base[c];
	}
	write(k, old);
}

/** All that is kept for this respondent, oldest version first, and forgets it. */
export function takeAll(respondent: string): Unsent[] {
	const found: { version: number; unsent: Unsent }[] = [];
	for (const k of Object.keys(localStorage)) {
		if (!k.startsWith(`${PREFIX}${respondent}.`)) continue;
		const u = read(k);
		if (u) found.push({ version: Number(k.slice(k.lastIndexOf('.') + 1)), unsent: u });
		localStorage.removeItem(k);
	}
	return found.sort((a, b) => a.version - b.version).map((f) => f.unsent);
}
