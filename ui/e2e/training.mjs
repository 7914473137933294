// Courses and reports in a browser: a person enrols and cancels, attends with the code of the session, takes
// the test and holds the certificate; the head recommends attendance; the office ticks its list; a report from
// a screen of 360 px gives a receipt number. Every page is looked at with axe-core.
//
//   TENKEN_URL=http://127.0.0.1:8080 node e2e/training.mjs
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { api, base, launch, newPage, signIn } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const faults = [];
const browser = await launch();
let n = 0;

function must(condition, text) {
	if (!condition) throw new Error(text);
	n++;
}

async function look(page, name) {
	await page.waitForFunction(() => !document.querySelector('.loading'), null, { timeout: 15000 });
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
	must(wide <= 0, `${name}: ${wide} px wider than the screen`);
	await page.evaluate(axe);
	const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
	const bad = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
	must(bad.length === 0, `${name}: ${bad.map((v) => `${v.id} – ${v.nodes.map((x) => x.target.join(' ')).slice(0, 3).join(' | ')}`).join('; ')}`);
}

async function person(who, width) {
	const page = await newPage(browser, { width, faults });
	await signIn(page, who);
	return page;
}

async function open(page, hash) {
	await page.goto(`${base}/#/`);
	await page.goto(`${base}/#${hash}`);
	await page.locator('main h1').first().waitFor();
}

const clerk = await person('clerk', 1280);
const staff = await person('staff', 360);
const head = await person('division_head', 1280);

// a session of today, made by the office
const stamp = Date.now().toString(36);
const today = new Date(Date.now() + 9 * 3600e3).toISOString().slice(0, 10);
const make = (page, path, body) =>
	page.evaluate(
		async ([p, b]) => {
			const s = await (await fetch('/api/v1/session')).json();
			const r = await fetch(`/api/v1${p}`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': s.csrf }, body: JSON.stringify(b) });
			return { status: r.status, ...(await r.json()) };
		},
		[path, body],
	);
const course = await make(clerk, '/courses', { title: `画面の検査 ${stamp}`, kind: 'security_training', state: 'open', yearly: true });
must(course.status === 201, `course: ${course.status}`);
const session = await make(clerk, '/sessions', { course_id: course.id, held_on: today, from_time: '10:00', to_time: '11:00', place: '検査室', capacity: 5 });
must(session.status === 201, `session: ${session.status}`);

// EDU-05: the head recommends attendance with one click
await open(head, `/non-attendees/${course.id}`);
await head.getByTestId('non-attendees').waitFor();
await look(head, 'non-attendees');
await head.getByTestId('due-all').check();
const [sent] = await Promise.all([
	head.waitForResponse((r) => r.request().method() === 'POST' && r.url().includes('/recommend')),
	head.getByTestId('recommend').click(),
]);
must(sent.ok(), `recommend: ${sent.status()}`);
must((await api(head, '/attendance-notices?limit=200')).items.some((x) => x.course_id === course.id), 'the recommendation is recorded');

// EDU-07: enrol, cancel, enrol
await open(staff, '/my-courses');
const card = staff.getByTestId('course').filter({ hasText: stamp });
await card.waitFor();
await look(staff, 'my courses');
await card.getByTestId('session-enrol').click();
await card.getByTestId('session-cancel').waitFor();
await card.getByTestId('session-cancel').click();
await card.getByTestId('session-enrol').waitFor();
await card.getByTestId('session-enrol').click();
await card.getByTestId('session-cancel').waitFor();

// the list of the session shows the code; a wrong one is refused, the right one records
await open(clerk, `/session-lists/${session.id}`);
const code = (await clerk.getByTestId('session-code').innerText()).trim();
await look(clerk, 'attendance list');
await open(staff, '/attend');
await look(staff, 'session code');
await staff.getByTestId('attend-code').fill('ZZZZZ9');
await staff.getByTestId('attend-send').click();
await staff.getByTestId('error-summary').waitFor();
await staff.getByTestId('attend-code').fill(code.toLowerCase());
await staff.getByTestId('attend-send').click();
await staff.getByTestId('attend-done').waitFor();
await open(clerk, `/session-lists/${session.id}`);
await clerk.getByTestId('attendees').waitFor();
must((await clerk.getByTestId('attendees').locator('tbody tr').count()) === 1, 'one person in the list');
await clerk.getByTestId('list-number').fill('10010');
await clerk.getByTestId('list-add').click();
await clerk.waitForFunction(() => document.querySelectorAll('[data-testid="attendees"] tbody tr').length === 2);
await open(clerk, '/session-lists');
await clerk.getByTestId('session-list').first().waitFor();
await look(clerk, 'attendance lists');

// the test: all the first options, until every one was tried; then the certificate
await open(staff, '/my-courses');
const test = staff.getByTestId('course').filter({ has: staff.getByTestId('to-test') }).first();
await test.getByTestId('to-test').click();
await staff.getByTestId('question').first().waitFor();
await look(staff, 'test');
const questions = staff.getByTestId('question');
for (let i = 0; i < (await questions.count()); i++) {
	const text = await questions.nth(i).innerText();
	const right = /届け出る/.test(text) ? 1 : /宛先と添付/.test(text) ? 2 : 0;
	await questions.nth(i).locator('input').nth(right).check();
}
await staff.getByTestId('test-send').click();
await staff.getByTestId('test-result').waitFor();
must(await staff.locator('.banner-success').isVisible(), 'the test is passed');
await open(staff, '/my-courses');
const link = staff.getByTestId('past').locator('a').first();
await link.waitFor();
const certificate = await staff.evaluate(async (href) => (await fetch(href)).text(), await link.getAttribute('href'));
must(/受講証/.test(certificate), 'the certificate is a page');

// INC-04, MAIL-04: a report in a minute at 360 px
await open(staff, '/report');
await look(staff, 'report');
await staff.getByTestId('report-send').click();
await staff.getByTestId('error-summary').waitFor();
await staff.locator('label.tile', { hasText: '不審なメール' }).click();
await staff.getByTestId('report-text').fill(`請求書 ${stamp}`);
await staff.getByTestId('report-file').setInputFiles({ name: 'gamen.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
await staff.getByTestId('report-send').click();
await staff.getByTestId('receipt-no').waitFor();
must(/^F\d{4}-/.test(await staff.getByTestId('receipt-no').innerText()), 'a receipt number');
must((await staff.locator('[data-testid="report-done"] .error-text').count()) === 0, 'the file is attached');
await look(staff, 'report done');
must(faults.length === 0, faults.join('\n'));
console.log(`ok: ${n} checks`);
await browser.close();
