import type { Page } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { seed, testSite, type Seed } from './support/index.js';

interface Scrolled {
  scrollTop: number;
  readonly scrollHeight: number;
}

/** What is read of a page, where the types of a page are not known. */
interface PageGlobals {
  readonly document: { readonly querySelector: (selector: string) => Scrolled | null };
}

describe('finding the way about the page', () => {
  let master: TestMaster;
  let data: Seed;
  let other: Seed;
  let page: Page;

  // What cannot be loaded has a line of the browser's own, and one of React's.
  const site = testSite(async (booted) => {
    master = booted;
    data = await seed(master);
    other = await seed(master, 'Vision');
  }, /^(?:Failed to load|PartMissingError)/);

  const open = async (path: string): Promise<void> => {
    page = await site.open({ path });
  };

  const showsTotal = async (text: string | RegExp): Promise<void> => {
    await page.getByTestId('total').getByText(text, { exact: true }).waitFor();
  };
  const project = () => page.getByRole('combobox', { name: 'Project' });
  const go = (name: string): Promise<void> =>
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
  const openTrial = (id: number | undefined): Promise<void> =>
    page
      .getByRole('gridcell')
      .getByRole('link', { name: String(id), exact: true })
      .click();

  describe('where a part of the page cannot be loaded', () => {
    const said = () => page.getByRole('alert').getByText('A part of the page could not be loaded');
    const tryAgain = (): Promise<void> => page.getByRole('button', { name: 'Try again' }).click();

    it('keeps the header, and loads the part when there is a connection again', async () => {
      await open(`/trials?project=${data.projectId}`);
      await showsTotal('24 trials');
      await site.window.context.setOffline(true);
      await go('Charts');
      await said().waitFor();
      await tryAgain();
      // The page is not given up for the browser's own.
      await page.getByRole('alert').getByText('The server does not answer').waitFor();
      await project().waitFor();
      await site.window.context.setOffline(false);
      await tryAgain();
      await page.getByRole('heading', { name: 'Charts' }).waitFor();
      expect(page.url()).toBe(`${master.url}/charts?project=${data.projectId}`);
    });

    it('loads a script that was not there once, when one tries again', async () => {
      await open('/trials');
      await page.route(/assets\/trial-page-.*\.js$/, (route) => route.fulfill({ status: 404 }), { times: 1 });
      await openTrial(data.trialIds[0]);
      await said().waitFor();
      await go('Trials');
      await showsTotal('48 trials');
      await page.goBack();
      await said().waitFor();
      await tryAgain();
      await page.getByRole('heading', { name: `Trial ${data.trialIds[0]}` }).waitFor();
    });

    it('does not load itself anew by itself, however long the part is missing', async () => {
      await open('/trials');
      let loaded = 0;
      page.on('load', () => (loaded += 1));
      await page.route(/assets\/trial-page-.*\.js$/, (route) => route.fulfill({ status: 404 }));
      await openTrial(data.trialIds[0]);
      await said().waitFor();
      expect(loaded).toBe(0);
      await Promise.all([page.waitForEvent('load'), tryAgain()]);
      await said().waitFor();
      expect(loaded).toBe(1);
    });

    it('does without its messages, and says so where the sign-in is missing', async () => {
      await open('/trials');
      await showsTotal('48 trials');
      await page.route(/assets\/notification-list-.*\.js$/, (route) => route.fulfill({ status: 404 }));
      await page.reload();
      await showsTotal('48 trials');
      await page.route(/assets\/sign-in-page-.*\.js$/, (route) => route.fulfill({ status: 404 }));
      await page.getByRole('button', { name: 'Your account' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await said().waitFor();
    });
  });

  describe('the project that is chosen', () => {
    it('stays from a table to a trial, an experiment, a comparison and back', async () => {
      const only = `project=${data.projectId}`;
      const bert = data.experimentIds.bert;
      await open(`/trials?${only}`);
      await showsTotal('24 trials');
      await openTrial(data.trialIds[0]);
      await page.waitForURL(`${master.url}/trials/${data.trialIds[0]}?${only}`);
      // The list, of which every row has a link to the experiment, stays until the trial is drawn.
      await page.getByRole('heading', { name: `Trial ${data.trialIds[0]}` }).waitFor();
      await page.getByRole('link', { name: 'bert on everything' }).click();
      await page.waitForURL(`${master.url}/experiments/${bert}?${only}`);
      await go('Trials');
      await showsTotal('24 trials');
      await page.getByRole('gridcell', { name: 'Active' }).first().click();
      await page.getByRole('menuitem', { name: /^Open trial/ }).click();
      await page.waitForURL((url) => url.search === `?${only}`);
      await page.goBack();
      for (const id of data.trialIds.slice(0, 2))
        await page.getByRole('checkbox', { name: `Choose trial ${id}`, exact: true }).check();
      await page.getByRole('checkbox', { name: `Choose trial ${data.trialIds[4]}`, exact: true }).check();
      await page.getByRole('link', { name: 'Compare 3' }).click();
      await page.waitForURL((url) => url.searchParams.get('project') === String(data.projectId));
      await page.getByRole('gridcell', { name: 'NVIDIA H100' }).click();
      await page.getByRole('menuitem', { name: 'Filter by this value' }).click();
      await showsTotal('8 trials');
      expect(await project().inputValue()).toBe('Benchmarks');
    });

    it('goes when somebody asks for all, and with a link to all', async () => {
      await open('/trials?project=999999');
      await page
        .getByRole('link', { name: 'Show all trials' })
        .or(page.getByText('There are no trials here yet'))
        .first()
        .waitFor();
      await page.goto(`${master.url}/trials?project=${data.projectId}`);
      await project().click();
      await page.getByRole('option', { name: 'Benchmarks' }).click();
      await showsTotal('48 trials');
      expect(page.url()).toBe(`${master.url}/trials`);
    });

    it('is, on the page of a trial or an experiment, the one it is in; another leads to what is there', async () => {
      await open(`/trials/${other.trialIds[0]}`);
      await page.getByRole('heading', { name: `Trial ${other.trialIds[0]}` }).waitFor();
      const crumbs = page.getByRole('navigation', { name: 'Where this is' });
      await crumbs.getByRole('link', { name: 'Vision' }).waitFor();
      expect(await crumbs.getByRole('link').allInnerTexts()).toEqual(['Vision', 'bert on everything']);
      expect(await project().inputValue()).toBe('Vision');
      await project().click();
      await page.getByRole('option', { name: 'Benchmarks' }).click();
      await page.waitForURL(`${master.url}/trials?project=${data.projectId}`);
      await showsTotal('24 trials');

      await page.goto(`${master.url}/experiments/${other.experimentIds.bert}?project=${data.projectId}`);
      await crumbs.getByRole('link', { name: 'Vision' }).waitFor();
      expect(await project().inputValue()).toBe('Vision');
      await project().click();
      await page.getByRole('option', { name: 'Benchmarks' }).click();
      await page.waitForURL(`${master.url}/experiments?project=${data.projectId}`);
      await showsTotal('2 experiments');
    });
  });

  describe('on the way back', () => {
    let long: { readonly projectId: number; readonly experimentId: number };

    beforeAll(async () => {
      const { id } = (await master.post('/projects', { name: 'Long' })).body.project;
      const made = (await master.post('/experiments', { name: 'many', projectId: id })).body.experiment;
      for (let trial = 0; trial < 260; trial += 1) await master.post(`/experiments/${made.id}/trials`, {});
      long = { projectId: id, experimentId: made.id };
    });

    /** Scrolls down until a row, of a page that is loaded on the way, is in the document. */
    const scrollTo = async (index: number): Promise<void> => {
      await page.waitForFunction((rowIndex) => {
        const { document } = globalThis as unknown as PageGlobals;
        const grid = document.querySelector('[role="grid"]');
        if (grid !== null) grid.scrollTop = grid.scrollHeight;
        return document.querySelector(`[aria-rowindex="${rowIndex}"]`) !== null;
      }, index);
    };
    const scrolled = (): Promise<number> =>
      page.getByRole('grid').evaluate((grid) => (grid as unknown as Scrolled).scrollTop);

    it('is at the row that it was, with all that was loaded', async () => {
      await open(`/trials?project=${long.projectId}&columns=trial.id`);
      await showsTotal('260 trials');
      const row = page.locator('[aria-rowindex="243"]');
      await scrollTo(243);
      await row.scrollIntoViewIfNeeded();
      const place = (await row.boundingBox())?.y;
      const trialId = await row.getByRole('link').innerText();
      await row.getByRole('link').click();
      await page.getByRole('heading', { name: `Trial ${trialId}` }).waitFor();
      await page.goBack();
      await row.getByRole('link', { name: trialId }).waitFor();
      expect((await row.boundingBox())?.y).toBe(place);
      // A link to the table is no way back.
      await row.getByRole('link').click();
      await page.getByRole('heading', { name: `Trial ${trialId}` }).waitFor();
      await go('Trials');
      await page.locator('[aria-rowindex="2"]').waitFor();
    });

    it('takes no place along to another page, and finds its own again', async () => {
      await open(`/experiments/${long.experimentId}`);
      await showsTotal('260 trials');
      await go('Trials');
      await project().click();
      await page.getByRole('option', { name: 'Long' }).click();
      await showsTotal('260 trials');
      await scrollTo(243);
      const link = page.locator('[aria-rowindex="243"]').getByRole('link', { name: 'many' });
      await link.scrollIntoViewIfNeeded();
      const place = await scrolled();
      await link.click();
      await page.getByRole('heading', { name: 'many' }).waitFor();
      await page.locator('[aria-rowindex="2"]').waitFor();
      expect(await scrolled()).toBe(0);
      await page.goBack();
      await page.locator('[aria-rowindex="243"]').waitFor();
      expect(await scrolled()).toBe(place);
    });

    it('stays where it is when a column is resized, and shows the first rows of another order', async () => {
      await open(`/trials?project=${long.projectId}&columns=trial.id,trial.state`);
      await showsTotal('260 trials');
      await scrollTo(243);
      const place = await scrolled();
      const edge = await page.getByRole('columnheader', { name: 'State' }).boundingBox();
      if (edge === null) throw new Error('The heading is not drawn.');
      await page.mouse.move(edge.x + edge.width - 2, edge.y + 10);
      await page.mouse.down();
      await page.mouse.move(edge.x + edge.width + 60, edge.y + 10, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL(/widths=/);
      expect(await scrolled()).toBe(place);
      await page
        .getByRole('columnheader', { name: 'State' })
        .getByRole('button', { name: 'State' })
        .first()
        .click();
      await page.waitForURL(/sort=/);
      await page.locator('[aria-rowindex="2"]').waitFor();
      expect(await scrolled()).toBe(0);
    });

    it('has chosen what was chosen', async () => {
      await open(`/trials?project=${data.projectId}`);
      const choose = (id: number | undefined) =>
        page.getByRole('checkbox', { name: `Choose trial ${id}`, exact: true });
      for (const id of data.trialIds.slice(0, 3)) await choose(id).check();
      await page.getByRole('link', { name: 'Compare 3' }).click();
      await page.getByText('3 trials compared').waitFor();
      await page.goBack();
      await choose(data.trialIds[3]).check();
      await page.getByRole('link', { name: 'Compare 4' }).click();
      await page.getByText('4 trials compared').waitFor();
      await go('Trials');
      await showsTotal('24 trials');
      expect(await page.getByRole('button', { name: /chosen$/ }).count()).toBe(0);
    });

    it('has nothing chosen that was chosen in another experiment', async () => {
      await open(`/experiments/${data.experimentIds.resnet}`);
      await showsTotal('12 trials');
      await go('Experiments');
      await page.getByRole('link', { name: 'bert on everything' }).last().click();
      await page.getByRole('heading', { name: 'bert on everything' }).waitFor();
      await page
        .getByRole('checkbox', { name: /^Choose trial/ })
        .first()
        .check();
      await page.getByText('1 chosen').waitFor();
      await page.evaluate('history.go(-2)');
      await page.getByRole('heading', { name: 'resnet on everything' }).waitFor();
      await showsTotal('12 trials');
      expect(await page.getByText('1 chosen').count()).toBe(0);
    });
  });

  it.each([
    ['/trials/abc', 'There is no trial “abc”'],
    ['/trials/0', 'There is no trial “0”'],
    ['/experiments/1.5', 'There is no experiment “1.5”'],
  ])('names what stands in the address: %s', async (path, text) => {
    await open(path);
    await page.getByText(text).waitFor();
    await project().waitFor();
    await page.getByRole('link', { name: 'Show trials' }).click();
    await showsTotal(/trials/);
  });
});
