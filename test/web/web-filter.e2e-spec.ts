import type { Locator, Page } from 'playwright-core';
import type { TestMaster } from '../support/index.js';
import { seed, testSite } from './support/index.js';

const BERT = '{"field":"metadata.benchmark","operator":"is","value":"bert"}';
const CONVERGED = '{"field":"metadata.converged","operator":"is","value":true}';
const H100 = '{"field":"metadata.hardware.gpu","operator":"is","value":"NVIDIA H100"}';

describe('the filter panel', () => {
  let master: TestMaster;
  let page: Page;
  let projectId: number;

  const site = testSite(async (booted) => {
    master = booted;
    ({ projectId } = await seed(master));
  });

  const open = async (conditions: readonly string[] = [], width = 1400): Promise<void> => {
    const filter =
      conditions.length === 0 ? '' : `&filter=${encodeURIComponent(`{"and":[${conditions.join(',')}]}`)}`;
    page = await site.open({
      path: `/trials?project=${projectId}${filter}&columns=trial.id,metadata.hardware.gpu`,
      width,
    });
    await page.getByRole('grid').waitFor();
  };
  const filterButton = (): Locator => page.getByRole('button', { name: /^Filter( \(\d\))?$/ });
  const openPanel = async (): Promise<Locator> => {
    await filterButton().click();
    const panel = page.getByRole('form', { name: 'Filter' });
    await panel.waitFor();
    return panel;
  };
  const total = async (text: string): Promise<void> => {
    await page.getByTestId('total').getByText(text, { exact: true }).waitFor();
  };
  /** By keyboard alone. */
  const chooseField = async (search: string): Promise<void> => {
    await page.getByRole('button', { name: 'Field: Choose a field' }).last().focus();
    await page.keyboard.press('Enter');
    await page.locator('input[aria-label="Search fields"]:focus').fill(search);
    await page.keyboard.press('Enter');
  };
  const focusIsOn = (name: string): Promise<void> =>
    page.locator(`:focus[aria-label=${JSON.stringify(name)}]`).waitFor();
  const isGone = async (locator: Locator): Promise<void> => locator.waitFor({ state: 'hidden' });

  it('takes the first field that is found with Enter, however soon, and goes on to the value', async () => {
    await open();
    const panel = await openPanel();
    await chooseField('hardware.gpu');
    await focusIsOn('Value of hardware.gpu');
    await page.getByRole('option', { name: /AMD MI300X/ }).waitFor();
    await page.keyboard.type('NVIDIA H100');
    await page.keyboard.press('Enter');
    await total('8 trials');
    await panel.getByRole('button', { name: 'Add condition' }).click();
    await chooseField('conver');
    await focusIsOn('Value of converged');
  });

  it('leaves a list of suggestions with Escape, then itself, and keeps what is typed', async () => {
    await open();
    const panel = await openPanel();
    await chooseField('hardware.gpu');
    await page.keyboard.type('NV');
    const list = page.getByRole('option', { name: /NVIDIA/ }).first();
    await list.waitFor();
    await page.keyboard.press('Escape');
    await isGone(list);
    await focusIsOn('Value of hardware.gpu');
    expect(await panel.isVisible()).toBe(true);

    await panel.getByRole('button', { name: 'Field: hardware.gpu' }).press('Enter');
    await focusIsOn('Search fields');
    await page.keyboard.press('Escape');
    await focusIsOn('Field: hardware.gpu');
    expect(await panel.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await isGone(panel);
    await page.locator(':focus', { hasText: 'Filter' }).waitFor();

    await openPanel();
    expect(await panel.getByRole('textbox', { name: 'Value of hardware.gpu' }).inputValue()).toBe('NV');
    await panel.getByRole('button', { name: 'Close' }).click();
    await isGone(panel);
    await page.locator(':focus', { hasText: 'Filter' }).waitFor();
    await openPanel();
    await panel.getByRole('textbox', { name: 'Value of hardware.gpu' }).fill('AMD MI300X');
    await panel.getByRole('button', { name: 'Apply' }).click();
    await total('8 trials');
  });

  it('keeps what is typed when a chip goes or a cell adds a condition, and not when the filter is another', async () => {
    await open([BERT, CONVERGED]);
    await total('9 trials');
    const panel = await openPanel();
    await panel.getByRole('button', { name: 'Add condition' }).click();
    await chooseField('runtime');
    await page.keyboard.type('10');
    const typed = panel.getByRole('textbox', { name: 'Value of runtime_seconds' });
    await page.getByRole('button', { name: 'Remove: benchmark is "bert"' }).click();
    await total('18 trials');
    expect(await typed.inputValue()).toBe('10');
    expect(await panel.getByRole('textbox', { name: 'Value of benchmark' }).count()).toBe(0);

    await page.getByRole('gridcell', { name: 'NVIDIA A100' }).first().click();
    await page.getByRole('menuitem', { name: 'Filter by this value' }).click();
    await total('6 trials');
    expect(await typed.inputValue()).toBe('10');
    const gpu = panel.getByRole('textbox', { name: 'Value of hardware.gpu' });
    expect(await gpu.inputValue()).toBe('NVIDIA A100');

    await page.getByRole('button', { name: 'Clear filter' }).click();
    await total('24 trials');
    expect(await typed.count()).toBe(0);
  });

  it('hands the focus on: to the next chip, the next condition, or the button that opens it', async () => {
    await open([BERT, CONVERGED, H100]);
    const panel = await openPanel();
    const remove = (name: string): Promise<void> =>
      panel.getByRole('button', { name: `Remove the condition on ${name}` }).press('Enter');
    await remove('converged');
    await focusIsOn('Field: hardware.gpu');
    await remove('hardware.gpu');
    await focusIsOn('Field: benchmark');
    await remove('benchmark');
    await page.locator(':focus', { hasText: 'Add condition' }).waitFor();

    const chip = (text: string): Locator => page.getByRole('button', { name: `Remove: ${text}` });
    await chip('converged is true').press('Enter');
    await focusIsOn('Remove: hardware.gpu is "NVIDIA H100"');
    await page.keyboard.press('Enter');
    await focusIsOn('Remove: benchmark is "bert"');
    await page.keyboard.press('Enter');
    await page.locator(':focus', { hasText: 'Filter' }).waitFor();
    await total('24 trials');
  });

  it('has the focus where it was once the drawer of columns is closed', async () => {
    await open();
    await page.getByRole('button', { name: 'Columns', exact: true }).press('Enter');
    await page.getByRole('dialog', { name: 'Columns' }).waitFor();
    await focusIsOn('Search fields');
    await page.keyboard.press('Escape');
    await page.locator(':focus', { hasText: 'Columns' }).waitFor();
  });

  it('has the focus on the menu of views once one is saved', async () => {
    await open();
    await page.getByRole('toolbar').getByRole('button', { name: 'Views' }).press('Enter');
    await page.getByRole('button', { name: /^Save what is shown/ }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Mine');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.locator(':focus', { hasText: 'Mine' }).waitFor();
  });

  it('offers the states as cells show them', async () => {
    await open();
    const panel = await openPanel();
    await chooseField('State');
    await focusIsOn('Value of State');
    await panel.getByRole('button', { name: 'Apply' }).click();
    await panel.getByText('Choose a state.').waitFor();
    await panel.getByRole('combobox', { name: 'Value of State' }).click();
    await page.getByRole('option', { name: 'Active', exact: true }).click();
    await panel.getByRole('button', { name: 'Apply' }).click();
    await total('24 trials');
    await page.getByRole('button', { name: 'Remove: State is Active' }).waitFor();
    expect(decodeURIComponent(page.url())).toContain('"value":"ACTIVE"');

    await panel.getByRole('combobox', { name: 'Condition on State' }).click();
    await page.getByRole('option', { name: 'is none of' }).click();
    await panel.getByRole('textbox', { name: 'Values of State' }).focus();
    await page.keyboard.type('completed,');
    await panel.getByRole('button', { name: 'Remove Completed' }).waitFor();
    await panel.getByRole('button', { name: 'Remove Active' }).click();
    await panel.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('button', { name: 'Remove: State is none of Completed' }).waitFor();
    expect(decodeURIComponent(page.url())).toContain('"value":["COMPLETED"]');
  });

  it('says what is missing in a blank row alone', async () => {
    await open();
    let panel = await openPanel();
    await panel.getByRole('button', { name: 'Apply' }).click();
    await panel.getByText('Choose a field.').waitFor();
    await open([BERT]);
    panel = await openPanel();
    await panel.getByRole('button', { name: 'Remove the condition on benchmark' }).click();
    await panel.getByRole('button', { name: 'Apply' }).click();
    await total('24 trials');
  });

  it('shows its lists whole in a narrow window', async () => {
    await open([], 400);
    await openPanel();
    await page.getByRole('button', { name: 'Field: Choose a field' }).click();
    await page.getByRole('option', { name: /^benchmark/ }).waitFor();
    const box = await page.getByRole('listbox', { name: 'Fields' }).boundingBox();
    expect(box!.x).toBeGreaterThanOrEqual(0);
    expect(box!.x + box!.width).toBeLessThanOrEqual(400);
  });
});
