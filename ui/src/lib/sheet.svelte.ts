/**
 * One person's answers to one campaign while they are being written: what is shown, what the
 * server holds, what is still to be sent, and how two tabs or two computers are kept from
 * overwriting each other.
 *
 * A changed answer waits 600 ms and is sent with If-Match. If the server has a newer version
 * (412), every waiting answer is compared with what the server held when it was changed: the
 * server still holds the same -> sent again by itself; the server holds something else -> it
 * becomes a conflict, which only the person settles.
 */
import { ApiError, OfflineError, call, get, newKey, type SendOptions } from './api';
import { keep, drop, takeAll } from './unsent';
import type { Answer, AnswerValue, Evidence, FormItem, FormNow, FormSection, MyResponse } from './types';

const WAIT = 600;
const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;

export type SaveState = 'idle' | 'waiting' | 'saving' | 'saved' | 'offline' | 'refused';

export interface Conflict {
	code: string;
	mine: Answer;
	theirs: Answer;
	/** Who gave theirs, where the server tells it. */
	by?: string | null;
	at?: string | null;
}

interface SaveReply extends Partial<FormNow> {
	version: number;
	saved_at: string;
	state?: MyResponse['state'];
	answered?: number;
}

export const NONE: Answer = { state: 'no_answer', value: null, comment: '' };

/** What counts when two answers are compared. */
export function essence(a: Answer | null | undefined): string {
	const x = a ?? NONE;
	let value: AnswerValue = x.state === 'value' ? x.value : null;
	// The server keeps numbers and dates in half width; that is not another answer.
	if (typeof value === 'string') value = value.normalize('NFKC').trim();
	return JSON.stringify([x.state, value ?? null, (x.comment ?? '').trim()]);
}

export function plain(a: Answer): Answer {
	const value = Array.isArray(a.value) ? [...a.value] : (a.value ?? null);
	return { state: a.state, value, comment: a.comment ?? '' };
}

/** An answer as the server takes it. */
export function wire(a: Answer): Record<string, unknown> {
	return a.state === 'value' ? { value: a.value, comment: a.comment ?? '' } : { state: a.state, comment: a.comment ?? '' };
}

export class Sheet {
	data = $state.raw<MyResponse | null>(null);
	answers = $state<Record<string, Answer>>({});
	evidence = $state<Record<string, Evidence[]>>({});
	asked = $state<string[]>([]);
	private now = $state.raw<Partial<FormNow>>({});
	version = $state(0);
	save = $state<SaveState>('idle');
	savedAt = $state<string | null>(null);
	/** A finished sentence of the server, when it refused to save. */
	refusal = $state('');
	itemErrors = $state<Record<string, string>>({});
	conflicts = $state<Conflict[]>([]);
	waiting = $state(0);

	protected base: Record<string, Answer> = {};
	protected dirty = new Set<string>();
	private timer: ReturnType<typeof setTimeout> | undefined;
	private retry = FIRST_RETRY;
	protected running: Promise<void> | null = null;
	private submitKey = '';

	constructor(readonly campaign: string) {}

	protected get path(): string {
		return `/my/responses/${encodeURIComponent(this.campaign)}`;
	}

	private get respondent(): string {
		return this.data?.respondent.id ?? '';
	}

	get editable(): boolean {
		const d = this.data;
		return Boolean(d?.campaign.open && d.state !== 'submitted' && d.state !== 'accepted' && !d.signed_off);
	}

	/** Comments and files are kept beside the answers. */
	get keeps(): boolean {
		return true;
	}

	/** May this one answer be changed by the person signed in? */
	mayEdit(_code: string): boolean {
		return this.editable;
	}

	/** Sections that have something to ask or to read, as the answers make them. */
	get sections(): FormSection[] {
		const asked = new Set(this.asked);
		const notes = new Set(this.now.notes ?? []);
		const texts = this.now.texts ?? {};
		return (this.data?.form.sections ?? [])
			.map((s) => ({
				...s,
				...texts[s.code],
				groups: (s.groups ?? []).map((g) => ({ ...g, ...texts[g.code] })),
				items: s.items.filter((i) => (i.kind === 'note' ? notes : asked).has(i.code)).map((i) => this.asNow(i)),
			}))
			.filter((s) => s.items.length > 0);
	}

	/** An item with the text, the choices and the need that the other answers give it. A choice that
	 * was made and is no longer offered stays to be seen. */
	private asNow(i: FormItem): FormItem {
		const text = this.now.texts?.[i.code];
		const offered = this.now.offered?.[i.code];
		const needed = this.now.needed?.includes(i.code) ?? false;
		if (!text && !offered && !needed) return i;
		const value = this.answers[i.code]?.value ?? [];
		const choices = offered
			? (i.choices ?? [])
					.filter((c) => offered.includes(c.code) || value === c.code || (Array.isArray(value) && value.includes(c.code)))
					.map((c) => (offered.includes(c.code) ? c : { ...c, gone: true }))
			: i.choices;
		return { ...i, ...text, choices, required: i.required || needed };
	}

	isAnswered(code: string): boolean {
		const a = this.answers[code];
		return Boolean(a && a.state !== 'no_answer');
	}

	counts(items: FormItem[]): { answered: number; total: number } {
		const real = items.filter((i) => i.kind !== 'note');
		return { answered: real.filter((i) => this.isAnswered(i.code)).length, total: real.length };
	}

	get total(): { answered: number; total: number } {
		return this.counts(this.sections.flatMap((s) => s.items));
	}

	async load(): Promise<void> {
		const { data, etag } = await call<MyResponse>('GET', this.path);
		this.data = data;
		this.version = data.version ?? Number(etag ?? 0);
		this.takeNow(data);
		this.answers = structuredClone(data.answers);
		this.base = structuredClone(data.answers);
		this.evidence = Object.fromEntries(Object.entries(data.answers).map(([code, a]) => [code, [...(a.evidence ?? [])]]));
		this.dirty.clear();
		this.conflicts = [];
		this.waiting = 0;
		if (this.editable) this.restore();
	}

	/** Takes back what an earlier visit could not send. */
	private restore(): void {
		for (const u of takeAll(this.respondent))
			for (const [code, mine] of Object.entries(u.mine)) this.merge(code, mine, u.base[code] ?? NONE);
		if (this.dirty.size > 0) this.schedule(0);
	}

	/** Settles one waiting answer against what the server holds now (in `this.base`). */
	protected merge(code: string, mine: Answer, changedFrom: Answer): void {
		const theirs = this.base[code] ?? NONE;
		if (essence(mine) === essence(theirs)) {
			this.dirty.delete(code);
			return;
		}
		if (essence(changedFrom) !== essence(theirs)) {
			this.dirty.delete(code);
			this.conflicts.push({ code, mine: plain(mine), theirs: plain(theirs) });
			this.keepCopy(code, mine, changedFrom);
			return;
		}
		this.answers[code] = plain(mine);
		this.dirty.add(code);
		this.keepCopy(code, mine, changedFrom);
	}

	private keepCopy(code: string, mine: Answer, changedFrom: Answer): void {
		keep(this.respondent, this.version, {
			mine: { [code]: plain(mine) },
			base: { [code]: plain(changedFrom) },
		});
	}

	/** Called at every key and click. */
	change(code: string, part: Partial<Answer>): void {
		if (!this.mayEdit(code)) return;
		const old = this.answers[code] ?? NONE;
		const now: Answer = { ...old, ...part };
		this.answers[code] = now;
		delete this.itemErrors[code];
		this.dirty.add(code);
		this.waiting = this.dirty.size;
		this.keepCopy(code, now, this.base[code] ?? NONE);
		this.schedule(WAIT);
	}

	private schedule(ms: number): void {
		clearTimeout(this.timer);
		if (this.save !== 'offline') this.save = 'waiting';
		this.timer = setTimeout(() => void this.flush(), ms);
	}

	/** Sends all that waits. Never two sendings at once: the version must be the last one. */
	flush(): Promise<void> {
		clearTimeout(this.timer);
		this.running ??= this.run().finally(() => {
			this.running = null;
		});
		return this.running;
	}

	private async run(): Promise<void> {
		while (this.dirty.size > 0 && this.editable) {
			if (!(await this.sendOnce())) break;
		}
		this.waiting = this.dirty.size;
	}

	private async sendOnce(): Promise<boolean> {
		const sent: Record<string, Answer> = {};
		for (const code of this.dirty) sent[code] = plain(this.answers[code] ?? NONE);
		this.save = 'saving';
		try {
			const { data } = await call<SaveReply>('PATCH', this.path, this.message(sent));
			this.saved(sent, data);
			return true;
		} catch (e) {
			return this.failed(e, Object.keys(sent));
		}
	}

	/** What a sending carries. */
	protected message(sent: Record<string, Answer>): SendOptions {
		const answers = Object.fromEntries(Object.entries(sent).map(([code, a]) => [code, wire(a)]));
		return { json: { answers }, match: this.version };
	}

	private saved(sent: Record<string, Answer>, reply: SaveReply): void {
		drop(this.respondent, this.version, Object.keys(sent));
		this.version = reply.version;
		for (const [code, a] of Object.entries(sent)) {
			this.base[code] = a;
			if (essence(this.answers[code]) === essence(a)) this.dirty.delete(code);
			else this.keepCopy(code, this.answers[code] ?? NONE, a);
		}
		if (reply.asked) this.takeAsked({ ...reply, asked: reply.asked });
		if (this.data && reply.state && reply.state !== this.data.state)
			this.data = { ...this.data, state: reply.state };
		this.savedAt = reply.saved_at;
		this.refusal = '';
		this.retry = FIRST_RETRY;
		this.save = this.dirty.size > 0 ? 'waiting' : 'saved';
		this.waiting = this.dirty.size;
	}

	protected takeNow(now: FormNow): void {
		this.asked = now.asked;
		this.now = { needed: now.needed, offered: now.offered, texts: now.texts, notes: now.notes };
	}

	/** An item that is asked again may have an answer from before, which the server has kept. */
	private takeAsked(now: FormNow): void {
		const again = now.asked.filter((c) => !this.asked.includes(c) && !this.answers[c]);
		this.takeNow(now);
		if (again.length === 0) return;
		void get<MyResponse>(this.path).then(
			(now) => {
				for (const code of again) {
					const kept = now.answers[code];
					if (kept?.evidence) this.evidence[code] = [...kept.evidence];
					if (!kept || this.dirty.has(code)) continue;
					this.base[code] = structuredClone(kept);
					this.answers[code] = structuredClone(kept);
				}
			},
			() => {},
		);
	}

	/** Says whether sending may go on at once. */
	protected async failed(e: unknown, codes: string[]): Promise<boolean> {
		if (e instanceof ApiError && e.status === 412) return this.catchUp(e);
		if (e instanceof OfflineError || (e instanceof ApiError && (e.status >= 500 || e.status === 429))) {
			this.save = 'offline';
			this.timer = setTimeout(() => void this.flush(), this.retry);
			this.retry = Math.min(this.retry * 2, LAST_RETRY);
			return false;
		}
		this.save = 'refused';
		if (!(e instanceof ApiError)) throw e;
		this.refusal = e.problem.detail;
		if (e.status === 422 || e.status === 413) return this.setAside(e, codes);
		if (e.status === 409) await this.look();
		return false;
	}

	/** Closed, submitted or signed off meanwhile: shows it, and leaves what was typed on the page. */
	private async look(): Promise<void> {
		try {
			this.data = await get<MyResponse>(this.path);
		} catch {
			// The refusal itself is already shown.
		}
	}

	/** The faulty answers stay on the page with their message; the others go on. */
	private setAside(e: ApiError, codes: string[]): boolean {
		const faulty: Record<string, string> = {};
		for (const f of e.problem.errors ?? []) faulty[itemOf(f.field)] = sentence(f.field, f.detail);
		if (e.problem.field) faulty[itemOf(e.problem.field)] = sentence(e.problem.field, e.problem.detail);
		const named = codes.filter((c) => c in faulty);
		for (const code of named) {
			this.itemErrors[code] = faulty[code] ?? e.problem.detail;
			this.dirty.delete(code);
		}
		return named.length > 0 && named.length < codes.length;
	}

	/** Somebody (another tab, another computer) saved meanwhile. */
	private async catchUp(e: ApiError): Promise<boolean> {
		let now = e.problem as unknown as Partial<MyResponse>;
		try {
			if (now.version === undefined || !now.answers) now = await get<MyResponse>(this.path);
		} catch (again) {
			return this.failed(again, []);
		}
		const before = this.base;
		const waiting = [...this.dirty];
		const mine = Object.fromEntries(waiting.map((c) => [c, plain(this.answers[c] ?? NONE)]));
		const oldVersion = this.version;
		this.base = structuredClone(now.answers ?? {});
		this.version = now.version ?? this.version;
		if (now.asked) this.takeNow({ ...now, asked: now.asked });
		if (this.data && now.state && now.state !== this.data.state)
			this.data = { ...this.data, state: now.state, receipt_no: now.receipt_no };
		if (!this.editable) {
			// Submitted in another window: what was typed here stays visible, and is not sent.
			this.save = 'refused';
			this.refusal = e.problem.detail;
			return false;
		}
		this.answers = structuredClone(this.base);
		drop(this.respondent, oldVersion, waiting);
		for (const code of waiting) this.merge(code, mine[code] ?? NONE, before[code] ?? NONE);
		this.save = this.dirty.size > 0 ? 'waiting' : this.conflicts.length > 0 ? 'refused' : 'saved';
		return true;
	}

	/** The person's own choice between two answers to the same item. */
	settle(code: string, takeMine: boolean): void {
		const c = this.conflicts.find((x) => x.code === code);
		if (!c) return;
		this.conflicts = this.conflicts.filter((x) => x.code !== code);
		drop(this.respondent, this.version, [code]);
		if (takeMine) {
			this.change(code, { state: c.mine.state, value: c.mine.value, comment: c.mine.comment });
			return;
		}
		this.answers[code] = { ...c.theirs };
		if (this.dirty.size === 0) this.save = 'saved';
	}

	/** Sends at once what an earlier failure has put off. */
	online(): void {
		if (this.dirty.size === 0) return;
		this.retry = FIRST_RETRY;
		void this.flush();
	}

	close(): void {
		clearTimeout(this.timer);
		if (this.dirty.size > 0 && this.save !== 'offline') void this.flush();
	}

	async submit(more: Record<string, unknown> = {}): Promise<string> {
		await this.flush();
		if (this.dirty.size > 0 || this.conflicts.length > 0) throw new OfflineError();
		// The same key for every try of the same version: a lost reply never submits twice.
		const key = this.submitKey || newKey();
		this.submitKey = key;
		try {
			const { data } = await call<{ receipt_no: string; submitted_at: string; version: number }>(
				'POST',
				`${this.path}/submit`,
				{ json: more, match: this.version, key },
			);
			this.submitKey = '';
			await this.load();
			return data.receipt_no;
		} catch (e) {
			if (e instanceof ApiError) {
				this.submitKey = '';
				for (const f of e.problem.errors ?? []) this.itemErrors[itemOf(f.field)] = sentence(f.field, f.detail);
				if (e.status === 412) await this.load();
			}
			throw e;
		}
	}

	async withdraw(): Promise<void> {
		await call('POST', `${this.path}/withdraw`, { json: {}, match: this.version });
		await this.load();
	}

	async addEvidence(code: string, file: File): Promise<void> {
		// The file belongs to a response, which the first saved answer makes.
		await this.flush();
		const { data } = await call<Evidence>('PUT', `${this.path}/evidence/${encodeURIComponent(code)}`, {
			params: { name: file.name },
			file,
		});
		this.evidence[code] = [...(this.evidence[code] ?? []), data];
	}

	async removeEvidence(code: string, id: string): Promise<void> {
		await call('DELETE', `${this.path}/evidence/${encodeURIComponent(code)}/${encodeURIComponent(id)}`);
		this.evidence[code] = (this.evidence[code] ?? []).filter((x) => x.id !== id);
	}
}

/** At its question a message need not begin with the question's code. */
function sentence(field: string, detail: string): string {
	const code = `${itemOf(field)}: `;
	return detail.startsWith(code) ? detail.slice(code.length) : detail;
}

/** Error fields name an item as `c01`, `answers.c01` or `answers.c01.comment`. */
function itemOf(field: string): string {
	return field.replace(/^answers\./, '').replace(/\.(value|comment|state)$/, '');
}
