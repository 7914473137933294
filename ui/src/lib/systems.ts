/** What the server says of inspections, manuals and notices. */
export interface ManualList {
	needed: number;
	there: number;
	items: { info_system_id: string; name: string; division: string; affects: string[]; manual_id: string | null; title: string | null; made_on: string | null; revised_on: string | null }[];
}

export interface MatchList {
	due_on: string;
	items: { info_system_id: string; name: string; division: string; software: string; proposed: boolean; response_id: string | null; state: string | null; state_label: string | null }[];
}

export interface MatrixServer {
	id: string;
	name: string;
	kind: string;
	kind_label: string;
	info_system_id: string;
	system: string;
	empty: number;
	may_write: boolean;
}

export interface MatrixCheck {
	id: string;
	code: string;
	kind: string;
	kind_label: string;
	category: string;
	category_label: string;
	text: string;
}

export interface MatrixCell {
	server_id: string;
	check_id: string;
	result: string;
	evidence?: string;
	inspector?: string;
	inspected_on?: string;
	measure?: string;
	due_on?: string;
	done_on?: string;
}

export interface Matrix {
	round: { id: string; title: string; fiscal_year: number; state: string; state_label: string; running: boolean };
	servers: MatrixServer[];
	checks: MatrixCheck[];
	cells: MatrixCell[];
	grades: { kind: string; kind_label: string; category: string | null; category_label: string | null; servers: number; good: number; empty: number; grade: string | null }[];
	not_covered: { id: string; name: string; kind_label: string }[];
	statement: { all: boolean; text: string | null; cells: number; empty: number; non_conforming: number; missing: { system: string; server: string; check: string; why: string }[] };
}
