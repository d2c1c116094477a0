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
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, '.data', 'determined');
const VENV = join(FOLDER, 'venv');
const PACKAGES = ['determined==0.38.1', 'numpy'];
const INSTALLED = join(VENV, `installed ${PACKAGES.join(' ')}`);
const RECORDINGS = join(ROOT, 'test', 'determined', 'recordings');
/** The token of the recordings, and so of the tests that replay them. */
const TOKEN = 'administrator-of-the-tests';
const BUILD = join(FOLDER, 'build');
const START_MS = 120_000;

/** Why there is nothing to run the SDK with. */
class Skipped extends Error {}

interface Ended {
  readonly code: number;
  /** Standard output and error together. */
  readonly output: string;
}

interface RunOptions {
  readonly show?: boolean;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface RunningMaster {
  readonly url: string;
  stop(): Promise<void>;
}

/** Runs a program to its end; its output is shown when `show` is set, and given. */
function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { show = false, cwd = ROOT, env = {} } = options;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
        if (show) process.stdout.write(chunk);
      });
    }
    child.once('error', (error) => {
      resolve({ code: -1, output: error.message });
    });
    child.once('close', (code) => {
      resolve({ code: code ?? -1, output });
    });
  });
}

async function findPython(): Promise<string> {
  for (const name of [process.env['PYTHON'] ?? 'python3', 'python']) {
    const check = 'import sys; assert sys.version_info >= (3, 9); print(sys.executable)';
    const { code, output } = await run(name, ['-c', check]);
    if (code === 0) return output.trim();
  }
  throw new Skipped('there is no Python 3.9 or newer (PYTHON names one)');
}

/** The Python of the virtual environment that has the SDK. */
async function installSdk(): Promise<string> {
  const python = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(INSTALLED)) return python;
  const host = await findPython();
  await rm(VENV, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const made = await run(host, ['-m', 'venv', VENV]);
  if (made.code !== 0) throw new Skipped(`no virtual environment could be made: ${lastLine(made.output)}`);
  process.stdout.write(`Installing ${PACKAGES.join(', ')} in ${VENV} …\n`);
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--retries',
    '1',
    '--timeout',
    '20',
  ];
  const installed = await run(python, [...pip, ...PACKAGES]);
  if (installed.code !== 0)
    throw new Skipped(
      `the SDK could not be installed (is its package registry within reach?): ${lastLine(installed.output)}`,
    );
  await writeFile(INSTALLED, '');
  return python;
}

async function buildMaster(): Promise<void> {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await rm(BUILD, { recursive: true, force: true });
  const { code, output } = await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', BUILD]);
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

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
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
  const python = await installSdk();
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
  const isSkipped = error instanceof Skipped && process.env['REQUIRE_DETERMINED'] !== '1';
  const message = error instanceof Error ? error.message : String(error);
  process.stdout.write(isSkipped ? `test:determined skipped: ${message}\n` : `${message}\n`);
  process.exitCode = isSkipped ? 0 : 1;
}
