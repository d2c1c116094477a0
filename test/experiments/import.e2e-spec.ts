import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { ImportService } from '../../src/experiments/import/import.service.js';
import { describeMlperf, mlperfLines } from '../support/mlperf.js';
import { bootExperimentsHost, type ExperimentsHost } from './experiments-host.js';

const JSON_BODY = { 'content-type': 'application/json' };
const NDJSON = { 'content-type': 'application/x-ndjson' };
/** Lines that are streamed in constant memory: 200,000 by `npm run test:import`. */
const LINES = Number(process.env['IMPORT_LINES'] ?? 100_000);

interface Counts {
  readonly lines: number;
  readonly trials: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
}

interface Imported {
  readonly status: number;
  readonly done: Counts | undefined;
  readonly refused: readonly { readonly line: number; readonly error: Record<string, unknown> }[];
  readonly progress: readonly unknown[];
  readonly failure: Record<string, unknown> | undefined;
}

function none(counts: Partial<Counts>): Counts {
  return { lines: 0, trials: 0, created: 0, updated: 0, unchanged: 0, refused: 0, ...counts };
}

function line(trial: number, more: object = {}): object {
  return { project: 'P', experiment: 'E', trial, state: 'COMPLETED', metadata: { trial }, ...more };
}

function text(lines: readonly (object | string)[]): string {
  return lines.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('');
}

/** Lines about the same trials whatever the number. */
function round(lines: number, number: number): string {
  return text(Array.from({ length: lines }, (_, index) => line(index, { metadata: { round: number } })));
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void; // the flag above makes it

/** Bytes of the heap that are still needed. */
function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Reads an answer of JSON Lines. */
function readAnswer(status: number, answer: string): Imported {
  const events = answer
    .split('\n')
    .filter((part) => part !== '')
    .map((part) => JSON.parse(part));
  return {
    status,
    done: events.find((event) => 'done' in event)?.done,
    refused: events.filter((event) => 'line' in event),
    progress: events.filter((event) => 'progress' in event).map((event) => event.progress),
    failure: events.find((event) => 'error' in event && !('line' in event))?.error,
  };
}

describe('POST /import', () => {
  let host: ExperimentsHost;

  beforeAll(async () => {
    host = await bootExperimentsHost();
  });

  beforeEach(async () => {
    await host.dataSource.query('DELETE FROM projects');
  });

  afterAll(() => host.close());

  async function send(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Imported> {
    const answer = await host.post('/import', body, { ...NDJSON, ...headers });
    return readAnswer(answer.status, answer.text);
  }

  /** Streams lines while it reads the answer; keeps no line. */
  async function stream(lines: AsyncIterable<string> | Iterable<string>, agent?: Agent): Promise<Imported> {
    const sending = request(`${host.url}/api/v1/import`, { method: 'POST', headers: NDJSON, agent });
    const answered = new Promise<Imported>((resolve, reject) => {
      sending.once('error', reject);
      sending.once('response', (answer) => {
        let received = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
        answer.once('end', () => {
          resolve(readAnswer(answer.statusCode ?? 0, received));
        });
      });
    });
    await pipeline(Readable.from(lines), sending);
    return answered;
  }

  /** Waits until an import that begins after this call has ended, whatever became of its client. */
  function nextImportEnds(): Promise<void> {
    const run = ImportService.prototype.run;
    return new Promise((resolve) => {
      const running = jest.spyOn(ImportService.prototype, 'run');
      running.mockImplementationOnce(async function* (this: ImportService, user, chunks) {
        running.mockRestore();
        try {
          yield* run.call(this, user, chunks);
        } finally {
          resolve();
        }
      });
    });
  }

  const count = async (table: string) => Number(await host.value(`SELECT count(*) FROM ${table}`));

  it('makes projects, experiments and trials with their metadata', async () => {
    const startTime = 1715224910183;
    const imported = await send(
      text([
        line(1, { startTime, endTime: '2024-05-09T03:33:15.69Z', metadata: { gpu: 'A100', hours: 1.5 } }),
        line(2, { state: 'ERROR' }),
        line(1, { experiment: 'F' }),
      ]),
    );
    expect(imported).toEqual({
      status: 200,
      done: none({ lines: 3, trials: 3, created: 3 }),
      refused: [],
      progress: [],
      failure: undefined,
    });
    const [project] = (await host.client.call('listProjects', {})).items;
    expect(project).toMatchObject({ name: 'P', archived: false });
    const trialId = Number(await host.value('SELECT min(id) FROM trials'));
    const { trial } = await host.client.call('getTrial', { path: { trialId } });
    expect(trial).toMatchObject({
      number: 1,
      experimentName: 'E',
      projectId: project?.id,
      state: 'COMPLETED',
      startTime: '2024-05-09T03:21:50.183Z',
      endTime: '2024-05-09T03:33:15.690Z',
      duration: 685.507,
      metadata: { gpu: 'A100', hours: 1.5 },
    });
    const path = { experimentId: trial.experimentId };
    expect((await host.client.call('getExperiment', { path })).experiment).toMatchObject({
      state: 'COMPLETED',
      startTime: '2024-05-09T03:21:50.183Z',
      endTime: '2024-05-09T03:33:15.690Z',
    });
    const { items } = await host.client.history(trialId);
    expect(items).toMatchObject([{ revision: 1, source: 'import', updatedBy: 'admin' }]);
  });

  it('changes nothing the second time, and only what differs after that', async () => {
    const lines = [line(1), line(2), line(3, { startTime: 1000, endTime: 2000 }), line(4)];
    await send(text(lines));
    expect((await send(text(lines))).done).toEqual(none({ lines: 4, trials: 4, unchanged: 4 }));
    expect(await count('trial_metadata_history')).toBe(4);
    const changed = [
      line(1, { metadata: { trial: 1, more: true } }),
      line(2, { state: 'ERROR' }),
      line(3),
      line(5),
    ];
    expect((await send(text(changed))).done).toEqual(
      none({ lines: 4, trials: 4, created: 1, updated: 2, unchanged: 1 }),
    );
    expect(await count('trials')).toBe(5);
  });

  it('replaces the whole document, and leaves what the line does not name', async () => {
    await send(text([line(1, { startTime: 1000, metadata: { a: 1, b: 2 } })]));
    await send(text([{ project: 'P', experiment: 'E', trial: 1, metadata: { b: 2 } }]));
    await send(text([{ project: 'P', experiment: 'E', trial: 1 }]));
    const trialId = Number(await host.value('SELECT id FROM trials'));
    expect((await host.client.call('getTrial', { path: { trialId } })).trial).toMatchObject({
      state: 'COMPLETED',
      startTime: '1970-01-01T00:00:01.000Z',
      metadata: { b: 2 },
    });
    const cleared = await send(text([{ project: 'P', experiment: 'E', trial: 1, metadata: {} }]));
    expect(cleared.done).toMatchObject({ updated: 1 });
    expect(await host.client.readMetadata(trialId)).toMatchObject({ metadata: {}, revision: 3 });
  });

  it('applies two lines about one trial one after the other', async () => {
    const imported = await send(text([line(1), line(1, { metadata: { trial: 'later' } }), line(2)]));
    expect(imported.done).toEqual(none({ lines: 3, trials: 3, created: 2, updated: 1 }));
    expect(
      await host.value(`SELECT count(*) FROM trial_metadata WHERE metadata = '{"trial": "later"}'`),
    ).toBe('1');
  });

  it('keeps every digit and every key', async () => {
    const metadata = '{"": 1.50, "__proto__": 9007199254740993, "e": 1e400, "é\\n": "\\ud83d\\ude00"}';
    await send(`{"project": "P", "experiment": "E", "trial": 1, "metadata": ${metadata}}\n`);
    const id = await host.value('SELECT id FROM trials');
    const stored = (await host.get(`/trials/${String(id)}/metadata`)).text;
    expect(stored).toContain('1.50');
    expect(stored).toContain('"__proto__": 9007199254740993');
    expect(stored).toContain(`1${'0'.repeat(400)}`);
    expect(stored).toContain('😀');
  });

  it('names each refused line by number and reason, and takes in the rest', async () => {
    const imported = await send(
      text([
        line(1),
        '{"project": ',
        '',
        line(2, { state: 'DONE' }),
        line(3, { colour: 'red' }),
        { project: 'P', trial: 4 },
        line(5, { metadata: [] }),
        line(6, { metadata: { text: 'x'.repeat(20_000) } }),
        '{"project": "P", "experiment": "E", "trial": 7, "metadata": {"a": "\\u0000"}}',
        `{"project": "P", "experiment": "E", "trial": 8, "metadata": {"a": "${'x'.repeat(400_000)}"}}`,
        '{"project": "P", "experiment": "E", "trial": 9, "metadata": {"a": 1, "a": 2}}',
        line(10, { startTime: 2, endTime: 1 }),
        '['.repeat(100_000),
        line(11),
      ]),
    );
    expect(imported.done).toEqual(none({ lines: 13, trials: 2, created: 2, refused: 11 }));
    const reasons = imported.refused.map(({ line: number, error }) => {
      const [first] = error['errors'] as readonly { path: string; code: string }[];
      expect(error).toMatchObject({ title: 'Bad Request', status: 400, code: 'invalid_request' });
      expect(error['detail']).not.toMatch(/SELECT|INSERT/);
      return [number, first?.path, first?.code];
    });
    expect(reasons).toEqual([
      [2, 'project', 'invalid_json'],
      [4, 'state', 'unknown_state'],
      [5, 'colour', 'unknown_property'],
      [6, 'experiment', 'value_missing'],
      [7, 'metadata', 'value_not_accepted'],
      [8, 'metadata.text', expect.any(String)],
      [9, 'metadata.a', expect.any(String)],
      [10, 'line', 'line_too_long'],
      [11, 'metadata.a', expect.any(String)],
      [12, 'endTime', 'end_before_start'],
      [13, expect.stringMatching(/^0(\.0)*$/), expect.any(String)],
    ]);
    expect(await count('trials')).toBe(2);
  });

  it('leaves out only the line that the database refuses, whatever stands around it', async () => {
    await host.dataSource.query(
      `ALTER TABLE trial_metadata ADD CONSTRAINT no_poison CHECK (NOT metadata ? 'poison')`,
    );
    try {
      const lines = Array.from({ length: 700 }, (_, index) =>
        line(index, index === 123 || index === 650 ? { metadata: { poison: true } } : {}),
      );
      const imported = await send(text(lines));
      expect(imported.done).toEqual(none({ lines: 700, trials: 698, created: 698, refused: 2 }));
      expect(imported.refused.map((one) => one.line)).toEqual([124, 651]);
      expect(JSON.stringify(imported.refused)).not.toMatch(/no_poison|trial_metadata/);
      expect(await count('trials')).toBe(698);
    } finally {
      await host.dataSource.query('ALTER TABLE trial_metadata DROP CONSTRAINT no_poison');
    }
  });

  it('counts right when the database refuses the experiment that a line is in the way of', async () => {
    await host.dataSource.query(
      `ALTER TABLE experiments ADD CONSTRAINT late CHECK (start_time > '1980-01-01')`,
    );
    try {
      const lines = Array.from({ length: 2600 }, (_, index) =>
        line(index, { startTime: index === 1100 ? 1000 : 1e12 + index }),
      );
      const imported = await send(text(lines));
      expect(imported.done).toEqual(none({ lines: 2600, trials: 2599, created: 2599, refused: 1 }));
      expect(imported.refused.map((one) => one.line)).toEqual([1101]);
      expect(await count('trials')).toBe(2599);
    } finally {
      await host.dataSource.query('ALTER TABLE experiments DROP CONSTRAINT late');
    }
  });

  it('goes on beside a transaction that locks trials of its batches one by one', async () => {
    await send(round(2500, 1));
    const ids: readonly { id: string }[] = await host.dataSource.query(
      'SELECT id FROM trials ORDER BY number',
    );
    const lock = (index: number, manager: EntityManager) =>
      manager.query('SELECT FROM trial_metadata WHERE trial_id = $1 FOR UPDATE', [ids[index]?.id]);
    const again = await host.dataSource.transaction(async (manager) => {
      await lock(600, manager);
      const sending = send(round(2500, 2));
      await sleep(300);
      await lock(1100, manager);
      return { sending };
    });
    expect((await again.sending).done).toEqual(none({ lines: 2500, trials: 2500, updated: 2500 }));
  });

  it('takes reports and batches meanwhile, and both end', async () => {
    await send(round(4000, 1));
    const ids: readonly { id: string }[] = await host.dataSource.query(
      'SELECT id FROM trials ORDER BY random()',
    );
    let isOver = false as boolean;
    const reporting = async () => {
      for (let from = 0; !isOver; from = (from + 500) % 4000) {
        const reports = ids
          .slice(from, from + 500)
          .map(({ id }) => ({ trialId: Number(id), metadata: { from } }));
        expect((await host.post('/metadata/batch', JSON.stringify({ reports }), JSON_BODY)).status).toBe(200);
      }
    };
    const reported = Promise.all([reporting(), reporting()]);
    const imported = await send(round(4000, 2)).finally(() => (isOver = true));
    await reported;
    expect(imported.done).toMatchObject({ lines: 4000, trials: 4000, updated: 4000 });
  });

  it('makes nothing twice when the same file is imported several times at once', async () => {
    const file = text(
      Array.from({ length: 1500 }, (_, index) =>
        line(index, { experiment: `E ${index % 7}`, project: `P ${index % 3}` }),
      ),
    );
    const imports = await Promise.all(Array.from({ length: 4 }, () => send(file)));
    const created = imports.reduce((sum, { done }) => sum + (done?.created ?? 0), 0);
    expect(imports.map(({ done }) => done?.trials)).toEqual([1500, 1500, 1500, 1500]);
    expect([created, await count('projects'), await count('experiments'), await count('trials')]).toEqual([
      1500, 3, 21, 1500,
    ]);
    expect(await count('trial_metadata_history')).toBe(1500);
  });

  it('goes on when a project is deleted meanwhile', async () => {
    async function* lines(): AsyncGenerator<string> {
      for (let index = 0; index < 2000; index += 1) {
        if (index === 1200) await host.dataSource.query('DELETE FROM projects');
        yield text([line(index)]);
      }
    }
    const imported = await stream(lines());
    expect(imported.done).toEqual(none({ lines: 2000, trials: 2000, created: 2000 }));
    expect(await count('projects')).toBe(1);
  });

  it('takes gzip, no line feed at the end, carriage returns, and nothing at all', async () => {
    const packed = await send(gzipSync(text([line(1)])), { 'content-encoding': 'gzip' });
    expect(packed.done).toEqual(none({ lines: 1, trials: 1, created: 1 }));
    const windows = await send(`${JSON.stringify(line(2))}\r\n\r\n${JSON.stringify(line(3))}`);
    expect(windows.done).toEqual(none({ lines: 2, trials: 2, created: 2 }));
    expect((await send('')).done).toEqual(none({}));
  });

  it('ends with the reason when the gzip data are broken', async () => {
    const packed = gzipSync(text(Array.from({ length: 2000 }, (_, index) => line(index))));
    for (const broken of [packed.subarray(0, packed.length - 100), Buffer.from('no gzip')]) {
      const imported = await send(broken, { 'content-encoding': 'gzip' });
      expect(imported).toMatchObject({ status: 200, done: undefined, failure: { status: 400 } });
      expect(imported.failure?.['errors']).toMatchObject([{ path: 'body', code: 'invalid_compression' }]);
    }
  });

  it('takes in all that came before the place at which gzip data break', async () => {
    const lines = Array.from({ length: 8000 }, (_, index) =>
      line(index, { metadata: { noise: Math.sin(index) } }),
    );
    const packed = gzipSync(text(lines));
    const imported = await send(packed.subarray(0, packed.length * 0.9), { 'content-encoding': 'gzip' });
    expect(imported.failure).toMatchObject({ code: 'invalid_request' });
    // But for less than a group of 500.
    expect(await count('trials')).toBeGreaterThan(8000 * 0.9 - 600);
  });

  it('leaves the connection to the next request when it fails while lines still come', async () => {
    await host.dataSource.query(`CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE 'broken' USING ERRCODE = 'XX000'; END $$`);
    await host.dataSource.query(`CREATE TRIGGER break_off BEFORE INSERT ON trial_metadata FOR EACH ROW
      WHEN (NEW.metadata ? 'breaks') EXECUTE FUNCTION break_off()`);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const lines = Array.from({ length: 40_000 }, (_, index) =>
        line(index, index === 9 ? { metadata: { breaks: true } } : {}),
      );
      expect((await stream([text(lines)], agent)).failure).toBeDefined();
      expect((await stream([text([line(1)])], agent)).done).toEqual(
        none({ lines: 1, trials: 1, created: 1 }),
      );
    } finally {
      agent.destroy();
      await host.dataSource.query('DROP FUNCTION break_off CASCADE');
    }
  });

  it('refuses other content types and encodings', async () => {
    const refused = [
      { 'content-type': 'application/xml' },
      { 'content-type': 'application/x-ndjson; charset=utf-16' },
      { 'content-encoding': 'br' },
    ];
    for (const headers of refused) {
      const answer = await host.post('/import', text([line(1)]), { ...NDJSON, ...headers });
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
    }
    expect(await count('trials')).toBe(0);
  });

  it('refuses the lines of projects that the user may not change or create', async () => {
    await host.client.call('createProject', { body: { name: 'public' } });
    const lines = text([line(1), line(1, { project: 'public' }), line(1, { project: 'mine' })]);
    const eve = await host.as('eve').send('POST', '/import', lines, NDJSON);
    const imported = readAnswer(eve.status, eve.text);
    expect(imported.refused.map((one) => [one.line, one.error['code']])).toEqual([
      [2, 'project_edit_forbidden'],
    ]);
    expect(imported.done).toEqual(none({ lines: 3, trials: 2, created: 2, refused: 1 }));
    const reader = await host
      .as('reader')
      .send('POST', '/import', text([line(1, { project: 'new' })]), NDJSON);
    expect(readAnswer(reader.status, reader.text).refused.map((one) => one.error['code'])).toEqual([
      'project_creation_forbidden',
    ]);
  });

  it('ends when the client goes away, and leaves nothing half written', async () => {
    const ended = nextImportEnds();
    const sending = request(`${host.url}/api/v1/import`, { method: 'POST', headers: NDJSON });
    sending.on('error', () => undefined);
    const answer = once(sending, 'response');
    let next = 0;
    while (next < 100_000 && (await count('trials')) < 1000) {
      sending.write(text(Array.from({ length: 500 }, () => line((next += 1)))));
    }
    await answer;
    sending.destroy();
    await ended;
    const trials = await count('trials');
    expect(trials).toBeGreaterThanOrEqual(1000);
    expect(trials).toBe(await count('trial_metadata'));
    expect((await send(text([line(1)]))).done).toMatchObject({ unchanged: 1 });
  });

  describeMlperf('the MLPerf Training v4.0 results', () => {
    it('go in whole, quickly, and change nothing the second time', async () => {
      const file = mlperfLines();
      const start = Date.now();
      const first = await send(file);
      const seconds = (Date.now() - start) / 1000;
      console.info(
        `Imported 1948 MLPerf trials in ${seconds.toFixed(2)} s: ${Math.round(1948 / seconds)} a second.`,
      );
      expect(first.done).toEqual(none({ lines: 1948, trials: 1948, created: 1948 }));
      expect([await count('projects'), await count('experiments'), await count('trials')]).toEqual([
        1, 165, 1948,
      ]);
      const second = await send(gzipSync(file), { 'content-encoding': 'gzip' });
      expect(second.done).toEqual(none({ lines: 1948, trials: 1948, unchanged: 1948 }));
      expect(await count('trial_metadata_history')).toBe(1948);
      expect(await count('trials')).toBe(1948);
    });
  });

  it(`streams ${LINES} lines in constant memory`, async () => {
    const total = LINES;
    const heaps: number[] = [];
    function* lines(): Generator<string> {
      for (let index = 0; index < total; index += 1) {
        if (index % (total / 5) === total / 10) heaps.push(heapInUse());
        const metadata = {
          gpu: `GPU ${index % 3}`,
          runtime_seconds: index / 7,
          data: { version: index % 20 },
        };
        yield text([line(index, { experiment: `E ${index % 200}`, startTime: index * 1000, metadata })]);
      }
    }
    const start = Date.now();
    const imported = await stream(lines());
    const seconds = (Date.now() - start) / 1000;
    // Until half of the lines are sent, what is read ahead and Node's own grow to their size.
    const [, , first = 0, ...later] = heaps;
    const grown = (Math.max(...later) - first) / 1024 ** 2;
    console.info(
      `Imported ${total} generated trials in ${seconds.toFixed(1)} s, ${Math.round(total / seconds)} a second; the heap grew by ${grown.toFixed(1)} MiB.`,
    );
    expect(imported.done).toEqual(none({ lines: total, trials: total, created: total }));
    expect(imported.progress.length).toBeGreaterThan(0);
    // As much as the lines sent meanwhile would take.
    expect(grown).toBeLessThan((168 * total * 0.4) / 1024 ** 2);
  }, 300_000);
});
