/** Who is signed in, and what the server lets this person do. */
import { ApiError, call, get, onSignedOut, post, setCsrf } from './api';
import { lang, setLang } from './i18n.svelte';
import type { Lang, Permission, RecordType, Scope, Session, TypeGroup } from './types';

interface State {
	ready: boolean;
	session: Session | null;
	demo: boolean;
	types: RecordType[];
	groups: TypeGroup[];
	/** Set when the session ended while somebody was working. */
	ended: boolean;
	/** Set when the first call did not reach the server. */
	unreachable: boolean;
}

const state = $state<State>({
	ready: false,
	session: null,
	demo: false,
	types: [],
	groups: [],
	ended: false,
	unreachable: false,
});

onSignedOut(() => {
	if (state.session) state.ended = true;
	state.session = null;
	state.types = [];
	setCsrf('');
});

export function session(): Session | null {
	return state.session;
}

export function sessionState(): Readonly<State> {
	return state;
}

export function can(p: Permission): boolean {
	return Boolean(state.session?.can[p]);
}

/** How far a permission reaches; undefined when it is not held. */
export function scopeOf(p: Permission): Scope | undefined {
	return state.session?.can[p];
}

export function types(): RecordType[] {
	return state.types;
}

/** Headings of the menu, in its order. */
export function typeGroups(): TypeGroup[] {
	return state.groups;
}

export function typeOf(path: string): RecordType | undefined {
	return state.types.find((x) => x.path === path);
}

export async function take(s: Session): Promise<void> {
	setCsrf(s.csrf);
	state.session = s;
	state.ended = false;
	await loadTypes();
}

export async function loadTypes(): Promise<void> {
	try {
		const got = await get<{ types: RecordType[]; groups?: TypeGroup[] }>('/types');
		state.types = got.types;
		state.groups = got.groups ?? [];
	} catch {
		// Without the types only the generic lists are missing; the page itself still works.
		state.types = [];
	}
}

export async function load(): Promise<void> {
	state.unreachable = false;
	try {
		await take(await get<Session>('/session'));
	} catch (e) {
		if (e instanceof ApiError) state.demo = Boolean(e.problem.demo);
		else state.unreachable = true;
	}
	state.ready = true;
}

export async function signOut(): Promise<void> {
	try {
		await call('DELETE', '/session');
	} finally {
		state.session = null;
		state.types = [];
		setCsrf('');
		// The sign-in page needs to know again whether demo persons exist.
		await load();
	}
}

export async function switchLang(next: Lang): Promise<void> {
	if (next === lang()) return;
	setLang(next);
	if (!state.session) return;
	try {
		await post('/session/lang', { lang: next });
		state.session = await get<Session>('/session');
		setCsrf(state.session.csrf);
	} catch {
		// The choice is kept on this machine in any case.
	}
	await loadTypes();
}
