import type { Page } from 'playwright-core';
import { bootMaster, type TestMaster } from '../../support/index.js';
import { startBrowser, type PageOptions, type TestBrowser, type TestPage } from './browser.js';
import { ensurePage } from './ensure-page.js';

/** Milliseconds for a master, a browser and what the tests need in them. */
const START_TIMEOUT = 240_000;

/** A master and a browser that the tests of a file share. */
export interface TestSite {
  /** Opens a window on the page; it is closed when the test ends. */
  open(options: PageOptions): Promise<Page>;
  /** The window that was opened last. */
  readonly window: TestPage;
}

/**
 * A master and a browser, from the first to the last test of a `describe`. A test fails of what one of its windows complains
 * of.
 * @param prepare fills the master
 * @param expected complaints that the tests provoke; absent: none
 */
export function testSite(prepare: (master: TestMaster) => Promise<unknown>, expected?: RegExp): TestSite {
  let master: TestMaster | undefined;
  let browser: TestBrowser | undefined;
  let windows: readonly TestPage[] = [];

  beforeAll(async () => {
    await ensurePage();
    const starting = startBrowser();
    try {
      master = await bootMaster();
    } finally {
      // Closed behind the tests also where there is no master: an open browser would keep the process.
      browser = await starting;
    }
    await prepare(master);
  }, START_TIMEOUT);

  afterAll(async () => {
    await browser?.close();
    await master?.close();
  });

  afterEach(async () => {
    const complaints = windows.flatMap((window) => window.complaints);
    await Promise.all(windows.map(({ context }) => context.close()));
    windows = [];
    expect(complaints.filter((text) => expected?.test(text) !== true)).toEqual([]);
  });

  return {
    async open(options) {
      if (master === undefined || browser === undefined) throw new Error('The tests have not begun.');
      const window = await browser.open(master, options);
      windows = [...windows, window];
      return window.page;
    },
    get window() {
      const last = windows.at(-1);
      if (last === undefined) throw new Error('No window is open.');
      return last;
    },
  };
}
