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
});
