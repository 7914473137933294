/**
 * The only place that calls the server. Adds the language and the CSRF token, reads
 * problem+json, and hands back the ETag. Never leaves the page's own origin.
 */
import { lang } from './i18n.svelte';
import type { Problem } from './types';

export const BASE = '/api/v1';

/** A filter for records in which the field is empty; a plain '' is no filter at all. */
export const EMPTY = '\u0000';

export type Params = Record<string, string | number | boolean | null | undefined>;

export interface Reply<T> {
	data: T;
	etag: string | null;
	status: number;
}

/** A refusal of the server. `problem.detail` is a finished sentence for the person. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly problem: Problem,
	) {
		super(problem.detail);
	}
}

/** The server was not reached at all. */
export class OfflineError extends Error {}

export interface SendOptions {
	params?: Params;
	/** A value that becomes JSON. */
	json?: unknown;
	/** A file that is sent as it is. */
	file?: Blob;
	/** Version for If-Match. */
	match?: number | string | null;
	/** Idempotency-Key of a submit. */
	key?: string;
	keepalive?: boolean;
	signal?: AbortSignal;
}

let csrf = '';
let whenSignedOut: () => void = () => {};

export function setCsrf(token: string): void {
	csrf = token;
}

export function onSignedOut(f: () => void): void {
	whenSignedOut = f;
}

export function url(path: string, params: Params = {}): string {
	const q = new URLSearchParams();
	for (const [name, value] of Object.entries(params))
		if (value !== null && value !== undefined && value !== '') q.set(name, value === EMPTY ? '' : String(value));
	q.set('lang', lang());
	return `${BASE}${path}?${q.toString()}`;
}

export async function call<T>(method: string, path: string, o: SendOptions = {}): Promise<Reply<T>> {
	const headers: Record<string, string> = { Accept: 'application/json' };
	let body: BodyInit | undefined;
	if (o.file) {
		headers['Content-Type'] = 'application/octet-stream';
		body = o.file;
	} else if (o.json !== undefined) {
		headers['Content-Type'] = 'application/json';
		body = JSON.stringify(o.json);
	}
	if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf;
	if (o.match !== null && o.match !== undefined) headers['If-Match'] = `"${o.match}"`;
	if (o.key) headers['Idempotency-Key'] = o.key;

	let answer: Response;
	try {
		answer = await fetch(url(path, o.params), {
			method,
			headers,
			body,
			credentials: 'same-origin',
			keepalive: o.keepalive,
			signal: o.signal,
		});
	} catch (e) {
		if (e instanceof DOMException && e.name === 'AbortError') throw e;
		throw new OfflineError();
	}
	return read<T>(answer, path);
}

async function read<T>(answer: Response, path: string): Promise<Reply<T>> {
	const text = await answer.text();
	let data: unknown = null;
	if (text && /json/.test(answer.headers.get('Content-Type') ?? '')) {
		try {
			data = JSON.parse(text);
		} catch {
			data = null;
		}
	}
	if (answer.ok) {
		const etag = answer.headers.get('ETag');
		return { data: data as T, etag: etag ? etag.replace(/^W\//, '').replaceAll('"', '') : null, status: answer.status };
	}
	const problem = { detail: '', ...(data as object | null), status: answer.status } as Problem;
	if (answer.status === 401 && !path.startsWith('/session') && !path.startsWith('/links'))
		whenSignedOut();
	throw new ApiError(answer.status, problem);
}

export async function get<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
	return (await call<T>('GET', path, { params, signal })).data;
}

export async function post<T>(path: string, json: unknown = {}, o: SendOptions = {}): Promise<T> {
	return (await call<T>('POST', path, { ...o, json })).data;
}

export function newKey(): string {
	// randomUUID exists only on https and on localhost; an office PC may serve plain http.
	if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
	const b = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('');
}
