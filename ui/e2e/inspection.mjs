// The matrix of a technical inspection in a browser: by keyboard, the rest of a server at once, the
// sentence that is not said too early; which systems need a manual; asking about a vulnerability.
//
//   TENKEN_URL=http://127.0.0.1:8080 node e2e/inspection.mjs
//
// Needs a server filled with the demonstration; what it enters stays.
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

async function look(page, name) {
	await page.waitForLoadState('networkidle');
	for (const width of [1280, 360]) {
		await page.setViewportSize({ width, height: 900 });
		await page.screenshot({ path: new URL(`${name}-${width}.png`, out).pathname, fullPage: true });
		const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
		must(wide <= 0, `${name}: ${wide} px wider than the screen of ${width}`);
	}
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.evaluate(axe);
	const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
	const bad = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
	must(bad.length === 0, `${name}: ${bad.map((v) => `${v.id} – ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`).join('; ')}`);
}

const result = (page, cell, value) => page.locator(`[data-testid="cell-${cell}"][data-result="${value}"]`).waitFor({ timeout: 10000 });

try {
	const clerk = await newPage(browser, { faults });
	await signIn(clerk, 'clerk');
	const rounds = await api(clerk, '/tech-rounds?limit=100');
	const running = rounds.items.find((r) => r.state === 'running' && r.title.endsWith('技術検査'));
	must(running, 'the demonstration has no running inspection');

	// a year that was complete and positive says so; one with a result that does not conform does not
	for (const [year, good] of [[2011, true], [2010, false]]) {
		const r = rounds.items.find((x) => x.fiscal_year === year && x.state === 'complete');
		await clerk.goto(`${base}/#/inspection/${r.id}`);
		await clerk.getByTestId(good ? 'statement-all' : 'statement-not').waitFor();
		await look(clerk, `inspection-${year}`);
	}

	await clerk.goto(`${base}/#/inspection/${running.id}`);
	await clerk.getByTestId('statement-not').waitFor();
	await clerk.getByTestId('kind-web').check();
	await result(clerk, 'koho-web01-W-1-1', '');
	await clerk.getByTestId('cell-koho-web01-W-1-1').focus();
	await clerk.keyboard.press('1');
	await result(clerk, 'koho-web01-W-1-1', 'conforming');
	await clerk.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'cell-koho-web01-W-1-2');
	await clerk.keyboard.press('3');
	await clerk.getByTestId('cell-save').click();
	await clerk.getByTestId('cell-dialog').getByRole('alert').waitFor();       // why it does not apply is missing
	await clerk.getByTestId('cell-evidence').fill('静的な公開ファイルがない。');
	await clerk.getByTestId('cell-save').click();
	await result(clerk, 'koho-web01-W-1-2', 'not_applicable');
	await clerk.getByTestId('cell-koho-web01-W-2-1').focus();
	await clerk.keyboard.press('2');
	await clerk.getByTestId('cell-measure').fill('不要なポートを閉じる。');
	await look(clerk, 'inspection-cell');
	await clerk.getByTestId('cell-save').click();
	await result(clerk, 'koho-web01-W-2-1', 'non_conforming');
	await clerk.getByTestId('cell-koho-web01-W-2-1').focus();
	await clerk.keyboard.press('Delete');
	await result(clerk, 'koho-web01-W-2-1', '');
	await clerk.getByTestId('rest-koho-web01').click();
	await clerk.getByTestId('rest-do').click();
	await result(clerk, 'koho-web01-W-4-3', 'conforming');
	await look(clerk, 'inspection-running');

	// the owner of one system sees and fills that one
	const owner = await newPage(browser, { faults });
	await signIn(owner, 'system_admin');
	await owner.goto(`${base}/#/inspection/${running.id}`);
	await owner.getByTestId('matrix-shijo-web01').waitFor();
	must((await owner.locator('[data-testid^="matrix-koho"]').count()) === 0, 'the owner sees servers of others');

	await clerk.goto(`${base}/#/manuals`);
	await clerk.getByTestId('manual-count').waitFor();
	await look(clerk, 'manuals');

	const notices = await api(clerk, '/vuln-notices?limit=100');
	const old = notices.items.find((n) => n.title === '例示データベースの権限昇格');
	await clerk.goto(`${base}/#/vulnerability/${old.id}`);
	await clerk.getByTestId('vuln-systems').waitFor();
	const list = await api(clerk, `/vuln-notices/${old.id}/proposals`);
	const other = list.items.find((x) => !x.response_id);
	if (other) {
		await clerk.getByTestId(`vuln-${other.info_system_id}`).check();
		await clerk.getByTestId('vuln-ask').click();
		await clerk.getByTestId(`vuln-${other.info_system_id}`).and(clerk.locator(':disabled')).waitFor();
	}
	await look(clerk, 'vulnerability');
	must(faults.length === 0, faults.join('\n'));
	console.log('ok');
} catch (e) {
	console.error(e.message);
	process.exitCode = 1;
}
await browser.close();
