import { bootExperimentsHost, type ExperimentsHost } from './experiments/experiments-host.js';
import { recordStatements } from './support/record-statements.js';

const A100 = { field: 'metadata.gpu', operator: 'is', value: 'A100' };
/** The same trials, by a filter that no summary answers. */
const COUNTED = { and: [A100, { field: 'metadata.gpu', operator: 'exists' }] };
/** More than are counted unless an exact count is asked for. */
const MANY = 10_100;

interface Total {
  readonly value: number;
  readonly relation: 'eq' | 'gte';
}

describe('totals of searches for one value', () => {
  let host: ExperimentsHost;
  let sent: string[];
  let publicProject: number;
  let experiments: readonly number[];

  beforeAll(async () => {
    host = await bootExperimentsHost({ valueSummaries: { fromTrials: 1 } });
    const made: number[] = [];
    for (const name of ['public', 'secret']) {
      const { project } = (await host.post('/projects', { name })).body;
      if (name === 'public') publicProject = project.id;
      for (const experiment of ['kept', 'archived'])
        made.push(
          (await host.post('/experiments', { name: experiment, projectId: project.id })).body.experiment.id,
        );
    }
    experiments = made;
    await addTrials(experiments[0]!, MANY, 'A100');
    for (const id of experiments) {
      await addTrials(id, 4, 'A100');
      await addTrials(id, 2, 'H100');
    }
    await host.dataSource.query(`UPDATE experiments SET archived = true WHERE name = 'archived'`);
    // Of an archived experiment too: it counts once.
    await host.dataSource.query(
      'UPDATE trials SET archived = true WHERE id IN (SELECT max(id) - 2 FROM trials GROUP BY experiment_id)',
    );
    // Made in the background when they are asked for: of all, and of the public project.
    while ((await host.value('SELECT count(*)::integer FROM trial_metadata_summaries WHERE ready')) !== 2) {
      await totalFor('admin', {});
      await totalFor('admin', { projectId: publicProject });
    }
    sent = recordStatements(host.dataSource);
  }, 120_000);

  afterAll(() => host.close());

  async function addTrials(experimentId: number, count: number, gpu: string): Promise<void> {
    const rows: readonly { id: string }[] = await host.dataSource.query(
      'INSERT INTO trials (experiment_id) SELECT $1 FROM generate_series(1, $2::integer) RETURNING id',
      [experimentId, count],
    );
    const reports = rows.map(({ id }) => ({ trialId: Number(id), metadata: { gpu } }));
    for (let first = 0; first < count; first += 1_000) {
      const { status } = await host.post('/metadata/batch', { reports: reports.slice(first, first + 1_000) });
      expect(status).toBe(200);
    }
  }

  async function totalFor(user: string, request: object): Promise<Total> {
    const body = { filter: A100, fields: [], limit: 1, ...request };
    return (await host.as(user).send('POST', '/trials/search', body)).body.total;
  }

  /** The total, which a summary must have told. */
  async function summedFor(user: string, request: object): Promise<Total> {
    sent.length = 0;
    const total = await totalFor(user, request);
    expect(sent.filter((text) => text.includes('"left_out"'))).toHaveLength(1);
    expect(sent.filter((text) => text.startsWith('SELECT count(*) AS count'))).toEqual([]);
    return total;
  }

  it.each([
    ['admin', {}, MANY + 8 - 2],
    ['admin', { archived: true }, MANY + 16],
    // He sees the public project alone, which has a summary of its own.
    ['reader', {}, MANY + 4 - 1],
    ['reader', { archived: true }, MANY + 8],
  ])('are exact for %s with %j', async (user, request, value) => {
    const exact = { ...request, count: 'exact' };
    expect(await summedFor(user, exact)).toEqual({ value, relation: 'eq' });
    expect(await totalFor(user, { ...exact, filter: COUNTED })).toEqual({ value, relation: 'eq' });
  });

  it('stop at the cap without a count', async () => {
    expect(await summedFor('admin', {})).toEqual({ value: 10_000, relation: 'gte' });
    const { value, relation } = await totalFor('admin', { filter: { ...A100, value: 'H100' } });
    expect([value, relation]).toEqual([4, 'eq']);
  });

  it('follow reports, and what is archived, at once', async () => {
    const exact = async () => (await summedFor('admin', { count: 'exact' })).value;
    const before = await exact();
    const id = await host.value('SELECT min(id)::integer FROM trials WHERE NOT archived');
    await host.post(`/trials/${id}/metadata`, { metadata: { gpu: 'H100' } });
    expect(await exact()).toBe(before - 1);
    await host.post(`/trials/${id}/metadata`, { metadata: { gpu: 'A100' } });
    expect(await exact()).toBe(before);
    await host.dataSource.query('UPDATE trials SET archived = true WHERE id = $1', [id]);
    expect(await exact()).toBe(before - 1);
    await host.dataSource.query('UPDATE experiments SET archived = true WHERE id = $1', [experiments[0]]);
    expect((await totalFor('admin', { count: 'exact' })).value).toBe(3);
    await host.dataSource.query('UPDATE experiments SET archived = false WHERE id = $1', [experiments[0]]);
    await host.dataSource.query('UPDATE trials SET archived = false WHERE id = $1', [id]);
    expect(await exact()).toBe(before);
  });
});
