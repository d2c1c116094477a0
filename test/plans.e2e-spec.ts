import pg from 'pg';
import { RARE_WORD } from '../bench/data-set.js';
import { loadProduct } from '../bench/load-data-set.js';
import { recordMaster, type RecordedMaster, type Statement } from '../bench/product.js';
import { Progress } from '../bench/progress.js';
import { benchQueries } from '../bench/queries.js';
import { condition, gpu, NEWEST, RUNTIME, trials } from '../bench/query-parts.js';
import type { RestRequest } from '../bench/rest-client.js';
import { buildIndex } from '../bench/build-index.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const TRIALS = 100_000;

const DOCUMENTS_BY_ID = /Index Scan Backward using trial_metadata_pkey/;

/** The indexes that the first statement of a query must use; it must read no large table from end to end. */
const PLANS: Readonly<Record<string, readonly RegExp[]>> = {
  'is, 1 in 6, newest first': [DOCUMENTS_BY_ID, /trials_pkey/],
  'is, 1 in 6, by an indexed number': [/Index Scan using trial_metadata_field_\w+/, /trials_pkey/],
  'number > x, sorted by it': [
    /Index Scan using trial_metadata_field_\w+/,
    /Index Cond: .*runtime_seconds.* > /,
  ],
  'sort by an indexed number, descending': [
    /Incremental Sort/,
    /Scan Backward using trial_metadata_field_\w+/,
  ],
  'sort by a column of the trial, newest start first': [/Backward using trials_start_time_id_idx/],
  'isNot, newest first': [/Index Scan Backward using trials_pkey/],
  'two conditions with and': [DOCUMENTS_BY_ID],
  'three conditions with and, by an indexed number': [/Index Scan using trial_metadata_field_\w+/],
  'two conditions with or': [DOCUMENTS_BY_ID],
  'three conditions with or, by an indexed number': [/Index Scan using trial_metadata_field_\w+/],
  'contains, half match': [DOCUMENTS_BY_ID],
  'experiments by trial metadata, sorted': [/Index Scan using trial_metadata_field_\w+/],
};
/** Those that few trials meet: their last look-up must use the index of this name. */
const LOOK_UPS: Readonly<Record<string, RegExp>> = {
  'is, one match': /Bitmap Index Scan on trial_metadata_metadata_idx/,
  'contains, few matches': /Bitmap Index Scan on trial_metadata_texts_idx/,
  'contains, no match': /Bitmap Index Scan on trial_metadata_texts_idx/,
};
/** What no index finds and no trial meets: every document is read, once, and by several processes where there are many. */
const UNLUCKY: Readonly<Record<string, object>> = {
  'contains two letters': condition('note', 'contains', 'zq'),
  'contains two letters, in a list': condition('tags', 'contains', 'zq'),
  'contains two letters, in an object': condition('hardware', 'contains', 'zq'),
  'contains digits': condition('hardware', 'contains', '99999'),
  'contains a number': condition('batch_size', 'contains', 99_999),
  'contains what another field of many holds': condition('note', 'contains', 'nvidia'),
  'contains common words, more of them than any holds': condition('note', 'contains', 'clipping '.repeat(7)),
  'contains it or something rare': {
    or: [condition('note', 'contains', 'nvidia'), condition('note', 'contains', 'unheard-of')],
  },
  'starts with two letters': condition('note', 'startsWith', 'zq'),
  'is greater than a number': condition('learning_rate', 'gt', 1e9),
  'is later than an instant': condition('dataset', 'gt', '2024-01-01'),
  'is missing, which none is': { field: 'metadata.hardware.gpu', operator: 'isMissing' },
};
const FULL_SCAN = /Seq Scan on (?:trial_metadata|trials)\b/;

describe(`the plans at ${TRIALS} trials`, () => {
  let database: TestDatabase;
  let client: pg.Client;
  let recorded: RecordedMaster;
  const queries = new Map(benchQueries(TRIALS).map((query) => [query.name, query]));

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await loadProduct(client, TRIALS, new Progress(() => undefined));
    await client.query('VACUUM ANALYZE');
    // The cost of an SSD, which docs/operations.md asks for and the embedded server has; a server's default is a disk's.
    await client.query('SET random_page_cost = 1.1');
    recorded = await recordMaster(database.url);
    await buildIndex(recorded.client, 'runtime_seconds', new Progress(() => undefined));
  }, 300_000);

  afterAll(async () => {
    await recorded.close();
    await client.end();
    await database.dispose();
  });

  async function selectsOf(name: string): Promise<readonly Statement[]> {
    const statements = await statementsOf(queries.get(name)!.request);
    // Not what reads a page's trials by their ids.
    return statements.filter(({ text }) => !text.includes('= ANY ('));
  }

  async function statementsOf(request: RestRequest): Promise<readonly Statement[]> {
    const statements = await recorded.statementsOf(request);
    // Not the registry of indexes.
    return statements.filter(({ text }) => /^(?:SELECT|WITH)\b/.test(text) && !text.includes('pg_index'));
  }

  async function planOf({ text, values }: Statement, mode: 'custom' | 'generic'): Promise<string> {
    await client.query(`SET plan_cache_mode = force_${mode}_plan`);
    await client.query(`PREPARE planned AS ${text}`);
    try {
      const literals = values.map((value) =>
        Array.isArray(value) ? literal(`{${value.join()}}`) : literal(String(value)),
      );
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN EXECUTE planned${literals.length > 0 ? `(${literals.join(', ')})` : ''}`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    } finally {
      await client.query('DEALLOCATE planned');
    }
  }

  const literal = (text: string) => pg.escapeLiteral(text);

  describe.each(['custom', 'generic'] as const)('%s', (mode) => {
    it.each(Object.entries(PLANS))('%s: walks an index', async (name, indexes) => {
      const [first] = await selectsOf(name);
      const plan = await planOf(first!, mode);
      for (const index of indexes) expect(plan).toMatch(index);
      expect(plan).not.toMatch(FULL_SCAN);
    });
  });

  it.each(Object.entries(LOOK_UPS))('%s: looks the matches up', async (name, index) => {
    const selects = await selectsOf(name);
    const plans: string[] = [];
    for (const select of selects) plans.push(await planOf(select, 'custom'));
    expect(plans.some((plan) => index.test(plan))).toBe(true);
    for (const plan of plans) expect(plan).not.toMatch(FULL_SCAN);
  });

  it.each(Object.entries(UNLUCKY))('%s: reads the documents once, in parallel', async (_name, filter) => {
    const statements = await statementsOf(trials(filter, NEWEST));
    // As it is with more trials, of which the planner knows that they are worth several processes.
    await client.query('SET parallel_setup_cost = 0');
    try {
      const plans: string[] = [];
      for (const statement of statements) plans.push(await planOf(statement, 'custom'));
      const full = plans.filter((plan) => FULL_SCAN.test(plan));
      expect(full).toHaveLength(1);
      // Before anything is joined to them.
      expect(full[0]).toMatch(/Parallel Seq Scan on trial_metadata .*\n *Filter: /);
    } finally {
      await client.query('RESET parallel_setup_cost');
    }
  });

  describe('with an index of the texts of the field', () => {
    beforeAll(() => buildIndex(recorded.client, 'note', new Progress(() => undefined), 'texts'), 300_000);

    afterAll(() => recorded.client.send({ method: 'DELETE', path: '/metadata/indexes/note?kind=texts' }));

    it.each([
      ['two letters', 'contains', 'zq'],
      ['two letters at the start', 'startsWith', 'zq'],
      ['a letter of another script', 'contains', 'ж'],
      ['an emoji', 'contains', '🚀'],
      ['digits', 'contains', '987654'],
      ['a whole number', 'contains', 987_654],
      ['what another field of many holds', 'contains', 'nvidia'],
      ['a rare word', 'contains', RARE_WORD],
    ])('looks up %s', async (_, operator, value) => {
      const plans: string[] = [];
      for (const statement of await statementsOf(trials(condition('note', operator, value), NEWEST)))
        plans.push(await planOf(statement, 'custom'));
      expect(plans.some((plan) => /Bitmap Index Scan on trial_metadata_text_/.test(plan))).toBe(true);
      for (const plan of plans) {
        expect(plan).not.toMatch(FULL_SCAN);
        expect(plan).not.toMatch(/trial_metadata_texts_idx/);
      }
    });
  });

  it('looks at all trials once, at those with a value of the sort and those without', async () => {
    const statements = await statementsOf(trials(condition('note', 'contains', 'zq'), RUNTIME));
    const plans: string[] = [];
    for (const statement of statements) plans.push(await planOf(statement, 'custom'));
    expect(plans.filter((plan) => FULL_SCAN.test(plan))).toHaveLength(1);
  });

  it.each(['exists', 'isNotEmpty'])('walks the documents where nearly all match: %s', async (operator) => {
    const filter = { field: 'metadata.note', operator };
    const [walk, ...others] = await statementsOf(trials(filter, NEWEST));
    expect(others).toEqual([]);
    for (const mode of ['custom', 'generic'] as const) {
      const plan = await planOf(walk!, mode);
      expect(plan).toMatch(DOCUMENTS_BY_ID);
      expect(plan).not.toMatch(FULL_SCAN);
    }
  });

  it('looks the trials of few experiments up by these', async () => {
    const filter = { and: [gpu, { field: 'experiment.id', operator: 'lte', value: 20 }] };
    const plans: string[] = [];
    for (const statement of await statementsOf(trials(filter, NEWEST)))
      plans.push(await planOf(statement, 'custom'));
    expect(plans.some((plan) => /trials_experiment_id_number_idx/.test(plan))).toBe(true);
    for (const plan of plans) {
      expect(plan).not.toMatch(FULL_SCAN);
      expect(plan).not.toMatch(/trial_metadata_metadata_idx/);
    }
  });
});
