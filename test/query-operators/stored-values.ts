/** What kind of value it is: the JSON types, with dates told from other strings since they compare apart. */
export type ValueKind = 'missing' | 'null' | 'boolean' | 'number' | 'string' | 'date' | 'list' | 'object';

export const VALUE_KINDS: readonly ValueKind[] = [
  'missing',
  'null',
  'boolean',
  'number',
  'string',
  'date',
  'list',
  'object',
];

/**
 * The values of the operator table, as JSON texts, by kind. Each is the value of the key `v` of a trial of its own.
 * They come in near-equal groups, so that an operator that is nearly right is told from the right one.
 */
const JSON_BY_KIND: Readonly<Record<Exclude<ValueKind, 'missing'>, readonly string[]>> = {
  null: ['null'],
  boolean: ['true', 'false'],
  // One value in several spellings; what only exact digits tell apart; what no double holds.
  number: ['0', '-0', '1', '1.0', '8', '16', '80', '-1.5', '1e3', '1e400', '9007199254740992', '9007199254740993', '0.1', '0.1000000000000000055'],
  string: [
    '""', '" "', '"8"', '"08"', '"16"', '"1.0"', '"true"', '"null"', '"NULL"',
    // Case: plain, the two small sigmas, a dotted capital I, a sharp s, a mark of its own, beyond the basic plane.
    '"A100"', '"NVIDIA A100"', '"nvidia a100"', '"ΟΔΟΣ"', '"οδος"', '"ΟΔΟΣΑ"', '"İstanbul"', '"istanbul"', '"straße"', '"STRASSE"', '"é"', '"e\\u0301"', '"É"', '"😀"', '"\\ufffd"',
    // Means something to LIKE, to SQL, to an array literal, to a regular expression.
    '"100%"', '"a_b"', '"a\\\\b"', '"it\'s"', '"\\"quoted\\""', '"{a,b}"', '"[1]"', '".*"', '"\'; DROP TABLE trial_metadata; --"', '"$1 :a ?"', '"line\\nbreak"',
    // Nearly dates.
    '"2024"', '"2024-02-30"', '"2023-02-29"', '"1900-02-29"', '"0000-01-01"', '"2024-05-01T24:00"', '"2024-05-01T00:00:60"', '"2024-05-01T00:00+15:00"', '"2024-05-01 "', '"2024-05-01\\n"', '"20240501"', '"2024-W18-3"',
  ],
  // The first five are one instant; then its neighbours, and the ends of what can be written.
  date: [
    '"2024-05-01"', '"2024-05"', '"2024-05-01T00:00:00Z"', '"2024-05-01T02:00:00+02:00"', '"2024-04-30 18:30:00,0-0530"',
    '"2024-05-01T00:00:00.000001Z"', '"2024-05-01T00:00:00.0000019"', '"2024-05-02"', '"2024-04-30"', '"2024-02-29"', '"2000-02-29"',
    '"0001-01-01T00:00:00+14:59"', '"9999-12-31T23:59:59-14:59"',
  ],
  list: ['[]', '[8]', '["8"]', '["A100", 16]', '[16, "A100"]', '[null]', '[true]', '[[]]', '[[8]]', '[1, 8]', '[8, 1]', '[1.0, 8]', '[{"gpu": "A100"}]', '["a", ["b", ["NVIDIA A100"]]]', '[{}]', '[""]', '["2024-05-01"]'],
  object: ['{}', '{"gpu": "A100"}', '{"gpu": "a100"}', '{"gpu": "A100", "count": 8}', '{"count": 8.0}', '{"a": {"b": {"c": "NVIDIA A100"}}}', '{"list": [8, "x"]}', '{"list": [[8], 8]}', '{"n": null}', '{"8": "a key is no value"}', '{"on": true}', '{"e": {}}', '{"": ""}', '{"at": "2024-05-01"}', '{"list": [null]}'],
}; // prettier-ignore

export interface StoredValue {
  /** Its JSON text, or `no metadata` and `no key` for the two ways in which a value is missing. */
  readonly name: string;
  readonly kind: ValueKind;
  /** The document of its trial, as JSON; absent for a trial that never reported any. */
  readonly document: string | undefined;
}

export const STORED_VALUES: readonly StoredValue[] = [
  { name: 'no metadata', kind: 'missing', document: undefined },
  { name: 'no key', kind: 'missing', document: '{"other": 8}' },
  ...VALUE_KINDS.flatMap((kind) =>
    kind === 'missing'
      ? []
      : JSON_BY_KIND[kind].map((json) => ({
          name: json,
          kind,
          document: `{"v": ${json}, "other": {"v": 8}}`,
        })),
  ),
];

/** What every operator is tried with beside the stored values themselves: parts of them, other spellings. */
export const FURTHER_OPERANDS: readonly (readonly [kind: Exclude<ValueKind, 'missing'>, json: string])[] = [
  ['number', '8.00'], ['number', '800e-2'], ['number', '1E+3'], ['number', '1000'], ['number', '100'], ['number', '-1e400'], ['number', '1e-300'],
  ['string', '"a1"'], ['string', '"A100 "'], ['string', '"ος"'], ['string', '"ΟΣ"'], ['string', '"i"'], ['string', '"İ"'], ['string', '"I"'], ['string', '"ss"'], ['string', '"SS"'], ['string', '"ß"'], ['string', '"\\u0301"'],
  ['string', '"%"'], ['string', '"_"'], ['string', '"\\\\"'], ['string', '"\'"'], ['string', '"\\""'], ['string', '"n"'], ['string', '"NUL"'], ['string', '"000"'], ['string', '"."'], ['string', '"gpu"'],
  ['date', '"2024-05-01T00:00:00.0000011Z"'], ['date', '"1970-01-01"'], ['date', '"2024-05-01T00:00-00:00"'],
  ['list', '[8, 1.0]'], ['list', '["A100"]'], ['list', '[[[]]]'],
  ['object', '{"count": 8}'], ['object', '{"list": [8]}'], ['object', '{"list": [[]]}'], ['object', '{"a": {}}'], ['object', '{"a": {"b": {}}}'], ['object', '{"c": "NVIDIA A100"}'],
]; // prettier-ignore
