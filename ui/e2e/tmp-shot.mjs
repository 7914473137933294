import { launch, newPage, signIn } from './browser.mjs';
// node tmp-shot.mjs person name path [width] [lang]
const [person, name, path, width = '1280', lang = 'ja'] = process.argv.slice(2);
const faults = [];
const b = await launch();
const p = await newPage(b, { width: Number(width), height: Number(width) < 500 ? 740 : 900, lang, faults });
await signIn(p, person);
await p.goto(`${p.base}/#${path}`);
await p.waitForLoadState('networkidle');
await p.waitForTimeout(400);
await p.screenshot({ path: `/tmp/uid/${name}.png`, fullPage: process.env.FULL !== '0' });
for (const f of faults) console.log(f);
await b.close();
