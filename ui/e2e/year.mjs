// The year in a browser: numbers and their rows, dashboards, calendar by keyboard and as a feed, opening a
// year; at 1280 and 360 pixels with axe-core.
//
//   TENKEN_URL=http://127.0.0.1:8080 node e2e/year.mjs
//
// Needs a server filled with the demonstration.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { api, base, launch, newPage, signIn } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = new URL('./out/', import.meta.url);
mkdirSync(out, { recursive: true });
const faults = [];
const browser = await launch();

function must(condition, text) {
	if (!condition) throw new Error(text);
}

async function look(page, hash, name, testid) {
	await page.goto(`${base}/#/${hash}`);
	await page.getByTestId(testid).first().waitFor({ timeout: 10000 });
	await page.waitForLoadState('networkidle');
	await page.screenshot({ path: new URL(`year-${name}.png`, out).pathname, fullPage: true });
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
	must(wide <= 0, `${name}: ${wide} px wider than the screen`);
	await page.evaluate(axe);
	const found = await page.evaluate(() => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }));
	must(found.violations.length === 0, `${name}: ${found.violations.map((v) => `${v.id} ${v.nodes[0].html.slice(0, 120)}`).join('; ')}`);
}

async function pages(width) {
	const page = await newPage(browser, { width, faults });
	await signIn(page, 'clerk');
	await look(page, 'facts?year=2011', `facts-${width}`, 'facts');
	const row = page.locator('tr', { has: page.getByTestId('fact-self_inspection.response_rate') });
	const words = await row.innerText();
	must(words.includes('100.0%') && words.includes('99.9%') && words.includes('+0.1ポイント'), `response rate: ${words}`);
	await page.getByTestId('fact-self_inspection.items_100').click();
	await page.getByTestId('fact-rows').waitFor();
	must((await page.getByTestId('fact-value').innerText()).startsWith('73'), 'items at 100 % are not 73');
	await look(page, 'facts/self_inspection.items_90?year=2011', `fact-${width}`, 'fact-rows');
	await look(page, 'dashboard?year=2011', `office-${width}`, 'dash-counts');
	await look(page, 'dashboard?year=2011&view=ciso', `ciso-${width}`, 'dash-counts');
	await look(page, 'calendar?day=2012-01-19', `month-${width}`, 'calendar-grid');
	must((await page.getByTestId('calendar-entries').innerText()).includes('情報セキュリティ対策推進会議決定'), 'the decision of 19 January 2012 is missing');
	await look(page, 'calendar?view=year&day=2012-01-19', `lanes-${width}`, 'calendar-lanes');
	await look(page, 'calendar?view=list&day=2012-01-19', `list-${width}`, 'calendar-entries');
	return page;
}

async function keys(page) {
	const here = async (day) => {
		await page.waitForFunction((d) => document.activeElement?.dataset.testid === `day-${d}`, day, { timeout: 5000 }).catch(() => {
			throw new Error(`the keyboard is not at ${day}`);
		});
	};
	await page.goto(`${base}/#/calendar?day=2012-01-31`);
	await page.getByTestId('day-2012-01-31').focus();
	for (const [key, day] of [['ArrowRight', '2012-02-01'], ['ArrowDown', '2012-02-08'], ['End', '2012-02-11'], ['PageDown', '2012-03-11'], ['Home', '2012-03-11'], ['PageUp', '2012-02-11']]) {
		await page.keyboard.press(key);
		await here(day);
	}
}

async function feed(page) {
	await page.goto(`${base}/#/calendar`);
	await page.getByTestId('calendar-feed').click();
	await page.getByTestId('feed-make').click();
	const address = await page.getByTestId('feed-url').inputValue();
	const r = await fetch(address);
	must(r.status === 200 && (await r.text()).startsWith('BEGIN:VCALENDAR\r\n'), 'the feed is no calendar');
	await page.getByTestId('feed-end').click();
	await page.getByTestId('feed-end').waitFor({ state: 'detached' });
	must((await fetch(address)).status === 404, 'the ended address still answers');
}

async function open(page) {
	const { items } = await api(page, '/fiscal-years?limit=100');
	const now = items.find((y) => y.state === 'running');
	await page.goto(`${base}/#/records/fiscal-years/${now.id}`);
	await page.getByTestId('year-open').click();
	await page.getByRole('dialog').getByRole('button', { name: 'この年度を開く' }).click();
	await page.getByTestId('year-opened').waitFor({ timeout: 15000 });
	await page.screenshot({ path: new URL('year-opened.png', out).pathname, fullPage: true });
}

async function others() {
	const staff = await newPage(browser, { faults });
	await signIn(staff, 'staff');
	await look(staff, 'calendar', 'staff', 'calendar-grid');
	must((await staff.getByTestId('nav-facts').count()) === 0 && (await staff.getByTestId('nav-dashboard').count()) === 0, 'staff is offered numbers');
	const ciso = await newPage(browser, { faults, lang: 'en' });
	await signIn(ciso, 'ciso');
	await look(ciso, 'dashboard', 'ciso-own', 'dash-counts');
	must((await ciso.getByTestId('facts-compute').count()) === 0, 'the CISO is offered to compute');
}

let failed = 0;
try {
	const page = await pages(1280);
	await keys(page);
	await feed(page);
	await open(page);
	await pages(360);
	await others();
	for (const f of faults) throw new Error(f);
	console.log('ok   the year');
} catch (e) {
	failed = 1;
	console.log(`FAIL the year: ${e.message}`);
}
await browser.close();
process.exit(failed);
