/** What the portal gets from the server. */
export interface PortalEdition {
	id: string;
	edition: number;
	decided_by: string | null;
	decided_on: string | null;
	from_on: string | null;
	summary: string | null;
	must_read: boolean;
	read_at: string | null;
	has_text: boolean;
}
export interface PortalDocument {
	id: string;
	level: string;
	level_label: string;
	rank: number;
	number: string | null;
	title: string;
	parent_id: string | null;
	system: string | null;
	edition: PortalEdition | null;
}
export interface Portal {
	notices: { id: string; title: string; body: string; from_on: string; important: boolean }[];
	documents: PortalDocument[];
	questions: { id: string; title: string; question: string; answer: string | null; answered_on: string | null; division: string | null; document: string | null }[];
}
export interface Readers {
	n: number;
	of: number;
	divisions: { division_id: string; division: string; n: number; of: number; missing: { staff_id: string; staff_number: string; name: string }[] }[];
}

export interface Branch {
	document: PortalDocument;
	under: Branch[];
}

/** The documents as a tree, in the server's order; one whose parent is gone stands at the top. */
export function treeOf(documents: PortalDocument[]): Branch[] {
	const by = new Map(documents.map((d) => [d.id, { document: d, under: [] as Branch[] }]));
	const top: Branch[] = [];
	for (const b of by.values()) {
		const parent = b.document.parent_id ? by.get(b.document.parent_id) : undefined;
		(parent ? parent.under : top).push(b);
	}
	return top;
}
