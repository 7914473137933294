import { launch, newPage, signIn, base } from './browser.mjs';
const [,, who, width, ...rest] = process.argv;
const b = await launch(); const faults = [];
const p = await newPage(b, { width: +width, faults });
await signIn(p, who);
for (let i = 0; i + 1 < rest.length; i += 2) {
  await p.goto(base + '/' + rest[i]); await p.waitForTimeout(900);
  await p.screenshot({ path: rest[i + 1], fullPage: true });
}
console.log(faults.join('\n')); await b.close();
