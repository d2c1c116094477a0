import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPythonEnvironment } from '../../scripts/python-environment.js';
import type { Progress } from '../progress.js';
import { RestClient } from '../rest-client.js';
import { MLFLOW_SCHEMA } from './mlflow-tables.js';

const FOLDER = fileURLToPath(new URL('../../.data/mlflow', import.meta.url));

/** The release that is measured. */
export const MLFLOW_RELEASE = '3.17.2';

/** The skinny distribution is the same server without the libraries of models; the rest is what its server imports. */
const PACKAGES = [
  `mlflow-skinny==${MLFLOW_RELEASE}`,
  'SQLAlchemy==2.1.9',
  'alembic==1.20.1',
  'Flask==3.1.3',
  'flask-cors==6.0.5',
  'aiohttp==3.14.5',
  'numpy==2.4.6',
  'pandas==3.1.1',
  'psycopg2-binary==2.9.13',
] as const;

const START_MS = 180_000;
/** Characters of the server's output that are kept, to tell why it did not start. */
const KEPT_OUTPUT = 4_000;

/** A tracking server that runs as a process of its own. */
export interface MlflowServer {
  readonly client: RestClient;
  close(): Promise<void>;
}

/**
 * The Python that has MLflow; installed below `.data/` at the first time.
 *
 * @throws PythonMissingError without Python 3.11 or its package registry
 */
export function installMlflow(progress: Progress): Promise<string> {
  const environment = { folder: join(FOLDER, 'venv'), packages: PACKAGES, oldest: [3, 11] } as const;
  return openPythonEnvironment(environment, (message) => progress.say(message));
}

/**
 * Starts a tracking server with one worker, which makes its tables where they are missing, and waits until it listens.
 *
 * @param python that has MLflow
 * @throws Error with the end of what the server said when it does not start within three minutes
 */
export async function startMlflow(python: string, databaseUrl: string): Promise<MlflowServer> {
  await mkdir(FOLDER, { recursive: true });
  const place = ['--host', '127.0.0.1', '--port', '0', '--workers', '1', '--no-serve-artifacts'];
  const child = spawn(python, ['-m', 'mlflow', 'server', ...place], {
    cwd: FOLDER,
    env: {
      PATH: process.env['PATH'],
      HOME: FOLDER,
      MLFLOW_BACKEND_STORE_URI: storeUrl(databaseUrl),
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  let output = '';
  try {
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('it took too long')), START_MS);
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
          const found = /Uvicorn running on (http:\/\/\S+)/.exec(output)?.[1];
          if (found === undefined) return;
          clearTimeout(timer);
          resolve(found);
        });
      }
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(timer);
        reject(new Error(`exit code ${code}`));
      });
    });
    const client = new RestClient(url, undefined, '/api/2.0/mlflow');
    return {
      client,
      close: async () => {
        client.close();
        await stop();
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (child.pid !== undefined && child.exitCode === null) await stop();
    throw new Error(`MLflow's server did not start: ${reason}\n${output}`, { cause: error });
  }
}

/** MLflow's tables in a schema of their own, so that SQL can fill them from the product's. */
function storeUrl(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.protocol = 'postgresql+psycopg2:';
  url.searchParams.set('options', `-csearch_path=${MLFLOW_SCHEMA}`);
  return url.href;
}
