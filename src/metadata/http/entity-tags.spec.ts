import { InvalidRequestError } from '../metadata.errors.js';
import { entityTag, namesRevision, revisionsOfIfMatch } from './entity-tags.js';

describe('If-Match', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    [' * ', undefined],
    ['"7"', [7]],
    ['"0"', [0]],
    ['"7","8" ,\t"9"', [7, 8, 9]],
    ['"7", ,"8",', [7, 8]],
    ['W/"7"', []],
    ['W/"7", "8"', [8]],
    ['"abc"', []],
    ['""', []],
    ['"07"', []],
    ['"1e3"', []],
    ['"9999999999"', []],
    ['"a,b", "8"', [8]],
  ])('%s allows the revisions %j', (header, revisions) => {
    expect(revisionsOfIfMatch(header)).toEqual(revisions);
  });

  it.each(['', '7', '"7', '7"', '"7" "8"', 'w/"7"', 'W/ "7"', '*, "7"', '"7", *', ',', '"a b"', "'7'"])(
    '%j is refused as malformed',
    (header) => {
      expect(() => revisionsOfIfMatch(header)).toThrow(InvalidRequestError);
    },
  );
});

describe('If-None-Match', () => {
  it.each([
    [undefined, false],
    ['*', true],
    ['"7"', true],
    ['W/"7"', true],
    ['"6", W/"7"', true],
    ['"6"', false],
    ['"77"', false],
    ['"07"', false],
  ])('%s names revision 7: %s', (header, names) => {
    expect(namesRevision(header, 7)).toBe(names);
  });

  it('takes the tag that was sent', () => {
    expect(namesRevision(entityTag(7), 7)).toBe(true);
  });
});
