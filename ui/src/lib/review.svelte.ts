/** One institution's submission under review: what stands in it, and what the reviewer does with it. */
import { call, get, post } from './api';
import type { ItemComment, ReviewData, ReviewItem, Warning } from './panel';
import type { Answer } from './types';

export type ReviewShow = 'all' | 'attention' | 'changed' | 'last';

function essence(a: { state: string; value?: unknown } | null | undefined): string {
	if (!a || a.state !== 'value') return a?.state ?? 'no_answer';
	return JSON.stringify(Array.isArray(a.value) ? [...a.value].sort() : String(a.value ?? ''));
}

export class Review {
	data = $state.raw<ReviewData | null>(null);

	constructor(
		readonly campaign: string,
		readonly respondent: string,
	) {}

	private get path(): string {
		return `/campaigns/${encodeURIComponent(this.campaign)}/panel/${encodeURIComponent(this.respondent)}`;
	}

	async load(): Promise<void> {
		this.data = await get<ReviewData>(this.path);
	}

	answer(code: string): Answer | null {
		return this.data?.answers[code] ?? null;
	}

	isAsked(code: string): boolean {
		return this.data?.asked.includes(code) ?? false;
	}

	change(code: string): { from: Answer | null; to: Answer | null } | undefined {
		return this.data?.changes.find((c) => c.item === code);
	}

	differsFromLast(code: string): boolean {
		const last = this.data?.last_year?.[code];
		return Boolean(last) && essence(last) !== essence(this.answer(code));
	}

	warningsOf(code: string): Warning[] {
		return (this.data?.warnings ?? []).filter((w) => w.items[0] === code);
	}

	get openWarnings(): Warning[] {
		return (this.data?.warnings ?? []).filter((w) => !w.cleared);
	}

	commentsOf(code: string): ItemComment[] {
		return (this.data?.comments ?? []).filter((c) => c.item === code);
	}

	/** Comments that go out with the next return. */
	get unsent(): ItemComment[] {
		return (this.data?.comments ?? []).filter((c) => c.round === null || c.round === undefined);
	}

	/** The sections with the items that are shown. */
	sections(show: ReviewShow): { code: string; label: string; items: ReviewItem[] }[] {
		const wanted = (i: ReviewItem): boolean => {
			if (i.kind === 'note') return false;
			if (show === 'changed') return Boolean(this.change(i.code));
			if (show === 'last') return this.differsFromLast(i.code);
			if (show === 'attention')
				return this.warningsOf(i.code).some((w) => !w.cleared) || this.commentsOf(i.code).length > 0 || Boolean(this.answer(i.code)?.comment) || (Boolean(i.required) && this.isAsked(i.code) && essence(this.answer(i.code)) === 'no_answer');
			return true;
		};
		return (this.data?.form.sections ?? []).map((s) => ({ ...s, items: s.items.filter(wanted) })).filter((s) => s.items.length > 0);
	}

	async comment(item: string, text: string): Promise<void> {
		await post(`${this.path}/comments`, { item, text });
		await this.load();
	}

	async removeComment(id: string): Promise<void> {
		await call('DELETE', `${this.path}/comments/${encodeURIComponent(id)}`);
		await this.load();
	}

	async clear(warning: string, note: string): Promise<void> {
		await post(`${this.path}/warnings/${encodeURIComponent(warning)}/clear`, { note });
		await this.load();
	}

	async accept(): Promise<void> {
		await post(`${this.path}/accept`, {}, { match: this.data?.version });
		await this.load();
	}

	async sendBack(text: string, due: string): Promise<void> {
		await post(`${this.path}/return`, { text, due: due || null }, { match: this.data?.version });
		await this.load();
	}

	async reopen(reason: string): Promise<void> {
		await post(`${this.path}/reopen`, { reason }, { match: this.data?.version });
		await this.load();
	}
}
