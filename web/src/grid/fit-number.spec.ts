import { JsonNumber, readDecimal } from '../shared/metadata.js';
import { fitNumber } from './fit-number.js';

const ZEROS = '0'.repeat(299);

describe('fitNumber', () => {
  it.each([
    ['1948.25', 12, '1948.25'],
    ['0.00000000000012345', 19, '0.00000000000012345'],
    ['0.00000000000012345', 12, '1.2345e-13'],
    ['-0.00000000000012345', 12, '-1.2345e-13'],
    ['0.00000000000012345', 8, '1.23e-13'],
    [`0.${ZEROS}1`, 12, '1e-300'],
    [`1${ZEROS}0`, 12, '1e300'],
    [`-1${ZEROS}0`, 12, '-1e300'],
    ['12345678901234567890', 12, '1.2345679e19'],
    ['99999999999999999999', 12, '1e20'],
    // Its beginning has as many digits, and says that there are more.
    ['0.33333333333333333333', 12, '0.33333333…'],
    ['-1234.56789012345678', 12, '-1234.5678…'],
    ['0.0000', 5, '0'],
    ['1.23456789012345e5', 10, '1.234568e5'],
    // Too little room for anything: one digit all the same.
    ['12345678', 2, '1e7'],
  ])('writes %s in %d characters as %s', (text, room, shown) => {
    expect(fitNumber(new JsonNumber(text), room)).toBe(shown);
  });

  it.each([8, 12, 19])('never takes more than %d characters, nor shows as zero what is none', (room) => {
    for (let exponent = -40; exponent <= 40; exponent += 1) {
      const digits = '98765432109876543210';
      const text = exponent < 0 ? `0.${'0'.repeat(-exponent)}${digits}` : digits + '0'.repeat(exponent);
      const shown = fitNumber(new JsonNumber(text), room);
      expect(shown.length).toBeLessThanOrEqual(room);
      expect(readDecimal(new JsonNumber(shown.replace('…', ''))).digits).toMatch(/[1-9]/);
    }
  });
});
