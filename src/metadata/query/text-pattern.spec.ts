import { plainPart } from './text-pattern.js';

describe('the part of a text that is looked for before a pattern', () => {
  it.each([
    ['letters of ASCII, digits and signs', 'A100 (mini)', 'a100 (mini)'],
    ['of a script without case', 'نموذج 漢字 🚀', 'نموذج 漢字 🚀'],
    ['the longest beside letters that fold beyond ASCII', 'Straße', 'stra'],
    ['what folds to a letter of ASCII', '1\u212a', '1k'],
    ['without what JSON writes otherwise', 'a"bc\\defg\nhi', 'defg'],
    ['nothing', 'ŹŻ', ''],
  ])('is of %s', (_, text, part) => {
    expect(plainPart(text)).toBe(part);
  });
});
