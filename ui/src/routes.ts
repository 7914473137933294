/**
 * The page's places: the first path segments, the component that shows them, and where the menu names
 * them. A new page is one line here.
 *
 * A pattern is matched from its beginning, so a longer one stands before a shorter one that it begins
 * with. `:name` is a property of the component; `:name?` may be left out and is then ''.
 */
import type { Component } from 'svelte';
import Account from './pages/Account.svelte';
import Activate from './pages/Activate.svelte';
import Answer from './pages/Answer.svelte';
import Calendar from './pages/Calendar.svelte';
import Attend from './pages/Attend.svelte';
import Campaign from './pages/Campaign.svelte';
import Campaigns from './pages/Campaigns.svelte';
import Coding from './pages/Coding.svelte';
import Colleagues from './pages/Colleagues.svelte';
import Dashboard from './pages/Dashboard.svelte';
import Fact from './pages/Fact.svelte';
import Facts from './pages/Facts.svelte';
import CourseTest from './pages/CourseTest.svelte';
import FormVersion from './pages/FormVersion.svelte';
import Forms from './pages/Forms.svelte';
import Home from './pages/Home.svelte';
import Invite from './pages/Invite.svelte';
import Inspection from './pages/Inspection.svelte';
import Manuals from './pages/Manuals.svelte';
import LeftCases from './pages/LeftCases.svelte';
import MailTemplates from './pages/MailTemplates.svelte';
import MyCourses from './pages/MyCourses.svelte';
import NonAttendees from './pages/NonAttendees.svelte';
import PanelReview from './pages/PanelReview.svelte';
import Portal from './pages/Portal.svelte';
import PortalEdition from './pages/PortalEdition.svelte';
import Publication from './pages/Publication.svelte';
import RecordImport from './pages/RecordImport.svelte';
import RecordPage from './pages/RecordPage.svelte';
import Records from './pages/Records.svelte';
import Roadmap from './pages/Roadmap.svelte';
import Report from './pages/Report.svelte';
import Rollup from './pages/Rollup.svelte';
import RollupAll from './pages/RollupAll.svelte';
import Rollups from './pages/Rollups.svelte';
import Roster from './pages/Roster.svelte';
import Search from './pages/Search.svelte';
import SpecCoverage from './pages/SpecCoverage.svelte';
import SessionAttendance from './pages/SessionAttendance.svelte';
import TableEdit from './pages/TableEdit.svelte';
import Trail from './pages/Trail.svelte';
import Vulnerability from './pages/Vulnerability.svelte';
import { t } from './lib/i18n.svelte';
import { can, session, typeOf } from './lib/session.svelte';

type Params = Record<string, string>;
type Props = Record<string, unknown>;

export interface Route {
	path: string;
	// Each component has properties of its own; the pattern and `props` give it those.
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	page: Component<any>;
	/** Reached without signing in. */
	open?: boolean;
	/** Properties made from those of the pattern; null when there is no such place. */
	props?: (p: Params) => Props | null;
	/** A change of this property makes the page anew. */
	key?: string;
	/** In the menu: under a group of record types, or without one at the top. */
	menu?: { group?: string; label: () => string; on: () => boolean };
}

const record = (p: Params): Props | null => {
	const type = typeOf(p.type ?? '');
	return type ? { type } : null;
};
const orNew = (v: string | undefined): string | null => (v === 'new' ? null : (v ?? null));

export const routes: Route[] = [
	{ path: 'activate/:token', page: Activate, open: true },
	{ path: 'answer/:campaign/:step?', page: Answer },
	{ path: 'campaigns/:campaign/panel/:respondent', page: PanelReview, key: 'respondent' },
	{ path: 'campaigns/:campaign/coding/:item?', page: Coding },
	{ path: 'campaigns/:campaign/publications/:id', page: Publication, props: (p) => ({ campaign: p.campaign, id: orNew(p.id) }) },
	{ path: 'campaigns/:campaign/tables/new', page: TableEdit, props: (p) => ({ campaign: p.campaign, name: null }) },
	{ path: 'campaigns/:campaign/tables/edit/:name', page: TableEdit },
	{ path: 'campaigns/:id/:tab?', page: Campaign },
	{ path: 'portal/:edition', page: PortalEdition, key: 'edition' },
	{ path: 'portal', page: Portal, menu: { label: () => t().portal.title, on: () => can('document.read') } },
	{ path: 'rollup/:campaign/:division', page: Rollup },
	{ path: 'rollup/:campaign', page: RollupAll },
	{ path: 'rollup', page: Rollups, menu: { label: () => t().rollup.title, on: () => can('rollup.read') } },
	{ path: 'campaigns', page: Campaigns, menu: { label: () => t().campaign.title, on: () => session()?.can['campaign.read'] === 'all' && (can('campaign.manage') || can('table.read')) } },
	{ path: 'forms/:id/:tab?/:row?', page: FormVersion },
	{ path: 'forms', page: Forms, menu: { label: () => t().forms.title, on: () => can('form.read') && (can('form.write') || can('campaign.manage')) } },
	{ path: 'roadmap/:year?', page: Roadmap, key: 'year', menu: { group: 'year', label: () => t().roadmap.title, on: () => can('roadmap.read') } },
	{ path: 'spec-coverage/:guide?', page: SpecCoverage, menu: { group: 'outsourcing', label: () => t().specCoverage.title, on: () => session()?.can['outsourcing.read'] === 'all' } },
	{ path: 'roster', page: Roster, menu: { label: () => t().roster.title, on: () => can('roster.import') } },
	{ path: 'invite', page: Invite, menu: { label: () => t().invite.title, on: () => can('account.manage') } },
	{ path: 'colleagues', page: Colleagues, menu: { label: () => t().colleagues.title, on: () => Boolean(session()?.institution?.coordinator) } },
	{ path: 'coordinators', page: Invite, props: () => ({ panel: true }) },
	{ path: 'calendar', page: Calendar, menu: { label: () => t().calendar.title, on: () => !session()?.institution && can('year.read') } },
	{ path: 'dashboard', page: Dashboard, menu: { label: () => t().dashboard.title, on: () => can('fact.read') } },
	{ path: 'facts/:id', page: Fact },
	{ path: 'facts', page: Facts, menu: { group: 'year', label: () => t().facts.title, on: () => can('fact.read') } },
	{ path: 'records/:type/import', page: RecordImport, props: record },
	{ path: 'records/:type/:id', page: RecordPage, props: (p) => { const r = record(p); return r && { ...r, id: orNew(p.id) }; } },
	{ path: 'records/:type', page: Records, props: record },
	{ path: 'inspection/:id?', page: Inspection, menu: { group: 'inspection', label: () => t().inspection.menu, on: () => can('inspection.read') } },
	{ path: 'manuals', page: Manuals, menu: { group: 'systems', label: () => t().manuals.menu, on: () => can('continuity.read') } },
	{ path: 'vulnerability/:id?', page: Vulnerability, menu: { group: 'systems', label: () => t().vuln.menu, on: () => session()?.can['system.write'] === 'all' } },
	{ path: 'report', page: Report, menu: { group: 'incident', label: () => t().report.title, on: () => can('incident.report') } },
	{ path: 'my-courses/:id/test', page: CourseTest, key: 'id' },
	{ path: 'my-courses', page: MyCourses, menu: { group: 'education', label: () => t().courses.title, on: () => can('education.read') && Boolean(session()?.staff) } },
	{ path: 'attend', page: Attend },
	{ path: 'session-lists/:id?', page: SessionAttendance, key: 'id', menu: { group: 'education', label: () => t().lists.title, on: () => can('education.write') } },
	{ path: 'non-attendees/:id?', page: NonAttendees, menu: { group: 'education', label: () => t().due.title, on: () => can('education.recommend') } },
	{ path: 'trail', page: Trail, menu: { group: 'system', label: () => t().trail.title, on: () => can('trail.read') } },
	{ path: 'mail-templates', page: MailTemplates, menu: { group: 'system', label: () => t().mail.title, on: () => can('template.write') } },
	{ path: 'left-cases', page: LeftCases, menu: { group: 'organisation', label: () => t().left.title, on: () => session()?.can['year.write'] === 'all' } },
	{ path: 'search', page: Search },
	{ path: 'account', page: Account },
];

/** Lists that a page of their own covers; the plain list would only say the same again. */
export const covered = ['campaigns', 'forms', 'form-versions', 'form-items', 'choices', 'survey-tables', 'survey-series', 'publications', 'code-groups', 'answer-codes', 'codings'];

function match(pattern: string, parts: string[]): Params | null {
	const found: Params = {};
	for (const [n, word] of pattern.split('/').entries()) {
		const part = parts[n];
		if (!word.startsWith(':')) {
			if (part !== word) return null;
		} else if (word.endsWith('?')) found[word.slice(1, -1)] = part ?? '';
		else if (part) found[word.slice(1)] = part;
		else return null;
	}
	return found;
}

export interface Found {
	route: Route;
	props: Props;
	key: string;
}

export function find(parts: string[]): Found | null {
	if (parts.length === 0) return { route: { path: '', page: Home }, props: {}, key: '' };
	for (const route of routes) {
		const params = match(route.path, parts);
		const props = params && (route.props ? route.props(params) : params);
		if (params && props) return { route, props, key: `${route.path} ${route.key ? (params[route.key] ?? '') : ''}` };
	}
	return null;
}
