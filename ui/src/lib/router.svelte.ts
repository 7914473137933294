/** Hash routing: `#/path/parts?name=value`. The server serves one file whatever the path. */
import { EMPTY } from './api';

interface Place {
	path: string;
	parts: string[];
	query: URLSearchParams;
}

function parse(): Place {
	const raw = location.hash.startsWith('#/') ? location.hash.slice(1) : '/';
	const cut = raw.indexOf('?');
	const path = cut < 0 ? raw : raw.slice(0, cut);
	const parts: string[] = [];
	for (const p of path.split('/').filter(Boolean)) {
		try {
			parts.push(decodeURIComponent(p));
		} catch {
			parts.push(p);
		}
	}
	return { path, parts, query: new URLSearchParams(cut < 0 ? '' : raw.slice(cut + 1)) };
}

let current = $state.raw<Place>(parse());

window.addEventListener('hashchange', () => {
	current = parse();
});

export function place(): Place {
	return current;
}

export function href(path: string, query: Record<string, string | null | undefined> = {}): string {
	const q = new URLSearchParams();
	for (const [k, v] of Object.entries(query)) if (v) q.set(k, v === EMPTY ? '' : v);
	const s = q.toString();
	return `#${path}${s ? `?${s}` : ''}`;
}

/** `instead`: the place left is not one to come back to. */
export function go(path: string, query: Record<string, string | null | undefined> = {}, instead = false): void {
	if (instead) location.replace(href(path, query));
	else location.hash = href(path, query);
}

/** Changes the query of the place without a step in the browser's history. */
export function setQuery(query: Record<string, string | null | undefined>): void {
	history.replaceState(null, '', href(current.path, query));
	current = parse();
}
