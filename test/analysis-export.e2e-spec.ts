import { setTimeout as wait } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import {
  bootAnalysisHost,
  storeDocument,
  type AnalysisHost,
  type TrialName,
} from './support/analysis-trials.js';
import { lockWait } from './support/lock-wait.js';
import { parseCsv, type CsvCell } from './support/parse-csv.js';

describe('GET /trials/export', () => {
  let host: AnalysisHost;

  beforeAll(async () => {
    host = await bootAnalysisHost();
  });

  afterAll(() => host.close());

  async function exported(query: string, user = 'admin') {
    const answer = await host.as(user).send('GET', `/trials/export?${query}`);
    expect(answer.status).toBe(200);
    return answer;
  }

  /** The table by column, and then by trial. */
  async function table(query: string, user?: string) {
    const { text } = await exported(`format=csv&${query}`, user);
    const [header = [], ...records] = parseCsv(text);
    for (const record of records) expect(record).toHaveLength(header.length);
    const cellOf = (name: TrialName, column: string): CsvCell | undefined => {
      const index = header.findIndex((cell) => cell.text === column);
      return records.find(([id]) => id?.text === String(host.ids[name]))?.[index];
    };
    return { header: header.map(({ text }) => text), records, cellOf };
  }

  async function lines(query: string, user?: string): Promise<readonly string[]> {
    const { text } = await exported(`format=jsonl&${query}`, user);
    expect(text === '' || text.endsWith('\n')).toBe(true);
    return text.split('\n').slice(0, -1);
  }

  function idsOf(found: readonly string[]): number[] {
    return found.map((line) => (JSON.parse(line) as { id: number }).id);
  }

  it('names its type and a file', async () => {
    const csv = await exported('format=csv');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="trials.csv"');
    const jsonl = await exported('format=jsonl');
    expect(jsonl.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(jsonl.headers.get('content-disposition')).toBe('attachment; filename="trials.jsonl"');
  });

  it('makes one column a field, known before the first row', async () => {
    const { header, records } = await table(`projectId=${host.projectId}`);
    expect(header).toEqual([
      'id',
      'experimentId',
      'projectId',
      'experimentName',
      'state',
      'startTime',
      'endTime',
      'metadata.gpu',
      'metadata.opts',
      'metadata.opts.lr',
      'metadata.opts.tags',
      'metadata.runtime',
    ]);
    expect(records).toHaveLength(8);
  });

  it('tells missing, null, "" and types apart', async () => {
    const { cellOf } = await table(`projectId=${host.projectId}`);
    expect(cellOf('noGpu', 'metadata.gpu')).toEqual({ text: '', quoted: false });
    expect(cellOf('nullGpu', 'metadata.gpu')).toEqual({ text: 'null', quoted: false });
    expect(cellOf('emptyGpu', 'metadata.gpu')).toEqual({ text: '', quoted: true });
    expect(cellOf('emptyGpu', 'metadata.runtime')).toEqual({ text: '30', quoted: true });
    expect(cellOf('noGpu', 'metadata.runtime')).toEqual({ text: '9007199254740993', quoted: false });
    expect(cellOf('plain', 'metadata.opts.tags')).toEqual({ text: '["a"]', quoted: true });
    expect(cellOf('bare', 'endTime')).toEqual({ text: '', quoted: false });
    expect(cellOf('bare', 'state')).toEqual({ text: 'RUNNING', quoted: true });
  });

  it('takes filter, sort and fields as a search does, and keeps the order of the fields', async () => {
    const query =
      'metadata.gpu=A100&archived=true&sort=-metadata.runtime&fields=metadata.runtime,trial.number,metadata.opts,metadata.opts.lr';
    const { header, records } = await table(query);
    expect(header).toEqual([
      'id',
      'experimentId',
      'projectId',
      'metadata.runtime',
      'number',
      'metadata.opts',
      'metadata.opts.lr',
    ]);
    expect(records.map((record) => record[3]?.text)).toEqual(['1000', '25.5', '10', '10.0']);
    expect(records.map((record) => record[6]?.text)).toEqual(['', '0.2', '0.1', '0.10']);
  });

  it('writes the header alone, or nothing, when no trial matches', async () => {
    expect((await exported('format=csv&metadata.gpu=abacus&fields=')).text).toBe(
      'id,experimentId,projectId\r\n',
    );
    expect(await lines('metadata.gpu=abacus')).toEqual([]);
  });

  it('makes formulas harmless and leaves negative numbers alone', async () => {
    const id = Number(
      await host.value(`INSERT INTO trials (experiment_id) SELECT min(id) FROM experiments RETURNING id`),
    );
    await storeDocument(
      host,
      id,
      JSON.stringify({ f: '=HYPERLINK("http://x","y")', n: -5, 'k,"1"': 'a\r\nb,"c"' }),
    );
    const { header, records } = await table('metadata.f[exists]=');
    expect(header.slice(-3)).toEqual(['metadata.f', String.raw`metadata."k,\"1\""`, 'metadata.n']);
    expect(records[0]?.slice(-3)).toEqual([
      { text: `'=HYPERLINK("http://x","y")`, quoted: true },
      { text: 'a\r\nb,"c"', quoted: true },
      { text: '-5', quoted: false },
    ]);
    await host.dataSource.query('DELETE FROM trials WHERE id = $1', [id]);
  });

  it('writes JSON Lines that are exact, one item a line', async () => {
    const id = Number(
      await host.value(`INSERT INTO trials (experiment_id) SELECT min(id) FROM experiments RETURNING id`),
    );
    const document = String.raw`{"": 1, "n": 9007199254740993, "x": 0.1000000000000000055, "text": "a\nb\u2028😀", "__proto__": {"a": []}}`;
    await storeDocument(host, id, document);
    const [line = ''] = await lines(`trial.id=${id}`);
    expect(line).toContain('"n": 9007199254740993');
    expect(line).toContain('"x": 0.1000000000000000055');
    const item = JSON.parse(line) as Record<string, unknown>;
    expect(item['metadata']).toEqual(JSON.parse(document));
    const { body } = await host.post('/trials/search', {
      filter: { field: 'trial.id', operator: 'is', value: id },
    });
    expect(item).toEqual(body.items[0]);
    await host.dataSource.query('DELETE FROM trials WHERE id = $1', [id]);
  });

  it('gives the items of a search with the same fields', async () => {
    const query = `projectId=${host.projectId}&fields=metadata.opts.lr,trial.duration&sort=metadata.gpu`;
    const { body } = await host.get(`/trials?${query}`);
    expect((await lines(query)).map((line) => JSON.parse(line) as unknown)).toEqual(body.items);
  });

  it('exports nothing of a project that the user may not see, neither rows nor columns', async () => {
    const { header, records } = await table('', 'eve');
    expect(header).not.toContain('metadata.codename');
    expect(records).toHaveLength(8);
    expect(idsOf(await lines(`projectId=${host.secretProjectId}`, 'eve'))).toEqual([]);
    expect((await table('')).header).toContain('metadata.codename');
  });

  it('answers a bad query with a problem, not with a file', async () => {
    for (const query of [
      '',
      'format=xls',
      'format=csv&limit=1',
      'format=csv&sort=x',
      'format=csv&projectId=-',
    ]) {
      const { status, headers } = await host.get(`/trials/export?${query}`);
      expect(status).toBe(400);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(headers.get('content-disposition')).toBeNull();
    }
  });

  describe('of many trials', () => {
    const TRIALS = 5_000;
    let projectId: number;

    beforeAll(async () => {
      projectId = Number(
        await host.value(
          `INSERT INTO projects (name, created_at) VALUES ('public many', now()) RETURNING id`,
        ),
      );
      await host.dataSource.query(
        `WITH experiment AS (INSERT INTO experiments (project_id, name) VALUES ($1, 'many') RETURNING id),
              trial AS (INSERT INTO trials (experiment_id, number) SELECT id, n FROM experiment, generate_series(1, $2) AS n
                        RETURNING id, number)
         INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at)
         SELECT id, jsonb_build_object('n', (number * 7919) % 5003, 'text', repeat(md5(number::text), 120)), 1, now() FROM trial`,
        [projectId, TRIALS],
      );
    });

    /** Statements of the host's connections that run or wait in a transaction. */
    async function busy(): Promise<readonly string[]> {
      const rows: readonly { query: string }[] = await host.dataSource.query(
        `SELECT query FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            AND state <> 'idle' AND query NOT LIKE '%LOCK TABLE%'`,
      );
      return rows.map(({ query }) => query);
    }

    async function becomesIdle(): Promise<boolean> {
      for (let tries = 0; tries < 100; tries++) {
        if ((await busy()).length === 0) return true;
        await wait(20);
      }
      return false;
    }

    it('writes each of them once, in order, across batches', async () => {
      const found = await lines(`projectId=${projectId}&sort=metadata.n&fields=metadata.n`);
      const numbers = found.map((line) => (JSON.parse(line) as { metadata: { n: number } }).metadata.n);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(new Set(idsOf(found)).size).toBe(TRIALS);
    });

    it('shows one moment, whatever is written meanwhile', async () => {
      const response = await fetch(`${host.url}/api/v1/trials/export?format=jsonl&projectId=${projectId}`);
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = (await reader.read()).value ?? '';
      await host.dataSource.query(
        `UPDATE trial_metadata SET metadata = '{"late": true}' WHERE trial_id IN
           (SELECT max(id) FROM trials WHERE number = $1)`,
        [TRIALS],
      );
      for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
      expect(text.split('\n')).toHaveLength(TRIALS + 1);
      expect(text).not.toContain('late');
    });

    it('ends its query and gives its connection back when the client goes away midway', async () => {
      const gone = new AbortController();
      const url = `${host.url}/api/v1/trials/export?format=jsonl&projectId=${projectId}`;
      const response = await fetch(url, { signal: gone.signal });
      await response.body!.getReader().read();
      await wait(100);
      const running = await busy();
      // Before anything is expected: an export that went on would keep every later test waiting.
      gone.abort();
      expect(running).toHaveLength(1);
      expect(await becomesIdle()).toBe(true);
    });

    it('answers HEAD with the head alone, and reads nothing for it', async () => {
      const locker = new pg.Client({ connectionString: await databaseUrl() });
      await locker.connect();
      await locker.query('BEGIN; LOCK TABLE trial_metadata IN ACCESS EXCLUSIVE MODE');
      const url = `${host.url}/api/v1/trials/export?format=csv&projectId=${projectId}`;
      const answer = await fetch(url, { method: 'HEAD' });
      await locker.end();
      expect([answer.status, answer.headers.get('content-disposition')]).toEqual([
        200,
        'attachment; filename="trials.csv"',
      ]);
      expect((await fetch(`${url}&sort=none`, { method: 'HEAD' })).status).toBe(400);
    });

    it('cancels a statement that is still waiting when the client goes away', async () => {
      const locker = new pg.Client({ connectionString: await databaseUrl() });
      await locker.connect();
      await locker.query('BEGIN; LOCK TABLE trial_metadata IN ACCESS EXCLUSIVE MODE');
      const gone = new AbortController();
      const url = `${host.url}/api/v1/trials/export?format=csv&projectId=${projectId}`;
      try {
        const answer = fetch(url, { signal: gone.signal }).catch((error: unknown) => error);
        await Promise.race([lockWait(host.dataSource), answer]);
        gone.abort();
        expect(await answer).toMatchObject({ name: 'AbortError' });
        expect(await becomesIdle()).toBe(true);
      } finally {
        await locker.query('ROLLBACK');
        await locker.end();
      }
    });

    it('cuts the answer when it cannot be finished, so that it does not look whole', async () => {
      const url = `${host.url}/api/v1/trials/export?format=jsonl&projectId=${projectId}`;
      const response = await fetch(url);
      const reader = response.body!.getReader();
      await reader.read();
      const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      while (
        (await host.value(
          `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'idle in transaction'`,
        )) === '0'
      );
      await expect(
        (async () => {
          while (!(await reader.read()).done);
        })(),
      ).rejects.toThrow('terminated');
      while (logged.mock.calls.length === 0) await wait(10);
      expect(logged).toHaveBeenCalledWith('An export broke off.', expect.anything());
      logged.mockRestore();
    });

    it('lets others wait for their turn instead of taking every connection', async () => {
      const clients = Array.from({ length: 12 }, () => new AbortController());
      const answers = clients.map(({ signal }) =>
        fetch(`${host.url}/api/v1/trials/export?format=jsonl&projectId=${projectId}`, { signal }).catch(
          (error: unknown) => error,
        ),
      );
      await wait(300);
      expect((await host.get('/trials?limit=1')).status).toBe(200);
      expect((await busy()).length).toBeLessThanOrEqual(4);
      clients.forEach((client) => client.abort());
      await Promise.all(answers);
      expect(await becomesIdle()).toBe(true);
      expect((await lines(`projectId=${projectId}&metadata.n[lt]=100&fields=`)).length).toBeGreaterThan(0);
    });
  });

  async function databaseUrl(): Promise<string> {
    const { options } = host.dataSource;
    if (options.type !== 'postgres' || options.url === undefined) throw new Error('The host has no URL.');
    return Promise.resolve(options.url);
  }
});
