// Somebody without a mouse signs in, answers and reaches the last button, on a desktop and a telephone:
// every place on the way can be seen to have the focus, and is on the screen.
//
//   TENKEN_URL=http://127.0.0.1:8080 node e2e/keyboard.mjs
//
// The server must be filled with the demonstration.
import { base, launch, newPage } from './browser.mjs';

const faults = [];
const browser = await launch();
const rings = (e) => {
	const ring = (x) => x && getComputedStyle(x).outlineStyle !== 'none';
	const r = e.getBoundingClientRect();
	const name = e.dataset.testid || e.id || e.textContent.trim().slice(0, 30);
	// a choice shows it on its label, a file's box on the button behind it
	return { name, seen: ring(e) || ring(e.closest('label')) || ring(e.nextElementSibling), on: r.top < innerHeight && r.bottom > 0, body: e === document.body };
};

async function tabTo(page, where, wanted) {
	for (let n = 0; n < 150; n++) {
		await page.keyboard.press('Tab');
		const e = await page.evaluateHandle(() => document.activeElement);
		const x = await e.evaluate(rings);
		if (x.body) continue;
		if (!x.seen) faults.push(`${where}: the focus on ${x.name} cannot be seen`);
		if (!x.on) faults.push(`${where}: the focus on ${x.name} is off the screen`);
		if (wanted.test(x.name)) return;
	}
	throw new Error(`${where}: the keyboard does not reach ${wanted}`);
}

async function walk(width, height) {
	const page = await newPage(browser, { width, height, faults });
	const where = `${width} pixels`;
	await page.goto(`${base}/#/`);
	await page.getByTestId('demo-staff').waitFor();
	await tabTo(page, where, /^demo-staff$/);
	await page.keyboard.press('Enter');
	await page.getByTestId('task-open').first().waitFor();
	await tabTo(page, where, /^task-open$/);
	await page.keyboard.press('Enter');
	await page.getByTestId('save-status').waitFor();
	await page.waitForTimeout(200);
	await tabTo(page, where, /^answer-/);
	await page.keyboard.press('Space');
	await page.keyboard.press('ArrowRight');
	await page.locator('[data-testid="save-status"][data-state="saved"]').waitFor();
	await tabTo(page, where, /^(next-section|to-review)$/);
	await page.keyboard.press('Enter');
	await page.getByTestId('submit').waitFor();
	await tabTo(page, where, /^submit$/);
	await page.context().close();
}

async function files(width, height) {
	const page = await newPage(browser, { width, height, faults });
	await page.goto(`${base}/#/`);
	await page.getByTestId('demo-clerk').click();
	await page.getByTestId('sign-out').waitFor();
	await page.goto(`${base}/#/roster`);
	await page.getByTestId('roster-file').waitFor({ state: 'attached' });
	await tabTo(page, `${width} pixels`, /^roster-file$/);
	await page.context().close();
}

/** From the menu's folded groups to a list, its filters, a record and what may be done there. */
async function lists(width, height) {
	const page = await newPage(browser, { width, height, faults });
	const where = `lists at ${width} pixels`;
	await page.goto(`${base}/#/`);
	await page.getByTestId('demo-clerk').click();
	await page.getByTestId('task-open').first().waitFor();
	if (width < 960) {
		await tabTo(page, where, /^menu-button$/);
		await page.keyboard.press('Enter');
	}
	await tabTo(page, where, /^search-all$/);
	await tabTo(page, where, /^menu-group-organisation$/);
	await page.keyboard.press('Enter');
	await tabTo(page, where, /^nav-divisions$/);
	await page.keyboard.press('Enter');
	await page.getByTestId('record-table').waitFor();
	await page.waitForTimeout(200);
	await tabTo(page, where, /^pick$/);
	await page.keyboard.press('Space');
	await page.getByTestId('bulk-open').waitFor();
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.getByTestId('record-form').waitFor();
	await page.waitForTimeout(200);
	await tabTo(page, where, /^record-save$/);
	await page.context().close();
}

try {
	for (const size of [
		[1280, 900],
		[390, 844],
	]) {
		await walk(...size);
		await files(...size);
		await lists(...size);
	}
} catch (e) {
	faults.push(e.message);
}
await browser.close();
for (const f of faults) console.error(`FAULT ${f}`);
console.log(faults.length === 0 ? 'ok' : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
