/** One institution's submission under review: what stands in it, and what the reviewer does with it. */
import { call, get, post, url } from './api';
import type { ReviewChange, ReviewComment, ReviewData, ReviewItem, SaidAnswer, Warning } from './panel';

export type ReviewShow = 'all' | 'attention' | 'changed' | 'last';

function essence(a: SaidAnswer | null | undefined): string {
	if (!a || a.state !== 'value') return a?.state ?? 'no_answer';
	return JSON.stringify(Array.isArray(a.value) ? [...a.value].sort() : String(a.value ?? ''));
}

export function isAsked(i: SaidAnswer): boolean {
	return i.state !== 'not_asked';
}

export function differsFromLast(i: ReviewItem): boolean {
	return isAsked(i) && i.last !== null && essence(i.last) !== essence(i);
}

export class Review {
	data = $state.raw<ReviewData | null>(null);
	changes = $state.raw<ReviewChange[]>([]);

	constructor(
		readonly campaign: string,
		readonly respondent: string,
	) {}

	private get path(): string {
		return `/campaigns/${encodeURIComponent(this.campaign)}/panel/${encodeURIComponent(this.respondent)}`;
	}

	async load(): Promise<void> {
		const data = await get<ReviewData>(this.path);
		this.changes = data.submissions.length > 1 ? (await get<{ items: ReviewChange[] }>(`${this.path}/changes`)).items : [];
		this.data = data;
	}

	may(action: string): boolean {
		return this.data?.actions.some((a) => a.action === action) ?? false;
	}

	get items(): ReviewItem[] {
		return (this.data?.sections ?? []).flatMap((s) => s.items);
	}

	change(code: string): ReviewChange | undefined {
		return this.changes.find((c) => c.item === code);
	}

	get warnings(): Warning[] {
		return (this.data?.warnings ?? []).filter((w) => w.state !== 'gone');
	}

	get openWarnings(): Warning[] {
		return this.warnings.filter((w) => w.state === 'open');
	}

	/** A warning stands at the first question that it looked at. */
	warningsOf(code: string): Warning[] {
		return this.warnings.filter((w) => this.placeOf(w) === code);
	}

	placeOf(w: Warning): string {
		const names = Object.keys(w.seen).map((n) => n.replace(/^last-saved#/, ''));
		return this.items.find((i) => names.includes(i.code))?.code ?? '';
	}

	commentsOf(code: string): ReviewComment[] {
		return (this.data?.comments ?? []).filter((c) => c.item === code);
	}

	/** Comments that go out with the next return. */
	get unsent(): ReviewComment[] {
		return (this.data?.comments ?? []).filter((c) => !c.sent_at);
	}

	evidenceOf(code: string): { id: string; name: string; size: number; href: string }[] {
		return (this.data?.evidence ?? [])
			.filter((e) => e.item === code)
			.map((e) => ({ ...e, href: url(`${this.path}/evidence/${encodeURIComponent(code)}/${encodeURIComponent(e.id)}`) }));
	}

	/** The sections with the questions that are shown. */
	sections(show: ReviewShow): { code: string; label: string; items: ReviewItem[] }[] {
		const wanted = (i: ReviewItem): boolean => {
			if (show === 'changed') return Boolean(this.change(i.code));
			if (show === 'last') return differsFromLast(i);
			if (show === 'attention')
				return this.warningsOf(i.code).some((w) => w.state === 'open') || this.commentsOf(i.code).length > 0 || Boolean(i.comment) || (Boolean(i.required) && i.state === 'no_answer');
			return true;
		};
		return (this.data?.sections ?? []).map((s) => ({ ...s, items: s.items.filter(wanted) })).filter((s) => s.items.length > 0);
	}

	private async act(path: string, body: Record<string, unknown>): Promise<void> {
		await post(`${this.path}${path}`, body);
		await this.load();
	}

	comment(item: string, text: string): Promise<void> {
		return this.act('/comments', { item, text });
	}

	async removeComment(id: string): Promise<void> {
		await call('DELETE', `${this.path}/comments/${encodeURIComponent(id)}`);
		await this.load();
	}

	clear(rule: string, note: string): Promise<void> {
		return this.act(`/warnings/${encodeURIComponent(rule)}/clear`, { note });
	}

	accept(): Promise<void> {
		return this.act('/accept', {});
	}

	sendBack(reason: string): Promise<void> {
		return this.act('/return', reason ? { reason } : {});
	}
}
