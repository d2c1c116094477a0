import { staleSources } from '../scripts/client/client-sources.js';
import {
  NoAnswerError,
  ProblemError,
  TrialMetadataClient,
  UnreadableAnswerError,
  type ClientOptions,
  type Filter,
  type InputOf,
} from '../src/client/index.js';
import { parseJson, writeJson } from '../src/metadata/index.js';
import { bootMaster, type TestMaster } from './support/index.js';

it('the generated sources are those of the descriptions: npm run generate:client', async () => {
  expect(await staleSources()).toEqual([]);
});

it('takes what an operation needs, may leave out what it may do without, and nothing else', () => {
  const taken: readonly [
    InputOf<'listProjects'>,
    InputOf<'listProjects'>,
    InputOf<'createProject'>,
    InputOf<'getMetadata'>,
  ] = [{}, { query: { limit: 3 } }, { body: { name: 'x' } }, { path: { trialId: 1 } }];
  // The compiler holds each of these to be an error, or complains of the comment.
  const refused: readonly object[] = [
    // @ts-expect-error -- the body is missing
    {} satisfies InputOf<'createProject'>,
    // @ts-expect-error -- the query is missing, since a field must be named
    {} satisfies InputOf<'listValues'>,
    // @ts-expect-error -- the path is missing
    {} satisfies InputOf<'getMetadata'>,
    // @ts-expect-error -- it has no body
    { body: {} } satisfies InputOf<'getMetadataLimits'>,
    // @ts-expect-error -- there is no such parameter
    { query: { limits: 3 } } satisfies InputOf<'listProjects'>,
    // @ts-expect-error -- there is no such operator
    { body: { filter: { field: 'metadata.a', operator: 'like' } } } satisfies InputOf<'searchTrials'>,
  ];
  expect([taken.length, refused.length]).toEqual([4, 6]);
});

describe('a client of the master', () => {
  let master: TestMaster;
  let client: TrialMetadataClient;
  const trials: number[] = [];
  const learned: Filter = { field: 'metadata.lr', operator: 'exists' };

  const clientWith = (options: Partial<ClientOptions> = {}) =>
    new TrialMetadataClient({ baseUrl: `${master.url}/api/v1`, token: master.token, ...options });

  beforeAll(async () => {
    master = await bootMaster();
    client = clientWith({ token: () => Promise.resolve(master.token) });
    const { project } = await client.call('createProject', { body: { name: 'Vision' } });
    const { experiment } = await client.call('createExperiment', {
      body: { projectId: project.id, name: 'MNIST' },
    });
    for (let index = 0; index < 5; index += 1) {
      const path = { experimentId: experiment.id };
      const { trial } = await client.call('createTrial', { path, body: { number: index + 1 } });
      trials.push(trial.id);
    }
  });

  afterAll(() => master.close());

  it('reports, sets, patches, clears, reverts, and reads it all back', async () => {
    const id = trials[0]!;
    expect(await client.readMetadata(id)).toMatchObject({ trialId: id, metadata: {}, revision: 0 });
    expect(await client.reportMetadata(id, { lr: 0.1, gpu: { name: 'A100' } })).toMatchObject({
      revision: 1,
    });
    expect((await client.patchMetadata(id, { gpu: { ram: '64GB', name: null } })).metadata).toEqual({
      lr: 0.1,
      gpu: { ram: '64GB' },
    });
    expect((await client.setMetadata(id, { lr: 1 })).metadata).toEqual({ lr: 1 });
    expect((await client.clearMetadata(id)).metadata).toEqual({});
    expect((await client.revertMetadata(id, 1)).metadata).toEqual({ lr: 0.1, gpu: { name: 'A100' } });
    expect((await client.readMetadata(id, { revision: 3 })).metadata).toEqual({ lr: 1 });
    const page = await client.history(id, { limit: 2 });
    expect([page.items.map(({ revision }) => revision), typeof page.next]).toEqual([[5, 4], 'string']);
    const sources: string[] = [];
    for await (const { source } of client.eachRevision(id, { limit: 2 })) sources.push(source);
    expect(sources).toEqual(['revert', 'delete', 'set', 'patch', 'report']);
  });

  it('goes through all pages, and no further than it is asked to', async () => {
    await client.reportBatch(trials.slice(1).map((trialId, index) => ({ trialId, metadata: { lr: index } })));
    let requests = 0;
    const counting = clientWith({
      fetch: (...args) => {
        requests += 1;
        return fetch(...args);
      },
    });
    const ids: number[] = [];
    const sort = [{ field: 'trial.id', direction: 'asc', as: 'json' }] as const;
    for await (const trial of counting.eachTrial({ filter: learned, sort, limit: 2 })) ids.push(trial.id);
    expect([ids, requests]).toEqual([trials, 3]);
    for await (const trial of counting.eachTrial({ filter: learned, limit: 2 })) {
      expect(trial.metadata).toHaveProperty('lr');
      break;
    }
    expect(requests).toBe(4);
    const names: unknown[] = [];
    for await (const { name } of client.eachExperiment({ filter: learned })) names.push(name);
    expect(names).toEqual(['MNIST']);
    const fields: string[] = [];
    for await (const { path } of client.eachField({ limit: 1 })) fields.push(path);
    expect(fields).toContain('lr');
  });

  it('searches, compares, aggregates and exports', async () => {
    expect((await client.searchTrials({ filter: learned })).total).toEqual({ value: 5, relation: 'eq' });
    const compared = await client.compareTrials({ trialIds: trials.slice(0, 2) });
    expect(
      'fields' in compared && compared.fields.find(({ field }) => field === 'metadata.lr')?.differs,
    ).toBe(true);
    const { groups } = await client.aggregateTrials({
      filter: learned,
      measures: [{ field: 'metadata.lr', op: 'max' }],
    });
    expect(groups[0]?.values).toEqual({ 'max(metadata.lr)': 3 });
    const values = await client.values({ field: 'metadata.lr', limit: 1 });
    expect(values.items).toHaveLength(1);
    const file = await client.exportTrials({ format: 'csv', fields: 'metadata.lr' });
    expect((await file.text()).split('\n')).toHaveLength(7);
    expect(await client.limits()).toMatchObject({ depth: 10 });
  });

  it('names what is wrong: the problem, its code, its faults', async () => {
    const refused = client.searchTrials({ filter: { field: 'nothing', operator: 'is', value: 1 } });
    const error = await refused.catch((thrown: unknown) => thrown as ProblemError);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ path: expect.any(String) }],
    });
    await expect(client.readMetadata(999_999)).rejects.toMatchObject({
      status: 404,
      code: 'trial_not_found',
    });
    await expect(client.reportMetadata(trials[0]!, {}, { ifRevision: 1 })).rejects.toMatchObject({
      status: 412,
      problem: { currentRevision: 5 },
    });
    await expect(clientWith({ token: null }).limits()).rejects.toMatchObject({ status: 401 });
    await expect(clientWith({ baseUrl: master.url }).request({ method: 'GET', path: '/' })).rejects.toThrow(
      UnreadableAnswerError,
    );
  });

  it('keeps every digit with a parser and a writer that do', async () => {
    const exact = clientWith({ parse: parseJson, stringify: writeJson });
    const metadata = parseJson('{"metadata": {"n": 9007199254740993, "d": 0.10}}');
    const path = `/trials/${trials[0]}/metadata`;
    const answer = await exact.request({ method: 'PUT', path, body: metadata });
    expect(writeJson(answer)).toContain('{"d":0.10,"n":9007199254740993}');
  });
});

describe('a client of a server that comes and goes', () => {
  type Step = 'down' | number;

  /** A server that answers as the steps say, then with `{}`. */
  function clientOf(steps: readonly Step[], options: Partial<ClientOptions> = {}) {
    const left = [...steps];
    const seen: string[] = [];
    const client = new TrialMetadataClient({
      baseUrl: 'http://tracker.example/api/',
      fetch: (url, init) => {
        seen.push(`${init?.method} ${url as string}`); // as the client gives it
        const step = left.shift() ?? 200;
        if (step === 'down') return Promise.reject(new TypeError('fetch failed'));
        const headers = { 'retry-after': '0' };
        return Promise.resolve(
          new Response(step === 200 ? '{}' : 'no problem details', { status: step, headers }),
        );
      },
      ...options,
    });
    return { client, seen };
  }

  it('asks again for what may be asked twice', async () => {
    const { client, seen } = clientOf(['down', 503]);
    expect(await client.searchTrials()).toEqual({});
    expect(seen).toEqual(Array(3).fill('POST http://tracker.example/api/trials/search'));
    const { client: lost } = clientOf(['down', 'down', 'down']);
    await expect(lost.reportMetadata(1, {})).rejects.toThrow(NoAnswerError);
    const { client: away } = clientOf([503, 503, 503]);
    await expect(away.limits()).rejects.toMatchObject({ status: 503, message: 'The server answered 503.' });
  });

  it('sends once what may not be sent twice, and what is wrong', async () => {
    for (const [steps, send] of [
      [['down'], (client: TrialMetadataClient) => client.revertMetadata(1, 1)],
      [['down'], (client: TrialMetadataClient) => client.setMetadata(1, {}, { ifRevision: 3 })],
      [[503], (client: TrialMetadataClient) => client.call('createProject', { body: { name: 'x' } })],
      [[400], (client: TrialMetadataClient) => client.limits()],
    ] as const) {
      const { client, seen } = clientOf(steps);
      await expect(send(client)).rejects.toThrow();
      expect(seen).toHaveLength(1);
    }
    const { client, seen } = clientOf(['down'], { retries: 0 });
    await expect(client.limits()).rejects.toThrow(NoAnswerError);
    expect(seen).toHaveLength(1);
  });

  it('stops when it is told to: before, and while it waits to ask again', async () => {
    const { client, seen } = clientOf(['down', 'down']);
    const controller = new AbortController();
    const asked = client.limits({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await expect(client.searchTrials({}, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
    expect(seen.length).toBeLessThan(3);
  });

  it('encodes what goes into a path', async () => {
    const { client, seen } = clientOf([]);
    await client.call('createFieldIndex', { path: { field: 'a/b?"c.d"' } });
    await client.readMetadata('0b5c1c2e-1111-4222-8333-444455556666', { revision: 2 });
    expect(seen).toEqual([
      'PUT http://tracker.example/api/metadata/indexes/a%2Fb%3F%22c.d%22',
      'GET http://tracker.example/api/trials/0b5c1c2e-1111-4222-8333-444455556666/metadata?revision=2',
    ]);
  });
});
