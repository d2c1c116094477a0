import type { Operator } from '../../src/metadata/query/index.js';

/**
 * Which of the stored values meet a condition, written out by hand from the text of the design: what neither the engine
 * nor the reference evaluation may get wrong together. A negated operator has no lines: it is the complement.
 */
export const EXPECTED_MATCHES: readonly (readonly [Operator, operand: string, matches: readonly string[]])[] = [
  // Numbers by value, whatever their spelling; no digit is dropped.
  ['is', '8', ['8']],
  ['is', '8.00', ['8']],
  ['is', '800e-2', ['8']],
  ['is', '1', ['1', '1.0']],
  ['is', '-0', ['0', '-0']],
  ['is', '1000', ['1e3']],
  ['is', '1e400', ['1e400']],
  ['is', '9007199254740993', ['9007199254740993']],
  ['is', '0.1', ['0.1']],
  // Strings exactly: case, form of the letters and blanks count; a date is a string like any other.
  ['is', '"8"', ['"8"']],
  ['is', '""', ['""']],
  ['is', '"A100"', ['"A100"']],
  ['is', '"é"', ['"é"']],
  ['is', '"2024-05-01"', ['"2024-05-01"']],
  ['is', '"null"', ['"null"']],
  ['is', '"\'; DROP TABLE trial_metadata; --"', ['"\'; DROP TABLE trial_metadata; --"']],
  ['is', 'null', ['null']],
  ['is', 'true', ['true']],
  // Lists in order, objects whatever their order of keys, deeply; neither subset nor superset.
  ['is', '[]', ['[]']],
  ['is', '[1, 8.0]', ['[1, 8]', '[1.0, 8]']],
  ['is', '[8]', ['[8]']],
  ['is', '{}', ['{}']],
  ['is', '{"gpu": "A100"}', ['{"gpu": "A100"}']],
  ['is', '{"count": 8, "gpu": "A100"}', ['{"gpu": "A100", "count": 8}']],

  ['in', '[8, "8", null]', ['null', '8', '"8"']],
  ['in', '[[8], {}]', ['[8]', '{}']],
  ['in', '["NULL", "{a,b}", "a\\\\b", "\\"quoted\\""]', ['"NULL"', '"a\\\\b"', '"\\"quoted\\""', '"{a,b}"']],
  ['in', '[]', []],

  // Literal text, whatever LIKE or a regular expression would make of it.
  ['contains', '"%"', ['"100%"']],
  ['contains', '"_"', ['"a_b"', '"\'; DROP TABLE trial_metadata; --"']],
  ['contains', '"\\\\"', ['"a\\\\b"']],
  ['contains', '".*"', ['".*"']],
  ['contains', '"\'"', ['"it\'s"', '"\'; DROP TABLE trial_metadata; --"']],
  // Below: in a list at any depth, in an object at any depth, but not in a key.
  [
    'contains',
    '"a100"',
    [
      '"A100"',
      '"NVIDIA A100"',
      '"nvidia a100"',
      '["A100", 16]',
      '[16, "A100"]',
      '[{"gpu": "A100"}]',
      '["a", ["b", ["NVIDIA A100"]]]',
      '{"gpu": "A100"}',
      '{"gpu": "a100"}',
      '{"gpu": "A100", "count": 8}',
      '{"a": {"b": {"c": "NVIDIA A100"}}}',
    ],
  ],
  ['contains', '"gpu"', []],
  // Whatever the case: the three sigmas are one, a dotted capital I holds an i, ß is not SS, a mark is a character.
  ['contains', '"ος"', ['"ΟΔΟΣ"', '"οδος"', '"ΟΔΟΣΑ"']],
  ['contains', '"ΟΔΟΣ"', ['"ΟΔΟΣ"', '"οδος"', '"ΟΔΟΣΑ"']],
  ['contains', '"İ"', ['"İstanbul"']],
  ['contains', '"ISTANBUL"', ['"istanbul"']],
  ['contains', '"É"', ['"é"', '"É"']],
  ['contains', '"\\u0301"', ['"e\\u0301"']],
  ['contains', '"SS"', ['"STRASSE"']],
  ['contains', '"ß"', ['"straße"']],
  // A number by its text, the operand's as PostgreSQL prints it; as an element it must be equal.
  [
    'contains',
    '80',
    ['80'],
  ],
  ['contains', '1E+3', ['1e3', '1e400', '0.1000000000000000055']],
  ['contains', '16', ['16', '"16"', '["A100", 16]', '[16, "A100"]']],
  ['contains', '1.5', ['-1.5']],
  ['contains', 'true', ['true', '"true"', '[true]', '{"on": true}']],
  ['contains', '"RU"', ['true', '"true"', '{"on": true}']],
  // Null, a list and an object are no text: they are found as elements, and an object as a part of an object.
  ['contains', 'null', ['[null]', '{"list": [null]}']],
  ['contains', '[]', ['[[]]']],
  ['contains', '[8]', ['[[8]]', '{"list": [[8], 8]}']],
  ['contains', '{"gpu": "A100"}', ['[{"gpu": "A100"}]', '{"gpu": "A100"}', '{"gpu": "A100", "count": 8}']],
  ['contains', '{"count": 8}', ['{"gpu": "A100", "count": 8}', '{"count": 8.0}']],
  ['contains', '{"list": [8]}', ['{"list": [8, "x"]}', '{"list": [[8], 8]}']],
  ['contains', '{"c": "NVIDIA A100"}', ['{"a": {"b": {"c": "NVIDIA A100"}}}']],

  ['isEmpty', '', ['no metadata', 'no key', 'null', '""', '[]', '{}']],
  ['isMissing', '', ['no metadata', 'no key']],

  // Numbers with numbers.
  ['gt', '8', ['16', '80', '1e3', '1e400', '9007199254740992', '9007199254740993']],
  ['gte', '9007199254740993', ['1e400', '9007199254740993']],
  ['lt', '0', ['-1.5']],
  ['lte', '-1e400', []],
  ['between', '[0.1, 1]', ['1', '1.0', '0.1', '0.1000000000000000055']],
  ['between', '[16, 8]', []],
  // Dates with dates, as instants: no offset is UTC, a month is its first day, digits beyond microseconds are cut.
  ['gt', '"2024-05-01T00:00:00Z"', ['"2024-05-01T00:00:00.000001Z"', '"2024-05-01T00:00:00.0000019"', '"2024-05-02"', '"9999-12-31T23:59:59-14:59"']],
  ['gte', '"2024-05-01T00:00:00.0000011Z"', ['"2024-05-01T00:00:00.000001Z"', '"2024-05-01T00:00:00.0000019"', '"2024-05-02"', '"9999-12-31T23:59:59-14:59"']],
  ['lt', '"2024-05"', ['"2024-04-30"', '"2024-02-29"', '"2000-02-29"', '"0001-01-01T00:00:00+14:59"']],
  ['between', '["2024-05-01", "2024-05-01"]', ['"2024-05-01"', '"2024-05"', '"2024-05-01T00:00:00Z"', '"2024-05-01T02:00:00+02:00"', '"2024-04-30 18:30:00,0-0530"']],
  // Other strings with other strings: a day that does not exist is no date.
  ['between', '["2024-02-30", "2024-02-31"]', ['"2024-02-30"']],
  ['between', '["é", "é"]', ['"é"']],
  ['gt', '"\\ufffd"', ['"😀"']],
  ['lte', '""', ['""']],
  // A bound of the one kind and a bound of the other leave nothing between them.
  ['between', '["2024-05-01", "z"]', []],
  ['between', '[8, "z"]', []],
  ['gt', 'null', []],
  ['gt', 'false', []],
  ['gte', '[]', []],
  ['gte', '{}', []],

  ['startsWith', '"nvidia"', ['"NVIDIA A100"', '"nvidia a100"']],
  ['startsWith', '"a1"', ['"A100"']],
  ['startsWith', '"ΟΔΟς"', ['"ΟΔΟΣ"', '"οδος"', '"ΟΔΟΣΑ"']],
  ['startsWith', '"i"', ['"İstanbul"', '"it\'s"', '"istanbul"']],
  ['startsWith', '"8"', ['"8"']],
  ['startsWith', '"%"', []],
  ['startsWith', '"."', ['".*"']],
]; // prettier-ignore
