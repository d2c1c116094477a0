import { DEFAULT_LIMITS, InvalidJsonError, InvalidRequestError, JsonNumber } from '../../metadata/index.js';
import { parseImportLine } from './import-line.js';

const NAMES = '"project": "P", "experiment": "E", "trial": 1';

function parse(text: string) {
  return parseImportLine(Buffer.from(text), DEFAULT_LIMITS);
}

describe('parseImportLine', () => {
  it('reads a line with milliseconds', () => {
    const line = parse(
      `{${NAMES}, "startTime": 1715224910183, "endTime": 1715225595690, "state": "COMPLETED", "metadata": {"a": 1.50}}`,
    );
    expect(line).toEqual({
      project: 'P',
      experiment: 'E',
      trial: 1,
      startTime: new Date('2024-05-09T03:21:50.183Z'),
      endTime: new Date('2024-05-09T03:33:15.690Z'),
      state: 'COMPLETED',
      metadata: new Map([['a', new JsonNumber('1.50')]]),
    });
  });

  it('reads ISO 8601 times, and needs only the names and the number', () => {
    expect(parse(`{${NAMES}, "startTime": "2024-05-09T03:21:50Z"}`).startTime).toEqual(
      new Date('2024-05-09T03:21:50Z'),
    );
    expect(parse(`{${NAMES}}`)).toEqual({ project: 'P', experiment: 'E', trial: 1 });
  });

  it.each([
    ['{"project": "P"}', ['experiment', 'trial']],
    [`{${NAMES}, "state": "completed"}`, ['state']],
    [`{${NAMES}, "startTime": 1e17, "endTime": true}`, ['startTime', 'endTime']],
    [`{${NAMES}, "startTime": 2000, "endTime": 1000}`, ['endTime']],
    [`{${NAMES}, "metadata": null}`, ['metadata']],
    [`{${NAMES}, "metadata": []}`, ['metadata']],
    [`{${NAMES}, "colour": 1}`, ['colour']],
    ['{"project": "P", "experiment": "E", "trial": "1"}', ['trial']],
    ['{"project": "P", "experiment": "E", "trial": -1}', ['trial']],
    ['[]', ['line']],
    [`{${NAMES}, "metadata": {"list": [${'1,'.repeat(1000)}1]}}`, ['metadata.list', 'metadata']],
  ])('refuses %.60s and names the places', (text, places) => {
    let refused: unknown;
    try {
      parse(text);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(InvalidRequestError);
    expect(new Set((refused as InvalidRequestError).problems.map(({ path }) => path))).toEqual(
      new Set(places),
    );
  });

  it.each([
    '',
    '{',
    '{"project": "P"} x',
    '{"project": "\\u0000"}',
    `{${NAMES}, "metadata": {"a": 1, "a": 2}}`,
  ])('refuses %p, which is no JSON that can be kept', (text) => {
    expect(() => parse(text)).toThrow(InvalidJsonError);
  });
});
