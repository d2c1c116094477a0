import { defineConfig } from 'vite';
import { scriptBudget } from './build/script-budget.js';

/** Where `npm run dev:web` finds a running master; only its API is used. */
const MASTER = process.env['MASTER_URL'] ?? 'http://127.0.0.1:8080';

/**
 * The page is built to `web/dist` with addresses relative to `<base href>`, so that a host can serve it below any path
 * by changing that one attribute of `index.html`. JSX needs no plugin: Vite's own compiler reads `tsconfig.json`.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [scriptBudget(250_000)],
  server: { host: '127.0.0.1', proxy: { '/api': MASTER } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // What the bundled libraries' licences ask for: it goes wherever the page goes.
    license: { fileName: 'licenses.md' },
    // An inlined asset would be a data: address, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_200,
    rolldownOptions: {
      // React's marks for servers mean nothing in a bundle.
      onLog: (level, log, report) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
      // One script for the first view: as fifty small ones it was a tenth larger, compressed.
      output: { codeSplitting: { groups: [{ name: 'first-view', tags: ['$initial'] }] } },
    },
  },
});
