import type { Condition, Filter, SearchRequest } from 'nestjs-trial-metadata/client';
import { bootMaster, type TestMaster } from './support/index.js';
import { describeMlperf, mlperfLines } from './support/mlperf.js';

interface Found {
  readonly trials: number;
  readonly experiments: number;
}

describeMlperf('the MLPerf Training v4.0 results, imported', () => {
  let master: TestMaster;
  let projectId: number;

  beforeAll(async () => {
    master = await bootMaster();
    const imported = await master.post('/import', mlperfLines(), { 'content-type': 'application/x-ndjson' });
    expect(imported.status).toBe(200);
    const { items } = await master.client.call('listProjects', {});
    projectId = items[0]!.id;
  }, 120_000);

  afterAll(() => master.close());

  const search = (request: SearchRequest) => master.client.searchTrials({ projectId, ...request });

  async function countsOf(filter: Filter): Promise<Found> {
    const request: SearchRequest = { projectId, filter, count: 'exact', limit: 1 };
    const [trials, experiments] = await Promise.all([
      master.client.searchTrials(request),
      master.client.searchExperiments(request),
    ]);
    return { trials: trials.total!.value, experiments: experiments.total!.value };
  }

  it.each<[string, Condition['operator'], unknown, Found]>([
    ['accelerator_model_name', 'is', 'NVIDIA H200-SXM5-141GB', { trials: 100, experiments: 8 }],
    ['accelerator_model_name', 'isNot', 'NVIDIA H100-SXM5-80GB', { trials: 444, experiments: 45 }],
    ['framework', 'contains', 'pytorch', { trials: 1233, experiments: 107 }],
    ['other_software_stack', 'contains', '12.1', { trials: 215, experiments: 15 }],
    ['other_software_stack.cuda_version', 'exists', undefined, { trials: 1429, experiments: 119 }],
    ['hardware', 'isMissing', undefined, { trials: 1848, experiments: 157 }],
    ['hyperparameters.global_batch_size', 'is', 768, { trials: 130, experiments: 13 }],
  ])('%s %s %p', async (path, operator, value, found) => {
    expect(await countsOf({ field: `metadata.${path}`, operator, value })).toEqual(found);
  });

  it('holds 1,948 trials of 165 experiments', async () => {
    expect(await countsOf({})).toEqual({ trials: 1948, experiments: 165 });
  });

  it('finds the slowest trial of all by sorting', async () => {
    const { items } = await search({
      sort: [{ field: 'metadata.runtime_seconds', direction: 'desc' }],
      fields: ['metadata.runtime_seconds', 'trial.number', 'experiment.name'],
      limit: 1,
    });
    expect(items[0]).toMatchObject({
      experimentName: 'Dell/R760xax4L40S/ssd',
      number: 1,
      metadata: { runtime_seconds: 12221.966 },
    });
  });

  it('sorts numeric strings as numbers when asked: 1536 nodes before 96', async () => {
    const nodes = async (as: 'number' | 'json') => {
      const sort = [{ field: 'metadata.number_of_nodes', direction: 'desc', as } as const];
      const { items } = await search({ sort, fields: ['metadata.number_of_nodes'], limit: 1 });
      return items[0]?.metadata?.['number_of_nodes'];
    };
    expect(await nodes('number')).toBe('1536');
    expect(await nodes('json')).toBe('96');
  });

  it('knows a key of three types as one field', async () => {
    const { items } = await master.client.fields({ projectId, q: 'other_software_stack', limit: 1 });
    expect(items[0]).toEqual({
      field: 'metadata.other_software_stack',
      path: 'other_software_stack',
      types: { object: 1450, array: 385, string: 113 },
      trials: 1948,
    });
  });

  it('gives the same answer to the query string', async () => {
    const { body } = await master.get(
      `/trials?projectId=${projectId}&metadata.framework[contains]=pytorch&sort=-metadata.runtime_seconds&fields=metadata.benchmark&limit=2`,
    );
    expect(body.total).toEqual({ value: 1233, relation: 'eq' });
    expect(body.items).toHaveLength(2);
  });
});
