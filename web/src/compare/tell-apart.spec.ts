import type { ComparedField } from '../api/compare.js';
import { parseJson } from '../shared/metadata.js';
import { tellApart } from './tell-apart.js';

const ROOM = 20;

/** What a field's cells show, of values written as JSON; undefined for those that show their own text. */
function shown(...values: readonly string[]): readonly (string | undefined)[] {
  const field: ComparedField = {
    field: 'metadata.x',
    differs: true,
    values: new Map(values.map((text, id) => [id, { value: parseJson(text), differs: false }])),
  };
  const text = tellApart(field);
  return values.map((_, id) => text(id, ROOM));
}

describe('tellApart', () => {
  it('leaves alone what reads differently as it is', () => {
    expect(shown('1', '2', '"a text that is longer than its cell"', 'null')).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });

  it('shows where two long numbers differ', () => {
    expect(shown('1234567890123456789012345', '1234567890123456789012346', '7')).toEqual([
      '12345…56789012345',
      '12345…56789012346',
      undefined,
    ]);
  });

  it('shows where lists and texts differ, in the middle too', () => {
    const list = (changed: number): string =>
      `[${Array.from({ length: 40 }, (_, index) => (index === 20 ? changed : index)).join()}]`;
    const [first = '', second = ''] = shown(list(20), list(99));
    expect(first).toMatch(/^\[0,1….*,20,.*…$/);
    expect(second).toMatch(/^\[0,1….*,99,.*…$/);
    const path = '/data/experiments/2024/05/runs/';
    expect(shown(`"${path}a"`, `"${path}b"`)).toEqual([
      expect.stringMatching(/^\/dat….*\/a$/),
      expect.stringMatching(/^\/dat….*\/b$/),
    ]);
  });

  it('tells a text from what is written the same, and blanks at its ends', () => {
    expect(shown('8', '"8"')).toEqual(['8', '"8"']);
    expect(shown('"a"', '"a "')).toEqual(['"a"', '"a "']);
  });

  it('knows equal numbers however they are written', () => {
    expect(shown('1.0', '1', '"1"')).toEqual(['1.0', '1', '"1"'].map(() => expect.any(String)));
    expect(shown('1.0', '1', '2')).toEqual([undefined, undefined, undefined]);
  });

  it('gives every distinct value a text of its own', () => {
    const values = Array.from({ length: 50 }, (_, index) => `"/${'data/'.repeat(9)}run-${index}/model.bin"`);
    expect(new Set(shown(...values)).size).toBe(50);
  });

  it('tears no character apart', () => {
    const faces = '😀'.repeat(40);
    // A torn one is refused.
    for (const text of shown(`"${faces}a"`, `"${faces}b"`))
      expect(() => encodeURIComponent(text ?? '')).not.toThrow();
  });
});
