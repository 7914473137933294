import { launch } from './browser.mjs'; import fs from 'node:fs';
const [,, out, ...imgs] = process.argv; const b = await launch(); const p = await b.newPage({viewport:{width:1900,height:1000}});
await p.setContent('<body style="margin:0;display:flex;align-items:flex-start;gap:8px">'+imgs.map(f=>`<img style="max-height:1500px" src="data:image/png;base64,${fs.readFileSync(f).toString('base64')}">`).join('')+'</body>');
await p.waitForTimeout(300); await p.screenshot({path:out, fullPage:true}); await b.close();
