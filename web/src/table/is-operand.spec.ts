import { parseJson } from '../shared/metadata.js';
import { isOperand } from './is-operand.js';

const LONGEST = 'x'.repeat(1_000);

describe('isOperand', () => {
  it.each([`"${LONGEST}"`, `"${'😀'.repeat(1_000)}"`, '1e300', 'null', `[1, {"a": ["${LONGEST}"]}]`])(
    'takes what the API takes (%#)',
    (text) => {
      expect(isOperand(parseJson(text))).toBe(true);
    },
  );

  it.each([`"${LONGEST}x"`, `[1, {"a": ["${LONGEST}x"]}]`, `{"${LONGEST}x": 1}`])(
    'refuses a longer text wherever it stands (%#)',
    (text) => {
      expect(isOperand(parseJson(text))).toBe(false);
    },
  );
});
