/**
 * The answers of an institution, which several people write at once. Beside what every sheet does:
 * who may write in which section, what the others have changed meanwhile (asked for every few
 * seconds), and the office's comments. Each answer is sent with what it was changed from, so that
 * the server refuses only the answers that somebody else changed too, and says who.
 */
import { ApiError, call, get } from './api';
import { NONE, Sheet, essence, plain, wire } from './sheet.svelte';
import type { SendOptions } from './api';
import type { OfficeComment, SectionShare, Submission } from './panel';
import type { Answer, MyResponse } from './types';

interface TheirChange {
	item: string;
	label?: string;
	mine?: Answer;
	theirs: Answer;
	by?: string | null;
	at?: string | null;
}

export class SharedSheet extends Sheet {
	/** Answers that came from others while this page was open. */
	arrived = $state<Record<string, boolean>>({});
	private sectionOf = new Map<string, string>();

	constructor(
		campaign: string,
		/** Writes in every section and submits; the others in those given to them. */
		readonly coordinator: boolean,
	) {
		super(campaign);
	}

	override async load(): Promise<void> {
		await super.load();
		this.place();
	}

	private place(): void {
		this.sectionOf = new Map((this.data?.form.sections ?? []).flatMap((s) => s.items.map((i) => [i.code, s.code] as const)));
	}

	get shares(): SectionShare[] {
		return this.data?.sections ?? [];
	}

	share(section: string): SectionShare | undefined {
		return this.shares.find((s) => s.code === section);
	}

	override mayEdit(code: string): boolean {
		if (!this.editable) return false;
		if (this.coordinator) return true;
		const s = this.share(this.sectionOf.get(code) ?? '');
		return Boolean(s?.mine && s.state !== 'done');
	}

	get lastSubmission(): Submission | undefined {
		return this.data?.submissions?.at(-1);
	}

	/** What the office wrote to the last submission; what it wrote to earlier ones is settled. */
	get comments(): OfficeComment[] {
		const n = this.lastSubmission?.number;
		return (this.data?.comments ?? []).filter((c) => c.submission === n);
	}

	commentsOf(code: string): OfficeComment[] {
		return this.comments.filter((c) => c.item === code);
	}

	protected override message(sent: Record<string, Answer>): SendOptions {
		const each = (f: (code: string, a: Answer) => Answer): Record<string, unknown> => Object.fromEntries(Object.entries(sent).map(([code, a]) => [code, wire(f(code, a))]));
		return { json: { answers: each((_, a) => a), was: each((code) => plain(this.base[code] ?? NONE)) } };
	}

	protected override async failed(e: unknown, codes: string[]): Promise<boolean> {
		const list = e instanceof ApiError && e.status === 409 ? (e.problem.conflicts as TheirChange[] | undefined) : undefined;
		if (!list) return super.failed(e, codes);
		for (const c of list) {
			const mine = plain(this.answers[c.item] ?? NONE);
			this.dirty.delete(c.item);
			this.base[c.item] = structuredClone(c.theirs);
			if (essence(mine) === essence(c.theirs)) continue;
			this.conflicts = [...this.conflicts.filter((x) => x.code !== c.item), { code: c.item, mine, theirs: plain(c.theirs), by: c.by, at: c.at }];
		}
		this.waiting = this.dirty.size;
		this.save = this.dirty.size > 0 ? 'waiting' : 'refused';
		return this.dirty.size > 0;
	}

	/** Takes over what others have saved; says how many answers on the page changed. */
	async refresh(): Promise<number> {
		const busy = (): boolean => Boolean(this.running) || this.dirty.size > 0;
		if (!this.data || busy()) return 0;
		const now = await get<MyResponse>(this.path);
		// What was typed while the reply was on its way goes first; the next round brings the rest.
		if (busy()) return 0;
		const changed: string[] = [];
		for (const code of new Set([...Object.keys(now.answers), ...Object.keys(this.base)])) {
			const theirs = now.answers[code] ?? NONE;
			if (essence(theirs) === essence(this.base[code])) continue;
			this.base[code] = structuredClone(theirs);
			const conflict = this.conflicts.find((c) => c.code === code);
			if (conflict) conflict.theirs = plain(theirs);
			else {
				this.answers[code] = structuredClone(theirs);
				changed.push(code);
			}
		}
		this.version = now.version;
		this.takeNow(now);
		this.data = now;
		this.place();
		for (const code of changed) this.arrived[code] = true;
		return changed.length;
	}

	/** Progress, state and who has it come back with the whole. */
	private async section(code: string, json: Record<string, unknown>): Promise<void> {
		await this.flush();
		await call('PUT', `${this.path}/sections/${encodeURIComponent(code)}`, { json });
		await this.refresh();
	}

	async delegate(code: string, accounts: string[]): Promise<void> {
		await this.section(code, { account_ids: accounts });
	}

	async markDone(code: string, done: boolean): Promise<void> {
		await this.section(code, { state: done ? 'done' : 'open' });
	}
}
