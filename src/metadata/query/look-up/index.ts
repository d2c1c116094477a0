export { lookUp, withoutTexts, type DocumentIndexes } from './look-up.js';
export { lookedUpRows } from './looked-up-rows.js';
export { lookUpPays, type LookedUpSearch, type LookUpWorth } from './look-up-pays.js';
export { textsOf } from './document-texts.js';
export { fieldTextOf, isLookedUpByText } from './field-texts.js';
