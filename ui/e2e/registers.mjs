// Every register in a browser (NFR-05): each file of e2e/registers/ says who makes a record with which values, who
// moves it how, and who is refused. See e2e/registers/README.md for what such a file holds.
//
//   TENKEN_URL=http://127.0.0.1:8080 node e2e/registers.mjs [file ...]
//
// Needs a server filled with the demonstration; what it makes carries the time in its name where the file
// says {stamp}.
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { api, base, launch, newPage, signIn } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = new URL('./registers/', import.meta.url);
const out = new URL('./out/', import.meta.url);
mkdirSync(out, { recursive: true });
const stamp = Date.now().toString(36);
const faults = [];
const browser = await launch();
const pages = new Map();
let current;

async function as(person) {
	if (!pages.has(person)) {
		const page = await newPage(browser, { faults });
		await signIn(page, person);
		pages.set(person, page);
	}
	current = pages.get(person);
	return current;
}

function must(condition, text) {
	if (!condition) throw new Error(text);
}

async function look(page, name) {
	await page.waitForLoadState('networkidle');
	await page.waitForFunction(() => !document.querySelector('.loading'), null, { timeout: 15000 });
	await page.screenshot({ path: new URL(`register-${name}.png`, out).pathname, fullPage: true });
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
	must(wide <= 0, `${name}: ${wide} px wider than the screen`);
	await page.evaluate(axe);
	const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
	const bad = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
	must(bad.length === 0, `${name}: ${bad.map((v) => `${v.id} – ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`).join('; ')}`);
}

/** "+30d" is a day after today; {stamp} makes a text one of its own. */
function value(v) {
	if (typeof v !== 'string') return v;
	const days = /^([+-]\d+)d$/.exec(v);
	if (days) return new Date(Date.now() + 9 * 3600e3 + Number(days[1]) * 86400e3).toISOString().slice(0, 10);
	return v.replaceAll('{stamp}', stamp);
}

async function fill(page, type, values) {
	for (const [name, given] of Object.entries(values)) {
		const f = type.fields.find((x) => x.name === name);
		must(f, `${type.path} has no field ${name}`);
		const v = value(given);
		const at = page.locator(`#field-${name}`);
		await at.waitFor({ timeout: 10000 });
		if (f.kind === 'bool') await at.setChecked(Boolean(v));
		else if (f.kind === 'enum') await at.selectOption((f.choices.find((c) => c.code === v) ?? f.choices.find((c) => c.label === v))?.code ?? `${v}: no such choice`);
		else if (f.kind === 'ref') await pick(page, at, name, String(v));
		else await at.fill(String(v));
	}
}

/** A reference is chosen by what it is called, from the list or by searching. */
async function pick(page, at, name, label) {
	const options = at.locator('option').filter({ hasText: label });
	const search = page.locator(`.field:has(#field-${name}) .ref-search`);
	await page.waitForLoadState('networkidle');
	if ((await options.count()) === 0 && (await search.count()) > 0) await search.fill(label);
	await options.first().waitFor({ state: 'attached', timeout: 10000 });
	await at.selectOption(await options.first().getAttribute('value'));
}

async function typeOf(page, path) {
	const type = (await api(page, '/types')).types.find((x) => x.path === path);
	must(type, `this person sees no type ${path}`);
	return type;
}

async function open(page, hash) {
	await page.goto(`${base}/#${hash}`);
	await page.locator('main h1').first().waitFor();
}

/** What the server says to a move, past the page. */
function move(page, at, action) {
	return page.evaluate(
		async ([path, act]) => {
			const s = await (await fetch('/api/v1/session')).json();
			const r = await fetch(`/api/v1/${path}/case/move`, {
				method: 'POST',
				headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': s.csrf },
				body: JSON.stringify({ action: act, comment: 'x' }),
			});
			await r.text(); // unread, it would keep the network busy for the rest of the walk
			return r.status;
		},
		[at, action],
	);
}

const inState = (page, state) => page.locator(`[data-testid="case"][data-state="${state}"]`).waitFor({ timeout: 15000 });

async function refuse(file, at, state) {
	for (const r of (file.refused ?? []).filter((x) => x.at === state)) {
		const page = await as(r.as);
		await open(page, '/');
		await open(page, `/records/${at}`);
		await page.locator('[data-testid="case"][data-state], [role="alert"]').first().waitFor({ timeout: 15000 });
		must((await page.getByTestId(`case-${r.action}`).count()) === 0, `${r.as} sees "${r.action}" in the state ${state}`);
		const status = await move(page, at, r.action);
		must([403, 404, 409].includes(status), `${r.as} may "${r.action}" in the state ${state}: ${status}`);
	}
}

async function take(step, at) {
	const page = await as(step.as);
	await open(page, '/');
	await open(page, `/records/${at}`);
	if (step.edit) {
		await page.getByTestId('record-save').waitFor({ timeout: 15000 });
		await fill(page, await typeOf(page, at.split('/')[0]), step.edit);
		await page.getByTestId('record-save').click();
		await page.getByTestId('record-saved').waitFor({ timeout: 15000 });
	}
	if (step.file) {
		await page.getByTestId('attachment-file').setInputFiles({ name: step.file, mimeType: 'text/plain', buffer: Buffer.from(`${step.file} ${stamp}\n`) });
		await page.getByTestId('attachments').getByRole('link', { name: step.file }).waitFor({ timeout: 15000 });
	}
	if (step.child) {
		await page.getByTestId(`child-add-${step.child}`).click();
		await page.getByTestId('record-form').waitFor();
		await fill(page, await typeOf(page, step.child), step.values ?? {});
		await page.getByTestId('record-save').click();
		await page.locator('[data-testid="record-received"], [data-testid="record-saved"], [data-testid="case"], [data-testid^="child-"]').first().waitFor({ timeout: 15000 });
	}
	if (!step.action) return;
	const button = page.getByTestId(`case-${step.action}`);
	await button.waitFor({ timeout: 15000 });
	await button.click();
	await page.getByTestId('reason-dialog').waitFor();
	if (step.comment && (await page.locator('dialog[open] .required').count()) > 0) {
		await page.getByTestId('reason-confirm').click();
		await page.locator('dialog[open] .error-text').waitFor();
	}
	if (step.comment) await page.getByTestId('reason-text').fill(step.comment);
	await page.getByTestId('reason-confirm').click();
	await page.locator('dialog[open]').waitFor({ state: 'detached', timeout: 15000 }).catch(async () => {
		throw new Error(`"${step.action}" was refused: ${await page.locator('dialog[open]').innerText()}`);
	});
	await inState(page, step.state);
	if (step.comment) await page.getByTestId('case-log').getByText(step.comment).first().waitFor();
}

async function walk(name, file) {
	const page = await as(file.as);
	const type = await typeOf(page, file.type);
	await open(page, `/records/${file.type}`);
	await page.getByTestId('record-table').waitFor({ timeout: 15000 });
	await look(page, `${name}-list`);
	await page.getByTestId('record-new').click();
	await page.getByTestId('record-form').waitFor();
	await fill(page, type, file.values);
	await page.getByTestId('record-save').click();
	await page.locator('[data-testid="record-saved"], [data-testid="record-received"], [data-testid="error-summary"]').first().waitFor({ timeout: 15000 });
	must((await page.getByTestId('error-summary').count()) === 0, `not saved: ${await page.getByTestId('error-summary').allInnerTexts()}`);
	const at = new URL(page.url()).hash.split('?')[0].split('/').slice(2).join('/');
	if (type.life) {
		const number = (await page.getByTestId('case-receipt').innerText()).trim();
		must(/^[A-Z]\d{4}-/.test(number), `no receipt number: ${number}`);
		must((await page.getByTestId('record-received').innerText()).includes(number), 'the receipt number is not said');
		let state = await page.getByTestId('case').getAttribute('data-state');
		await refuse(file, at, state);
		for (const step of file.steps ?? []) {
			await take(step, at);
			state = step.state ?? state;
			await refuse(file, at, state);
		}
	}
	if (file.edit) await take({ as: file.as, edit: file.edit }, at);
	const last = await as(file.as);
	await open(last, '/');
	await open(last, `/records/${at}`);
	await last.locator('main details.fold').last().locator('summary').click();
	await last.getByTestId('history').locator('li').first().waitFor({ timeout: 15000 });
	await look(last, name);
	await last.setViewportSize({ width: 360, height: 740 });
	await look(last, `${name}-360`);
	await open(last, `/records/${file.type}`);
	await last.getByTestId('record-table').waitFor({ timeout: 15000 });
	await look(last, `${name}-list-360`);
	await last.setViewportSize({ width: 1280, height: 900 });
}

/** What every list has: a file with columns matched by hand, the search over everything, a filter kept under
 * a name, and a change to many rows. */
async function lists() {
	const page = await as('clerk');
	const file = (rows) => ({ name: 'sectors.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.map((r) => `${r.join(',')}\n`).join('')) });
	const head = ['コード', `呼び名${stamp}`, '余り'];
	const upload = async (rows) => {
		await open(page, '/');
		await open(page, '/records/sectors/import');
		await page.getByTestId('import-file').setInputFiles(file([head, ...rows]));
		await page.getByTestId('import-columns').waitFor({ timeout: 15000 });
	};
	await upload([[`y1${stamp}`, `取込業一${stamp}`, 'x'], [`y2${stamp}`, `取込業二${stamp}`, 'x']]);
	must((await page.getByTestId('column-B').inputValue()) === '', 'an unknown heading is taken for a field');
	await page.getByTestId('column-B').selectOption('name');
	await page.getByTestId('columns-check').click();
	await page.getByTestId('import-ready').waitFor({ timeout: 15000 });
	await look(page, 'lists-import');
	await page.getByTestId('import-accept').click();
	await page.getByTestId('import-written').waitFor({ timeout: 15000 });
	await upload([[`y2${stamp}`, `取込業二${stamp}`, 'x']]);
	must((await page.getByTestId('column-B').inputValue()) === 'name', 'the match of the last import is forgotten');

	await page.getByTestId('search-all').fill(`取込業二${stamp}`);
	await page.getByTestId('search-all').press('Enter');
	await page.getByTestId('found-sectors').getByRole('link').first().waitFor({ timeout: 15000 });
	await look(page, 'lists-search');
	await page.getByTestId('found-sectors').getByRole('link').first().click();
	await page.getByTestId('record-save').waitFor({ timeout: 15000 });

	await open(page, '/records/sectors');
	await page.getByTestId('list-search').fill(`取込業`);
	await page.waitForFunction(() => location.hash.includes('q='));
	await page.getByTestId('list-search').fill(`${stamp}`);
	await page.waitForFunction((x) => location.hash.includes(x), stamp);
	await page.waitForFunction(() => document.querySelectorAll('[data-testid="record-table"] tbody tr').length >= 2);
	await page.getByTestId('saved-filters').locator('summary').click();
	await page.getByTestId('filter-keep').click();
	await page.locator('#filter-name').fill(`条件${stamp}`);
	await page.getByTestId('filter-save').click();
	await open(page, '/');
	await open(page, '/records/sectors');
	await page.getByTestId('saved-filters').locator('summary').click();
	await page.getByRole('link', { name: `条件${stamp}` }).click();
	await page.waitForFunction((x) => location.hash.includes(x), stamp);
	await page.waitForFunction((x) => [...document.querySelectorAll('[data-testid="record-table"] tbody tr')].every((r) => r.textContent.includes(x)), stamp);

	await page.getByTestId('pick-page').check();
	await page.getByTestId('bulk-open').click();
	await page.getByTestId('bulk-field').selectOption('name_en');
	await page.locator('#bulk-name_en').fill(`same ${stamp}`);
	await page.getByTestId('bulk-check').click();
	await page.getByTestId('bulk-preview').waitFor({ timeout: 15000 });
	await look(page, 'lists-bulk');
	await page.getByTestId('bulk-apply').click();
	await page.locator('dialog[open]').waitFor({ state: 'detached', timeout: 15000 });
	await page.waitForFunction((x) => [...document.querySelectorAll('[data-testid="record-table"] tbody tr')].every((r) => r.textContent.includes(x)), `same ${stamp}`);
	await page.getByTestId('saved-filters').locator('summary').click();
	await page.getByRole('button', { name: new RegExp(`条件${stamp}`) }).click();
	await page.getByRole('link', { name: `条件${stamp}` }).waitFor({ state: 'detached' });
}

const only = process.argv.slice(2).map((x) => x.replace(/^.*\//, '').replace(/\.json$/, ''));
const names = readdirSync(folder).filter((x) => x.endsWith('.json')).map((x) => x.slice(0, -5)).filter((x) => only.length === 0 || only.includes(x)).sort();
if (only.length === 0) names.push('lists');
let failed = 0;
for (const name of names) {
	const began = Date.now();
	try {
		if (name === 'lists') await lists();
		else await walk(name, JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
		must(faults.length === 0, faults.join('\n'));
		console.log(`ok   ${name} (${Date.now() - began} ms)`);
	} catch (e) {
		failed++;
		console.log(`not ok ${name}\n${String(e.message ?? e).split('\n').slice(0, 12).join('\n')}`);
		await current?.screenshot({ path: new URL(`register-${name}-failed.png`, out).pathname, fullPage: true }).catch(() => {});
		await current?.setViewportSize({ width: 1280, height: 900 }).catch(() => {});
		faults.length = 0;
	}
}
await browser.close();
console.log(failed === 0 && names.length > 0 ? 'ok' : `${failed} of ${names.length} registers failed`);
process.exitCode = failed === 0 && names.length > 0 ? 0 : 1;
