/**
 * A questionnaire tried out by its author: answers go to the server and come back with what they make
 * of the questionnaire; nothing is kept anywhere.
 */
import { post } from './api';
import { NONE, Sheet, plain } from './sheet.svelte';
import type { Answer, FormNow, FormSection, MyResponse } from './types';

interface TrialReply extends FormNow {
	form?: { title: string; sections: FormSection[] };
	answers: Record<string, Answer>;
	values: Record<string, string>;
	missing: string[];
	errors: { field: string; detail: string }[];
}

const WAIT_TRIAL = 250;

export class Trial extends Sheet {
	/** Results of calculations and hidden values. */
	values = $state.raw<Record<string, string>>({});
	missing = $state.raw<string[]>([]);
	private timerTrial: ReturnType<typeof setTimeout> | undefined;
	private turn = 0;

	constructor(readonly versionId: string) {
		super('');
	}

	override get editable(): boolean {
		return true;
	}

	override get keeps(): boolean {
		return false;
	}

	private send(answers: Record<string, Answer> | null): Promise<TrialReply> {
		const body = answers && Object.fromEntries(Object.entries(answers).map(([c, a]) => [c, a.state === 'value' ? { value: a.value } : { state: a.state }]));
		return post<TrialReply>(`/form-versions/${encodeURIComponent(this.versionId)}/preview`, body ? { answers: body } : {});
	}

	override async load(): Promise<void> {
		const r = await this.send(null);
		this.data = { form: r.form, campaign: { id: '', name: '', title: r.form?.title ?? '', state: 'open', closes_on: '', open: true }, respondent: { id: '' }, state: 'draft', version: 0, asked: r.asked, answers: r.answers } as MyResponse;
		this.answers = structuredClone(r.answers);
		this.itemErrors = {};
		this.take(r);
	}

	private take(r: TrialReply): void {
		this.takeNow(r);
		this.values = r.values;
		this.missing = r.missing;
		this.itemErrors = Object.fromEntries(r.errors.map((e) => [e.field, e.detail]));
		for (const [code, a] of Object.entries(r.answers)) if (!this.answers[code]) this.answers[code] = structuredClone(a);
	}

	override change(code: string, part: Partial<Answer>): void {
		this.answers[code] = { ...(this.answers[code] ?? NONE), ...part };
		clearTimeout(this.timerTrial);
		this.timerTrial = setTimeout(() => void this.turnOver(), WAIT_TRIAL);
	}

	private async turnOver(): Promise<void> {
		const mine = ++this.turn;
		const now = Object.fromEntries(Object.entries(this.answers).map(([c, a]) => [c, plain(a)]));
		const r = await this.send(now);
		if (mine === this.turn) this.take(r);
	}

	override flush(): Promise<void> {
		return Promise.resolve();
	}

	/** What expressions see: answers by code, several with blanks between, and the results. */
	get texts(): Record<string, string> {
		const out: Record<string, string> = { ...this.values };
		for (const code of this.asked) {
			const a = this.answers[code];
			if (a?.state === 'value') out[code] = Array.isArray(a.value) ? a.value.join(' ') : String(a.value ?? '');
		}
		return out;
	}
}
