import type { Page } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { addTrial, testSite } from './support/index.js';

describe('what the cells and columns of a table show', () => {
  let master: TestMaster;
  let page: Page;

  const site = testSite((booted) => {
    master = booted;
    return Promise.resolve();
  });

  const open = async (path: string): Promise<void> => {
    page = await site.open({ path });
  };

  /** Each test has a project of its own, since columns come from what its trials hold. */
  const addExperiment = async (
    name: string,
  ): Promise<{ readonly projectId: number; readonly experimentId: number }> => {
    const { id: projectId } = (await master.post('/projects', { name })).body.project;
    const { id: experimentId } = (await master.post('/experiments', { name: 'runs', projectId })).body
      .experiment;
    return { projectId, experimentId };
  };

  it('writes a number that does not fit in e-notation, with the number itself in title and menu', async () => {
    const { projectId, experimentId } = await addExperiment('Numbers');
    const trial = await addTrial(
      master,
      experimentId,
      '{"small": 0.00000000000012345, "tiny": 1e-300, "huge": 1e300, "third": 0.3333333333333333333333}',
    );
    await open(
      `/trials?project=${projectId}&columns=trial.id,metadata.small,metadata.tiny,metadata.huge,metadata.third`,
    );
    const small = page.getByRole('gridcell', { name: '1.2345e-13', exact: true });
    await small.waitFor();
    expect(await small.getAttribute('title')).toBe('0.00000000000012345');
    expect(await page.locator('[role=gridcell][data-number]', { hasText: '1.2345e-13' }).count()).toBe(1);
    await page.getByRole('gridcell', { name: '1e-300', exact: true }).waitFor();
    await page.getByRole('gridcell', { name: '1e300', exact: true }).waitFor();
    await page.getByRole('gridcell', { name: /^0\.3{4,}…$/ }).waitFor();
    const cut = await page
      .locator('[data-number]')
      .evaluateAll((cells) =>
        (cells as unknown as readonly { scrollWidth: number; clientWidth: number }[]).filter(
          ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth,
        ),
      );
    expect(cut).toEqual([]);
    await small.click();
    await page.getByRole('menu').getByText('0.00000000000012345', { exact: true }).waitFor();
    await page.goto(`${master.url}/trials/${trial}`);
    await page.getByRole('treeitem').filter({ hasText: 'tiny' }).getByText('1e-300').waitFor();
    await page.getByText('Show all 302 characters').click();
    await page.getByText(`0.${'0'.repeat(299)}1`).waitFor();
    await page.getByText('0.00000000000012345', { exact: true }).waitFor();
  });

  it('offers no filter by a text that is longer than the API takes, and says why', async () => {
    const { projectId, experimentId } = await addExperiment('Long texts');
    await addTrial(master, experimentId, { short: 'x'.repeat(1_000), long: 'y'.repeat(1_001) });
    await open(`/trials?project=${projectId}&columns=trial.id,metadata.short,metadata.long`);
    await page.getByRole('gridcell', { name: /^y+…$/ }).click();
    await page.getByText('A filter takes texts of up to 1,000 characters').waitFor();
    for (const name of ['Filter by this value', 'Leave out this value'])
      expect(await page.getByRole('menuitem', { name }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('gridcell', { name: /^x+…$/ }).click();
    await page.getByRole('menuitem', { name: 'Filter by this value' }).click();
    await page.getByRole('group', { name: 'Active filter' }).waitFor();
    await page.getByTestId('total').getByText('1 trial', { exact: true }).waitFor();
  });

  it('takes as many columns as a search answers, and says so', async () => {
    const { projectId, experimentId } = await addExperiment('Many fields');
    const fields = Array.from({ length: 201 }, (_, index) => `f${index}`);
    await addTrial(master, experimentId, Object.fromEntries(fields.map((field) => [field, 1])));
    const columns = fields.slice(0, 199).map((field) => `metadata.${field}`);
    await open(`/trials?project=${projectId}&columns=trial.id,${columns.join()}`);
    await page.getByRole('grid').waitFor();
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByText('A table has at most 200 columns').waitFor();
    const further = page.getByRole('checkbox', { name: 'Column metadata.f200' });
    expect(await further.isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Column metadata.f0', exact: true }).uncheck();
    await page.getByText('A table has at most 200 columns').waitFor({ state: 'detached' });
    await further.check();
    await page.getByText('A table has at most 200 columns').waitFor();
  });

  it('draws the columns in view, and leads to the others by scrolling and by keyboard', async () => {
    const { projectId, experimentId } = await addExperiment('Wide');
    const fields = Array.from({ length: 150 }, (_, index) => `f${index}`);
    for (let trial = 0; trial < 3; trial += 1) {
      await addTrial(master, experimentId, Object.fromEntries(fields.map((field, index) => [field, index])));
    }
    const columns = fields.map((field) => `metadata.${field}`);
    await open(`/trials?project=${projectId}&pin=trial.id&columns=trial.id,${columns.join()}`);
    const cellOf = (value: number) => page.getByRole('gridcell', { name: String(value), exact: true });
    const headingOf = (label: string) =>
      page.getByRole('columnheader').filter({ has: page.getByText(label, { exact: true }) });
    await cellOf(0).first().waitFor();
    expect(await page.getByRole('gridcell').count()).toBeLessThan(3 * 40);
    expect(await page.getByRole('columnheader').count()).toBeLessThan(40);
    const grid = page.getByRole('grid');
    expect(await grid.getAttribute('aria-colcount')).toBe('152');

    // By scrolling: each cell is below its heading, and the pinned column stays.
    await grid.evaluate((element) => element.scrollTo({ left: element.scrollWidth / 2 }));
    await cellOf(75).first().waitFor();
    const heading = await headingOf('f75').boundingBox();
    const below = await cellOf(75).first().boundingBox();
    expect([below?.x, below?.width]).toEqual([heading?.x, heading?.width]);
    expect(await cellOf(0).count()).toBe(0);
    const pinned = await headingOf('Trial ID').boundingBox();
    expect(pinned?.x).toBeLessThan(60);

    // By keyboard: the last column, and back to the first of the row.
    const focused = (column: number, text: string) =>
      page.locator(`[role=gridcell][aria-colindex="${column}"]:focus`, { hasText: text });
    await cellOf(75).nth(1).focus();
    await page.keyboard.press('End');
    await focused(152, '149').waitFor();
    await page.keyboard.press('ArrowLeft');
    await focused(151, '148').waitFor();
    // What is scrolled away from keeps the focus.
    await grid.evaluate((element) => element.scrollTo({ left: 0 }));
    await cellOf(0).first().waitFor();
    expect(await focused(151, '148').count()).toBe(1);
    await page.keyboard.press('ArrowRight');
    await focused(152, '149').waitFor();
    const last = await cellOf(149).nth(1).boundingBox();
    const frame = await grid.boundingBox();
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual((frame?.x ?? 0) + (frame?.width ?? 0));
    await page.keyboard.press('Home');
    await page.locator('[role=gridcell][aria-colindex="1"]:focus-within').waitFor();

    // The keyboard reaches the table also when the column that it was in has gone.
    await page.keyboard.press('End');
    await focused(152, '149').waitFor();
    await grid.evaluate((element) => element.scrollTo({ left: 0 }));
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByRole('textbox', { name: 'Search fields' }).fill('f149');
    await page.getByRole('checkbox', { name: 'Column metadata.f149' }).uncheck();
    await page.locator('[role=grid][aria-colcount="151"]').waitFor();
    expect(await grid.locator('[data-cell][tabindex="0"]').count()).toBe(1);
  });

  it('keeps types and counts of fields in view beside a key of 200 characters', async () => {
    const { projectId, experimentId } = await addExperiment('Long keys');
    const fields = Array.from({ length: 60 }, (_, index) => [`key_${index}`, index] as const);
    await addTrial(master, experimentId, { ...Object.fromEntries(fields), ['k'.repeat(200)]: 1 });
    await open(`/trials?project=${projectId}&columns=trial.id`);
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    const panel = page.getByRole('dialog', { name: 'Columns' });
    const counts = panel.getByTitle('in 1 trials');
    await counts.first().waitFor();
    const bar = await panel.locator('[data-orientation=vertical]').first().boundingBox();
    const boxes = await Promise.all([0, 1, 5].map((place) => counts.nth(place).boundingBox()));
    for (const box of boxes) expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(bar?.x ?? 0);
  });

  it("shows an experiment's own fields, and what is reported to an empty one within seconds", async () => {
    const { projectId, experimentId } = await addExperiment('Growing');
    await addTrial(master, experimentId, { elsewhere: 1, common: 2 });
    const { experiment } = (await master.post('/experiments', { name: 'new', projectId })).body;
    await open(`/experiments/${experiment.id}`);
    await page.getByText('There are no trials here yet').waitFor();
    await addTrial(master, experiment.id, { fresh: 1 });
    await page.getByRole('columnheader', { name: 'fresh' }).waitFor();
    await page.getByTestId('total').getByText('1 trial', { exact: true }).waitFor();
    for (const name of ['elsewhere', 'common'])
      expect(await page.getByRole('columnheader', { name }).count()).toBe(0);
    await addTrial(master, experiment.id, { fresh: 1, later: 'x' });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByRole('columnheader', { name: 'later' }).waitFor();
  });
});
