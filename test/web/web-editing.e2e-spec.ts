import type { Locator, Page } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { addTrial, seed, testSite, type Seed } from './support/index.js';

describe('editing the metadata of a trial on the page', () => {
  let master: TestMaster;
  let data: Seed;
  let page: Page;
  let trialId: number;

  const site = testSite(async (booted) => {
    master = booted;
    data = await seed(master);
  }, /status of 412/);

  beforeEach(async () => {
    const metadata = { zero: 0, list: [1], hardware: { gpu: 'T4' }, seed: 1, done: true };
    trialId = await addTrial(master, data.experimentIds.bert, metadata);
    page = await site.open({ path: `/trials/${trialId}` });
    await page.getByRole('treeitem').filter({ hasText: 'seed' }).waitFor();
  });

  const stored = async (): Promise<unknown> =>
    (await master.get(`/trials/${trialId}/metadata`)).body.metadata;
  const add = async (name: string, value: string): Promise<Locator> => {
    await page.getByRole('button', { name: 'Add field' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a field' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('textbox', { name: 'Value' }).fill(value);
    return dialog;
  };
  const act = async (field: string, action: string): Promise<Locator> => {
    await page.getByRole('button', { name: `Actions for ${field}`, exact: true }).click();
    await page.getByRole('menuitem', { name: action }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    return dialog;
  };
  const save = async (dialog: Locator): Promise<void> => {
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  const typeIs = async (dialog: Locator, type: string): Promise<void> => {
    await dialog.locator(`input[aria-haspopup=listbox][value="${type}"]`).waitFor();
  };

  it.each([
    ['zero.deep', 'zero has a value (number), not fields'],
    ['list.0', 'list has a value (list), not fields'],
    ['hardware.gpu.memory', 'hardware.gpu has a value (text), not fields'],
  ])('refuses to add %s, which would replace what is there', async (name, message) => {
    const before = await stored();
    const dialog = await add(name, '1');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').getByText(message).waitFor();
    expect(await stored()).toEqual(before);
    await dialog.getByRole('textbox', { name: 'Name' }).fill('hardware.memory');
    await save(dialog);
    expect(await stored()).toEqual({ ...(before as object), hardware: { gpu: 'T4', memory: 1 } });
  });

  it('does not replace what somebody else has put in the way meanwhile', async () => {
    const dialog = await act('gpu', 'Change');
    await dialog.getByRole('textbox', { name: 'Value' }).fill('A100');
    await master.put(`/trials/${trialId}/metadata`, { metadata: { hardware: 'none' } });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Somebody else was faster').waitFor();
    await dialog.getByRole('button', { name: 'Save mine nevertheless' }).click();
    await dialog.getByText('hardware has a value (text), not fields').waitFor();
    expect(await stored()).toEqual({ hardware: 'none' });
  });

  it('adds a value in the type that it reads as, and as text where one says so', async () => {
    const types = [
      ['64', 'Number', 64],
      ['true', 'True or false', true],
      ['null', 'Null', null],
      ['fast', 'Text', 'fast'],
    ] as const;
    for (const [text, type, value] of types) {
      const dialog = await add(`added.${type.toLowerCase().replaceAll(' ', '_')}`, text);
      await typeIs(dialog, type);
      await save(dialog);
      expect(JSON.stringify(await stored())).toContain(
        `"${type.toLowerCase().replaceAll(' ', '_')}":${JSON.stringify(value)}`,
      );
    }
    const dialog = await add('added.version', '11.2');
    await dialog.getByRole('combobox', { name: 'Type' }).click();
    await page.getByRole('option', { name: 'Text' }).click();
    await dialog.getByRole('textbox', { name: 'Value' }).fill('11.20');
    await save(dialog);
    expect(await stored()).toMatchObject({ added: { version: '11.20' } });
  });

  it('adds a value in the type that other trials have it in', async () => {
    const dialog = await add('dataset_version', '64');
    await dialog.getByText('As other trials have this field.').waitFor();
    await typeIs(dialog, 'Text');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('runtime_seconds');
    await typeIs(dialog, 'Number');
    await dialog.getByRole('textbox', { name: 'Value' }).fill('fast');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('This is no number.').waitFor();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('converged');
    await typeIs(dialog, 'True or false');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Write true or false, or choose another type.').waitFor();
    await dialog.getByRole('textbox', { name: 'Value' }).fill('false');
    await save(dialog);
    expect(await stored()).toMatchObject({ converged: false });
  });

  it('asks before it discards what was typed, and goes at once where nothing was', async () => {
    const dialog = await act('seed', 'Change');
    const value = dialog.getByRole('textbox', { name: 'Value' });
    await page.locator('textarea:focus').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await act('seed', 'Change');
    await value.fill('2');
    await page.keyboard.press('Escape');
    await dialog.getByText('Discard what you typed?').waitFor();
    await page.locator('button:focus', { hasText: 'Keep editing' }).click();
    await page.locator('textarea:focus').waitFor();
    // Beside the dialog.
    await page.mouse.click(5, 500);
    await dialog.getByText('Discard what you typed?').waitFor();
    expect(await value.inputValue()).toBe('2');
    await dialog.getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await stored()).toMatchObject({ seed: 1 });
  });

  it('has the focus on the value that is changed, and afterwards where it was', async () => {
    const focused = (field: string): Promise<void> =>
      page.locator('[role=treeitem]:focus').filter({ hasText: field }).waitFor();
    const dialog = await act('done', 'Change');
    await page.locator('input:focus[value=true]').waitFor();
    await page.keyboard.press('Escape');
    await focused('done');
    await act('seed', 'Change');
    await page.locator('textarea:focus').fill('2');
    await save(dialog);
    await focused('seed');
    await act('seed', 'Delete');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('treeitem').filter({ hasText: 'seed' }).waitFor({ state: 'detached' });
    await page.locator('[role=treeitem]:focus').waitFor();

    await page.getByRole('button', { name: 'Add field' }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await page.locator('button:focus', { hasText: 'Add field' }).waitFor();
  });
});
