export { startBrowser, type PageOptions, type TestBrowser, type TestPage } from './browser.js';
export { ensurePage } from './ensure-page.js';
export { gate } from './gate.js';
export { addTrial, addUser, seed, TRIALS, type Seed } from './seed.js';
export { testSite, type TestSite } from './test-site.js';
export { violations, violationsInDark } from './violations.js';
