import type { Page } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { addTrial, addUser, gate, seed, testSite, type Seed } from './support/index.js';

const HOSTILE = {
  '<img src=x onerror=alert(1)>': '<script>document.title = "taken over"</script>',
  'dotted.key': 1,
  'a,b:c': 'comma and colon',
  '': 'the empty key',
  مرحبا: 'שלום עולם',
  flipped: '\u202Egpj.exe',
  emoji: '👩‍👩‍👧‍👦',
  long: 'wide '.repeat(3_200),
  unbroken: 'L'.repeat(16_000),
  list: Array.from({ length: 60 }, (_, step) => ({ step, loss: 1 / (step + 1) })),
};

describe('the page of a trial', () => {
  let master: TestMaster;
  let data: Seed;
  let page: Page;
  let trialId: number;

  const site = testSite(async (booted) => {
    master = booted;
    data = await seed(master);
  }, /status of (?:412|404)/);

  beforeEach(async () => {
    trialId = await addTrial(master, data.experimentIds.bert, {
      hardware: { gpu: 'NVIDIA A100', gpus: '8' },
      batch_size: 8,
      seed: 'to be replaced',
    });
  });

  const open = async (path = `/trials/${trialId}`, token?: string): Promise<void> => {
    page = await site.open(token === undefined ? { path } : { path, token });
    await page.getByRole('heading', { level: 1 }).waitFor();
  };

  const act = async (field: string, action: string): Promise<void> => {
    await page.getByRole('button', { name: `Actions for ${field}`, exact: true }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  const stored = async (id = trialId): Promise<string> =>
    (await master.get(`/trials/${id}/metadata`)).text.replaceAll('": ', '":');

  it('shows the metadata in the section "Metadata" of the tab "Overview", with types to tell "8" from 8', async () => {
    await open();
    await page.getByRole('tab', { name: 'Overview', selected: true }).waitFor();
    await page.getByRole('heading', { name: 'Metadata' }).waitFor();
    expect(await page.getByRole('treeitem').filter({ hasText: 'batch_size' }).innerText()).toMatch(/123\s*8/);
    expect(await page.getByRole('treeitem').filter({ hasText: 'gpus' }).last().innerText()).toMatch(
      /Abc\s*"8"/,
    );
  });

  it('finds in keys and values', async () => {
    await open();
    await page.getByRole('textbox', { name: 'Search in keys and values' }).fill('a100');
    await page.getByRole('treeitem').filter({ hasText: 'batch_size' }).waitFor({ state: 'detached' });
    await page.getByRole('treeitem').filter({ hasText: '"NVIDIA A100"' }).last().waitFor();
  });

  it('changes a field, by keyboard, and keeps the type that was chosen', async () => {
    await open();
    await page.getByRole('treeitem').filter({ hasText: 'batch_size' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[role=menuitem]:focus').waitFor();
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Change a field' });
    await dialog.getByRole('textbox', { name: 'Value' }).fill('9007199254740993');
    await page.keyboard.press('Tab');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('9007199254740993').waitFor();
    expect(await stored()).toContain('"batch_size":9007199254740993');
  });

  it('adds and deletes a field', async () => {
    await open();
    await page.getByRole('button', { name: 'Add field' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a field' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('software.cuda');
    await dialog.getByRole('textbox', { name: 'Value' }).fill('11.2');
    await dialog.getByRole('combobox', { name: 'Type' }).click();
    await page.getByRole('option', { name: 'Text' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await stored()).toContain('"software":{"cuda":"11.2"}');
    await act('seed', 'Delete');
    await page
      .getByRole('dialog', { name: 'Delete a field' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await page.getByRole('treeitem').filter({ hasText: 'seed' }).waitFor({ state: 'detached' });
    expect(await stored()).not.toContain('to be replaced');
  });

  it('shows the conflict when somebody else was faster, and lets a person decide', async () => {
    await open();
    await act('batch_size', 'Change');
    const dialog = page.getByRole('dialog', { name: 'Change a field' });
    await dialog.getByRole('textbox', { name: 'Value' }).fill('64');
    await master.post(`/trials/${trialId}/metadata`, { metadata: { batch_size: 32 } });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Somebody else was faster').waitFor();
    expect(await dialog.getByRole('alert').innerText()).toContain('is now 32');
    expect(await stored()).toContain('"batch_size":32');
    await dialog.getByRole('button', { name: 'Save mine nevertheless' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await stored()).toContain('"batch_size":64');
  });

  it('shows what somebody else changed after the conflict, when one lets it be', async () => {
    await open();
    await page.getByText('revision 1,').waitFor();
    await act('batch_size', 'Change');
    const dialog = page.getByRole('dialog', { name: 'Change a field' });
    await dialog.getByRole('textbox', { name: 'Value' }).fill('64');
    await master.post(`/trials/${trialId}/metadata`, { metadata: { batch_size: 32 } });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Somebody else was faster').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('revision 2,').waitFor();
    await page
      .getByRole('treeitem')
      .filter({ hasText: /batch_size.*32/ })
      .waitFor();
  });

  it('shows what was changed elsewhere when one comes back to it, and leaves an edit alone', async () => {
    await open();
    await page.getByText('revision 1,').waitFor();
    await master.post(`/trials/${trialId}/metadata`, { metadata: { batch_size: 32 } });
    // What was asked for a moment ago is not asked for again.
    await page.clock.setFixedTime(Date.now() + 60_000);
    await page.evaluate("dispatchEvent(new Event('focus'))");
    await page.getByText('revision 2,').waitFor();

    await act('seed', 'Change');
    const dialog = page.getByRole('dialog', { name: 'Change a field' });
    await dialog.getByRole('textbox', { name: 'Value' }).fill('typed before');
    await master.post(`/trials/${trialId}/metadata`, { metadata: { batch_size: 16 } });
    await page.clock.setFixedTime(Date.now() + 120_000);
    await page.evaluate("dispatchEvent(new Event('focus'))");
    await page.getByText('revision 3,').waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Value' }).inputValue()).toBe('typed before');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Somebody else was faster').waitFor();
  });

  it('says that nothing was saved, where what somebody else did cannot be had', async () => {
    await open();
    await act('batch_size', 'Change');
    const dialog = page.getByRole('dialog', { name: 'Change a field' });
    await dialog.getByRole('textbox', { name: 'Value' }).fill('64');
    await master.post(`/trials/${trialId}/metadata`, { metadata: { batch_size: 32 } });
    await page.route('**/metadata', (route) =>
      route.request().method() === 'GET' ? route.fulfill({ status: 404, json: {} }) : route.continue(),
    );
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Not saved; what you typed is still here').waitFor();
    await page.unroute('**/metadata');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Somebody else was faster').waitFor();
    expect(await dialog.getByRole('alert').count()).toBe(1);
  });

  it('does not show an older answer, late, over what was saved', async () => {
    await open();
    await page.getByText('revision 1,').waitFor();
    const saved = gate();
    const late = gate();
    await page.route('**/metadata', async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const answer = await route.fetch();
      await saved.opened;
      await route.fulfill({ response: answer });
      late.open();
    });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await act('batch_size', 'Change');
    const dialog = page.getByRole('dialog', { name: 'Change a field' });
    await dialog.getByRole('textbox', { name: 'Value' }).fill('64');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('revision 2,').waitFor();
    saved.open();
    await late.opened;
    await page.locator('[aria-label="Refresh"][aria-busy="false"]').waitFor();
    expect(await page.getByText('revision 2,').count()).toBe(1);
  });

  it('has charts and comparisons asked for again when metadata was saved', async () => {
    const only = encodeURIComponent(`{"field":"trial.id","operator":"is","value":${trialId}}`);
    page = await site.open({
      path: `/charts?measure=metadata.batch_size&by=metadata.hardware.gpu&filter=${only}`,
    });
    await page.getByRole('cell', { name: '8', exact: true }).first().waitFor();
    await page.evaluate(
      `history.pushState({}, '', '/trials/${trialId}'); dispatchEvent(new PopStateEvent('popstate'));`,
    );
    await act('batch_size', 'Change');
    const dialog = page.getByRole('dialog', { name: 'Change a field' });
    await dialog.getByRole('textbox', { name: 'Value' }).fill('64');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.goBack();
    await page.getByRole('cell', { name: '64', exact: true }).first().waitFor();
  });

  it('shows the same revision in the overview as in the history', async () => {
    await open();
    await page.getByText('revision 1,').waitFor();
    await page.clock.setFixedTime(Date.now());
    await master.post(`/trials/${trialId}/metadata`, { metadata: { batch_size: 32 } });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('Revision 2').waitFor();
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByText('revision 2,').waitFor();
    await master.post(`/trials/${trialId}/metadata`, { metadata: { batch_size: 16 } });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('revision 3,').waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('Revision 3').waitFor();
  });

  it('tells in the history who changed what, and restores', async () => {
    await master.post(`/trials/${trialId}/metadata`, { metadata: { batch_size: 32, note: 'new' } });
    await open();
    await page.getByRole('tab', { name: 'History' }).click();
    const history = page.getByRole('region', { name: 'History' });
    await history.getByText('Revision 2').waitFor();
    expect(await history.innerText()).toMatch(/batch_size\s*8\s*→\s*32/);
    await history.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await history.getByText('Revision 3').waitFor();
    expect(await stored()).toContain('"batch_size":8');
  });

  it('finds the trials with a value', async () => {
    await open();
    await act('gpu', 'Find trials with this value');
    await page
      .getByTestId('total')
      .getByText(/trials$/)
      .waitFor();
    expect(decodeURIComponent(page.url())).toContain(
      '"field":"metadata.hardware.gpu","operator":"is","value":"NVIDIA A100"',
    );
  });

  it('copies a path and downloads the JSON as it is stored', async () => {
    await open();
    await act('gpu', 'Copy path');
    await page.getByText('Path copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('metadata.hardware.gpu');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`trial-${trialId}-metadata.json`);
  });

  it('offers a viewer nothing to change', async () => {
    const viewer = await addUser(master, `viewer-${trialId}`, data.projectId, 'viewer');
    await open(`/trials/${trialId}`, viewer);
    await page.getByRole('button', { name: 'Actions for seed' }).click();
    await page.getByRole('menuitem', { name: 'Copy value' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Change' }).count()).toBe(0);
    expect(await page.getByRole('menuitem', { name: 'Delete' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Add field' }).count()).toBe(0);
  });

  it('lets an editor change', async () => {
    const editor = await addUser(master, `editor-${trialId}`, data.projectId, 'editor');
    await open(`/trials/${trialId}`, editor);
    await page.getByRole('button', { name: 'Add field' }).waitFor();
  });

  it('shows hostile metadata as text, on a narrow screen too, and breaks no layout', async () => {
    const numbers = '"huge":1e400,"exact":0.1000000000000000055,"__proto__":{"polluted":true}';
    const id = await addTrial(
      master,
      data.experimentIds.bert,
      JSON.stringify(HOSTILE).replace(/}$/, `,${numbers}}`),
    );
    for (const width of [1400, 360]) {
      page = await site.open({ path: `/trials/${id}`, width });
      await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
      await page.getByText('0.1000000000000000055').waitFor();
      await page.getByText('Show all 16,000 characters').first().click();
      expect(await page.title()).toBe(`Trial ${id} – Trial metadata`);
      expect(await page.evaluate('document.querySelector("main").scrollWidth <= innerWidth')).toBe(true);
      expect(await page.evaluate('document.querySelector("main img, main script")')).toBeNull();
      await page.goto(
        `${master.url}/trials?columns=trial.id,metadata."a,b:c",metadata."dotted.key",metadata.unbroken&sort=-trial.id`,
      );
      await page.getByRole('gridcell', { name: 'comma and colon' }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      if (width === 1400) await site.window.context.close();
    }
  });

  it('says so when there is no such trial, or none that one may see', async () => {
    page = await site.open({ path: '/trials/999999' });
    await page.getByText('Not here, or not for you').waitFor();
  });
});
