import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  logLevel: 'warn',
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  resolve: {
    // The page uses the client that daymark gives to all programs, and nothing else of its sources.
    alias: { 'daymark/client': here('../src/client/client.ts') },
  },
  build: {
    outDir: here('../dist/web'),
    // `scripts/build.ts` has emptied dist/.
    emptyOutDir: false,
    target: 'es2023',
    // The policy of the page permits nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  // `npm run dev --workspace web`: the page from its sources, with the numbers of a daymark that serves on its usual port.
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/customers', '/stats', '/docs', '/openapi.json', '/health'].map((path) => [
        path,
        'http://127.0.0.1:8888',
      ]),
    ),
  },
});
