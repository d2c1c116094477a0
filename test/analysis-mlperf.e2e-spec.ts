import { isDeepStrictEqual } from 'node:util';
import type { CompareAnswer, CompareRequest, Filter } from 'nestjs-trial-metadata/client';
import { parsePath } from '../src/metadata/index.js';
import { bootExperimentsHost, type ExperimentsHost } from './experiments/experiments-host.js';
import { aggregate, expectFiltersToSelect } from './support/aggregate.js';
import { describeMlperf, mlperfLines } from './support/mlperf.js';
import { parseCsv, type CsvCell } from './support/parse-csv.js';

describeMlperf('analysis of the MLPerf Training v4.0 results', () => {
  let host: ExperimentsHost;

  beforeAll(async () => {
    host = await bootExperimentsHost();
    await host.post('/import', mlperfLines(), { 'content-type': 'application/x-ndjson' });
  }, 120_000);

  afterAll(() => host.close());

  /** The answer is a summary when one is asked for. */
  const compare = async <Answer extends CompareAnswer>(request: CompareRequest) =>
    (await host.client.compareTrials(request)) as Answer;

  /** Median runtime of the bert trials by accelerator, from the file alone. */
  function expectedMedians(): ReadonlyMap<string, { readonly count: number; readonly median: number }> {
    const runtimes = new Map<string, number[]>();
    for (const line of mlperfLines().toString('utf8').split('\n').filter(Boolean)) {
      const { metadata } = JSON.parse(line) as { metadata: Record<string, unknown> };
      if (metadata['benchmark'] !== 'bert') continue;
      const name = String(metadata['accelerator_model_name']);
      runtimes.set(name, [...(runtimes.get(name) ?? []), Number(metadata['runtime_seconds'])]);
    }
    const medianOf = (values: number[]) => {
      const sorted = values.sort((a, b) => a - b);
      const middle = sorted.length >> 1;
      return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    };
    return new Map(
      [...runtimes].map(([name, values]) => [name, { count: values.length, median: medianOf(values) }]),
    );
  }

  it('gives the median runtime_seconds of bert by accelerator', async () => {
    const { groups } = await aggregate(host, {
      filter: { field: 'metadata.benchmark', operator: 'is', value: 'bert' },
      groupBy: ['metadata.accelerator_model_name'],
      measures: [{ field: 'metadata.runtime_seconds', op: 'median' }],
    });
    const expected = expectedMedians();
    expect(groups).toHaveLength(expected.size);
    for (const { key, count, values } of groups) {
      const name = String(key['metadata.accelerator_model_name']);
      expect({ name, count, median: values['median(metadata.runtime_seconds)'] }).toEqual({
        name,
        count: expected.get(name)?.count,
        median: expect.closeTo(expected.get(name)?.median ?? NaN, 6),
      });
    }
    expect(groups.map(({ count }) => count)).toEqual(
      [...expected.values()].map(({ count }) => count).sort((a, b) => b - a),
    );
    await expectFiltersToSelect(host, groups);
  });

  it('groups by a key of three types, and each filter selects its group', async () => {
    const { groups } = await aggregate(host, { groupBy: ['metadata.other_software_stack', 'trial.state'] });
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(1948);
    await expectFiltersToSelect(host, groups);
  });

  it('summarizes which fields vary over all trials, the key of three types among them', async () => {
    const { summary } = await compare<Summary>({
      summary: true,
      fields: ['metadata.other_software_stack'],
    });
    expect(summary.fields).toContainEqual({
      field: 'metadata.other_software_stack',
      differs: true,
      trials: 1948,
      missing: 0,
      distinct: expect.any(Number),
      types: ['array', 'object', 'string'],
    });
  });

  it('compares and summarizes the same trials alike', async () => {
    const filter: Filter = { field: 'trial.id', operator: 'lte', value: 200 };
    const { fields } = await compare<Comparison>({ filter });
    const { summary } = await compare<Summary>({ filter, summary: true });
    const counted = fields.map(({ field, differs, values }) => {
      const held = values.filter(({ missing }) => missing === undefined);
      const distinct = new Set(held.map(({ value }) => JSON.stringify(value))).size;
      return { field, differs, trials: held.length, missing: 200 - held.length, distinct };
    });
    const byField = (a: { field: string }, b: { field: string }) => (a.field < b.field ? -1 : 1);
    const summarized = summary.fields.map(({ types: _, ...field }) => field);
    expect(summarized.sort(byField)).toEqual(counted.sort(byField));
    expect(counted.length).toBeGreaterThan(50);
  });

  it('exports to a table what it exports as JSON', async () => {
    const sort = 'sort=-metadata.runtime_seconds';
    const lines = (await host.get(`/trials/export?format=jsonl&${sort}`)).text.split('\n').slice(0, -1);
    const [header = [], ...records] = parseCsv((await host.get(`/trials/export?format=csv&${sort}`)).text);
    expect(records).toHaveLength(lines.length);
    const columns = header.map(({ text }) =>
      text.startsWith('metadata.') ? parsePath(text.slice(9)) : undefined,
    );
    const faults = lines.flatMap((line, row) => {
      const { metadata } = JSON.parse(line) as { metadata: object };
      return columns.flatMap((path, column) => {
        if (path === undefined) return [];
        const [cell, value] = [valueOf(records[row]?.[column]), valueAt(metadata, path)];
        return isDeepStrictEqual(cell, value) ? [] : [{ row, path, cell, value }];
      });
    });
    expect(faults).toEqual([]);
    expect(columns.length).toBeGreaterThan(50);
  });
});

type Comparison = Extract<CompareAnswer, { readonly fields: unknown }>;
type Summary = Extract<CompareAnswer, { readonly summary: unknown }>;

function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null && !Array.isArray(node)
        ? (node as Record<string, unknown>)[key]
        : undefined,
    document,
  );
}

/** What a cell says, as `docs/analysis.md` explains it; a list or an object is recognized by its first character. */
function valueOf(cell: CsvCell | undefined): unknown {
  if (cell === undefined) throw new Error('There is no such cell.');
  const { text, quoted } = cell;
  if (!quoted) return text === '' ? undefined : (JSON.parse(text) as unknown);
  return /^[[{]/.test(text) ? (JSON.parse(text) as unknown) : text.replace(/^'(?=[=+\-@\t\r\n])/, '');
}
