import type { Page } from 'playwright-core';
import { bootMaster, type TestMaster } from '../support/index.js';
import {
  addUser,
  ensurePage,
  seed,
  startBrowser,
  violations,
  violationsInDark,
  type Seed,
  type TestBrowser,
  type TestPage,
} from './support/index.js';

describe('signing in, access and readability of the page', () => {
  let master: TestMaster;
  let browser: TestBrowser;
  let data: Seed;
  let opened: TestPage | undefined;
  let page: Page;

  beforeAll(async () => {
    await ensurePage();
    [master, browser] = await Promise.all([bootMaster(), startBrowser()]);
    data = await seed(master);
  }, 240_000);

  afterAll(async () => {
    await browser.close();
    await master.close();
  });

  const open = async (path: string, options: Parameters<TestBrowser['open']>[1] = {}): Promise<void> => {
    opened = await browser.open(master, { path, ...options });
    page = opened.page;
  };

  afterEach(async () => {
    await opened?.context.close();
    opened = undefined;
  });

  it('takes the token from a ready-to-open link, out of the address', async () => {
    await open('/');
    await page.getByRole('grid').waitFor();
    expect(page.url()).toBe(`${master.url}/trials`);
    await page.reload();
    await page.getByRole('grid').waitFor();
    expect(opened?.complaints).toEqual([]);
  });

  it('keeps the session when the token of a link is refused, and says so', async () => {
    await open('/');
    await page.getByRole('grid').waitFor();
    await page.goto(`${master.url}/#token=of-nobody`);
    await page.getByText("This link's token is not valid (any more).").waitFor();
    await page.getByRole('grid').waitFor();
    expect(page.url()).toBe(`${master.url}/trials`);
    await page.reload();
    await page.getByRole('grid').waitFor();
  });

  it('goes over to the token of a link once the server takes it', async () => {
    const token = await addUser(master, 'invited', data.projectId, 'viewer');
    await open('/');
    await page.getByRole('grid').waitFor();
    const down = `${master.url}/api/v1/me`;
    await page.route(down, (route) => route.abort('connectionrefused'));
    await page.goto(`${master.url}/#token=${token}`);
    await page.getByText('The server does not answer').waitFor();
    await page.unroute(down);
    await page.getByRole('grid').waitFor();
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByText('invited', { exact: true }).waitFor();
  });

  it("says to who had no session that a link's token is refused, and waits for another", async () => {
    await open('/', { token: 'of%nobody' });
    await page.getByText("This link's token is not valid (any more).").waitFor();
    expect(await page.getByText('Your session has expired').count()).toBe(0);
    await page.locator('input[autocomplete=off]:focus').fill(master.token);
    await page.keyboard.press('Enter');
    await page.getByRole('grid').waitFor();
  });

  it('asks who is not signed in for a token, refuses a wrong one and keeps where one wanted to go', async () => {
    await open('/experiments', { token: null });
    await page
      .getByRole('textbox', { name: 'Token' })
      .or(page.getByLabel('Token', { exact: true }))
      .last()
      .fill('not-the-token-of-anybody');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The server does not know this token.').waitFor();
    await page.locator('input[autocomplete=off]').fill(master.token);
    await page.keyboard.press('Enter');
    await page.getByRole('grid', { name: 'experiments' }).waitFor();
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
  });

  it('signs in with a name and a password', async () => {
    const made = (await master.post('/users', { name: 'paula', password: 'a long enough password' }))
      .body as { user: { id: number } };
    await master.put(`/projects/${data.projectId}/members/${made.user.id}`, { role: 'viewer' });
    await open('/trials', { token: null });
    await page.getByText('Name and password').click();
    await page.getByLabel('Name', { exact: true }).fill('paula');
    await page.locator('input[autocomplete=current-password]').fill('a long enough password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('grid', { name: 'trials' }).waitFor();
  });

  it('says that the session has expired, and loses nothing of what was typed', async () => {
    const token = await addUser(master, 'short', data.projectId, 'viewer');
    await open('/trials', { token });
    await page.getByRole('grid').waitFor();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('textbox', { name: 'Value of this condition' }).fill('typed before');
    await page.route('**/api/v1/**', (route) => {
      const expired = route.request().headers()['authorization'] === `Bearer ${token}`;
      return expired
        ? route.fulfill({
            status: 401,
            contentType: 'application/problem+json',
            body: '{"detail":"expired"}',
          })
        : route.continue();
    });
    await page.getByRole('columnheader', { name: 'Trial ID' }).getByRole('button').first().click();
    const dialog = page.getByRole('dialog', { name: 'Your session has expired' });
    await dialog.waitFor();
    await dialog.locator('input[autocomplete=off]:focus').fill(master.token);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('[aria-sort=ascending]').waitFor();
    expect(await page.getByRole('textbox', { name: 'Value of this condition' }).inputValue()).toBe(
      'typed before',
    );
  });

  it('says that the server is down, keeps what was typed and goes on when it is back', async () => {
    await open('/trials');
    await page.getByRole('grid').waitFor();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('textbox', { name: 'Value of this condition' }).fill('typed before');
    await page.route('**/api/v1/trials/search', (route) => route.abort('connectionrefused'));
    await page.getByRole('columnheader', { name: 'Trial ID' }).getByRole('button').first().click();
    await page.getByText('The server does not answer').waitFor();
    await page.unroute('**/api/v1/trials/search');
    await page.getByText('The server does not answer').waitFor({ state: 'detached' });
    await page.getByRole('grid').waitFor();
    expect(await page.getByRole('textbox', { name: 'Value of this condition' }).inputValue()).toBe(
      'typed before',
    );
  });

  it('shows nothing of a project that one may not see', async () => {
    const other = await seed(master, 'Secret');
    const token = await addUser(master, 'outsider', other.projectId, 'viewer');
    await open('/trials', { token });
    await page.getByTestId('total').getByText('24 trials').waitFor();
    await page.goto(`${master.url}/trials/${data.trialIds[0] ?? 0}`);
    await page.getByText('Not here, or not for you').waitFor();
  });

  describe('is readable, light and dark:', () => {
    let shared: TestPage;

    // One window, whose scripts stay compiled; each place is loaded anew, with what it keeps for later taken away.
    beforeAll(async () => {
      shared = await browser.open(master, { path: '/trials' });
      await shared.page.getByRole('grid').waitFor();
    });

    beforeEach(async () => {
      shared.complaints.length = 0;
      await shared.page.emulateMedia({ colorScheme: 'light' });
    });

    afterAll(() => shared.context.close());

    const pages: readonly (readonly [string, () => string, (page: Page) => Promise<unknown>])[] = [
      ['trials', () => '/trials', (shown) => shown.getByRole('grid').waitFor()],
      [
        'trials with the filter open',
        () =>
          `/trials?filter=${encodeURIComponent('{"and":[{"field":"metadata.benchmark","operator":"is","value":"bert"},{"or":[{"field":"metadata.converged","operator":"is","value":true}]}]}')}`,
        async (shown) => {
          await shown.getByRole('grid').waitFor();
          await shown.getByRole('button', { name: 'Filter (2)' }).click();
          await shown.getByRole('button', { name: 'Apply' }).waitFor();
        },
      ],
      [
        'hints',
        () =>
          `/trials?filter=${encodeURIComponent('{"and":[{"field":"metadata.x","operator":"is","value":1}]}')}`,
        (shown) => shown.getByText('meets this filter').waitFor(),
      ],
      ['experiments', () => '/experiments', (shown) => shown.getByRole('grid').waitFor()],
      [
        'an experiment',
        () => `/experiments/${data.experimentIds.bert}`,
        (shown) => shown.getByRole('grid').waitFor(),
      ],
      [
        'a trial',
        () => `/trials/${data.trialIds[0] ?? 0}`,
        (shown) => shown.getByRole('treeitem').first().waitFor(),
      ],
      [
        'a history',
        () => `/trials/${data.trialIds[0] ?? 0}?tab=history`,
        (shown) => shown.getByText('Revision 1').waitFor(),
      ],
      [
        'a comparison',
        () => `/compare?trials=${data.trialIds.slice(0, 5).join(',')}`,
        (shown) => shown.getByRole('grid').waitFor(),
      ],
      [
        'charts',
        () => '/charts?measure=metadata.runtime_seconds&by=metadata.hardware.gpu',
        (shown) => shown.getByRole('table').waitFor(),
      ],
      [
        'the field menu of a filter',
        () => '/trials',
        async (shown) => {
          await shown.getByRole('button', { name: 'Filter', exact: true }).click();
          await shown.getByRole('button', { name: 'Field: Choose a field' }).click();
          await shown.getByRole('option', { name: /^benchmark / }).waitFor();
        },
      ],
      [
        'the values of a filter',
        () =>
          `/trials?filter=${encodeURIComponent('{"and":[{"field":"metadata.benchmark","operator":"is","value":""},{"field":"metadata.benchmark","operator":"in","value":["bert"]}]}')}`,
        async (shown) => {
          await shown.getByRole('button', { name: 'Filter (2)' }).click();
          await shown.getByRole('textbox', { name: 'Value of benchmark' }).first().click();
          await shown.getByRole('option', { name: /bert/ }).first().waitFor();
        },
      ],
      [
        'the sort panel',
        () => '/trials?sort=-metadata.runtime_seconds,trial.id',
        async (shown) => {
          await shown.getByRole('button', { name: 'Sort (2)' }).click();
          await shown.getByRole('region', { name: 'Sort' }).waitFor();
        },
      ],
      [
        'the menu of a column',
        () => '/trials',
        async (shown) => {
          await shown.getByRole('button', { name: 'Column State' }).click();
          await shown.getByRole('menuitem', { name: 'Hide' }).waitFor();
        },
      ],
      [
        'the menu of a cell',
        () => '/trials?columns=trial.id,metadata.hardware.gpu',
        async (shown) => {
          await shown.getByRole('gridcell', { name: 'NVIDIA A100' }).first().click();
          await shown.getByRole('menuitem', { name: 'Filter by this value' }).waitFor();
        },
      ],
      [
        'the export menu',
        () => '/experiments',
        async (shown) => {
          await shown.getByRole('button', { name: 'Export' }).click();
          await shown.getByRole('menuitem', { name: 'CSV' }).waitFor();
        },
      ],
      [
        'the projects',
        () => '/trials',
        async (shown) => {
          await shown.getByRole('combobox', { name: 'Project' }).click();
          await shown.getByRole('option', { name: 'Benchmarks' }).waitFor();
        },
      ],
      [
        'the account',
        () => '/trials',
        async (shown) => {
          await shown.getByRole('button', { name: 'Your account' }).click();
          await shown.getByRole('menuitem', { name: 'Sign out' }).waitFor();
        },
      ],
      [
        'the edit of a field',
        () => `/trials/${data.trialIds[0] ?? 0}`,
        async (shown) => {
          await shown.getByRole('button', { name: 'Add field' }).click();
          await shown.getByRole('button', { name: 'Save' }).click();
          await shown.getByRole('alert').getByText('Enter a name.').waitFor();
        },
      ],
      [
        'columns',
        () => '/trials',
        async (shown) => {
          await shown.getByRole('grid').waitFor();
          await shown.getByRole('button', { name: 'Columns', exact: true }).click();
          await shown.getByRole('checkbox', { name: 'Column metadata.benchmark' }).waitFor();
        },
      ],
    ];

    it.each(pages)('axe finds no violation in %s', async (_name, path, ready) => {
      await shared.page.goto(master.url + path());
      await ready(shared.page);
      expect(await violations(shared.page)).toEqual([]);
      expect(await violationsInDark(shared.page)).toEqual([]);
      expect(shared.complaints).toEqual([]);
    });

    it('axe finds no violation in the sign-in', async () => {
      const { page: signIn, context } = await browser.open(master, { path: '/', token: null });
      await signIn.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await violations(signIn)).toEqual([]);
      expect(await violationsInDark(signIn)).toEqual([]);
      await context.close();
    });
  });
});
