/** Where a task of the list is done. */
import { session } from './session.svelte';
import type { Task } from './types';

export function taskHref(k: Task): string {
	const given = k.href?.replace(/^\/?#/, '#');
	if (given?.startsWith('#/')) return given;
	const c = encodeURIComponent(k.campaign_id ?? '');
	switch (k.kind) {
		case 'answer':
			return `#/answer/${c}`;
		case 'rollup':
			return `#/rollup/${c}/${encodeURIComponent(session()?.staff?.division_id ?? '')}`;
		case 'remind':
			return `#/campaigns/${c}/reminders`;
		case 'review':
			return `#/campaigns/${c}/panel?state=submitted`;
		case 'invite':
			return '#/invite';
		case 'publish':
			return '#/forms';
		default:
			return c ? `#/campaigns/${c}` : '#/';
	}
}
