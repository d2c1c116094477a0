import type { Page } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { testSite } from './support/index.js';

/** Fields that one trial each has, by the thousand; and two that all have. */
const TRIALS = 10;
const FIELDS_EACH = 998;

describe('a project with ten thousand fields', () => {
  let master: TestMaster;
  let page: Page;

  const site = testSite(async (booted) => {
    master = booted;
    await master.post('/projects', { name: 'Wide' });
    await master.post('/experiments', { name: 'e', projectId: 1 });
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const { id } = (await master.post('/experiments/1/trials', {})).body.trial;
      const own = Array.from({ length: FIELDS_EACH }, (_, index) => [`f${trial}_${index}`, index]);
      const metadata = { ...Object.fromEntries(own), zone: `z${trial}`, zseconds: trial };
      expect((await master.post(`/trials/${id}/metadata`, { metadata })).status).toBe(200);
    }
  });

  const open = async (path: string): Promise<void> => {
    page = await site.open({ path });
  };

  it('shows the columns that most trials have, and finds any other by its name', async () => {
    await open('/trials?project=1');
    await page.getByRole('columnheader', { name: 'zseconds' }).waitFor();
    await page.getByRole('columnheader', { name: 'zone' }).waitFor();
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByText('There are more fields: search for a part of the name.').waitFor();
    await page.getByRole('textbox', { name: 'Search fields' }).fill('f9_997');
    await page.getByRole('checkbox', { name: 'Column metadata.f9_997' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'f9_997' }).waitFor();
  });

  it('filters by a field that few have, with its type, also when the address names it', async () => {
    await open('/trials?project=1');
    await page.getByRole('grid').waitFor();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('button', { name: 'Field: Choose a field' }).click();
    await page.getByText('There are more: type a part of the name').waitFor();
    await page.getByRole('textbox', { name: 'Search fields' }).fill('f8_99');
    await page.getByRole('option', { name: /^f8_997 / }).click();
    await page.getByRole('textbox', { name: 'Value of f8_997' }).fill('997');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByTestId('total').getByText('1 trial', { exact: true }).waitFor();
    expect(decodeURIComponent(page.url())).toContain('"value":997}');
    await page.reload();
    await page.getByRole('button', { name: 'Filter (1)' }).click();
    await page.getByRole('textbox', { name: 'Value of f8_997' }).fill('many');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('This is no number. Write it like 64, -0.5 or 1e-3.').waitFor();
  });

  it('charts a field that few have', async () => {
    await open('/charts?project=1');
    const groups = page.getByRole('region', { name: 'By groups of' });
    await groups.getByRole('button', { name: /^zone/ }).click();
    const numbers = page.getByRole('region', { name: 'Number' });
    await numbers.getByText('There are more: search for a part of the name.').waitFor();
    await numbers.getByRole('textbox').fill('f7_500');
    await numbers.getByRole('button', { name: /^f7_500/ }).click();
    await page.getByRole('table').getByRole('link', { name: 'z7' }).waitFor();
    // What is chosen is in sight, though the list has only the most common fields.
    const first = numbers.getByRole('button').first();
    expect(await first.getAttribute('aria-pressed')).toBe('true');
    await numbers.getByRole('textbox').fill('');
    await numbers.getByText('There are more: search for a part of the name.').waitFor({ state: 'attached' });
    await page.reload();
    await numbers.locator('button', { hasText: 'zseconds' }).waitFor();
    expect(await first.innerText()).toMatch(/^f7_500/);
    // A click leaves the list as it is.
    const names = (await numbers.getByRole('button').allInnerTexts()).slice(0, 4);
    await numbers.getByRole('button').nth(3).click();
    await page.waitForURL((url) => !url.href.includes('f7_500'));
    expect((await numbers.getByRole('button').allInnerTexts()).slice(0, 4)).toEqual(names);
  });
});
