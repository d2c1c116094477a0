/**
 * Breaks what a built master stands on, under load, and looks what is lost: `npm run test:faults`. An argument names the
 * program of the master in the place of `dist/master/main.js`; further ones, parts of the names of the faults to run.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cutConnections,
  exhaustPool,
  fillDisk,
  killDatabase,
  makeReadOnly,
  takeEveryConnection,
} from './database-faults.js';
import { FaultBench, type Result } from './fault-bench.js';
import { FaultDatabase } from './fault-database.js';
import { checkTheCheck } from './check-the-check.js';
import { endMaster, killMaster, killMasterDuringImport } from './master-faults.js';

const FAULTS = {
  checkTheCheck,
  killDatabase,
  cutConnections,
  exhaustPool,
  takeEveryConnection,
  makeReadOnly,
  fillDisk,
  killMaster,
  killMasterDuringImport,
  endMaster,
};

const COLUMNS = ['inFlight', 'acknowledged', 'found', 'lost', 'half', 'unavailable'] as const;
const TITLES = ['in flight', 'acknowledged', 'found', 'lost', 'half there', '503', 'back after'];

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printTable(results: readonly Result[]): void {
  const rows = results.map((result) => [
    result.fault,
    ...COLUMNS.map((column) => String(result[column])),
    result.recovery === undefined ? '' : `${result.recovery} ms`,
  ]);
  const all = [['fault', ...TITLES], ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  for (const row of all) {
    print(
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    );
  }
}

function isWithstood({ lost, half, faults }: Result): boolean {
  return lost === 0 && half === 0 && faults.length === 0;
}

async function runAll(bench: FaultBench, wanted: readonly string[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [name, fault] of Object.entries(FAULTS)) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    const result = await fault(bench);
    results.push(result);
    print(
      `${isWithstood(result) ? 'ok  ' : 'FAIL'} ${result.fault}${result.note ? ` (${result.note})` : ''}`,
    );
    for (const reason of result.faults) print(`     ${reason}`);
  }
  return results;
}

async function main(): Promise<void> {
  const [program = 'dist/master/main.js', ...wanted] = process.argv.slice(2);
  const folder = await mkdtemp(join(tmpdir(), 'trial-metadata-faults-'));
  // The server may run as another account, which has to get there.
  await chmod(folder, 0o755);
  const database = await FaultDatabase.start(join(folder, 'database'));
  let bench: FaultBench | undefined;
  const cleanUp = async (): Promise<void> => {
    await bench?.master.end('SIGKILL');
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
  // However it is broken off, no server stays behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  }
  process.stdout.on('error', () => undefined);
  try {
    bench = await FaultBench.start(database, program, folder);
    const results = await runAll(bench, wanted);
    print('');
    printTable(results);
    const failed = results.filter((result) => !isWithstood(result)).length;
    print(`\n${results.length - failed} passed, ${failed} failed`);
    if (failed > 0 || results.length === 0) process.exitCode = 1;
  } finally {
    await cleanUp();
  }
}

await main();
