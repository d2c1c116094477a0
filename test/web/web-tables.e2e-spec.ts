import type { Page, Request } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { addTrial, gate, seed, testSite, type Seed } from './support/index.js';

describe('the tables of the page', () => {
  let master: TestMaster;
  let data: Seed;
  let page: Page;

  const site = testSite(async (booted) => {
    master = booted;
    data = await seed(master);
  });

  const open = async (path: string): Promise<void> => {
    page = await site.open({ path });
    await page.getByRole('grid').or(page.getByText('meets this filter')).first().waitFor();
  };

  const total = (): Promise<string> => page.getByTestId('total').innerText();
  const showsTotal = async (text: string): Promise<void> => {
    await page.getByTestId('total').getByText(text, { exact: true }).waitFor();
  };
  const chooseField = async (search: string, option: RegExp): Promise<void> => {
    await page.getByRole('button', { name: 'Field: Choose a field' }).last().click();
    await page.getByRole('textbox', { name: 'Search fields' }).last().fill(search);
    await page.getByRole('option', { name: option }).first().click();
  };
  const column = (number: number): Promise<readonly string[]> =>
    page.locator(`[role=gridcell][aria-colindex="${number}"]`).allInnerTexts();

  it('filters as the tutorial has it: filter icon, field, condition, value, Apply', async () => {
    await open('/trials');
    expect(await total()).toBe('24 trials');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await chooseField('gpu', /^hardware\.gpu /);
    await page.getByRole('textbox', { name: 'Value of hardware.gpu' }).click();
    await page.getByRole('option', { name: /NVIDIA A100/ }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await showsTotal('8 trials');
    expect(await page.getByRole('group', { name: 'Active filter' }).innerText()).toContain(
      'hardware.gpu is "NVIDIA A100"',
    );
    expect(await page.getByRole('button', { name: 'Filter (1)' }).count()).toBe(1);
  });

  it('suggests values with counts within the other conditions, in groups two deep too', async () => {
    await open(
      `/trials?filter=${encodeURIComponent('{"and":[{"field":"metadata.benchmark","operator":"is","value":"bert"}]}')}`,
    );
    await showsTotal('12 trials');
    await page.getByRole('button', { name: 'Filter (1)' }).click();
    await page.getByRole('button', { name: 'Add group' }).click();
    await chooseField('gpu', /^hardware\.gpu /);
    await page.getByRole('textbox', { name: 'Value of hardware.gpu' }).click();
    const option = page.getByRole('option', { name: /AMD MI300X/ });
    await option.waitFor();
    expect(await option.innerText()).toMatch(/4$/);
    await option.click();
    await page.getByRole('button', { name: 'Add group' }).first().click();
    await chooseField('converged', /^converged /);
    await page.getByRole('button', { name: 'Apply' }).click();
    // bert, and: AMD (4), or all of the group within: converged (9, three of them AMD).
    await showsTotal('10 trials');
    const chips = await page.getByRole('group', { name: 'Active filter' }).innerText();
    expect(chips).toContain('converged is true');
  });

  it('says at a row what is missing there, and keeps the rest', async () => {
    await open('/trials');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await chooseField('runtime', /^runtime_seconds /);
    await page.getByRole('textbox', { name: 'Value of runtime_seconds' }).fill('fast');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('This is no number. Write it like 64, -0.5 or 1e-3.').waitFor();
    expect(await total()).toBe('24 trials');
    await page.getByRole('textbox', { name: 'Value of runtime_seconds' }).fill('1000');
    await page.getByRole('button', { name: 'Apply' }).click();
    await showsTotal('1 trial');
  });

  it('says at the bounds that they are the wrong way round, and offers them in order where an address has them so', async () => {
    const between = '{"field":"metadata.runtime_seconds","operator":"between","value":[1050,1000]}';
    await open(`/trials?filter=${encodeURIComponent(`{"and":[${between}]}`)}`);
    await page.getByText('Nothing is between 1050 and 1000').waitFor();
    await page.getByRole('button', { name: 'Filter (1)' }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page
      .getByText('Nothing is between these: the lower bound is above the upper one. Swap them.')
      .waitFor();
    for (const bound of ['Lower', 'Upper'])
      expect(
        await page
          .getByRole('textbox', { name: `${bound} bound of runtime_seconds` })
          .getAttribute('aria-invalid'),
      ).toBe('true');
    await page.getByRole('button', { name: 'Use: runtime_seconds is between 1000 and 1050' }).click();
    await showsTotal('4 trials');
  });

  it('offers a part of a text, and the type that is there', async () => {
    const asked = (field: string, value: string): string =>
      `/trials?filter=${encodeURIComponent(`{"and":[{"field":"metadata.${field}","operator":"is","value":${value}}]}`)}`;
    await open(asked('hardware.gpu', '"a100"'));
    await page.getByRole('button', { name: 'Use: hardware.gpu contains "a100"' }).click();
    await showsTotal('8 trials');
    const id = await addTrial(master, data.experimentIds.bert, { hardware: { gpus: '496' } });
    await open(asked('hardware.gpus', '496'));
    await page.getByRole('button', { name: 'Use: hardware.gpus is "496"' }).click();
    await showsTotal('1 trial');
    await master.delete(`/trials/${id}`);
  });

  it('has everything in the address: a copied link shows the same elsewhere', async () => {
    await open('/trials');
    await page.getByRole('columnheader', { name: 'runtime_seconds' }).getByRole('button').first().click();
    await page
      .getByRole('columnheader', { name: 'runtime_seconds' })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
    await page.getByRole('button', { name: 'Column State' }).click();
    await page.getByRole('menuitem', { name: 'Hide' }).click();
    await page.getByRole('columnheader', { name: 'State', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Column Trial ID' }).click();
    await page.getByRole('menuitem', { name: 'Pin to the left' }).click();
    await page.locator('[role=columnheader][data-pinned]').waitFor();
    const address = page.url();
    const headers = await page.getByRole('columnheader').allInnerTexts();
    const rows = await column(2);
    await site.window.context.close();
    await open(address.slice(master.url.length));
    await page.locator('[role=columnheader][data-pinned]').waitFor();
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual(headers);
    expect(await column(2)).toEqual(rows);
    expect(address).not.toContain('token');
  });

  it('sorts by several levels, with a click and another with Shift', async () => {
    await open('/trials?columns=trial.id,metadata.benchmark,metadata.runtime_seconds');
    await page.getByRole('columnheader', { name: 'benchmark' }).getByRole('button').first().click();
    await page
      .getByRole('columnheader', { name: 'benchmark' })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
    const runtime = page.getByRole('columnheader', { name: 'runtime_seconds' }).getByRole('button').first();
    await runtime.click({ modifiers: ['Shift'] });
    await runtime.click({ modifiers: ['Shift'] });
    await page
      .getByRole('columnheader', { name: 'runtime_seconds' })
      .and(page.locator('[aria-sort=descending]'))
      .waitFor();
    await page.locator('[role=grid][aria-busy=false]').waitFor();
    const rows = await column(4);
    expect(rows.slice(0, 12)).toEqual([...rows.slice(0, 12)].sort((a, b) => Number(b) - Number(a)));
    expect(new Set((await column(3)).slice(0, 12))).toEqual(new Set(['bert']));
    await page.getByRole('button', { name: 'Sort (2)' }).click();
    await page.getByRole('group', { name: 'Level 2: runtime_seconds' }).waitFor();
  });

  it('filters by a cell: click it, "Filter by this value"', async () => {
    await open('/trials?columns=trial.id,metadata.hardware.gpu');
    await page.getByRole('gridcell', { name: 'AMD MI300X' }).first().click();
    await page.getByRole('menuitem', { name: 'Filter by this value' }).click();
    await showsTotal('8 trials');
    await page.getByRole('button', { name: 'Remove: hardware.gpu is "AMD MI300X"' }).click();
    await showsTotal('24 trials');
  });

  it('says why nothing matches, and applies its advice on a click', async () => {
    await open(
      `/trials?filter=${encodeURIComponent('{"and":[{"field":"metadata.bechmark","operator":"is","value":"bert"}]}')}`,
    );
    await page.getByText('No trial meets this filter').waitFor();
    // It stays there while the same is asked for again.
    const answered = gate();
    await page.route('**/trials/search', async (route) => {
      await answered.opened;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.locator('[aria-label="Refresh"][aria-busy="true"]:focus').waitFor();
    expect(await page.getByText('No trial meets this filter').count()).toBe(1);
    answered.open();
    await page.locator('[aria-label="Refresh"][aria-busy="false"]:focus').waitFor();
    await page.unroute('**/trials/search');
    await page.getByRole('button', { name: 'Use: benchmark is "bert"' }).click();
    await showsTotal('12 trials');
  });

  it('tells the text "8" from the number 8', async () => {
    await open(
      `/trials?filter=${encodeURIComponent('{"and":[{"field":"metadata.hardware.gpus","operator":"is","value":"8"}]}')}`,
    );
    await showsTotal('8 trials');
    await page.getByRole('button', { name: 'Filter (1)' }).click();
    await page.getByRole('button', { name: 'Abc: type of the Value of hardware.gpus' }).click();
    await page.getByRole('menuitem', { name: 'Number' }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await showsTotal('16 trials');
  });

  it('chooses columns: search, tick, put in order by keyboard, only those that differ', async () => {
    await open('/trials?columns=trial.id,metadata.benchmark');
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Search fields' }).fill('dataset');
    await page.getByRole('checkbox', { name: 'Column metadata.dataset_version' }).check();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Search fields' }).fill('');
    await page.getByRole('tab', { name: 'Shown (3)' }).click();
    const handle = page.getByRole('button', { name: 'Move column dataset_version' });
    const told = (text: string, timeout = 15_000): Promise<void> =>
      page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached', timeout });
    await handle.press('Space');
    await told('over droppable area metadata.dataset_version');
    // The list listens for keys a moment after it says that the column is taken up; whoever sees no move presses again.
    const moved = async (): Promise<boolean> => {
      await page.keyboard.press('ArrowUp');
      return await told('over droppable area metadata.benchmark', 3_000).then(
        () => true,
        () => false,
      );
    };
    expect((await moved()) || (await moved()) || (await moved())).toBe(true);
    await page.keyboard.press('Space');
    await page.waitForURL(/columns=trial\.id,metadata\.dataset_version,metadata\.benchmark/);
    await page.getByRole('switch', { name: 'Only columns that differ' }).check({ force: true });
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'dataset_version' }).waitFor({ state: 'detached' });
    await page.getByRole('columnheader', { name: 'benchmark' }).waitFor();
  });

  it('is moved through by keyboard alone', async () => {
    await open('/trials?columns=trial.id,metadata.benchmark,metadata.hardware.gpu');
    await page.getByRole('checkbox', { name: 'Choose all rows that are loaded' }).focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    await page.locator('[data-cell="1:2"]:focus').waitFor();
    await page.keyboard.press('Space');
    await page.getByText('1 chosen').waitFor();
    await page.keyboard.press('Control+End');
    await page.locator('[data-cell="23:3"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[role=menuitem]:focus').waitFor();
    await page.keyboard.press('Enter');
    await showsTotal('8 trials');
  });

  it('finds experiments by what their trials hold', async () => {
    await open(
      `/experiments?filter=${encodeURIComponent('{"and":[{"field":"metadata.runtime_seconds","operator":"lt","value":500}]}')}`,
    );
    await showsTotal('1 experiment');
    await page.getByRole('button', { name: 'Filter (1)' }).click();
    await page.getByText('Show experiments with a trial where').waitFor();
    await page.getByRole('link', { name: 'bert on everything' }).click();
    await page.waitForURL(new RegExp(`/experiments/${data.experimentIds.bert}`));
    await showsTotal('12 trials');
    await page.getByRole('tab', { name: 'What differs' }).click();
    await page.getByText(/fields differ among 12 trials/).waitFor();
    await page.getByRole('button', { name: 'Show them as columns' }).click();
    await page.getByRole('columnheader', { name: 'hardware.gpu', exact: false }).first().waitFor();
  });

  it('names the trial whose metadata an experiment shows, and leads to it', async () => {
    await open('/experiments?columns=experiment.name,metadata.runtime_seconds&sort=metadata.runtime_seconds');
    const quickest = data.trialIds[8];
    const cell = page.getByRole('gridcell', { name: '400', exact: true });
    expect(await cell.getAttribute('title')).toBe(`Of trial ${quickest}, the first of 12 that match`);
    expect(await page.getByRole('gridcell', { name: 'bert on everything' }).getAttribute('title')).toBeNull();
    // Beside the values too, where no pointer need rest on them.
    expect((await page.getByRole('columnheader').allInnerTexts()).slice(-2)).toEqual([
      'Values of',
      'runtime_seconds',
    ]);
    expect(
      await page.getByRole('link', { name: `Trial ${quickest}`, exact: true }).getAttribute('href'),
    ).toBe(`/trials/${quickest}`);
    await cell.click();
    await page.getByText(`of trial ${quickest}, the first of 12 that match`).waitFor();
    await page.getByRole('menuitem', { name: `Open trial ${quickest}` }).click();
    await page.getByRole('heading', { name: `Trial ${quickest}` }).waitFor();
  });

  it('leads from the number of trials of an experiment that match to these', async () => {
    const filter = '{"and":[{"field":"metadata.hardware.gpu","operator":"contains","value":"A100"}]}';
    await open(`/experiments?filter=${encodeURIComponent(filter)}`);
    await page.getByRole('link', { name: '4 trials that match', exact: true }).first().click();
    await page.waitForURL(/\/experiments\/\d+\?/);
    await showsTotal('4 trials');
    // By the keyboard as well; no filter could name the number.
    await page.goBack();
    await page.getByRole('gridcell', { name: '4 trials that match' }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Copy value' }).waitFor();
    expect(await page.getByRole('menuitem').allInnerTexts()).toEqual([
      'Copy value',
      expect.stringMatching(/^Open experiment \d+$/),
    ]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/experiments\/\d+\?filter=/);
    await showsTotal('4 trials');
    await page.getByRole('button', { name: /^Remove: hardware.gpu/ }).click();
    await showsTotal('12 trials');
  });

  it('shows one project when one is chosen, and keeps to it from page to page', async () => {
    await open('/trials');
    await page
      .getByRole('combobox', { name: 'Project' })
      .or(page.getByRole('textbox', { name: 'Project' }))
      .first()
      .click();
    await page.getByRole('option', { name: 'Benchmarks' }).click();
    await page.waitForURL(new RegExp(`project=${data.projectId}`));
    await page.getByRole('link', { name: 'Experiments' }).click();
    await page.waitForURL(new RegExp(`/experiments\\?project=${data.projectId}`));
    await showsTotal('2 experiments');
  });

  it('never shows the answer of an older search over that of a newer one', async () => {
    await open('/trials?columns=trial.id,metadata.benchmark');
    const isOfBert = (request: Request): boolean => request.postData()?.includes('"bert"') === true;
    const newer = gate();
    await page.route('**/trials/search', async (route) => {
      if (isOfBert(route.request())) await newer.opened;
      await route.continue().catch(() => undefined);
    });
    const older = page.waitForRequest(isOfBert);
    const filter = (value: string): string =>
      `{"and":[{"field":"metadata.benchmark","operator":"is","value":"${value}"}]}`;
    // As the browser's history does: the page is not loaded anew.
    const go = (value: string): Promise<unknown> =>
      page.evaluate(
        `history.pushState({}, '', '/trials?columns=trial.id,metadata.benchmark&filter=${encodeURIComponent(filter(value))}');
         dispatchEvent(new PopStateEvent('popstate'));`,
      );
    await go('bert');
    const request = await older;
    await go('resnet');
    await showsTotal('12 trials');
    newer.open();
    // It is answered now, or was given up before.
    await request.response().catch(() => null);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(new Set(await column(3))).toEqual(new Set(['resnet']));
  });

  it('exports what is shown', async () => {
    await open('/trials?columns=trial.id,metadata.hardware.gpu');
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'CSV' }).click(),
    ]);
    const lines = await readLines(await download.createReadStream());
    expect(lines).toHaveLength(25);
    expect(lines[0]).toContain('metadata.hardware.gpu');
    expect(lines[1]).toContain('NVIDIA A100');
  });

  it('exports experiments as they are shown, as CSV and with everything', async () => {
    await open('/experiments?columns=experiment.name,metadata.hardware.gpu&sort=-metadata.runtime_seconds');
    await showsTotal('2 experiments');
    const save = async (item: string): Promise<readonly string[]> => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item, exact: true }).click(),
      ]);
      return readLines(await download.createReadStream());
    };
    const [bert, resnet] = [data.trialIds[3], data.trialIds[15]];
    expect(await save('CSV')).toEqual([
      'id,projectId,name,metadata.hardware.gpu,matchingTrials,trialCount,trialId',
      `${data.experimentIds.resnet},${data.projectId},"resnet on everything","NVIDIA A100",12,12,${resnet}`,
      `${data.experimentIds.bert},${data.projectId},"bert on everything","NVIDIA A100",12,12,${bert}`,
    ]);
    const lines = (await save('JSON Lines, everything')).map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { id: data.experimentIds.resnet, trial: { id: resnet, metadata: { tags: ['nightly', 'run-3'] } } },
      { id: data.experimentIds.bert, trial: { id: bert } },
    ]);
  });

  it('compares the best trials of the experiments that are chosen', async () => {
    await open('/experiments?sort=metadata.runtime_seconds');
    await showsTotal('2 experiments');
    await page.getByRole('checkbox', { name: 'Choose all rows that are loaded' }).check();
    await page.getByRole('button', { name: 'Compare the best trials of 2' }).click();
    // The quickest of each: on the AMD cards, the first run.
    await page.waitForURL(new RegExp(`/compare\\?trials=${data.trialIds[8]},${data.trialIds[20]}$`));
    await page.getByText('2 trials compared').waitFor();
  });

  it('shows what was reported meanwhile: with Refresh, and when one comes back to the window', async () => {
    const { id } = (await master.post('/projects', { name: 'Growing' })).body.project;
    const { experiment } = (await master.post('/experiments', { name: 'e', projectId: id })).body;
    await addTrial(master, experiment.id, { step: 1 });
    await open(`/trials?project=${id}&columns=trial.id,metadata.step`);
    await showsTotal('1 trial');
    await addTrial(master, experiment.id, { step: 2 });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await showsTotal('2 trials');
    await addTrial(master, experiment.id, { step: 3 });
    // What was asked for a moment ago is not asked for again.
    await page.clock.setFixedTime(Date.now() + 60_000);
    await page.evaluate("dispatchEvent(new Event('focus'))");
    await showsTotal('3 trials');
  });
});

async function readLines(stream: AsyncIterable<Buffer | string>): Promise<readonly string[]> {
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  return text.trim().split(/\r?\n/);
}
