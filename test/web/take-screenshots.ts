import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ensurePage } from './support/ensure-page.js';
import { startBrowser } from './support/browser.js';

/** Writes a picture of each page, light and dark, of a master with the demo: `docs/images/<page>-<scheme>.png`. */
const FOLDER = join(import.meta.dirname, '../../docs/images');

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly ready: (page: Page) => Promise<unknown>;
}

const grid = (page: Page): Promise<void> => page.getByRole('gridcell').first().waitFor();
const filter = (field: string, value: string): string =>
  encodeURIComponent(JSON.stringify({ and: [{ field, operator: 'is', value }] }));
const columns =
  'trial.id,experiment.name,trial.state,metadata.hardware.gpu,metadata.software.cuda_version,metadata.batch_size,metadata.runtime_seconds';

const SHOTS: readonly Shot[] = [
  { name: 'trials', path: `/trials?columns=${columns}&sort=-metadata.runtime_seconds`, ready: grid },
  {
    name: 'filter',
    path: `/trials?columns=${columns}&filter=${encodeURIComponent('{"and":[{"field":"metadata.hardware.gpu","operator":"contains","value":"A100"},{"or":[{"field":"metadata.batch_size","operator":"gte","value":256},{"field":"metadata.tags","operator":"contains","value":"nightly"}]}]}')}`,
    ready: async (page) => {
      await grid(page);
      await page.getByRole('button', { name: 'Filter (3)' }).click();
      await page.getByRole('button', { name: 'Apply' }).waitFor();
    },
  },
  { name: 'experiments', path: '/experiments', ready: grid },
  { name: 'trial', path: '/trials/1', ready: (page) => page.getByRole('treeitem').first().waitFor() },
  { name: 'compare', path: '/compare?trials=1,2,3,4,5&baseline=1', ready: grid },
  {
    name: 'charts',
    path: `/charts?by=metadata.hardware.gpu&measure=metadata.runtime_seconds&filter=${filter('experiment.name', 'resnet50: gpu comparison')}`,
    ready: (page) => page.getByRole('table').waitFor(),
  },
];

async function startMaster(
  dataDir: string,
): Promise<{ readonly link: URL; readonly stop: () => Promise<void> }> {
  const program = ['--import', './test/support/typescript.mjs', './src/master/main.ts'];
  const child = spawn(process.execPath, program, {
    env: { PATH: process.env['PATH'], PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const link = await new Promise<URL>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /^Open (\S+)$/m.exec(output)?.[1];
      if (found !== undefined) resolve(new URL(found));
    });
    child.once('exit', () => reject(new Error(`The master did not start:\n${output}`)));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return { link, stop };
}

await ensurePage();
await mkdir(FOLDER, { recursive: true });
const dataDir = await mkdtemp(join(tmpdir(), 'screenshots-'));
const [master, browser] = await Promise.all([startMaster(dataDir), startBrowser()]);
try {
  const token = decodeURIComponent(master.link.hash.replace('#token=', ''));
  for (const dark of [false, true]) {
    for (const { name, path, ready } of SHOTS) {
      const { page, context } = await browser.open(
        { url: master.link.origin, token },
        { path, dark, width: 1280, height: 800 },
      );
      await ready(page);
      // Fonts and canvases are drawn a moment after what they belong to is there.
      await page.waitForTimeout(600);
      const file = `${name}-${dark ? 'dark' : 'light'}.png`;
      await page.screenshot({ path: join(FOLDER, file) });
      process.stdout.write(`${file}\n`);
      await context.close();
    }
  }
} finally {
  await browser.close();
  await master.stop();
  await rm(dataDir, { recursive: true, force: true });
}
