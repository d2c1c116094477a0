import type { Page } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { addTrial, testSite } from './support/index.js';

const LARGE = '123456789012345678901234567890';

/** A trial of each experiment: equal numbers written in two ways, and names that are all different. */
const TRIALS: readonly (readonly [experiment: string, metadata: string])[] = [
  [
    'baseline',
    `{"v": 1, "large": ${LARGE}, "list": [1, {"a": 1, "b": 2}], "name": "x", "serial": 22345678901234567890}`,
  ],
  [
    'wide',
    `{"v": 1.0, "large": ${LARGE}.00, "list": [1.0, {"a": 1.0, "b": 2}], "name": "y", "serial": 22345678901234567891}`,
  ],
  [
    'deep',
    `{"v": 2, "large": ${LARGE}.1, "list": [2, {"a": 1, "b": 2}], "name": "z", "serial": 22345678901234567892}`,
  ],
];
/** More than a comparison takes. */
const MANY = 205;

describe('comparing trials on the page', () => {
  let master: TestMaster;
  let page: Page;
  let projectId: number;
  let manyId: number;
  const ids: number[] = [];

  const addProject = async (name: string): Promise<number> => {
    const { body } = await master.post('/projects', { name });
    return (body as { project: { id: number } }).project.id;
  };
  const addExperiment = async (name: string, project: number): Promise<number> => {
    const { body } = await master.post('/experiments', { name, projectId: project });
    return (body as { experiment: { id: number } }).experiment.id;
  };

  const site = testSite(async (booted) => {
    master = booted;
    projectId = await addProject('Three');
    for (const [name, metadata] of TRIALS)
      ids.push(await addTrial(master, await addExperiment(name, projectId), metadata));
    await master.patch(`/trials/${ids[0]}`, {
      state: 'COMPLETED',
      startTime: '2024-05-09T03:00:00Z',
      endTime: '2024-05-09T03:11:26Z',
    });
    await master.patch(`/trials/${ids[1]}`, { state: 'ERROR' });
    manyId = await addProject('Many');
    const experimentId = await addExperiment('many', manyId);
    await Promise.all(
      Array.from({ length: MANY }, (_, index) => addTrial(master, experimentId, { index, loss: index / 7 })),
    );
  }, /status of 404/);

  const open = async (path: string, width = 1400): Promise<void> => {
    page = await site.open({ path, width });
    await page.getByRole('grid').waitFor();
  };

  const comparison = (): string => `/compare?project=${projectId}&trials=${ids.join(',')}`;
  const markedOf = (field: string): Promise<readonly string[]> =>
    page
      .getByRole('row')
      .filter({ has: page.getByRole('gridcell', { name: field, exact: true }) })
      .locator('[data-marked]')
      .allInnerTexts();

  it('tells trials apart by experiment, state and duration, and leads to each', async () => {
    await open(comparison());
    const texts = await page.getByRole('columnheader').allInnerTexts();
    expect(texts.map((text) => text.split(/\s*\n\s*/))).toEqual([
      ['Field'],
      [`Trial ${ids[0]}`, 'baseline', 'Completed', '11 min 26 s'],
      [`Trial ${ids[1]}`, 'wide', 'Error', expect.any(String)],
      [`Trial ${ids[2]}`, 'deep', 'Active'],
    ]);
    await page
      .getByRole('columnheader')
      .getByRole('link', { name: `Trial ${ids[2]}` })
      .click();
    await page.waitForURL(new RegExp(`/trials/${ids[2]}\\?project=${projectId}$`));
  });

  it('reaches the links of the headings by the keyboard', async () => {
    await open(comparison());
    await page.getByRole('columnheader', { name: 'Field' }).getByRole('button').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/trials/${ids[0]}\\?project=${projectId}$`));
  });

  it('tells trials apart as rows too', async () => {
    await open(`${comparison()}&transposed=yes`);
    const texts = await page.getByRole('row').allInnerTexts();
    const cells = texts.map((text) => text.split(/\s*\n\s*/));
    expect(cells[0]?.slice(0, 4)).toEqual(['Trial', 'Experiment', 'State', 'Duration']);
    expect(cells[1]?.slice(0, 4)).toEqual([`Trial ${ids[0]}`, 'baseline', 'Completed', '11 min 26 s']);
    // Only a cell that opens a menu says so.
    const menus = page.getByRole('row').nth(1).locator('[aria-haspopup="menu"]');
    expect(await menus.first().innerText()).toBe('baseline');
    await page.getByRole('link', { name: `Trial ${ids[1]}` }).click();
    await page.waitForURL(new RegExp(`/trials/${ids[1]}\\?project=${projectId}$`));
  });

  it('marks by value: equal numbers are equal however they are written', async () => {
    await open(comparison());
    await page.getByText('Marked: differs from the most common value').waitFor();
    expect(await markedOf('v')).toEqual(['2']);
    expect(await markedOf('large')).toEqual([expect.stringMatching(/^1\d+…\d+0\.1$/)]);
    expect(await markedOf('list')).toEqual(['[2,{"a":1,"b":2}]']);
  });

  it('marks all values where none is the most common, and against a baseline those that differ', async () => {
    await open(comparison());
    expect(await markedOf('name')).toEqual(['x', 'y', 'z']);
    await page.goto(`${master.url}${comparison()}&baseline=${ids[0]}`);
    await page.getByText(`Marked: differs from trial ${ids[0]}`).waitFor();
    expect(await markedOf('name')).toEqual(['y', 'z']);
  });

  it('shows what differs of values that are longer than their cells, and all of them in the title', async () => {
    await open(comparison());
    expect(await markedOf('serial')).toEqual([
      expect.stringMatching(/^2\d+…\d+7890$/),
      expect.stringMatching(/^2\d+…\d+7891$/),
      expect.stringMatching(/^2\d+…\d+7892$/),
    ]);
    await page.getByTitle('22345678901234567891', { exact: true }).waitFor();
    // No cell cuts off what is to be told apart.
    const cut = await page
      .locator('[data-marked]')
      .evaluateAll((cells) =>
        (cells as unknown as readonly { scrollWidth: number; clientWidth: number }[]).filter(
          ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth,
        ),
      );
    expect(cut).toEqual([]);
    await page.goto(`${master.url}${comparison()}&transposed=yes&q=serial`);
    await page.getByRole('columnheader', { name: 'serial' }).waitFor();
    const texts = await page.locator('[data-marked]').allInnerTexts();
    expect(texts.map((text) => text.slice(-4))).toEqual(['7890', '7891', '7892']);
  });

  it('shows columns whose numbers differ by value alone', async () => {
    const filter = encodeURIComponent('{"field":"metadata.v","operator":"lt","value":2}');
    const columns = 'trial.id,metadata.v,metadata.name';
    await open(`/trials?project=${projectId}&filter=${filter}&columns=${columns}&differing=yes`);
    await page.getByRole('gridcell', { name: 'x', exact: true }).waitFor();
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual(['', 'Trial ID', 'name']);
  });

  it('compares the trials that are there, and says which are not', async () => {
    await open(`/compare?trials=${ids[0]},99999,${ids[1]},88888&baseline=99999`);
    await page.getByText('2 trials compared').waitFor();
    await page.getByRole('alert').getByText('Left out: trials 99999, 88888.').waitFor();
    expect(await markedOf('name')).toEqual(['x', 'y']);
    await page.goto(`${master.url}/compare?trials=99999,88888`);
    await page.getByRole('alert').getByText('99999').waitFor();
    expect(await page.getByRole('grid').count()).toBe(0);
  });

  it('leaves out a trial by the cross at its heading, down to one', async () => {
    await open(`${comparison()}&baseline=${ids[1]}`);
    await page.getByText(`Marked: differs from trial ${ids[1]}`).waitFor();
    await page.getByRole('button', { name: `Leave out trial ${ids[1]}` }).click();
    await page.getByText('2 trials compared').waitFor();
    await page.getByText('Marked: differs from the most common value').waitFor();
    await page.getByRole('switch', { name: 'Trials as rows' }).check({ force: true });
    await page.getByRole('button', { name: `Leave out trial ${ids[0]}` }).click();
    await page.getByText('1 trial compared').waitFor();
    expect(new URL(page.url()).searchParams.get('trials')).toBe(String(ids[2]));
    expect(await page.getByRole('button', { name: /^Leave out/ }).count()).toBe(0);
  });

  it('leaves room for values beside the fields on a narrow screen', async () => {
    await open(comparison(), 400);
    const box = await page.getByRole('columnheader', { name: 'Field' }).boundingBox();
    expect(box?.width).toBeLessThanOrEqual(160);
  });

  it('compares all that are chosen, up to as many as the API takes, and says so', async () => {
    await open(`/trials?project=${manyId}&columns=trial.id,metadata.loss`);
    await page.getByRole('checkbox', { name: 'Choose all rows that are loaded' }).check();
    await page.getByRole('link', { name: 'Compare 100', exact: true }).waitFor();
    const grid = page.getByRole('grid');
    for (const loaded of [100, 200]) {
      await grid.evaluate((element) => {
        const scroller = element as unknown as { scrollTop: number; scrollHeight: number };
        scroller.scrollTop = scroller.scrollHeight;
      });
      await page.locator(`[role=row][aria-rowindex="${loaded + 2}"]`).waitFor();
    }
    await page.getByRole('checkbox', { name: 'Choose all rows that are loaded' }).check();
    const compare = page.getByRole('link', { name: `Compare 200 of ${MANY}` });
    await compare.hover();
    await page.getByText('At most 200 trials are compared').waitFor();
    await compare.click();
    await page.getByText('200 trials compared').waitFor();
    expect(await page.getByRole('grid').getAttribute('aria-colcount')).toBe('201');
  });
});
