/** The lists of records that belong to a record. */
import { typeOf } from './session.svelte';
import type { RecordType } from './types';

export interface Child {
	type: RecordType;
	field: string;
	label: string;
}

// Whose work a case is: the person's own lists say that, not the page of the person or unit.
const PEOPLE = ['requester_staff_id', 'owner_staff_id', 'deputy_staff_id'];
// Nearly everything refers to a unit or a person; there a list of links serves, not forty tables.
const HUBS = ['organisation', 'panel', 'system'];

export function isHub(type: RecordType): boolean {
	return HUBS.includes(type.group);
}

/** Types of which the person may see the rows that refer to this one. */
export function childrenOf(type: RecordType): Child[] {
	return (type.children ?? []).flatMap(({ path, field }) => {
		const child = typeOf(path);
		const f = child?.fields.find((x) => x.name === field);
		if (!child || !f || !child.can.list || (child.life && PEOPLE.includes(field))) return [];
		return [{ type: child, field, label: f.label }];
	});
}
