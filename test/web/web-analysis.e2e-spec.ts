import type { Page } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { seed, testSite, type Seed } from './support/index.js';

describe('comparing and drawing on the page', () => {
  let master: TestMaster;
  let data: Seed;
  let page: Page;

  const site = testSite(async (booted) => {
    master = booted;
    data = await seed(master);
  });

  const open = async (path: string): Promise<void> => {
    page = await site.open({ path });
  };

  const headers = (): Promise<readonly string[]> => page.getByRole('columnheader').allInnerTexts();
  const marked = (): Promise<readonly string[]> => page.locator('[data-marked]').allInnerTexts();

  it('compares chosen trials side by side, differences marked, against a baseline, transposed', async () => {
    await open('/trials?columns=trial.id,metadata.hardware.gpu');
    const [first = 0, , , , fifth = 0] = data.trialIds;
    await page.getByRole('checkbox', { name: `Choose trial ${first}`, exact: true }).check();
    await page.getByRole('checkbox', { name: `Choose trial ${fifth}`, exact: true }).check();
    await page.getByRole('link', { name: 'Compare 2' }).click();
    await page.getByText('2 trials compared').waitFor();
    await page.getByRole('gridcell', { name: 'NVIDIA H100' }).waitFor();
    expect((await headers()).map((text) => text.split('\n')[0])).toEqual([
      'Field',
      `Trial ${first}`,
      `Trial ${fifth}`,
    ]);
    expect(await page.getByRole('gridcell', { name: 'MNIST-v1.0' }).count()).toBe(0);
    await page.getByRole('switch', { name: 'Only differences' }).uncheck({ force: true });
    await page.getByRole('gridcell', { name: 'MNIST-v1.0' }).first().waitFor();
    await page
      .getByRole('combobox', { name: 'Baseline' })
      .or(page.getByRole('textbox', { name: 'Baseline' }))
      .first()
      .click();
    await page.getByRole('option', { name: `Baseline: trial ${first}` }).click();
    await page.getByRole('columnheader', { name: `Baseline: Trial ${first}` }).waitFor();
    expect([...(await marked())].sort()).toEqual(['700', 'NVIDIA H100']);
    await page.getByRole('switch', { name: 'Trials as rows' }).check({ force: true });
    await page.getByRole('columnheader', { name: 'hardware.gpu', exact: true }).waitFor();
    await page.getByRole('textbox', { name: 'Search fields and values' }).fill('runtime');
    await page
      .getByRole('columnheader', { name: 'hardware.gpu', exact: true })
      .waitFor({ state: 'detached' });
    expect(await headers()).toEqual(['Trial', 'Experiment', 'State', 'Duration', 'runtime_seconds']);
  });

  it('compares what a filter finds', async () => {
    await open(
      `/trials?filter=${encodeURIComponent('{"and":[{"field":"metadata.benchmark","operator":"is","value":"bert"}]}')}`,
    );
    await page.getByRole('link', { name: 'Compare', exact: true }).click();
    await page.getByText('12 trials compared').waitFor();
  });

  it('answers "how do runtimes compare across accelerators for one benchmark" in four clicks', async () => {
    await open('/trials');
    await page.getByRole('gridcell', { name: 'bert', exact: true }).first().click();
    await page.getByRole('menuitem', { name: 'Filter by this value' }).click();
    await page.getByRole('link', { name: 'Chart', exact: true }).click();
    await page
      .getByRole('region', { name: 'By groups of' })
      .getByRole('button', { name: /^hardware\.gpu / })
      .click();
    const table = page.getByRole('table');
    await table.getByRole('link', { name: 'NVIDIA A100' }).waitFor();
    const rows = await table.getByRole('row').allInnerTexts();
    expect(rows.map((row) => row.split('\t').slice(0, 6))).toEqual([
      ['hardware.gpu', 'Trials', 'Numbers', 'min', 'p25', 'median'],
      ['AMD MI300X', '4', '4', '400', '407.5', '415'],
      ['NVIDIA H100', '4', '4', '700', '707.5', '715'],
      ['NVIDIA A100', '4', '4', '1,000', '1,007.5', '1,015'],
    ]);
    await page.getByRole('img', { name: /Box plot of runtime_seconds by hardware\.gpu/ }).waitFor();
    await table.getByRole('link', { name: 'AMD MI300X' }).click();
    await page.getByTestId('total').getByText('4 trials').waitFor();
  });

  it('opens the trials of a box and the trial of a point on a click', async () => {
    await open('/charts?measure=metadata.runtime_seconds&by=metadata.hardware.gpu');
    const canvas = page.locator('canvas').first();
    await canvas.waitFor();
    await page.waitForTimeout(500);
    const box = await page.getByRole('img', { name: /Box plot/ }).boundingBox();
    if (box === null) throw new Error('The chart has no place.');
    // The boxes lie around the middle of their third of the drawing; a click is tried along it.
    for (let x = box.x + box.width * 0.3; x < box.x + box.width && page.url().includes('/charts'); x += 12) {
      await page.mouse.click(x, box.y + 8 + (box.height - 60) / 2);
    }
    await page.waitForURL(/\/trials\?/);
    expect(decodeURIComponent(page.url())).toContain('metadata.hardware.gpu');
  });

  it('draws two numbers against each other, and several fields side by side', async () => {
    await open('/charts?chart=scatter&measure=metadata.runtime_seconds&x=trial.id&by=metadata.benchmark');
    await page.getByRole('img', { name: '24 trials: runtime_seconds against Trial ID' }).waitFor();
    await page.getByText('Parallel', { exact: true }).click();
    const list = page.getByRole('region', { name: 'Fields side by side' });
    for (const field of ['benchmark', 'hardware.gpu', 'runtime_seconds']) {
      await list.getByRole('button', { name: new RegExp(`^${field.replace('.', '\\.')} `) }).click();
    }
    await page
      .getByRole('img', { name: 'Parallel coordinates of benchmark, hardware.gpu, runtime_seconds' })
      .waitFor();
  });
});
