import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let source: string | undefined;
/** The rules that depend on colours. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What is looked at in a page, where the types of a page are not known. */
interface PageGlobals {
  readonly document: { getAnimations(): readonly object[] };
  readonly CSSTransition: new () => object;
}

/** What axe-core finds wrong with what the page shows now: the rule, why, and where. */
export async function violations(page: Page): Promise<readonly string[]> {
  return await run(page, {});
}

/**
 * Shows the page in dark, and what axe-core finds wrong then with its colours. All else is the same document, of which
 * {@link violations} tells.
 */
export async function violationsInDark(page: Page): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' });
  // A colour on its way to the other is neither. What turns or pulses for ever is no transition.
  await page.waitForFunction(() => {
    const { document, CSSTransition } = globalThis as unknown as PageGlobals;
    return document.getAnimations().every((one) => !(one instanceof CSSTransition));
  });
  return await run(page, { runOnly: COLOURS });
}

async function run(page: Page, options: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  source ??= await readFile(AXE, 'utf8');
  // Evaluated by the debugger, so that the page's policy against foreign scripts stays as it is.
  await page.evaluate(`globalThis.axe ?? (() => { ${source} })()`);
  return page.evaluate(
    async (given) => {
      const { axe } = globalThis as unknown as {
        axe: {
          run: (options: object) => Promise<{
            violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
          }>;
        };
      };
      const { violations: found } = await axe.run(given);
      return found.flatMap(({ id, help, nodes }) =>
        nodes.map(
          ({ html, failureSummary }) => `${id}: ${help}\n${html.slice(0, 300)}\n${failureSummary ?? ''}`,
        ),
      );
    },
    // What passes is not described in all detail.
    { ...options, resultTypes: ['violations'] },
  );
}
