/** What the server says about courses, lists and reports. */
export interface OpenSession {
	id: string;
	title: string;
	held_on: string;
	from: string | null;
	to: string | null;
	place: string | null;
	online: boolean;
	capacity: number | null;
	taken: number;
	mine: string | null;
	mine_label: string | null;
	can: 'enrol' | 'wait' | 'cancel';
}
export interface MyCourses {
	year: number;
	courses: {
		id: string;
		title: string;
		kind_label: string;
		topics: string | null;
		yearly: boolean;
		questions: number;
		pass_mark: number;
		attended_on: string | null;
		recommended_on: string | null;
		sessions: OpenSession[];
	}[];
	past: { id: string; year: number; course: string; session: string | null; state: string; state_label: string; on: string | null; certificate_no: string | null }[];
}
export interface CourseTest {
	id: string;
	title: string;
	pass_mark: number;
	questions: { id: string; text: string; options: string[] }[];
}
export interface TestResult {
	passed: boolean;
	right_answers: number;
	questions: number;
}
export interface Attendee {
	staff_id: string;
	staff_number: string;
	name: string;
	division: string;
	state: string;
	state_label: string;
}
export interface SessionList {
	id: string;
	title: string;
	held_on: string;
	from: string | null;
	to: string | null;
	place: string | null;
	capacity: number;
	code: string;
	items: Attendee[];
}
export interface NonAttendee {
	staff_id: string;
	staff_number: string;
	name: string;
	division: string;
	recommended_on: string | null;
	recommended: number;
	mail: boolean;
}
export interface NonAttendees {
	id: string;
	title: string;
	year: number;
	items: NonAttendee[];
	audience: number;
	attended: number;
	recommended?: number;
}
export interface Reported {
	path: string;
	id: string;
	receipt_no: string;
}
export interface OwnReport extends Reported {
	kind_label: string;
	title: string;
	state_label: string;
}
