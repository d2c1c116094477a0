import 'reflect-metadata';
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { DataSource, type QueryRunner } from 'typeorm';
import { createApp } from '../src/master/create-app.js';
import { FieldCounter, SummaryBuilder, type Path } from '../src/metadata/index.js';
import { RestClient, type RestRequest } from './rest-client.js';

/** A statement as the product sent it. */
export interface Statement {
  /** Under which the product has each connection parse it once; absent: it is sent plainly. */
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

const TOKEN = 'administrator-of-the-benchmark';

/** The fields whose values and totals are asked for: their summaries are made before anything is measured. */
export const SUMMARIZED: readonly Path[] = [['hardware', 'gpu'], ['commit']];

/** The master inside this process, whose statements can be listened to. */
export interface RecordedMaster {
  readonly client: RestClient;
  /** The statements that the product sends to answer the request, in their order. */
  readonly statementsOf: (request: RestRequest) => Promise<readonly Statement[]>;
  /** Counts the known fields, as they would be had the trials come in by reports. */
  readonly countFields: () => Promise<void>;
  /**
   * Makes the summary of a field's values, as the first who asks for them has it made.
   * @returns milliseconds; undefined where too few trials have the field for a summary
   */
  readonly summarize: (path: Path) => Promise<number | undefined>;
  readonly close: () => Promise<void>;
}

/** Boots the master in this process, to learn what it asks of the database. */
export async function recordMaster(databaseUrl: string): Promise<RecordedMaster> {
  const master = await createApp({
    databaseUrl,
    adminToken: TOKEN,
    logger: pino({ level: 'error' }),
  });
  const { app } = master;
  const server: Server = app.getHttpServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // an address of TCP, since it listens on a port
  const client = new RestClient(`http://127.0.0.1:${port}`, TOKEN);
  const answering = new AsyncLocalStorage<true>();
  server.prependListener('request', () => answering.enterWith(true));
  const recorded = record(app.get(DataSource), () => answering.getStore() === true);
  return {
    client,
    statementsOf: async (request) => {
      recorded.length = 0;
      await client.send(request);
      // While it is in use, every promise of this process costs more, and the clients that are timed live here too.
      answering.disable();
      return [...recorded];
    },
    countFields: () => app.get(FieldCounter).recount(),
    summarize: async (path) => {
      const start = performance.now();
      const making = await app.get(SummaryBuilder).make({ path, scope: undefined });
      if (making === 'unsuitable') return undefined;
      if (making === 'put off') throw new Error(`No summary of ${path.join('.')}: ${making}.`);
      return performance.now() - start;
    },
    close: async () => {
      client.close();
      await master.close(1000);
    },
  };
}

/** Records what is sent while a request is answered: what works in the background sends statements of its own. */
function record(dataSource: DataSource, isAnswering: () => boolean): Statement[] {
  const recorded: Statement[] = [];
  const create = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode): QueryRunner => {
    const runner = create(mode);
    const query = runner.query.bind(runner);
    runner.query = async (text: string, values: unknown[] = []): Promise<never> => {
      if (isAnswering()) recorded.push({ ...statementOf(text), values });
      return (await query(text, values)) as never; // whatever the statement gives
    };
    return runner;
  };
  return recorded;
}

/** What TypeORM was given: a text, or what `pg` takes for a prepared statement. */
function statementOf(query: unknown): Pick<Statement, 'name' | 'text'> {
  return typeof query === 'string' ? { text: query } : (query as { name: string; text: string });
}

/** A master that runs as a process of its own, as a user has it. */
export interface MasterProcess {
  readonly client: RestClient;
  close(): Promise<void>;
}

/** As `npm start` has it. */
const NODE_OPTION = '--max-semi-space-size=64';

/** Starts the master on a database and waits until it listens. */
export async function startMaster(databaseUrl: string): Promise<MasterProcess> {
  const program = ['--import', './test/support/typescript.mjs', './src/master/main.ts', '--no-demo'];
  const child = spawn(process.execPath, [NODE_OPTION, ...program], {
    cwd: new URL('..', import.meta.url),
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATABASE_URL: databaseUrl,
      ADMIN_TOKEN: TOKEN,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const found = /^Trial metadata on (\S+)/m.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`The master did not start:\n${output}`)));
  });
  const client = new RestClient(url, TOKEN);
  return {
    client,
    close: async () => {
      client.close();
      child.kill('SIGTERM');
      await ended;
    },
  };
}
