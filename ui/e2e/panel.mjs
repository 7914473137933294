// The survey of a sector in a browser (SRV-01, SRV-03, SRV-04, SRV-09, SYS-05, CHT-01): a coordinator shares the sections out and invites a colleague ->
// the colleague answers on a phone -> two people change one answer -> a workbook for another section ->
// submitted in part -> the office reviews with the keyboard and returns with a comment -> corrected,
// submitted again, accepted -> table, chart, any question by sector -> publication -> position sheet.
//
//   TENKEN_URL=http://127.0.0.1:8080 node e2e/panel.mjs
//
// Needs a server freshly filled with the demonstration, whose coordinator has an open survey.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, base, launch, newPage, signIn } from './browser.mjs';

const stamp = Date.now().toString(36);
const password = `a long phrase ${stamp}`;
const folder = mkdtempSync(join(tmpdir(), 'tenken-panel-'));
const faults = [];
const browser = await launch();
const here = new URL('.', import.meta.url).pathname;

let last = '';
async function step(text, f) {
	last = text;
	const began = Date.now();
	await f();
	if (faults.length > 0) throw new Error(faults.join('\n'));
	console.log(`ok   ${text} (${Date.now() - began} ms)`);
}

function must(condition, text) {
	if (!condition) throw new Error(text);
}

const see = (page, testid, timeout = 15000) => page.getByTestId(testid).first().waitFor({ timeout });
const state = (page, testid, value) => page.locator(`[data-testid="${testid}"][data-state="${value}"]`).waitFor({ timeout: 15000 });
const saved = (page) => state(page, 'save-status', 'saved');

async function as(person, options = {}) {
	const page = await newPage(browser, { faults, ...options });
	if (person) await signIn(page, person);
	return page;
}

const choose = (page, code, value) => page.getByTestId(`answer-${code}-${value}`).check();

async function story() {
	const boss = await as('coordinator');
	const task = [...(await api(boss, '/my/tasks')).tasks].find((x) => x.kind === 'answer');
	const c = task.campaign_id;
	const mine = () => api(boss, `/my/responses/${c}`);
	const start = await mine();
	const institution = (await api(boss, '/session')).institution;
	const find = (code) => start.form.sections.flatMap((x) => x.items).find((i) => i.code === code);
	// One section for the colleague, a question of another one for the workbook.
	const first = 'e_business';
	const [a, b, w] = ['biz_lending', 'biz_product_sales', 'bcp_plan_before'].map(find);
	const other = (i, now) => i.choices.find((x) => x.code !== now).code;
	// Three answers to a, the first of which is new; two to b.
	const unlike = (i) => i.choices.map((x) => x.code).filter((x) => x !== start.answers[i.code]?.value);
	const [a1, a2, a3] = [...unlike(a).slice(0, 2), unlike(a)[2] ?? start.answers[a.code].value];
	const [b1, b2] = unlike(b);
	let phone;
	let link = '';

	await step('the coordinator finds the survey and sees the sections', async () => {
		await boss.goto(`${base}/#/`);
		await see(boss, 'task-answer');
		await boss.getByTestId('task-open').first().click();
		await see(boss, 'shares');
		must((await boss.getByTestId('shares').locator('> li').count()) === start.sections.length, 'not every section is listed');
	});

	await step('a section is given to a colleague who is invited on the spot', async () => {
		await boss.getByTestId(`delegate-open-${first}`).click();
		await see(boss, 'delegate-dialog');
		await boss.getByTestId('delegate-invite').click();
		await boss.getByTestId('colleague-name').fill(`追加 ${stamp}`);
		await boss.getByTestId('colleague-mail').fill(`${stamp}@example.jp`);
		await boss.getByTestId('colleague-by-link').check();
		await boss.getByTestId('colleague-send').click();
		await see(boss, 'colleague-link');
		link = (await boss.getByTestId('colleague-link').innerText()).trim();
		must(link.includes('#/activate/'), `not a link: ${link}`);
		await boss.getByTestId('delegate-save').click();
		await boss.getByTestId('delegate-dialog').waitFor({ state: 'hidden' });
		await boss.getByTestId(`share-${first}`).getByText(stamp).waitFor();
	});

	await step('the colleague answers on a phone and sees that section only', async () => {
		phone = await newPage(browser, { width: 360, height: 740, faults });
		await phone.goto(link.replace(/^https?:\/\/[^/]+/, base));
		await phone.getByTestId('password1').fill(password);
		await phone.getByTestId('password2').fill(password);
		await phone.getByTestId('activate').click();
		await see(phone, 'task-answer');
		await phone.getByTestId('task-open').first().click();
		await see(phone, 'shares');
		must((await phone.getByTestId('shares').locator('> li').count()) === 1, 'the colleague sees more than the own section');
		await phone.getByTestId(`share-open-${first}`).click();
		await choose(phone, a.code, a1);
		await saved(phone);
		must((await mine()).answers[a.code].value === a1, 'the answer is not on the server');
		must((await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, 'wider than the phone');
	});

	await step('what the colleague saved comes to the coordinator without reloading', async () => {
		const at = start.form.sections.filter((x) => x.items.some((i) => start.asked.includes(i.code))).findIndex((x) => x.code === first) + 1;
		await boss.goto(`${base}/#/answer/${c}/${at}`);
		await see(boss, 'save-status');
		await choose(phone, b.code, b1);
		await saved(phone);
		await boss.locator(`[data-testid="answer-${b.code}-${b1}"]:checked`).waitFor({ timeout: 20000 });
	});

	await step('two people change one answer: the second one decides, and sees who it was', async () => {
		// The colleague is cut off while answering, the coordinator is not.
		phone.offlineOnPurpose = true;
		await phone.context().setOffline(true);
		await choose(phone, a.code, a2);
		await state(phone, 'save-status', 'offline');
		await choose(boss, a.code, a3);
		await boss.waitForTimeout(900);
		await saved(boss);
		await choose(boss, b.code, b2);
		await boss.waitForTimeout(900);
		await saved(boss);
		await phone.context().setOffline(false);
		await see(phone, `conflict-${a.code}`);
		phone.offlineOnPurpose = false;
		const name = (await api(boss, '/session')).account.name;
		must((await phone.getByTestId(`conflict-${a.code}`).innerText()).includes(name), 'the conflict does not say who');
		must((await mine()).answers[a.code].value === a3, 'the other answer was overwritten');
		await phone.getByTestId(`conflict-${a.code}`).getByRole('button').first().click();
		await saved(phone);
		must((await mine()).answers[a.code].value === a2, 'the chosen answer was not kept');
	});

	await step('the colleague marks the section as done', async () => {
		await phone.goto(`${base}/#/answer/${c}`);
		await phone.getByTestId(`share-done-${first}`).click();
		await phone.locator(`[data-testid="share-${first}"][data-done="yes"]`).waitFor();
		must((await phone.getByTestId('submit').count()) === 0, 'a colleague could submit');
	});

	await step('another section comes in a workbook: what it changes is shown before it counts', async () => {
		await boss.goto(`${base}/#/answer/${c}`);
		await boss.locator(`[data-testid="share-${first}"][data-done="yes"]`).waitFor({ timeout: 20000 });
		await boss.getByTestId('to-workbook').click();
		const [download] = await Promise.all([boss.waitForEvent('download'), boss.getByTestId('workbook-download').click()]);
		const made = join(folder, 'made.xlsx');
		await download.saveAs(made);
		const now = (await mine()).answers[w.code]?.value;
		const next = w.choices.find((x) => x.code !== now);
		const fill = (out, text) => execFileSync('python3', [join(here, 'fill_workbook.py'), made, out, `${w.code}=${text}`]);
		const bad = join(folder, 'bad.xlsx');
		fill(bad, 'どれでもない答え');
		await boss.getByTestId('workbook-file').setInputFiles(bad);
		await see(boss, 'workbook-refused');
		must(/![A-Z]+\d+/.test(await boss.getByTestId('workbook-problems').innerText()), 'the problem does not name sheet and cell');
		const good = join(folder, 'good.xlsx');
		fill(good, next.label);
		await boss.getByTestId('workbook-file').setInputFiles(good);
		await see(boss, 'workbook-ready');
		must((await mine()).answers[w.code]?.value === now, 'the reading alone has changed the answer');
		await boss.getByTestId('workbook-accept').click();
		await see(boss, 'workbook-written');
		must((await mine()).answers[w.code].value === next.code, 'the answer of the workbook is not there');
	});

	await step('what was changed on both sides is decided one by one', async () => {
		const [download] = await Promise.all([boss.waitForEvent('download'), boss.getByTestId('workbook-download').click()]);
		const made = join(folder, 'made2.xlsx');
		await download.saveAs(made);
		const now = (await mine()).answers[w.code].value;
		const rest = w.choices.filter((x) => x.code !== now);
		execFileSync('python3', [join(here, 'fill_workbook.py'), made, join(folder, 'both.xlsx'), `${w.code}=${rest[0].label}`]);
		const version = (await mine()).version;
		await boss.evaluate(
			async ([campaign, v, item, value]) => {
				const s = await (await fetch('/api/v1/session')).json();
				await fetch(`/api/v1/my/responses/${campaign}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': s.csrf, 'If-Match': `"${v}"` }, body: JSON.stringify({ answers: { [item]: { value } } }) });
			},
			[c, version, w.code, rest[1].code],
		);
		await boss.getByTestId('workbook-file').setInputFiles(join(folder, 'both.xlsx'));
		await see(boss, 'workbook-conflicts');
		must(await boss.getByTestId('workbook-accept').isDisabled(), 'an undecided conflict could be taken over');
		await boss.getByTestId(`take-${w.code}-file`).check();
		await boss.getByTestId('workbook-accept').click();
		await see(boss, 'workbook-written');
		must((await mine()).answers[w.code].value === rest[0].code, 'the chosen side was not kept');
	});

	await step('what is missing is listed by section; in part only with a reason', async () => {
		await boss.goto(`${base}/#/answer/${c}`);
		await boss.getByTestId('to-review').click();
		await see(boss, 'unanswered');
		await boss.getByTestId('submit').click();
		must((await mine()).state !== 'submitted', 'it was submitted in part without a reason');
		await boss.getByTestId('partial-reason').fill('新しい接続方式の導入中のため。翌月にお知らせします。');
		await boss.getByTestId('submit').click();
		await see(boss, 'receipt-no');
	});

	const office = await as('supervisor');
	let sector = '';
	await step('the supervisor finds the institution, late and partial apart from its state', async () => {
		await office.goto(`${base}/#/campaigns/${c}`);
		await see(office, 'panel-list');
		await office.getByTestId('panel-search').fill(institution.name);
		await office.waitForFunction(() => document.querySelectorAll('[data-testid="panel-list"] tbody tr').length === 1);
		const row = office.getByTestId('panel-list').locator('tbody tr');
		await row.locator('[data-state="submitted"]').waitFor();
		sector = (await api(office, `/campaigns/${c}/panel?q=${encodeURIComponent(institution.name)}`)).items[0].sector;
		await row.locator('a').click();
		await state(office, 'review-state', 'submitted');
	});

	await step('with the keyboard: to the next question, a comment on it, and back it goes', async () => {
		await office.keyboard.press('j');
		const at = await office.evaluate(() => document.activeElement?.closest('[data-item]')?.dataset.item ?? '');
		must(at !== '', 'j does not lead to a question');
		await office.getByTestId(`review-${w.code}`).focus();
		await office.keyboard.press('c');
		await see(office, 'review-words');
		await office.keyboard.type('前回と回答が違います。理由を教えてください。');
		await office.keyboard.press('Control+Enter');
		await see(office, `review-comment-${w.code}`);
		await office.getByTestId(`review-${w.code}`).focus();
		await office.keyboard.press('r');
		await see(office, 'return-dialog');
		await office.getByTestId('return-text').fill('1問だけ確認をお願いします。');
		await office.getByTestId('return-confirm').click();
		await see(office, 'review-done');
		await state(office, 'review-state', 'sent_back');
	});

	await step('the coordinator sees the comment at the question, corrects it and submits again', async () => {
		await boss.goto(`${base}/#/`);
		await boss.goto(`${base}/#/answer/${c}`);
		await see(boss, 'returned');
		must((await boss.getByTestId('returned').innerText()).includes('1問だけ'), 'the comment on the whole is not shown');
		await boss.getByTestId('returned').locator('li a').first().click();
		await see(boss, `office-comment-${w.code}`);
		const now = (await mine()).answers[w.code].value;
		await choose(boss, w.code, other(w, now));
		await boss.waitForTimeout(700);
		await saved(boss);
		await boss.getByTestId('to-review').click();
		await boss.getByTestId('partial-reason').fill('導入中の部分は翌月にお知らせします。');
		await boss.getByTestId('submit').click();
		await see(boss, 'receipt-no');
	});

	// What a rule found odd holds the acceptance up until somebody has looked at it and says why it is all right.
	async function clearAll(page) {
		const open = page.locator('.review-warning:not(.review-cleared)');
		for (let n = await open.count(); n > 0; n--) {
			await page.locator('h1').focus();
			await page.keyboard.press('w');
			await page.keyboard.press('x');
			await see(page, 'review-words');
			await page.keyboard.type('電話で確認済み。');
			await page.keyboard.press('Control+Enter');
			await page.waitForFunction((left) => document.querySelectorAll('.review-warning:not(.review-cleared)').length < left, n);
		}
	}

	await step('the supervisor sees what changed, and accepts', async () => {
		await office.reload();
		await state(office, 'review-state', 'submitted');
		await office.getByTestId('review-show-changed').check();
		await see(office, `review-${w.code}`);
		must((await office.getByTestId(`review-${a.code}`).count()) === 0, 'a question that was not corrected is shown as changed');
		await office.getByTestId('review-show-all').check();
		await clearAll(office);
		await office.locator('h1').focus();
		await office.keyboard.press('a');
		await see(office, 'review-done');
		await state(office, 'review-state', 'accepted');
		await boss.goto(`${base}/#/`);
		await boss.goto(`${base}/#/answer/${c}`);
		await see(boss, 'accepted');
		must((await boss.getByTestId('withdraw').count()) === 0, 'an accepted answer could be taken back');
	});

	await step('reminders go to those shown who have not submitted', async () => {
		await office.goto(`${base}/#/campaigns/${c}?state=not_started`);
		await see(office, 'panel-list');
		await office.getByTestId('panel-remind').click();
		await office.getByTestId('reason-confirm').click();
		await see(office, 'panel-reminded');
	});

	await step('a declared table with its chart and base; any question by sector', async () => {
		const past = (await api(office, '/campaigns')).items.find((x) => x.asks === 'institution' && x.state === 'closed');
		await office.goto(`${base}/#/campaigns/${past.id}/tables?table=web-meeting`);
		await see(office, 'table');
		await see(office, 'table-chart');
		await office.waitForFunction(() => document.querySelector('[data-testid="table-chart"]')?.naturalWidth > 0);
		await see(office, 'table-base');
		for (const format of ['csv', 'xlsx', 'json']) {
			const r = await office.evaluate((p) => fetch(p).then((x) => x.arrayBuffer().then(() => x.status)), `/api/v1/campaigns/${past.id}/tables/web-meeting?format=${format}`);
			must(r === 200, `the table as ${format} answers ${r}`);
		}
		await office.getByTestId('table-name').selectOption('question');
		await office.getByTestId('table-item').selectOption(w.code);
		await office.getByTestId('table-by').selectOption('sector');
		await office.getByTestId('table').getByRole('rowheader', { name: sector, exact: true }).waitFor();
	});

	await step('what is published leaves small cells out, and is kept file by file', async () => {
		const past = (await api(office, '/campaigns')).items.find((x) => x.asks === 'institution' && x.state === 'closed');
		await office.goto(`${base}/#/campaigns/${past.id}/publications`);
		await office.getByTestId('publication-new').click();
		await see(office, 'record-form');
		await office.getByTestId('record-save').click();
		await see(office, 'publication-lost', 60000);
		await office.getByTestId('publish').click();
		await office.getByTestId('reason-confirm').click();
		await office.locator('[data-testid="publication-state"][data-state="published"]').waitFor({ timeout: 90000 });
		await see(office, 'publication-files');
		must((await office.getByTestId('publication-files').locator('tbody tr').count()) > 10, 'the pack is nearly empty');
		await office.getByTestId('positions-send').click();
		await office.getByTestId('reason-confirm').click();
		await see(office, 'positions-sent');

		await boss.goto(`${base}/#/answer/${past.id}`);
		await see(boss, 'receipt-no');
		await boss.getByTestId('position').click();
		await boss.waitForURL(/position\.html/, { timeout: 30000 });
		must((await boss.locator('body').innerText()).includes(institution.name), 'the position sheet does not name its reader');
	});
}

try {
	await story();
	console.log('ok');
} catch (e) {
	console.error(`FAILED at: ${last}\n${e.message}`);
	for (const [i, ctx] of browser.contexts().entries())
		for (const [j, p] of ctx.pages().entries())
			await p.screenshot({ path: new URL(`./out/panel-failed-${i}-${j}.png`, import.meta.url).pathname, fullPage: true }).catch(() => {});
	process.exitCode = 1;
} finally {
	await browser.close();
	rmSync(folder, { recursive: true, force: true });
}
