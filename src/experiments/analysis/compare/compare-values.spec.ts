import { isJsonObject, parseJson, type JsonObject } from '../../../metadata/index.js';
import { columnNamed } from '../../search/trial-source.js';
import { compareValues, type CompareOptions } from './compare-values.js';
import { MAX_FIELDS } from './compared-fields.js';

const EVERYTHING: CompareOptions = { columns: [], paths: [], baseline: undefined, onlyDifferences: false };

function document(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Error('The test needs an object.');
  return value;
}

/** Compares trials 1, 2 … with these documents. */
function compare(documents: readonly string[], options: Partial<CompareOptions> = {}) {
  const trials = documents.map((text, index) => ({
    id: index + 1,
    document: document(text),
    columns: new Map(),
  }));
  return compareValues(trials, { ...EVERYTHING, ...options });
}

describe('compareValues', () => {
  it('tells missing, null and the empty string apart', () => {
    expect(compare(['{"a": null}', '{"a": ""}', '{}']).fields).toEqual([
      {
        field: 'metadata.a',
        differs: true,
        values: [
          { trialId: 1, value: null },
          { trialId: 2, value: '' },
          { trialId: 3, missing: true },
        ],
      },
    ]);
  });

  it.each([
    ['1', '1.0', false],
    ['1', '"1"', true],
    ['9007199254740993', '9007199254740992', true],
    ['[1, 2]', '[1.0, 2]', false],
    ['[1, 2]', '[2, 1]', true],
    ['null', 'false', true],
    ['{}', '[]', true],
  ])('%s and %s: differs is %p', (a, b, differs) => {
    expect(compare([`{"a": ${a}}`, `{"a": ${b}}`]).fields[0]?.differs).toBe(differs);
  });

  it('descends objects, takes lists as they are and orders by path', () => {
    const fields = compare(['{"b": {"y": 1, "x": [{"z": 1}]}, "b.c": 2, "a": {}}']).fields;
    expect(fields.map(({ field }) => field)).toEqual([
      'metadata.a',
      'metadata.b.x',
      'metadata.b.y',
      'metadata."b.c"',
    ]);
  });

  it('shows the object where another trial holds a string', () => {
    const { fields } = compare(['{"stack": "none"}', '{"stack": {"cuda": "12"}}']);
    expect(fields).toMatchObject([
      {
        field: 'metadata.stack',
        differs: true,
        values: [{ value: 'none' }, { value: new Map([['cuda', '12']]) }],
      },
      { field: 'metadata.stack.cuda', differs: true, values: [{ missing: true }, { value: '12' }] },
    ]);
  });

  it('says of each value whether it differs from the baseline', () => {
    const { fields } = compare(['{"a": 2}', '{"a": 1}', '{"a": 1.0}', '{}'], { baseline: 2 });
    expect(fields[0]?.values.map(({ differs }) => differs)).toEqual([true, false, false, true]);
  });

  it('lists only differences when asked to', () => {
    const { fields } = compare(['{"a": 1, "b": 1}', '{"a": 1, "b": 2}'], { onlyDifferences: true });
    expect(fields.map(({ field }) => field)).toEqual(['metadata.b']);
  });

  it('lists a field asked for that no trial has', () => {
    const { fields } = compare(['{}'], { paths: [['x', 'y']] });
    expect(fields).toEqual([
      { field: 'metadata.x.y', differs: false, values: [{ trialId: 1, missing: true }] },
    ]);
  });

  it('compares columns before metadata', () => {
    const state = columnNamed('trial.state');
    const trial = (id: number, value: string) => ({
      id,
      document: document('{"a": 1}'),
      columns: new Map([[state, value]]),
    });
    const { fields } = compareValues([trial(1, 'ERROR'), trial(2, 'COMPLETED')], {
      ...EVERYTHING,
      columns: [state],
    });
    expect(fields.map(({ field, differs }) => [field, differs])).toEqual([
      ['trial.state', true],
      ['metadata.a', false],
    ]);
  });

  it('stops at 2,000 fields and says so', () => {
    const wide = JSON.stringify(
      Object.fromEntries(Array.from({ length: MAX_FIELDS + 1 }, (_, i) => [`k${i}`, i])),
    );
    const { fields, truncated } = compare([wide]);
    expect(fields).toHaveLength(MAX_FIELDS);
    expect(truncated).toBe(true);
  });
});
