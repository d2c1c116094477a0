import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 60_000;

/** The built master as a process of its own. */
export class FaultMaster {
  private output = '';
  private readonly closed: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output = `${this.output}${chunk.toString('utf8')}`.slice(-100_000);
      });
    }
    this.closed = new Promise((resolve) => {
      child.once('close', resolve);
    });
  }

  /** The administrator's token of every master here. */
  static readonly token = 'administrator-under-faults';

  /** @param program path of the built `main.js` */
  static async start(
    program: string,
    databaseUrl: string,
    dataDir: string,
    port: number,
  ): Promise<FaultMaster> {
    const child = spawn(process.execPath, [program, '--no-demo'], {
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        DATABASE_URL: databaseUrl,
        DATA_DIR: dataDir,
        ADMIN_TOKEN: FaultMaster.token,
        POOL_SIZE: '20',
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const master = new FaultMaster(child);
    for (const until = Date.now() + START_MS; Date.now() < until;) {
      await sleep(20);
      if (/^Open /m.test(master.output)) return master;
      if (child.exitCode !== null) break;
    }
    throw new Error(`The master did not start:\n${master.output}`);
  }

  /** What it has logged since the last call of failures that it could not name, each kind once. */
  takeFailures(): readonly string[] {
    const lines = this.output
      .split('\n')
      .filter((line) => line.includes('"msg":"failed"') && line.includes('internal'));
    this.output = '';
    return [...new Set(lines.map((line) => line.slice(line.indexOf('"error":')).slice(0, 600)))].slice(0, 5);
  }

  /** The last of what it has printed. */
  get lastWords(): string {
    return this.output.slice(-3_000);
  }

  /** Ends it; its exit code, and how long it took in milliseconds. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ readonly code: number | null; readonly took: number }> {
    const start = Date.now();
    this.child.kill(signal);
    const code = await this.closed;
    return { code, took: Date.now() - start };
  }
}
