import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** A window of a browser, on a master's page. */
export interface TestPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything that the page complained of: errors in its console, faults of its scripts, breaches of its policy. */
  readonly complaints: string[];
}

export interface PageOptions {
  /** Below the master's address, e.g. `/trials?project=1`. */
  readonly path?: string;
  /** Who is signed in: the administrator unless told; null for nobody. */
  readonly token?: string | null;
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** What a page is opened on: where a master is, and a token that it takes. */
export interface PageHost {
  readonly url: string;
  readonly token: string;
}

export interface TestBrowser {
  open(master: PageHost, options?: PageOptions): Promise<TestPage>;
  close(): Promise<void>;
}

/**
 * In one process the first window that is closed ends the browser; and the page is to be tested with its policies in force.
 * WebGL, which it does not use, would be computed, and all else drawn the same slow way.
 */
const UNWANTED =
  /^--(?:single-process|disable-web-security|allow-running-insecure-content|use-(?:gl|angle)=.*|enable-unsafe-swiftshader|ignore-gpu-blocklist|in-process-gpu|no-zygote|headless=.*)$/;
const WANTED = ['--disable-background-networking', '--disable-gpu', '--disable-software-rasterizer'];

/** Starts Chromium: the one that `CHROME` names, else the one of the package. */
export async function startBrowser(): Promise<TestBrowser> {
  const browser: Browser = await playwright.launch({
    executablePath: process.env['CHROME'] ?? (await chromium.executablePath()),
    args: [...chromium.args.filter((arg) => !UNWANTED.test(arg)), ...WANTED],
    headless: true,
  });
  return {
    open: (master, options) => openPage(browser, master, options),
    close: () => browser.close(),
  };
}

async function openPage(browser: Browser, master: PageHost, options: PageOptions = {}): Promise<TestPage> {
  const { path = '/', token = master.token, dark = false, width = 1400, height = 900 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(master.url + path + (token === null ? '' : `#token=${encodeURIComponent(token)}`));
  return { page, context, complaints };
}
