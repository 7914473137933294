// What the browser tests share: Debian's Chromium, a page that reports every error, signing in as a
// demonstration person, and calls to the API with the page's own cookie.
import { chromium } from 'playwright-core';

export const base = (process.env.TENKEN_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');

export function launch() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
	});
}

// Console errors that are the browser's own echo of an expected HTTP status are not faults.
const ECHO = /Failed to load resource: the server responded with a status of (401|403|404|409|410|412|422)/;

export async function newPage(browser, { width = 1280, height = 900, lang = 'ja', faults = [] } = {}) {
	const context = await browser.newContext({ viewport: { width, height }, locale: lang === 'ja' ? 'ja-JP' : 'en-GB', timezoneId: 'Asia/Tokyo' });
	await context.addInitScript((l) => {
		if (!localStorage.getItem('tenken.lang')) localStorage.setItem('tenken.lang', l);
	}, lang);
	const page = await context.newPage();
	page.base = base;
	page.on('console', (m) => {
		if (m.type() === 'error' && !ECHO.test(m.text()) && !page.offlineOnPurpose) faults.push(`console: ${m.text()}`);
	});
	page.on('pageerror', (e) => faults.push(`script: ${e.message}`));
	page.on('request', (r) => {
		if (!r.url().startsWith(base) && !r.url().startsWith('data:') && !r.url().startsWith('blob:')) faults.push(`left the origin: ${r.url()}`);
	});
	return page;
}

export async function signIn(page, key) {
	await page.goto(`${base}/#/`);
	const card = page.getByTestId(`demo-${key}`);
	await card.waitFor({ timeout: 10000 });
	await card.click();
	await page.getByTestId('sign-out').waitFor({ timeout: 10000 });
}

export function api(page, path) {
	return page.evaluate(async (p) => {
		const r = await fetch(`/api/v1${p}`);
		if (!r.ok) throw new Error(`${p}: ${r.status}`);
		return r.json();
	}, path);
}
