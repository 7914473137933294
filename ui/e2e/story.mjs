// The whole story in a browser: roster -> invitation -> questionnaire -> campaign -> answering (lost
// connection, two tabs) -> receipt -> sending back -> sign-off -> reminders -> tables -> close -> trail.
//
//   TENKEN_URL=http://127.0.0.1:8080 TENKEN_LANG=ja|en node e2e/story.mjs
//
// Needs a server filled with the demonstration. It adds three persons and one campaign of its own,
// with names that carry the time, so it may run again on the same database.
import { api, base, launch, newPage, signIn } from './browser.mjs';

const who = {
	office: process.env.TENKEN_OFFICE ?? 'clerk',
	head: process.env.TENKEN_HEAD ?? 'division_head',
	auditor: process.env.TENKEN_AUDITOR ?? 'auditor',
};
const stamp = Date.now().toString(36);
const lang = process.env.TENKEN_LANG === 'en' ? 'en' : 'ja';
const [number, second_no, third_no] = ['T', 'U', 'V'].map((c) => `${c}${stamp}`.slice(0, 12));
const name = `story-${stamp}`;
const password = `a long phrase ${stamp}`;
const faults = [];
const browser = await launch();

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

const at = (days) => new Date(Date.now() + 9 * 3600e3 + days * 86400e3).toISOString().slice(0, 10);
const csv = (rows) => ({ name: 'roster.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.map((r) => `${r.join(',')}\r\n`).join('')) });
const state = (page, testid, value) => page.locator(`[data-testid="${testid}"][data-state="${value}"]`).waitFor({ timeout: 15000 });
const saved = (page) => state(page, 'save-status', 'saved');
const see = (page, testid) => page.getByTestId(testid).waitFor({ timeout: 15000 });

async function as(person, options = {}) {
	const page = await newPage(browser, { faults, lang, ...options });
	if (person) await signIn(page, person);
	return page;
}

async function story() {
	const head = await as(who.head);
	const office = await as(who.office);
	const unit = (await api(head, '/session')).staff;
	// A person's page is in the language of the account; the story keeps to its own.
	const links = {};
	let version = '';
	let campaign = '';
	let person;

	await step('a roster with a mistake is refused, cell by cell, and nothing is written', async () => {
		await office.goto(`${base}/#/roster`);
		await office.getByTestId('roster-partial').check();
		const heads = ['職員番号', '氏名', 'フリガナ', '局等', '課室', '役職', 'メールアドレス'];
		await office.getByTestId('roster-file').setInputFiles(csv([heads, [number, '追加 三郎', 'ツイカ サブロウ', unit.bureau, 'どこにもない課', '', 'x@example.jp']]));
		await see(office, 'import-refused');
		must((await office.getByTestId('import-problems').locator('tbody tr').count()) > 0, 'the problem is not listed');
		await office.getByTestId('roster-file').setInputFiles(
			csv([
				heads,
				[number, '追加 三郎', 'ツイカ サブロウ', unit.bureau, unit.division, '', 'x@example.jp'],
				[second_no, '追加 𠮷子', 'ツイカ ヨシコ', unit.bureau, unit.division, '', 'y@example.jp'],
				[third_no, '追加 五郎', 'ツイカ ゴロウ', unit.bureau, unit.division, '', ''],
			]),
		);
		await see(office, 'import-ready');
		await office.getByTestId('roster-accept').click();
		await see(office, 'import-written');
	});

	await step('each new person gets a one-time link', async () => {
		await office.getByTestId('to-invite').click();
		await office.locator('input[type=radio][value=division]').check();
		const division = office.locator('#inv-div');
		await division.waitFor();
		await office.waitForFunction(() => document.querySelectorAll('#inv-div option').length > 1);
		await division.selectOption(unit.division_id);
		await office.getByTestId('invite-links').check();
		await office.getByTestId('invite-send').click();
		await see(office, 'invite-table');
		for (const n of [number, second_no, third_no]) {
			const row = office.getByTestId('invite-table').locator('tbody tr').filter({ hasText: n });
			links[n] = (await row.locator('code').innerText()).trim();
			must(links[n].includes('#/activate/'), `not a link: ${links[n]}`);
		}
	});

	await step('a questionnaire is copied, changed and published', async () => {
		await office.goto(`${base}/#/forms`);
		await office.getByTestId('form-version').first().click();
		await see(office, 'copy-version');
		const before = office.url();
		await office.getByTestId('copy-version').click();
		await office.waitForFunction((u) => location.href !== u, before);
		await state(office, 'version-state', 'draft');
		version = new URL(office.url()).hash.split('/').at(-1);
		await office.locator('.outline [data-testid^="edit-c0"]').first().click();
		await see(office, 'record-form');
		const hint = office.locator('#field-hint_ja');
		await hint.fill(`${await hint.inputValue()}（${stamp}）`);
		await office.getByTestId('record-save').click();
		await see(office, 'publish');
		await office.getByTestId('publish').click();
		await office.getByTestId('reason-confirm').click();
		await state(office, 'version-state', 'published');
	});

	await step('a campaign is made and opened', async () => {
		await office.goto(`${base}/#/campaigns`);
		await office.getByTestId('campaign-new').click();
		await see(office, 'record-form');
		await office.locator('#field-name').fill(name);
		await office.locator('#field-title_ja').fill(`自己点検 ${stamp}`);
		await office.locator('#field-title_en').fill(`Self-inspection ${stamp}`);
		await office.locator('#field-fiscal_year').fill(String(new Date(Date.now() - 90 * 86400e3).getFullYear()));
		await office.waitForFunction((v) => document.querySelector(`#field-form_version_id option[value="${v}"]`), version);
		await office.locator('#field-form_version_id').selectOption(version);
		await office.locator('#field-opens_on').fill(at(0));
		await office.locator('#field-closes_on').fill(at(20));
		await office.getByTestId('record-save').click();
		await state(office, 'campaign-state', 'planned');
		campaign = new URL(office.url()).hash.split('/').at(-1);
		await office.getByTestId('campaign-open').click();
		await office.getByTestId('reason-confirm').click();
		await state(office, 'campaign-state', 'open');
	});

	async function begin(n, options = {}) {
		const page = await as(null, options);
		await page.goto(links[n].replace(/^https?:\/\/[^/]+/, base));
		await page.getByTestId('password1').fill(password);
		await page.getByTestId('password2').fill(password);
		await page.getByTestId('activate').click();
		await page.locator('[data-testid^="task-"]').first().waitFor({ timeout: 15000 });
		await page.goto(`${base}/#/answer/${campaign}/1`);
		await see(page, 'save-status');
		must((await page.locator('html').getAttribute('lang')) === lang, 'the page changed its language');
		return page;
	}

	await step('the new person sets a password and finds the task', async () => {
		person = await begin(number);
	});

	const sheet = await api(person, `/my/responses/${campaign}`);
	const items = sheet.form.sections.flatMap((s) => s.items).filter((i) => sheet.asked.includes(i.code) && i.kind === 'single');
	must(items.length >= 5, 'the new person is asked fewer items than the story needs');
	const [a, b, c, d] = items.map((i) => i.code);
	const choose = (page, code, value) => page.getByTestId(`answer-${code}-${value}`).check();
	const answers = async () => (await api(person, `/my/responses/${campaign}`)).answers;

	await step('the keyboard reaches the content past the menu', async () => {
		await person.goto(`${base}/#/`);
		await person.reload();
		await see(person, 'sign-out');
		await person.keyboard.press('Tab');
		await person.keyboard.press('Enter');
		must(await person.evaluate(() => document.activeElement?.id === 'main'), 'the skip link does not lead to the content');
		await person.goto(`${base}/#/answer/${campaign}/1`);
		await see(person, 'save-status');
	});

	await step('an answer given with the keyboard alone is saved as it is given', async () => {
		await person.getByTestId(`answer-${a}-done`).focus();
		await person.keyboard.press('Space');
		await saved(person);
		await person.getByTestId(`comment-open-${a}`).click();
		await person.getByTestId(`comment-${a}`).fill('研修資料を読みました。');
		await person.waitForTimeout(700);
		await saved(person);
		const x = (await answers())[a];
		must(x.value === 'done' && x.comment.startsWith('研修'), 'the answer is not on the server');
	});

	await step('without a connection answers are kept here and sent later', async () => {
		person.offlineOnPurpose = true;
		await person.context().setOffline(true);
		await choose(person, b, 'partly');
		await state(person, 'save-status', 'offline');
		await person.context().setOffline(false);
		await saved(person);
		person.offlineOnPurpose = false;
		must((await answers())[b].value === 'partly', 'the answer was lost');
	});

	await step('answers kept while the window was closed are sent at the next visit', async () => {
		person.offlineOnPurpose = true;
		await person.route('**/api/v1/my/responses/**', (r) => (r.request().method() === 'PATCH' ? r.abort() : r.continue()));
		await choose(person, b, 'done');
		await state(person, 'save-status', 'offline');
		await person.reload();
		await see(person, 'save-status');
		await person.unroute('**/api/v1/my/responses/**');
		await person.reload();
		await see(person, 'save-status');
		person.offlineOnPurpose = false;
		for (let n = 0; n < 20 && (await answers())[b].value !== 'done'; n++) await person.waitForTimeout(250);
		must((await answers())[b].value === 'done', 'the answer was lost');
		must(await person.getByTestId(`answer-${b}-done`).isChecked(), 'the answer is not shown');
	});

	await step('an old tab never overwrites silently', async () => {
		const old = await person.context().newPage();
		old.base = base;
		await old.goto(`${base}/#/answer/${campaign}/1`);
		await see(old, 'save-status');
		await choose(person, c, 'done');
		await saved(person);
		await choose(old, d, 'done'); // another item: both are kept without a question
		await saved(old);
		let now = await answers();
		must(now[c].value === 'done' && now[d].value === 'done', 'one of two different answers was lost');
		await choose(person, c, 'partly');
		await person.waitForTimeout(900);
		await saved(person);
		await choose(person, d, 'partly');
		await person.waitForTimeout(900);
		await saved(person);
		await choose(old, d, 'not_done'); // the same item: the person decides
		await see(old, `conflict-${d}`);
		now = await answers();
		must(now[d].value === 'partly', 'the old tab has overwritten the answer');
		await old.getByTestId(`conflict-${d}`).getByRole('button').first().click();
		await saved(old);
		now = await answers();
		must(now[d].value === 'not_done' && now[c].value === 'partly', 'the chosen answer was not kept');
		await old.close();
	});

	await step('the rest is answered, looked over and submitted', async () => {
		await person.reload();
		await see(person, 'save-status');
		await person.getByTestId('to-review').click();
		await see(person, 'unanswered');
		const left = await person.getByTestId('unanswered').locator('li').count();
		must(left > 0, 'nothing is listed as unanswered');
		await person.getByTestId('section-1').click();
		for (const i of items.slice(4)) await choose(person, i.code, i.not_applicable ? 'not_applicable' : 'done');
		await person.waitForTimeout(700);
		await saved(person);
		await person.getByTestId('to-review').click();
		await person.getByTestId('submit').click();
		await see(person, 'receipt-no');
		must((await person.getByTestId('receipt-no').innerText()).trim() !== '', 'no receipt number');
	});

	await step('two more persons answer, one of them on a telephone', async () => {
		for (const [n, value, options] of [
			[second_no, 'partly', {}],
			[third_no, 'not_done', { width: 390, height: 844 }],
		]) {
			const page = await begin(n, options);
			for (const i of items) await choose(page, i.code, i.code === a ? value : 'done');
			await page.waitForTimeout(700);
			await saved(page);
			await page.getByTestId('next-section').click();
			await page.getByTestId('submit').click();
			await see(page, 'receipt-no');
			await page.context().close();
		}
	});

	await step('the division head sees who is missing and sends the answers back with a reason', async () => {
		await head.goto(`${base}/#/rollup/${campaign}/${unit.division_id}`);
		await see(head, 'missing-count');
		await head.getByTestId(`send-back-${number}`).click();
		await head.getByTestId('reason-confirm').click();
		must(await head.getByTestId('reason-dialog').isVisible(), 'an empty reason was taken');
		await head.getByTestId('reason-text').fill('2問目の根拠を書いてください。');
		await head.getByTestId('reason-confirm').click();
		await head.locator('tr', { hasText: number }).locator('[data-state="sent_back"]').waitFor({ timeout: 15000 });
	});

	await step('the person reads the reason, corrects, submits again; withdraws and submits once more', async () => {
		await person.goto(`${base}/#/`);
		await person.goto(`${base}/#/answer/${campaign}/1`);
		await see(person, 'sent-back');
		await choose(person, b, 'partly');
		await person.waitForTimeout(700);
		await saved(person);
		for (const again of [true, false]) {
			await person.getByTestId('to-review').click();
			await person.getByTestId('submit').click();
			await see(person, 'receipt-no');
			if (!again) break;
			await person.getByTestId('withdraw').click();
			await person.getByTestId('reason-confirm').click();
			await see(person, 'save-status');
		}
	});

	await step('the division head signs off, with a reason because others are missing', async () => {
		await head.reload();
		await see(head, 'sign-off');
		await head.getByTestId('sign-off').click();
		await head.getByTestId('incomplete-reason').fill('ほかの職員は出張中のため。');
		await head.getByTestId('sign-confirm').click();
		await see(head, 'signed');
		await person.reload();
		await see(person, 'receipt-no');
		must((await person.getByTestId('withdraw').count()) === 0, 'a signed-off answer can still be withdrawn');
	});

	await step('the office sees the status, reminds, and reads the tables', async () => {
		await office.goto(`${base}/#/campaigns/${campaign}`);
		await see(office, 'status-divisions');
		await office.getByTestId('tab-reminders').click();
		await see(office, 'remind-list');
		await office.getByTestId('remind-send').click();
		await office.getByTestId('reason-confirm').click();
		await see(office, 'remind-done');
		await office.getByTestId('tab-tables').click();
		await see(office, 'table');
		await office.getByTestId('table-by').selectOption('division');
		await office.waitForLoadState('networkidle');
		for (const format of ['csv', 'xlsx', 'json']) {
			const r = await office.evaluate(async (p) => (await fetch(p)).status, `/api/v1/campaigns/${campaign}/tables/items?format=${format}`);
			must(r === 200, `the table as ${format} answers ${r}`);
		}
		await office.getByTestId('table-by').selectOption('');
		await office.getByTestId('table-name').selectOption('problem-items');
		await see(office, 'make-follow-ups');
		await office.getByTestId('make-follow-ups').click();
		await see(office, 'follow-ups-made');
	});

	await step('the closing date is extended, then the campaign is closed', async () => {
		await office.getByTestId('campaign-extend').click();
		await office.getByTestId('reason-date').fill(at(30));
		await office.getByTestId('reason-text').fill('年末年始のため。');
		await office.getByTestId('reason-confirm').click();
		await office.getByTestId('reason-dialog').waitFor({ state: 'hidden' });
		await office.getByTestId('campaign-close').click();
		await office.getByTestId('reason-text').fill('回答がそろったため。');
		await office.getByTestId('reason-confirm').click();
		await state(office, 'campaign-state', 'closed');
	});

	await step('the table has what the three persons answered', async () => {
		const row = await office.evaluate(
			async ([id, item]) => {
				const table = await (await fetch(`/api/v1/campaigns/${id}/tables/items?format=json`)).json();
				const at = (name) => table.columns.findIndex((c) => c.name === name);
				const row = table.rows.find((r) => r[at('item')] === item);
				return Object.fromEntries(['numerator', 'denominator', 'done', 'partly', 'not_done'].map((c) => [c, row[at(c)]]));
			},
			[campaign, a],
		);
		const want = { numerator: 1, denominator: 3, done: 1, partly: 1, not_done: 1 };
		must(JSON.stringify(row) === JSON.stringify(want), `${JSON.stringify(row)}, not ${JSON.stringify(want)}`);
	});

	await step('two people editing one record: the second one decides', async () => {
		const staff = (await api(office, `/staff?q=${encodeURIComponent(number)}`)).items[0];
		const second = await office.context().newPage();
		for (const p of [office, second]) {
			await p.goto(`${base}/#/records/staff/${staff.id}`);
			await see(p, 'record-form');
		}
		await office.locator('#field-name').fill('追加 四郎');
		await office.getByTestId('record-save').click();
		await see(office, 'record-saved');
		await second.locator('#field-kana').fill('ツイカ シロウ');
		await second.getByTestId('record-save').click();
		await see(second, 'conflict-dialog');
		await second.getByTestId('conflict-dialog').getByRole('button').first().click();
		await see(second, 'record-saved');
		const now = await api(office, `/staff/${staff.id}`);
		must(now.name === '追加 四郎' && now.kana === 'ツイカ シロウ', 'one of the two changes was lost');
		await second.close();
	});

	await step('the auditor reads the trail, in the other language too', async () => {
		const other = lang === 'ja' ? 'en' : 'ja';
		const auditor = await as(who.auditor);
		await auditor.goto(`${base}/#/trail`);
		await see(auditor, 'trail');
		must((await auditor.getByTestId('trail').locator('tbody tr').count()) > 5, 'the trail is nearly empty');
		await auditor.getByTestId('lang').click();
		await auditor.getByRole('heading', { level: 1, name: other === 'en' ? 'Audit trail' : '監査証跡' }).waitFor();
		must((await auditor.locator('html').getAttribute('lang')) === other, 'the page does not say which language it is in');
		await auditor.getByTestId('lang').click();
	});
}

try {
	await story();
	console.log('ok');
} catch (e) {
	console.error(`FAILED at: ${last}\n${e.message}`);
	for (const [i, c] of browser.contexts().entries())
		for (const [j, p] of c.pages().entries())
			await p.screenshot({ path: new URL(`./out/failed-${i}-${j}.png`, import.meta.url).pathname, fullPage: true }).catch(() => {});
	process.exitCode = 1;
} finally {
	await browser.close();
}
