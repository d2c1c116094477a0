import type { Page } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { addTrial, gate, testSite } from './support/index.js';

const LARGE = '123456789012345678901234567891';

/** Each field is of one question; trials without a number, with text and with values of 0 are among them. */
const TRIALS: readonly string[] = [
  '{"gpu": "NVIDIA T4", "runtime": 10473.574, "flops": 4294048988}',
  `{"gpu": "NVIDIA T4", "runtime": 4294048988, "flops": ${LARGE}}`,
  '{"gpu": "NVIDIA T4", "runtime": "n/a"}',
  '{"gpu": "NVIDIA T4", "runtime": "12"}',
  '{"gpu": "NVIDIA T4"}',
  '{"gpu": "CPU", "runtime": "slow"}',
  '{"gpu": "TPU"}',
  '{"optimizer": "adam", "score": 1, "rate": 0.1}',
  '{"optimizer": "adam", "score": 10, "rate": 0.2}',
  '{"optimizer": "sgd", "score": 0, "rate": 0.3}',
  '{"optimizer": "sgd", "score": 100, "rate": 0.4}',
  '{"optimizer": "sgd", "rate": 0.5}',
  '{"model": "gpt", "parameters": 999999999999999999}',
  // One box each, the last one of three numbers.
  ...Array.from({ length: 45 }, (_, seed) => `{"seed": ${seed}, "loss": ${seed}}`),
  '{"seed": 44, "loss": 900}',
  '{"seed": 44, "loss": 1000}',
];

/** Matches one trial. */
const TOP = { field: 'metadata.loss', operator: 'is', value: 1000 };

/** What a page's drawings are made of, where the types of a page are not known. */
interface PageGlobals {
  readonly CanvasRenderingContext2D: { readonly prototype: { fillText: (...values: unknown[]) => void } };
  drawnTexts: string[];
}

describe('what the charts of the page say and draw', () => {
  let master: TestMaster;
  let page: Page;

  const site = testSite(async (booted) => {
    master = booted;
    const project = (await master.post('/projects', { name: 'Charts' })).body as { project: { id: number } };
    const { body } = await master.post('/experiments', { name: 'all', projectId: project.project.id });
    const { experiment } = body as { experiment: { id: number } };
    for (const metadata of TRIALS) await addTrial(master, experiment.id, metadata);
  });

  const open = async (path: string, width = 1400): Promise<void> => {
    page = await site.open({ path, width });
  };

  const having = (field: string): string =>
    `filter=${encodeURIComponent(`{"field":"metadata.${field}","operator":"exists"}`)}`;
  const rows = async (): Promise<readonly (readonly string[])[]> => {
    await page.getByRole('table').waitFor();
    const texts = await page.getByRole('table').getByRole('row').allInnerTexts();
    return texts.map((text) => text.split('\t').map((cell) => cell.trim()));
  };
  const notes = (): Promise<string> => page.getByRole('note').innerText();
  const switchLogarithmic = (): Promise<void> =>
    page.getByRole('switch', { name: 'Logarithmic' }).click({ force: true });
  /** The texts of the drawing, made anew by the switch of its scale. */
  const drawnTexts = async (): Promise<readonly string[]> => {
    await page.evaluate(() => {
      const globals = globalThis as unknown as PageGlobals;
      const { prototype } = globals.CanvasRenderingContext2D;
      const { fillText } = prototype;
      globals.drawnTexts = [];
      prototype.fillText = function (...values) {
        globals.drawnTexts.push(String(values[0]));
        fillText.apply(this, values);
      };
    });
    await switchLogarithmic();
    await page.waitForFunction(() => (globalThis as unknown as PageGlobals).drawnTexts.length > 0);
    return await page.evaluate(() => (globalThis as unknown as PageGlobals).drawnTexts);
  };

  it('tells how many numbers a statistic is of, beside the trials, and keeps groups without numbers', async () => {
    await open(`/charts?measure=metadata.runtime&by=metadata.gpu&${having('gpu')}`);
    const [head, ...groups] = await rows();
    expect(head?.slice(0, 5)).toEqual(['gpu', 'Trials', 'Numbers', 'Not numbers', 'min']);
    expect(groups.map((cells) => cells.slice(0, 5))).toEqual([
      ['NVIDIA T4', '5', '2', '2', '10,473.574'],
      ['CPU', '1', '0', '1', '–'],
      ['TPU', '1', '0', '0', '–'],
    ]);
    expect(await notes()).toContain('3 values are no numbers');
    expect(await notes()).toContain('2 groups have no numbers');
    expect(await drawnTexts()).toContain('NVIDIA T4 (2)');
  });

  it('shows the table of groups that have no numbers at all', async () => {
    await open(`/charts?measure=metadata.loss&by=metadata.gpu&${having('gpu')}`);
    await page.getByText('No trial of this filter has a number at loss.').waitFor();
    expect((await rows()).map((cells) => cells.slice(0, 3))).toEqual([
      ['gpu', 'Trials', 'Numbers'],
      ['NVIDIA T4', '5', '0'],
      ['CPU', '1', '0'],
      ['TPU', '1', '0'],
    ]);
  });

  it('writes numbers with their digits, invents none, and has the exact value in the title', async () => {
    await open(`/charts?measure=metadata.runtime&by=metadata.gpu&${having('runtime')}`);
    const [head = [], first = []] = await rows();
    const at = (op: string): string | undefined => first[head.indexOf(op)];
    expect([at('min'), at('max'), at('mean')]).toEqual(['10,473.574', '4,294,048,988', '2,147,029,731']);
    expect(
      await page.getByRole('cell', { name: '2,147,029,731', exact: true }).first().getAttribute('title'),
    ).toBe('2147029730.787');
    await page.goto(`${master.url}/charts?measure=metadata.flops&by=metadata.gpu&${having('flops')}`);
    const large = page.getByRole('cell', { name: '1.2345679e29', exact: true });
    await large.waitFor();
    expect(await large.getAttribute('title')).toBe(LARGE);
    const nines = `measure=metadata.parameters&by=metadata.model&${having('model')}`;
    await page.goto(`${master.url}/charts?${nines}`);
    await page.getByRole('cell', { name: '1e18', exact: true }).first().waitFor();
  });

  it('breaks no heading inside a word on a narrow screen', async () => {
    await open(`/charts?measure=metadata.flops&by=metadata.gpu&${having('flops')}`, 400);
    await page.getByRole('table').waitFor();
    const heights = await page
      .getByRole('columnheader')
      .evaluateAll((headings) =>
        headings.map((heading) => (heading as unknown as { offsetHeight: number }).offsetHeight),
      );
    expect(Math.max(...heights)).toBeLessThan(40);
  });

  it('says why a box plot is not logarithmic', async () => {
    await open(`/charts?measure=metadata.score&by=metadata.optimizer&${having('score')}`);
    await page.getByRole('table').waitFor();
    expect(await page.getByRole('note').count()).toBe(0);
    await switchLogarithmic();
    await page.getByText('The axis stays linear: 1 group has values of 0 or less').waitFor();
  });

  it('says how many trials a scatter draws, and how many are left out and why', async () => {
    const fields = 'chart=scatter&measure=metadata.score&x=metadata.rate';
    await open(`/charts?${fields}&${having('rate')}`);
    const drawing = page.getByRole('img', { name: 'score against rate' });
    await drawing.waitFor();
    expect(await drawing.getAttribute('aria-label')).toMatch(/^4 trials/);
    expect(await notes()).toBe('Drawn: 4 of 5 trials. Left out: 1 without a number at each of the fields.');
    await switchLogarithmic();
    await page.getByRole('img', { name: '3 trials: score against rate' }).waitFor();
    expect(await notes()).toContain('Drawn: 3 of 5 trials.');
    expect(await notes()).toContain('1 with a value of 0 or less');
  });

  it('says how many trials have no line, and why', async () => {
    await open(`/charts?chart=parallel&axes=metadata.optimizer,metadata.score&${having('rate')}`);
    await page.getByRole('img', { name: 'Parallel coordinates of optimizer, score' }).waitFor();
    expect(await notes()).toBe('Drawn: 4 of 5 trials. Left out: 1 without a value at each of the fields.');
  });

  it.each([
    ['all that match', 2_000, '2,000 trials.'],
    ['the first that match', 2_001, 'the first 2,000 trials; narrow the filter to see others.'],
  ])('tells %s by their total', async (_, total, some) => {
    await open('/charts');
    await page.getByRole('heading', { name: 'Charts' }).waitFor();
    await page.route('**/trials/search', async (route) => {
      const { after = '0' } = route.request().postDataJSON() as { readonly after?: string };
      const first = Number(after);
      const answer = await route.fetch({
        postData: { filter: TOP, fields: ['metadata.seed', 'metadata.loss'], limit: 1 },
      });
      const { items } = (await answer.json()) as { readonly items: readonly object[] };
      await route.fulfill({
        json: {
          items: Array.from({ length: 200 }, (__, index) => ({ ...items[0], id: first + index + 1 })),
          total: first === 0 ? { value: total, relation: 'eq' } : null,
          next: first + 200 < total ? String(first + 200) : null,
        },
      });
    });
    const fields = 'measure=metadata.loss&x=metadata.loss&axes=metadata.seed,metadata.loss';
    await page.goto(`${master.url}/charts?chart=scatter&${fields}`);
    await page.getByRole('img', { name: '2,000 trials: loss against loss' }).waitFor();
    expect(await notes()).toBe(`Drawn: 2,000 of ${some}`);
    await page.goto(`${master.url}/charts?chart=parallel&${fields}`);
    await page.getByRole('img', { name: 'Parallel coordinates of seed, loss' }).waitFor();
    expect((await notes()).split(/\n+/)).toEqual([
      `Drawn: 500 of ${some} Left out: 1,500 since more than 500 lines only make a blot.`,
      'The lines are spread evenly over the 2,000 trials that have a place on all axes.',
    ]);
  });

  it('shows no numbers of one field below the name of another', async () => {
    await open(`/charts?measure=metadata.runtime&by=metadata.gpu&${having('gpu')}`);
    await page.getByRole('table').waitFor();
    const answered = gate();
    await page.route('**/trials/aggregate', async (route) => {
      await answered.opened;
      await route.continue();
    });
    await page
      .getByRole('region', { name: 'Number' })
      .getByRole('button', { name: /^flops / })
      .click();
    await page.getByRole('table').waitFor({ state: 'detached' });
    answered.open();
    expect((await rows())[1]?.slice(0, 3)).toEqual(['NVIDIA T4', '5', '2']);
  });

  it('draws the groups with the most numbers and says so', async () => {
    await open(`/charts?measure=metadata.loss&by=metadata.seed&${having('seed')}`);
    expect(await rows()).toHaveLength(46);
    expect(await notes()).toContain('Drawn are 40 of 45 groups, those with the most numbers');
    const names = (await drawnTexts()).filter((text) => /^\d+ \(\d+\)$/.test(text));
    expect(new Set(names).size).toBe(40);
    expect(names).toContain('44 (3)');
  });
});
