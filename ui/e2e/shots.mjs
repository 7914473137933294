// Screenshots of the main pages at 1280 and 360 pixels in Japanese and English, each checked by
// axe-core; a serious or critical finding, a console error, a page wider than the screen, or a
// request that leaves the origin fails the run.
//
//   TENKEN_URL=http://127.0.0.1:8080 node e2e/shots.mjs [page …]
//
// The server must be filled with the demonstration (sign-in by demo persons). Pictures: e2e/out/.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launch, newPage, signIn, api } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = new URL('./out/', import.meta.url);
mkdirSync(out, { recursive: true });
const only = process.argv.slice(2);
const sizes = [
	[1280, 900],
	[360, 740],
];
const faults = [];

async function look(page, name, lang, width) {
	await page.waitForLoadState('networkidle');
	await page.waitForFunction(() => !document.querySelector('.loading'), null, { timeout: 10000 }).catch(() => {
		faults.push(`${name} ${lang} ${width}: still loading after 10 s`);
	});
	await page.waitForTimeout(150);
	await page.screenshot({ path: new URL(`${name}-${lang}-${width}.png`, out).pathname, fullPage: true });
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
	if (wide > 0) faults.push(`${name} ${lang} ${width}: ${wide} px wider than the screen`);
	// Through the debugging protocol, not a script tag: the page's own policy stays in force.
	await page.evaluate(axe);
	const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
	for (const v of found.violations) {
		const line = `${name} ${lang} ${width}: ${v.impact} ${v.id} – ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`;
		if (v.impact === 'serious' || v.impact === 'critical') faults.push(line);
		else console.log(`note: ${line}`);
	}
}

const browser = await launch();

async function tour(person, pages) {
	for (const [width, height] of sizes)
		for (const lang of ['ja', 'en']) {
			const page = await newPage(browser, { width, height, lang, faults });
			const wanted = pages.filter(([name]) => only.length === 0 || only.includes(name));
			if (wanted.length === 0) {
				await page.context().close();
				continue;
			}
			if (person) await signIn(page, person);
			for (const [name, hash, act] of wanted) {
				await page.goto(`${page.base}/#${typeof hash === 'function' ? await hash(page) : hash}`);
				if (act) await act(page);
				await look(page, name, lang, width);
			}
			await page.context().close();
		}
}

const campaign = async (page) => {
	const items = (await api(page, '/campaigns')).items.filter((c) => c.asks === 'staff');
	return (items.find((c) => c.state === 'open') ?? items[0]).id;
};
const survey = async (page, state) => (await api(page, '/campaigns')).items.find((c) => c.asks === 'institution' && c.state === state).id;
const reviewed = async (page) => {
	const c = await survey(page, 'open');
	const rows = (await api(page, `/campaigns/${c}/panel`)).items;
	const row = rows.find((r) => r.submissions > 0 && r.warnings_open > 0) ?? rows.find((r) => r.submissions > 0) ?? rows[0];
	return `/campaigns/${c}/panel/${row.respondent_id}`;
};
const mine = async (page) => {
	const { tasks, done } = await api(page, '/my/tasks');
	return [...tasks, ...done].find((t) => t.kind === 'answer').campaign_id;
};

await tour(null, [
	['sign-in', '/'],
	['link-gone', '/activate/not-a-link'],
]);
await tour('staff', [
	['request-new', '/records/exceptions/new'],
	['home-staff', '/'],
	['receipt', async (p) => `/answer/${await mine(p)}`],
	['answer-done', async (p) => `/answer/${await mine(p)}/1`],
]);
await tour('division_head', [
	['home-head', '/'],
	['answer', async (p) => `/answer/${await mine(p)}/1`],
	['review', async (p) => `/answer/${await mine(p)}/review`],
	['answer-head', async (p) => `/answer/${await mine(p)}/2`],
	[
		'rollup',
		async (p) => {
			const s = await api(p, '/session');
			return `/rollup/${await mine(p)}/${s.staff.division_id}`;
		},
	],
]);
await tour('clerk', [
	['home-office', '/'],
	['campaigns', '/campaigns'],
	['status', async (p) => `/campaigns/${await campaign(p)}`],
	['reminders', async (p) => `/campaigns/${await campaign(p)}/reminders`],
	['tables', async (p) => `/campaigns/${await campaign(p)}/tables`],
	['roster', '/roster'],
	['forms', '/forms'],
	['form', async (p) => `/forms/${(await api(p, '/form-versions')).items.at(-1).id}`],
	['staff-list', '/records/staff'],
	['staff-record', async (p) => `/records/staff/${(await api(p, '/staff')).items[0].id}`, (p) => p.locator('main details summary').first().click()],
	['staff-import', '/records/staff/import'],
	['invite', '/invite'],
	['account', '/account'],
	['mail-templates', '/mail-templates', (p) => p.getByTestId('mail-preview').click()],
	['left-cases', '/left-cases'],
]);
// A register whose records have a life, with its newest record that is not closed.
const alive = async (page) => {
	for (const type of (await api(page, '/types')).types.filter((x) => x.life && x.can.list)) {
		const items = (await api(page, `/${type.path}`)).items;
		if (items.length > 0) return { path: type.path, id: (items.find((i) => !i.closed_at) ?? items[0]).id };
	}
	const made = await page.evaluate(async () => {
		const { csrf } = await (await fetch('/api/v1/session')).json();
		const values = { title: '見本の例外', reason: '検査のため', alternative: '別室で行う', from_on: '2099-04-01', to_on: '2099-05-31' };
		return (await fetch('/api/v1/exceptions', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify(values) })).json();
	});
	return { path: 'exceptions', id: made.id };
};
const csv = 'コード,課室の名前,英語名,備考\nD9001,見本課,Sample division,見本\nD9002,例示課,Example division,\n';
await tour('clerk', [
	['register-list', async (p) => `/records/${(await alive(p)).path}`],
	[
		'register-record',
		async (p) => {
			const r = await alive(p);
			return `/records/${r.path}/${r.id}`;
		},
	],
	[
		'bulk',
		'/records/divisions',
		async (p) => {
			await p.getByTestId('pick').nth(0).check();
			await p.getByTestId('pick').nth(1).check();
			await p.getByTestId('bulk-open').click();
			await p.getByTestId('bulk-field').selectOption('name_en');
			await p.locator('#bulk-name_en').fill('A sample');
			await p.getByTestId('bulk-check').click();
			await p.getByTestId('bulk-preview').waitFor({ timeout: 10000 });
		},
	],
	[
		'import-columns',
		'/records/divisions/import',
		async (p) => {
			await p.getByTestId('import-file').setInputFiles({ name: 'divisions.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
			await p.getByTestId('import-columns').waitFor({ timeout: 10000 });
		},
	],
	['search', '/search?q=' + encodeURIComponent('監督')],
]);
await tour('auditor', [['trail', '/trail']]);
await tour('supervisor', [
	['panel', async (p) => `/campaigns/${await survey(p, 'open')}`],
	['panel-review', reviewed],
	['panel-return', reviewed, (p) => p.getByTestId('review-return').click({ timeout: 5000 }).catch(() => {})],
	['panel-table', async (p) => `/campaigns/${await survey(p, 'closed')}/tables?table=web-meeting`],
	['panel-question', async (p) => `/campaigns/${await survey(p, 'closed')}/tables?table=question&item=biz_lending&by=sector`],
	['panel-table-edit', async (p) => `/campaigns/${await survey(p, 'closed')}/tables/edit/web-meeting`],
	['publications', async (p) => `/campaigns/${await survey(p, 'closed')}/publications`],
	['institutions', '/records/institutions'],
	['institution', async (p) => `/records/institutions/${(await api(p, '/institutions')).items[0].id}`],
	['coordinators', '/coordinators'],
]);
await tour('coordinator', [
	['panel-home', '/'],
	['sections', async (p) => `/answer/${await mine(p)}`],
	['sections-give', async (p) => `/answer/${await mine(p)}`, (p) => p.locator('[data-testid^="delegate-open-"]').first().click({ timeout: 5000 })],
	['section', async (p) => `/answer/${await mine(p)}/2`],
	['before-submitting', async (p) => `/answer/${await mine(p)}/review`],
	['workbook', async (p) => `/answer/${await mine(p)}/workbook`],
	['colleagues', '/colleagues'],
]);
await tour('respondent', [['sections-own', async (p) => `/answer/${await mine(p)}`]]);

await browser.close();
for (const f of faults) console.error(`FAULT ${f}`);
console.log(faults.length === 0 ? 'ok' : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
