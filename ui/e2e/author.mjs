// An author without a spreadsheet makes a questionnaire on the page: sections, choices, conditions that are
// checked as they are typed, a fault named and led to, a trial as a respondent, publication, the workbook out
// and in again. Only the keyboard is used for one question. Then a respondent's view of it on a phone.
//
//   TENKEN_URL=http://127.0.0.1:8080 node e2e/author.mjs
//
// Needs a server filled with the demonstration; what it makes carries the time in its name. Pictures: e2e/out/.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { api, base, launch, newPage, signIn } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = new URL('./out/', import.meta.url);
mkdirSync(out, { recursive: true });
const stamp = Date.now().toString(36);
const code = `author_${stamp}`;
const faults = [];
const browser = await launch();
let page;
let version = '';
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

async function look(p, name) {
	await p.waitForTimeout(250);
	await p.screenshot({ path: new URL(`author-${name}.png`, out).pathname, fullPage: true });
	const wide = await p.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
	if (wide > 0) faults.push(`${name}: ${wide} px wider than the screen`);
	await p.evaluate(axe);
	const found = await p.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
	for (const v of found.violations)
		if (v.impact === 'serious' || v.impact === 'critical') faults.push(`${name}: ${v.id} – ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`);
}

const field = (name) => page.locator(`#field-${name}`);
const open = (p, path) => p.goto(`${base}/#${path}`);

async function save() {
	await page.getByTestId('record-save').click();
	await page.getByTestId('tab-rows').waitFor({ timeout: 15000 });
}

async function add(kind, name, label, more = async () => {}) {
	await open(page, `/forms/${version}`);
	await page.getByTestId(kind === 'group' ? 'section-new' : 'item-new').click();
	await field('kind').selectOption(kind);
	await field('code').fill(name);
	await field('label_ja').fill(label);
	await more();
	await save();
	await page.getByTestId(`row-${name}`).waitFor({ timeout: 15000 });
}

async function rules(name, text) {
	await field(name).waitFor({ state: 'attached' });
	await field(name).evaluate((f) => f.closest('details.fold')?.setAttribute('open', ''));
	await field(name).fill(text);
}

try {
	await step('an author makes a questionnaire', async () => {
		page = await newPage(browser, { faults });
		await signIn(page, process.env.TENKEN_OFFICE ?? 'clerk');
		await open(page, '/records/forms/new');
		await page.locator('#field-code').fill(code);
		await page.locator('#field-title_ja').fill('著者の質問票');
		await page.locator('#field-title_en').fill('Questionnaire of the author');
		await page.getByTestId('record-save').click();
		await page.getByTestId('record-saved').waitFor({ timeout: 15000 });
		const form = (await api(page, `/forms?code=${code}`)).items[0];
		await open(page, `/records/form-versions/new?form_id=${form.id}&number=1&back=/forms`);
		await page.getByTestId('record-save').click();
		await page.getByRole('heading', { level: 1, name: '質問票', exact: true }).waitFor({ timeout: 15000 });
		version = (await api(page, `/form-versions?form_id=${form.id}`)).items[0].id;
	});

	await step('a list of choices with a column for filters', async () => {
		await open(page, `/forms/${version}/choices`);
		for (const [name, rows, column] of [
			['yn', [['yes', 'はい', 'Yes'], ['no', 'いいえ', 'No']], ''],
			['city', [['a1', '甲市', 'A City', 'a'], ['b1', '乙市', 'B City', 'b']], 'area'],
			['area', [['a', '甲', 'A'], ['b', '乙', 'B']], ''],
		]) {
			await page.locator('#new-list').fill(name);
			await page.getByTestId('list-new').click();
			const card = page.getByTestId(`list-${name}`);
			await card.waitFor();
			if (column) {
				await page.locator(`#col-${name}`).fill(column);
				await page.locator(`#col-${name}`).press('Enter');
			}
			for (const [n, row] of rows.entries()) {
				if (n > 0) await page.getByTestId(`choice-add-${name}`).click();
				const inputs = card.locator('tbody tr').nth(n).locator('input');
				for (const [k, text] of row.entries()) await inputs.nth(k).fill(text);
			}
			await page.getByTestId(`list-save-${name}`).click();
			await page.waitForFunction((t) => document.querySelector(`[data-testid="${t}"]`)?.disabled, `list-save-${name}`);
		}
		await look(page, 'choices-ja-1280');
	});

	await step('sections and questions of all kinds, conditions checked as typed', async () => {
		await add('group', 's1', '第一節', async () => {
			await page.locator('details.fold summary').first().click();
			await field('label_en').fill('Section one');
		});
		await add('single', 'area', '地域', async () => {
			await field('group_code').selectOption('s1');
			await field('list').fill('area');
		});
		await add('single', 'city', '市', async () => {
			await field('list').fill('city');
			await rules('choice_filter', 'area = ${area}');
			await page.locator('#field-choice_filter-state .save-success').waitFor({ timeout: 5000 });
		});
		await add('int', 'people', '人数', async () => {
			await rules('relevant', "${city} != '' and ${nobody} = 1");
			await page.locator('#field-relevant-state .error-text').waitFor({ timeout: 5000 });
			await rules('relevant', "${city} != '' and");
			await page.locator('#field-relevant-state .error-text').waitFor({ timeout: 5000 });
			await look(page, 'item-ja-1280');
			await rules('relevant', "${city} != ''");
			await page.locator('#field-relevant-state .save-success').waitFor({ timeout: 5000 });
			await page.locator('.expr-try summary').first().click();
			await page.locator('#field-relevant-v-city').fill('a1');
			await page.getByText('結果: true').waitFor({ timeout: 5000 });
			await rules('constraint_expr', '. > 0 and . < 1000');
			await field('constraint_ja').fill('1 人から 999 人までです。');
		});
		await add('calculate', 'double', '倍', async () => {
			await field('calculation').fill('coalesce(${people}, 0) * 2');
		});
		await add('note', 'said', '二倍は ${double} 人です。');
		await add('rank', 'order', '順番', async () => field('list').fill('area'));
		await add('time', 'at', '時刻');
		await add('acknowledge', 'ok', '確かめました');
		await add('text', 'free', '意見');
	});

	await step('one question with the keyboard alone', async () => {
		await open(page, `/forms/${version}`);
		await page.getByTestId('item-new').focus();
		await page.keyboard.press('Enter');
		await field('kind').waitFor();
		await field('kind').focus();
		await page.keyboard.type('日付');
		await page.keyboard.press('Tab');
		await page.keyboard.type('day');
		await field('label_ja').focus();
		await page.keyboard.type('日付はいつですか');
		await page.keyboard.press('Enter');
		await page.getByTestId('record-save').focus();
		await page.keyboard.press('Enter');
		await page.getByTestId('row-day').waitFor({ timeout: 15000 });
		const up = page.getByTestId('row-day').locator('.row-up');
		await up.focus();
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => document.querySelector('[data-testid="row-day"]')?.nextElementSibling?.getAttribute('data-testid') === 'row-free');
		await page.waitForFunction(() => document.activeElement?.classList.contains('row-up'));
		await look(page, 'rows-ja-1280');
	});

	await step('a fault is named, leads to its row, and is corrected there', async () => {
		await page.getByTestId('edit-free').click();
		await field('label_ja').waitFor();
		await rules('relevant', '${nobody} = 1');
		await save();
		await page.getByTestId('tab-check').click();
		await page.getByTestId('fault-0').waitFor({ timeout: 15000 });
		await look(page, 'check-ja-1280');
		await page.getByTestId('tab-preview').click();
		await page.getByRole('link', { name: '確認' }).last().waitFor();
		await page.getByTestId('tab-check').click();
		await page.getByTestId('fault-0').click();
		await field('relevant').waitFor();
		await rules('relevant', '');
		await save();
		await page.getByTestId('tab-check').click();
		await page.getByTestId('fault-count').waitFor();
		must((await page.getByTestId('fault-0').count()) === 0, 'the fault is still there');
	});

	await step('tried as a respondent: filtered choices, a message, a calculation in a note', async () => {
		await page.getByTestId('tab-preview').click();
		await page.getByTestId('preview').waitFor({ timeout: 15000 });
		await page.getByTestId('answer-area-a').check();
		await page.getByTestId('answer-city-a1').waitFor();
		must((await page.getByTestId('answer-city-b1').count()) === 0, 'a choice of another area is offered');
		await page.getByTestId('answer-city-a1').check();
		await page.getByTestId('answer-people').fill('2000');
		await page.getByText('1 人から 999 人までです。').waitFor();
		await page.getByTestId('answer-people').fill('20');
		await page.getByText('二倍は 40 人です。').waitFor();
		must((await page.getByTestId('value-double').textContent()) === '40', 'the calculation is not shown');
		await page.getByTestId('answer-area-b').check();
		await page.getByText('甲市（選べなくなりました）').waitFor();
		await page.getByTestId('answer-area-a').check();
		await page.getByTestId('rank-order-b-up').click();
		await page.waitForFunction(() => document.querySelector('.rank li')?.getAttribute('data-rank') === 'b');
		await page.locator('#preview-expr').fill("selected-at(${order}, 0) = 'b' and ${people} > 10");
		await page.getByTestId('preview-evaluate').click();
		await page.getByText('結果: true').waitFor();
		await look(page, 'preview-ja-1280');
	});

	await step('on a phone and in English', async () => {
		for (const lang of ['ja', 'en']) {
			const phone = await newPage(browser, { width: 390, height: 800, lang, faults });
			await signIn(phone, process.env.TENKEN_OFFICE ?? 'clerk');
			for (const [tab, wait] of [['', 'row-s1'], ['choices', 'list-city'], ['check', 'fault-count'], ['preview', 'preview']]) {
				await open(phone, `/forms/${version}${tab ? `/${tab}` : ''}`);
				await phone.getByTestId(wait).first().waitFor({ timeout: 15000 });
				await look(phone, `${tab || 'rows'}-${lang}-390`);
			}
			await open(phone, `/forms/${version}`);
			await phone.getByTestId('edit-people').click();
			await phone.locator('#field-relevant').waitFor();
			await look(phone, `item-${lang}-390`);
			await phone.context().close();
		}
	});

	await step('the workbook goes out, comes in as the same, and the version is published', async () => {
		await open(page, `/forms/${version}`);
		const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('form-download').click()]);
		const path = await file.path();
		await open(page, '/forms');
		await page.getByTestId('form-upload-open').click();
		await page.getByTestId('form-upload').setInputFiles({ name: `${code}.xlsx`, mimeType: 'application/octet-stream', buffer: readFileSync(path) });
		await page.getByText('最新の版と同じ内容でした').waitFor({ timeout: 15000 });
		await page.getByTestId('form-upload').setInputFiles({ name: `bad_${stamp}.csv`, mimeType: 'text/csv', buffer: Buffer.from('type,name,label,relevent\ngeopoint,w,どこ,\ntext,a,あ,\n') });
		await page.getByText('読み込みました').waitFor({ timeout: 15000 });
		await page.getByText('relevant').first().waitFor();
		await look(page, 'upload-ja-1280');
		const grid = ['survey,type,name,label,hint,appearance,relevant,required', ',note,hello,はじめに読んでください,,,,', ',begin_group,g,利用の状況,あてはまるものを選んでください,table-list,,',
			',select_one often,mail,電子メール,,,,yes', ',select_one often,web,ウェブ会議,社外とのもの,,,', ',select_one often,chat,チャット,,,,${web} = \'daily\'', ',end_group,,,,,,',
			',select_one often,like,満足していますか,,likert,,', ',select_one often,box,一つ選ぶ,,minimal,,', ',select_multiple often,many,いくつでも,,columns,,', ',text,long,長い文,,multiline,,',
			'choices,list_name,name,label', ',often,daily,毎日', ',often,weekly,毎週', ',often,never,使わない'].join('\n');
		await page.getByTestId('form-upload').setInputFiles({ name: `grid_${stamp}.csv`, mimeType: 'text/csv', buffer: Buffer.from(grid) });
		await page.getByText(`「grid_${stamp}」を下書きとして`).waitFor({ timeout: 15000 });
		await page.getByTestId('form-open').click();
		await page.getByTestId('tab-preview').click();
		await page.getByTestId('answer-web-daily').check();
		await page.locator('#item-chat-q .required').waitFor();
		await look(page, 'grid-ja-1280');
		const place = page.url();
		const phone = await newPage(browser, { width: 390, height: 800, faults });
		await signIn(phone, process.env.TENKEN_OFFICE ?? 'clerk');
		await phone.goto(place);
		await phone.getByTestId('answer-web-daily').waitFor();
		await look(phone, 'grid-ja-390');
		await phone.context().close();
		await open(page, `/forms/${version}`);
		await page.getByTestId('publish').click();
		await page.locator('dialog[open] .button').first().click();
		await page.locator('[data-testid="version-state"][data-state="published"]').waitFor({ timeout: 15000 });
	});
	console.log('author: all steps passed');
} catch (e) {
	console.error(`not ok ${last}\n${e.stack ?? e}`);
	if (page) await page.screenshot({ path: new URL('author-failed.png', out).pathname, fullPage: true }).catch(() => {});
	process.exitCode = 1;
}
await browser.close();
