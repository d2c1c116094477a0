import type { Page } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { addUser, seed, testSite, violations, type Seed } from './support/index.js';

const EXACT = '9007199254740993';

describe('the views that a project keeps', () => {
  let master: TestMaster;
  let data: Seed;
  let page: Page;
  let viewer: string;

  const site = testSite(async (booted) => {
    master = booted;
    data = await seed(master);
    viewer = await addUser(master, 'Vera', data.projectId, 'viewer');
  });

  beforeEach(async () => {
    for (const { id } of await kept()) await master.delete(`/projects/${data.projectId}/views/${id}`);
  });

  const open = async (path: string, token = master.token): Promise<void> => {
    page = await site.open({ path, token });
    await page.getByRole('grid').waitFor();
  };

  const kept = async (): Promise<readonly { id: number; name: string; table: string; search: unknown }[]> =>
    (await master.get(`/projects/${data.projectId}/views`)).body.items;
  const keep = async (name: string, search: object, table = 'trials'): Promise<number> =>
    (await master.post(`/projects/${data.projectId}/views`, { name, table, search })).body.view.id;
  const menu = () => page.getByRole('toolbar').getByRole('button', { name: /^(Views|Slow|Mine|Quick)/ });
  const openMenu = async (): Promise<void> => {
    await menu().click();
    await page.getByRole('textbox', { name: 'Search views' }).waitFor();
  };
  const choose = async (label: RegExp): Promise<void> => {
    await openMenu();
    await page.getByRole('button', { name: label }).click();
  };
  const name = async (text: string, button: string): Promise<void> => {
    const dialog = page.getByRole('dialog');
    if (text !== '') await dialog.getByRole('textbox', { name: 'Name' }).fill(text);
    await dialog.getByRole('button', { name: button, exact: true }).click();
  };
  const total = async (text: string): Promise<void> => {
    await page.getByTestId('total').getByText(text, { exact: true }).waitFor();
  };

  it('saves what is shown, and opens it elsewhere with one click', async () => {
    const filter = `{"or":[{"field":"metadata.runtime_seconds","operator":"gt","value":1500},{"field":"metadata.seed","operator":"is","value":${EXACT}}]}`;
    const address = `/trials?project=${data.projectId}&filter=${encodeURIComponent(filter)}&sort=-metadata.runtime_seconds&columns=trial.id,metadata.runtime_seconds&pin=trial.id`;
    await open(address);
    await total('8 trials');
    await choose(/^Save what is shown/);
    await name('', 'Save');
    await page.getByText('Enter a name.').waitFor();
    await name('Slow ones', 'Save');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('toolbar').getByRole('button', { name: 'Slow ones', exact: true }).waitFor();
    const [view] = await kept();
    expect(view).toMatchObject({ name: 'Slow ones', table: 'trials' });
    expect((await master.get(`/projects/${data.projectId}/views/${view!.id}`)).text).toContain(EXACT);

    await site.window.context.close();
    await open(`/trials?project=${data.projectId}`, viewer);
    await total('24 trials');
    await openMenu();
    await page.getByRole('option', { name: 'Slow ones' }).click();
    await total('8 trials');
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual([
      expect.anything(),
      expect.stringContaining('Trial ID'),
      expect.stringContaining('runtime_seconds'),
    ]);
    expect(decodeURIComponent(page.url())).toContain(EXACT);
    expect(page.url()).toContain(`view=${view!.id}`);
    await page.getByRole('toolbar').getByRole('button', { name: 'Slow ones', exact: true }).waitFor();
  });

  it('says when what is shown is no longer what was saved; saves that, or goes back to it', async () => {
    const id = await keep('Quick ones', {
      filter: { field: 'metadata.runtime_seconds', operator: 'lt', value: 500 },
    });
    await open(`/trials?project=${data.projectId}`);
    await openMenu();
    await page.getByRole('option', { name: 'Quick ones' }).click();
    await total('4 trials');
    await page.getByRole('columnheader', { name: 'runtime_seconds' }).getByRole('button').first().click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Quick ones changed' }).waitFor();
    await choose(/^Back to “Quick ones”/);
    await page.getByRole('toolbar').getByRole('button', { name: 'Quick ones', exact: true }).waitFor();
    expect(await page.locator('[aria-sort=ascending]').count()).toBe(0);

    await page.getByRole('columnheader', { name: 'runtime_seconds' }).getByRole('button').first().click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Quick ones changed' }).waitFor();
    await choose(/^Save the changes to “Quick ones”/);
    await page.getByRole('toolbar').getByRole('button', { name: 'Quick ones', exact: true }).waitFor();
    expect((await master.get(`/projects/${data.projectId}/views/${id}`)).body.view.search).toMatchObject({
      sort: [{ field: 'metadata.runtime_seconds', direction: 'asc' }],
    });
    // The address alone shows the same after a reload, the name too.
    await page.reload();
    await page.getByRole('toolbar').getByRole('button', { name: 'Quick ones', exact: true }).waitFor();
    await total('4 trials');
  });

  it('renames and deletes, and says when a name is taken', async () => {
    await keep('Mine', { archived: true });
    await keep('Slow', {});
    await open(`/trials?project=${data.projectId}`);
    await openMenu();
    await page.getByRole('textbox', { name: 'Search views' }).fill('mi');
    expect(await page.getByRole('option').allInnerTexts()).toEqual([expect.stringContaining('Mine')]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('toolbar').getByRole('button', { name: 'Mine', exact: true }).waitFor();
    await choose(/^Rename “Mine”/);
    await name('Slow', 'Rename');
    await page.getByRole('alert').getByText('There is a view "Slow" of this table already.').waitFor();
    // The browser's own line about it; the page complains of nothing.
    expect(site.window.complaints.splice(0)).toEqual([expect.stringContaining('409')]);
    await name('Mine too', 'Rename');
    await page.getByRole('toolbar').getByRole('button', { name: 'Mine too', exact: true }).waitFor();
    await choose(/^Delete “Mine too”/);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await kept()).toHaveLength(2);
    await choose(/^Delete “Mine too”/);
    await name('', 'Delete');
    await page.getByRole('toolbar').getByRole('button', { name: 'Views', exact: true }).waitFor();
    expect((await kept()).map((view) => view.name)).toEqual(['Slow']);
    expect(page.url()).not.toContain('view=');
  });

  it('offers a viewer to open views, and nothing to change them', async () => {
    await keep('Slow ones', { filter: { field: 'metadata.benchmark', operator: 'is', value: 'resnet' } });
    await open(`/trials?project=${data.projectId}`, viewer);
    await openMenu();
    await page.getByText('Editors of the project can save views.').waitFor();
    await page.getByRole('option', { name: 'Slow ones' }).click();
    await total('12 trials');
    await openMenu();
    for (const label of [/^Save/, /^Rename/, /^Delete/]) {
      expect(await page.getByRole('button', { name: label }).count()).toBe(0);
    }
  });

  it('keeps views of experiments apart, and opens those of trials within an experiment', async () => {
    await keep('Slow ones', {
      filter: { field: 'metadata.hardware.gpu', operator: 'contains', value: 'H100' },
    });
    await keep(
      'Quick bert',
      { filter: { field: 'metadata.benchmark', operator: 'is', value: 'bert' } },
      'experiments',
    );
    await open(`/experiments?project=${data.projectId}`);
    await total('2 experiments');
    await openMenu();
    expect(await page.getByRole('option').allInnerTexts()).toEqual([expect.stringContaining('Quick bert')]);
    await page.getByRole('option', { name: 'Quick bert' }).click();
    await total('1 experiment');
    await page.getByRole('link', { name: 'bert on everything' }).click();
    await total('12 trials');
    await openMenu();
    await page.getByRole('option', { name: 'Slow ones' }).click();
    await total('4 trials');
  });

  it('asks for a project first, and forgets the view with it', async () => {
    const id = await keep('Slow ones', {});
    await open(`/trials?project=${data.projectId}&view=${id}`);
    await page.getByRole('toolbar').getByRole('button', { name: 'Slow ones', exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Project' }).click();
    await page.getByRole('option', { name: 'Benchmarks' }).click();
    await page.waitForURL((url) => !url.search.includes('project='));
    expect(page.url()).not.toContain('view=');
    await menu().click();
    await page.getByText('Views belong to a project. Choose one at the top of the page.').waitFor();
  });

  it.each([false, true])(
    'has no faults that axe finds, with the menu and the dialog open (dark: %s)',
    async (dark) => {
      await keep('Slow <b>ones</b>', { archived: true });
      page = await site.open({ path: `/trials?project=${data.projectId}`, dark });
      await page.getByRole('grid').waitFor();
      await openMenu();
      await page.getByRole('option', { name: 'Slow <b>ones</b>' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('option', { name: 'Slow <b>ones</b>' }).click();
      await choose(/^Rename/);
      await page.getByRole('dialog').waitFor();
      expect(await violations(page)).toEqual([]);
    },
  );
});
