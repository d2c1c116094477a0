import { checkMetadataOptions } from '../metadata.options.js';
import { formatAdvisorNote, parseAdvisorNote } from './advisor-note.js';
import { proposeIndexes } from './index-proposals.js';
import type { FieldTally } from './search-tally.js';
import type { FieldUse } from './searched-fields.js';

const NOW = Date.parse('2026-01-05T08:00:00Z');
const HOUR = 60 * 60 * 1_000;

function tally(path: string, durations: readonly number[], hoursAgo = 1): readonly [string, FieldTally] {
  const uses: readonly FieldUse[] =
    path === 'texts' ? ['contained'] : path === 'both' ? ['sorted', 'ranged'] : ['sorted'];
  const searches = durations.map((milliseconds) => ({
    at: NOW - hoursAgo * HOUR,
    milliseconds,
    uses: new Set(uses),
  }));
  return [path, { path: [path], kind: path === 'texts' ? 'texts' : 'values', searches }];
}

const propose = (...tallies: readonly (readonly [string, FieldTally])[]) =>
  proposeIndexes(new Map(tallies), { slowMs: 200, searches: 3 }, NOW);

describe('proposeIndexes', () => {
  it('proposes fields with enough slow searches within a day, the most costly first', () => {
    const found = propose(
      tally('rare', [900, 900]),
      tally('quick', [1, 1, 199, 199]),
      tally('old', [900, 900, 900], 25),
      tally('some', [200, 201, 202]),
      tally('texts', [250, 250, 250]),
      tally('both', [10, 10, 10, 10, 10, 400, 500, 600.16]),
    );
    expect(found).toEqual([
      {
        field: 'metadata.both',
        kind: 'values',
        path: ['both'],
        searches: 8,
        slow: 3,
        medianMs: 10,
        p95Ms: 600.2,
        reason: 'It is sorted by and compared with bounds; 3 of 8 searches took 200 ms or more.',
        request: 'PUT /metadata/indexes/both',
      },
      expect.objectContaining({
        field: 'metadata.texts',
        kind: 'texts',
        reason: 'It is searched for texts; 3 of 3 searches took 200 ms or more.',
        request: 'PUT /metadata/indexes/texts?kind=texts',
      }),
      expect.objectContaining({ field: 'metadata.some', medianMs: 201, p95Ms: 202 }),
    ]);
  });
});

describe('the note of the advisor', () => {
  it('reads what it writes, and takes any other comment for that of somebody else', () => {
    const note = { usedAt: new Date(NOW), scans: 12 };
    expect(formatAdvisorNote(note)).toBe(
      'Made by the index advisor; last seen in use at 2026-01-05T08:00:00.000Z, after 12 scans.',
    );
    expect(parseAdvisorNote(formatAdvisorNote(note))).toEqual(note);
    for (const comment of [null, '', 'Keep this one.', `${formatAdvisorNote(note)} Keep.`]) {
      expect(parseAdvisorNote(comment)).toBeUndefined();
    }
  });
});

describe('the options of the advisor', () => {
  it('are off, with a budget', () => {
    expect(checkMetadataOptions({})).toMatchObject({
      indexAdvisor: 'off',
      indexBudget: {
        fields: 5,
        bytes: 1_073_741_824,
        slowMs: 200,
        searches: 5,
        unusedDays: 14,
        everySeconds: 300,
      },
    });
    expect(checkMetadataOptions({ indexBudget: { fields: 2 } }).indexBudget).toMatchObject({
      fields: 2,
      slowMs: 200,
    });
  });

  it.each([
    [{ indexAdvisor: 'on' }, 'indexAdvisor must be off, propose, build, not on.'],
    [{ indexBudget: { megabytes: 1 } }, 'indexBudget.megabytes is not known. Accepted: fields, bytes, '],
    [
      { indexBudget: { unusedDays: 0 } },
      'indexBudget.unusedDays must be a whole number from 1 to 36500, not 0.',
    ],
    [
      { indexBudget: { searches: 1.5 } },
      'indexBudget.searches must be a whole number from 1 to 100, not 1.5.',
    ],
  ])('%j is refused', (options, message) => {
    // As a host without types could give them.
    expect(() => checkMetadataOptions(options as never)).toThrow(`MetadataModule: ${message}`);
  });
});
