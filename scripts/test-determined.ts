/**
 * Runs Determined's own Python SDK, and the Python examples, against a master of ours:
 *
 *     npm run test:determined               a build of its own, a database of its own, a free port
 *     npm run test:determined -- --record   and keeps what the SDK sent in test/determined/recordings
 *
 * The SDK is installed once, below .data/. Without Python, or without its package registry, the run is skipped, says so and
 * succeeds; REQUIRE_DETERMINED=1 makes that a failure.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPythonEnvironment, PythonMissingError, run } from './python-environment.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, '.data', 'determined');
const SDK = {
  folder: join(FOLDER, 'venv'),
  packages: ['determined==0.38.1', 'numpy'],
  oldest: [3, 9],
} as const;
const RECORDINGS = join(ROOT, 'test', 'determined', 'recordings');
/** The token of the recordings, and so of the tests that replay them. */
const TOKEN = 'administrator-of-the-tests';
const BUILD = join(FOLDER, 'build');
const START_MS = 120_000;

interface RunningMaster {
  readonly url: string;
  stop(): Promise<void>;
}

async function buildMaster(): Promise<void> {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await rm(BUILD, { recursive: true, force: true });
  const { code, output } = await run(
    process.execPath,
    [tsc, '-p', 'tsconfig.build.json', '--outDir', BUILD],
    {
      cwd: ROOT,
    },
  );
  if (code !== 0) throw new Error(`The master could not be built:\n${output}`);
}

async function startMaster(dataDir: string): Promise<RunningMaster> {
  const child = spawn(process.execPath, [join(BUILD, 'master', 'main.js')], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], PORT: '0', DEMO: 'off', ADMIN_TOKEN: TOKEN, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const stop = (reason: string): void => {
      reject(new Error(`The master did not start: ${reason}\n${output}`));
    };
    const timer = setTimeout(() => {
      stop('too slow');
    }, START_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
        const found = /^Open http:\/\/[^:]+:(\d+)/m.exec(output)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(`http://127.0.0.1:${found}`);
      });
    }
    child.once('close', (code) => {
      stop(`exit code ${code}`);
    });
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What is run, each with the folder that it runs in. */
const SUITES = [
  {
    name: "Determined's SDK",
    cwd: join(ROOT, 'test', 'determined', 'conformance'),
    args: ['-m', 'unittest', '-v', 'test_sdk'],
  },
  {
    name: 'examples/python',
    cwd: join(ROOT, 'examples', 'python'),
    args: ['-m', 'unittest', 'discover', '-v', '-s', 'tests', '-t', '.'],
  },
];

async function main(args: readonly string[]): Promise<number> {
  const isRecording = args.includes('--record');
  const python = await openPythonEnvironment(SDK, (message) => process.stdout.write(`${message}\n`));
  await buildMaster();
  const dataDir = await mkdtemp(join(FOLDER, 'data-'));
  const master = await startMaster(dataDir);
  try {
    let failures = 0;
    for (const { name, cwd, args: suite } of SUITES) {
      process.stdout.write(`\n${name} against ${master.url}\n`);
      const env: Record<string, string> = {
        MASTER_URL: master.url,
        MASTER_TOKEN: TOKEN,
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONWARNINGS: 'ignore::FutureWarning',
      };
      if (isRecording && cwd.endsWith('conformance')) {
        await rm(RECORDINGS, { recursive: true, force: true });
        env['RECORDINGS'] = RECORDINGS;
      }
      const { code } = await run(python, suite, { show: true, cwd, env });
      if (code !== 0) failures += 1;
    }
    return failures === 0 ? 0 : 1;
  } finally {
    await master.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isSkipped = error instanceof PythonMissingError && process.env['REQUIRE_DETERMINED'] !== '1';
  const message = error instanceof Error ? error.message : String(error);
  process.stdout.write(isSkipped ? `test:determined skipped: ${message}\n` : `${message}\n`);
  process.exitCode = isSkipped ? 0 : 1;
}
