import fc from 'fast-check';
import {
  compareJson,
  equalJson,
  formatPath,
  jsonText,
  parseJson,
  writeJson,
  type Path,
} from '../../src/metadata/document/index.js';
import {
  conditionsOf,
  CursorCodec,
  formatFilter,
  formatSort,
  type Filter,
  type PageEnd,
  type Sort,
} from '../../src/metadata/query/index.js';
import { compareBySort, evaluateFilter, type ReferenceTrial } from '../support/reference/index.js';
import {
  documents,
  filters,
  pool,
  sorts,
  textConditions,
  trials as trialArbitrary,
  values,
  withId,
} from './arbitraries.js';
import type { LawDatabase } from './law-database.js';

const POOL_SIZE = 250;
/** Cases that share one pool of trials. */
const BATCH = 500;

/** What must hold for every pool of trials and every query. */
export interface Law {
  readonly name: string;
  /** Cases for each hundred asked for: a law whose case takes many queries is tried less often. */
  readonly share: number;
  /** Checks so many cases on one pool. @throws Error with the smallest case that was found against the law */
  check(database: LawDatabase, trials: readonly ReferenceTrial[], cases: number, seed: number): Promise<void>;
}

/** Checks a law in batches, each on a pool of its own, every other one through the index on the document. */
export async function checkLaw(law: Law, database: LawDatabase, runs: number, seed: number): Promise<number> {
  const cases = Math.ceil((runs * law.share) / 100);
  for (let done = 0, batch = 0; done < cases; done += BATCH, batch++) {
    const trials = pool(POOL_SIZE, seed + batch);
    await database.fill(trials, batch % 2 === 1);
    await law.check(database, trials, Math.min(BATCH, cases - done), seed + batch);
  }
  return cases;
}

/** Every law, with the number of its cases in a run as the share says. */
export const LAWS: readonly Law[] = [
  {
    name: 'a filter finds the trials that the reference finds',
    share: 100,
    check: (database, trials, numRuns, seed) =>
      fc.assert(
        fc.asyncProperty(filters, async (filter) => {
          const expected = trials.filter((trial) => evaluateFilter(filter, trial)).map(({ id }) => id);
          expectIds(await database.matching(filter), expected, trials, filter);
        }),
        { numRuns, seed },
      ),
  },
  {
    name: 'what the indexes look up misses no trial that meets the filter',
    share: 100,
    check: (database, trials, numRuns, seed) =>
      fc.assert(
        fc.asyncProperty(fc.oneof(filters, textConditions), async (filter) => {
          for (const fieldTexts of [new Map(), pathsOf(filter)]) {
            const lookedUp = await database.lookedUp(filter, fieldTexts);
            if (lookedUp === undefined) continue;
            const missed = trials.filter((trial) => evaluateFilter(filter, trial) && !lookedUp.has(trial.id));
            expectIds([], missed.map(({ id }) => id), trials, filter); // prettier-ignore
          }
        }),
        { numRuns, seed },
      ),
  },
  {
    name: 'not finds the complement',
    share: 50,
    check: (database, trials, numRuns, seed) =>
      fc.assert(
        fc.asyncProperty(filters, async (filter) => {
          const matching = new Set(await database.matching(filter));
          const others = trials.map(({ id }) => id).filter((id) => !matching.has(id));
          expectIds(await database.matching(not(filter)), others, trials, not(filter));
        }),
        { numRuns, seed },
      ),
  },
  {
    name: 'De Morgan: not (a and b) is (not a) or (not b), and not (a or b) is (not a) and (not b)',
    share: 50,
    check: (database, trials, numRuns, seed) =>
      fc.assert(
        fc.asyncProperty(filters, filters, fc.boolean(), async (a, b, and) => {
          const whole = not({ kind: and ? 'and' : 'or', filters: [a, b] });
          const parts: Filter = { kind: and ? 'or' : 'and', filters: [not(a), not(b)] };
          expectIds(await database.matching(whole), await database.matching(parts), trials, whole);
        }),
        { numRuns, seed },
      ),
  },
  {
    name: 'a sort gives the order of the reference',
    share: 50,
    check: (database, trials, numRuns, seed) =>
      fc.assert(
        fc.asyncProperty(sorts, async (sort) => {
          expectOrder(await database.sorted(sort), orderOf(trials, sort), trials, sort);
        }),
        { numRuns, seed },
      ),
  },
  {
    name: 'page by page is all at once',
    share: 20,
    check: (database, trials, numRuns, seed) =>
      fc.assert(
        fc.asyncProperty(
          fc.oneof(filters, everything),
          sorts,
          fc.integer({ min: 5, max: 100 }),
          async (filter, sort, limit) => {
            const expected = orderOf(
              trials.filter((trial) => evaluateFilter(filter, trial)),
              sort,
            );
            const seen: number[] = [];
            for await (const ids of pages(database, filter, sort, limit)) seen.push(...ids);
            expectOrder(seen, expected, trials, sort);
          },
        ),
        { numRuns, seed },
      ),
  },
  {
    name: 'page by page shows every trial that stays, once and in order, while others are written, changed and deleted',
    share: 20,
    check: (database, trials, numRuns, seed) =>
      fc.assert(
        fc.asyncProperty(
          sorts,
          fc.integer({ min: 20, max: 100 }),
          fc.array(fc.array(writes(trials.length), { maxLength: 6 }), { minLength: 1, maxLength: 6 }),
          async (sort, limit, rounds) => {
            await database.client.query('BEGIN');
            try {
              const touched = new Set<number>();
              const seen: number[] = [];
              let round = 0;
              for await (const ids of pages(database, EVERY_TRIAL, sort, limit)) {
                seen.push(...ids);
                for (const write of rounds[round++] ?? []) {
                  const id = write.kind === 'insert' ? trials.length + 1 + touched.size : write.id;
                  if (touched.has(id)) continue;
                  touched.add(id);
                  await applyWrite(database, write, id);
                }
              }
              const staying = trials.filter(({ id }) => !touched.has(id));
              expectOrder(
                seen.filter((id) => !touched.has(id)),
                orderOf(staying, sort),
                trials,
                sort,
              );
            } finally {
              await database.client.query('ROLLBACK');
            }
          },
        ),
        { numRuns, seed },
      ),
  },
  {
    name: 'what was written reads back equal, printed and ordered as we predict',
    share: 100,
    check: async (database, _trials, numRuns, seed) => {
      const written = fc.sample(fc.oneof(documents, values(4)), { numRuns, seed });
      const { rows } = await database.client.query<{ index: string; text: string }>(
        'SELECT ordinality AS index, value::text AS text FROM unnest($1::jsonb[]) WITH ORDINALITY AS t(value) ORDER BY value, 1',
        [written.map((value) => writeJson(parseJson(writeJson(value))))],
      );
      const expected = [...written.keys()].sort((a, b) => compareJson(written[a]!, written[b]!) || a - b);
      rows.forEach(({ index, text }, place) => {
        const value = written[Number(index) - 1]!;
        if (!equalJson(parseJson(text), value)) throw new Error(`${writeJson(value)} reads back as ${text}`);
        if (jsonText(value) !== text)
          throw new Error(`${writeJson(value)} is printed ${text}, not ${jsonText(value)}`);
        const foreseen = written[expected[place]!]!;
        if (Number(index) - 1 !== expected[place]) {
          throw new Error(
            `${text} stands at place ${place} of the order, where ${jsonText(foreseen)} was foreseen`,
          );
        }
      });
    },
  },
];

const EVERY_TRIAL: Filter = { kind: 'and', filters: [] };
const everything = fc.constant(EVERY_TRIAL);

function not(filter: Filter): Filter {
  return { kind: 'not', filter };
}

/** The fields that a filter asks for, by their paths as text. */
function pathsOf(filter: Filter): ReadonlyMap<string, Path> {
  const paths = [...conditionsOf(filter)].flatMap(({ field }) =>
    field.kind === 'metadata' ? [field.path] : [],
  );
  return new Map(paths.map((path) => [formatPath(path), path]));
}

function orderOf(trials: readonly ReferenceTrial[], sort: Sort): readonly number[] {
  return [...trials].sort((a, b) => compareBySort(sort, a, b)).map(({ id }) => id);
}

/** The pages one after another, each cursor through the codec as a client would hand it back. */
async function* pages(
  database: LawDatabase,
  filter: Filter,
  sort: Sort,
  limit: number,
): AsyncGenerator<readonly number[]> {
  const codec = new CursorCodec('laws');
  const query = writeJson([formatFilter(filter), formatSort(sort)]);
  let after: PageEnd | undefined;
  let shown = 0;
  do {
    const page = await database.page(filter, sort, limit, after);
    yield page.ids;
    shown += page.ids.length;
    if (shown > 4 * POOL_SIZE) throw new Error(`${query}: the pages do not end`);
    after = page.end === undefined ? undefined : codec.decode(codec.encode(page.end, query), query);
  } while (after !== undefined);
}

type Write =
  | { readonly kind: 'insert'; readonly trial: Omit<ReferenceTrial, 'id'> }
  | { readonly kind: 'replace'; readonly id: number; readonly trial: Omit<ReferenceTrial, 'id'> }
  | { readonly kind: 'delete' | 'clear'; readonly id: number };

function writes(poolSize: number): fc.Arbitrary<Write> {
  const id = fc.integer({ min: 1, max: poolSize });
  return fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), trial: trialArbitrary }),
    fc.record({ kind: fc.constant('replace' as const), id, trial: trialArbitrary }),
    fc.record({ kind: fc.constantFrom('delete' as const, 'clear' as const), id }),
  );
}

async function applyWrite(database: LawDatabase, write: Write, id: number): Promise<void> {
  if (write.kind !== 'insert')
    await database.client.query('DELETE FROM trial_metadata WHERE trial_id = $1', [id]);
  if (write.kind === 'delete' || write.kind === 'replace') {
    await database.client.query('DELETE FROM law_trials WHERE id = $1', [id]);
  }
  if (write.kind === 'insert' || write.kind === 'replace') await database.insert([withId(write.trial, id)]);
}

function expectIds(
  actual: readonly number[],
  expected: readonly number[],
  trials: readonly ReferenceTrial[],
  filter: Filter,
): void {
  const wrong = [
    ...actual.filter((id) => !expected.includes(id)).map((id) => `should not match: ${show(trials, id)}`),
    ...expected.filter((id) => !actual.includes(id)).map((id) => `should match: ${show(trials, id)}`),
  ];
  if (wrong.length > 0)
    throw new Error(`${writeJson(formatFilter(filter))}\n${wrong.slice(0, 3).join('\n')}`);
}

function expectOrder(
  actual: readonly number[],
  expected: readonly number[],
  trials: readonly ReferenceTrial[],
  sort: Sort,
): void {
  const place = expected.findIndex((id, index) => actual[index] !== id);
  if (place < 0 && actual.length === expected.length) return;
  const at = place < 0 ? expected.length : place;
  throw new Error(
    `${writeJson(formatSort(sort))}: ${actual.length} trials, ${expected.length} expected; first difference at place ${at}\n` +
      `found    ${show(trials, actual[at])}\nexpected ${show(trials, expected[at])}`,
  );
}

function show(trials: readonly ReferenceTrial[], id: number | undefined): string {
  const trial = trials.find((candidate) => candidate.id === id);
  return trial === undefined ? `trial ${id}` : writeJson([trial.id, trial.metadata ?? null, trial.columns]);
}
