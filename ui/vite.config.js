import { defineConfig } from 'vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';

// The server's Content-Security-Policy is default-src 'self': nothing may be inlined, so even
// the smallest asset becomes a file. `npm run dev` passes calls on to a running server.
export default defineConfig({
	plugins: [svelte()],
	base: '/',
	build: {
		outDir: 'dist',
		assetsDir: 'assets',
		assetsInlineLimit: 0,
		target: 'es2022',
	},
	server: {
		proxy: { '/api': process.env.TENKEN_URL ?? 'http://127.0.0.1:8080' },
	},
});
