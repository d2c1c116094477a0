import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultBench, Result } from './fault-bench.js';
import { FaultMaster } from './fault-master.js';
import { Ledger } from './ledger.js';

const WARM_UP_MS = 1_500;
const LIMIT_MS = 10_000;

/** The master is killed with `kill -9` while batches and reports are under way, and started again. */
export async function killMaster(bench: FaultBench): Promise<Result> {
  const ledger = new Ledger();
  const load = bench.load(ledger);
  await sleep(WARM_UP_MS);
  const inFlight = load.running;
  await bench.master.end('SIGKILL');
  // Requests break off, as they must; what was acknowledged is there, and batches are there whole or not at all.
  await bench.startMaster();
  const recovery = await load.answersAgain(LIMIT_MS);
  await sleep(500);
  await load.stop();
  const faults = [...load.faults].filter((fault) => !fault.startsWith('broken'));
  const found = await ledger.check(bench.database);
  const note = `${load.counts.broken} requests broke off`;
  return {
    fault: 'master: kill -9 under batches',
    inFlight,
    ...found,
    unavailable: load.counts.unavailable,
    recovery,
    faults,
    note,
  };
}

/** The master is told to end while it is under load. */
export async function endMaster(bench: FaultBench): Promise<Result> {
  const ledger = new Ledger();
  const load = bench.load(ledger);
  await sleep(WARM_UP_MS);
  const inFlight = load.running;
  const { code, took } = await bench.master.end('SIGTERM');
  await load.stop();
  const faults = [...load.faults];
  if (code !== 0) faults.push(`it ended with code ${code}: ${bench.master.lastWords}`);
  if (took > LIMIT_MS) faults.push(`it took ${took} ms to end`);
  await bench.startMaster();
  const found = await ledger.check(bench.database);
  return {
    fault: 'master: SIGTERM under load',
    inFlight,
    ...found,
    unavailable: load.counts.unavailable,
    recovery: undefined,
    faults,
    note: `ended after ${took} ms, ${load.counts.broken} requests cut`,
  };
}

const LINES = 20_000;

/** The master is killed with `kill -9` during an import; the same import again completes it. */
export async function killMasterDuringImport(bench: FaultBench): Promise<Result> {
  const project = `import ${Date.now()}`;
  let told = 0;
  const first = importLines(bench, project, (trials) => (told = trials));
  while (told < LINES / 10) await sleep(5);
  await bench.master.end('SIGKILL');
  await first;
  const acknowledged = told;
  await bench.startMaster();
  const start = Date.now();
  const { whole, half } = await countImported(bench, project);
  let done = 0;
  await importLines(bench, project, (trials) => (done = trials));
  const complete = await countImported(bench, project);
  const faults: string[] = [];
  if (done !== LINES || complete.whole !== LINES || complete.half > 0) {
    faults.push(`repeated, it told of ${done} trials, and ${complete.whole} are there whole`);
  }
  return {
    fault: 'master: kill -9 during an import',
    inFlight: 1,
    acknowledged,
    found: Math.min(whole, acknowledged),
    lost: Math.max(0, acknowledged - whole),
    half,
    unavailable: 0,
    recovery: Date.now() - start > 0 ? undefined : 0,
    faults,
    note: `${whole} trials were there of ${acknowledged} told; the same import again: all ${LINES}`,
  };
}

/** Sends the lines and tells of the trials that the master tells of; ends when the answer does, however. */
async function importLines(
  bench: FaultBench,
  project: string,
  onTrials: (trials: number) => void,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const headers = { authorization: `Bearer ${FaultMaster.token}`, 'content-type': 'application/x-ndjson' };
    const sent = request(`${bench.origin}/api/v1/import`, { method: 'POST', headers }, (response) => {
      const lines = createInterface({ input: response });
      lines.on('line', (line) => {
        const event = JSON.parse(line) as { progress?: { trials: number }; done?: { trials: number } };
        const trials = event.done?.trials ?? event.progress?.trials;
        if (trials !== undefined) onTrials(trials);
      });
      lines.on('error', () => undefined);
      response.on('error', () => undefined);
      response.on('close', () => resolve());
    });
    sent.on('error', () => resolve());
    for (let trial = 0; trial < LINES; trial += 1) {
      const metadata = { left: trial, right: trial, text: 'x'.repeat(200) };
      sent.write(`${JSON.stringify({ project, experiment: `e${trial % 10}`, trial, metadata })}\n`);
    }
    sent.end();
  });
}

/** The trials of the project that have their metadata whole, and those that do not. */
async function countImported(
  { database }: FaultBench,
  project: string,
): Promise<{ readonly whole: number; readonly half: number }> {
  const [row] = await database.run<{ whole: string; half: string }>(
    `SELECT count(*) FILTER (WHERE is_whole) AS whole, count(*) FILTER (WHERE NOT is_whole) AS half FROM (
       SELECT coalesce(metadata -> 'left' = to_jsonb(number) AND metadata -> 'right' = to_jsonb(number), false) AS is_whole
         FROM trials JOIN experiments ON experiments.id = experiment_id JOIN projects ON projects.id = project_id
         LEFT JOIN trial_metadata ON trial_id = trials.id
        WHERE projects.name = $1) AS trial`,
    [project],
  );
  return { whole: Number(row?.whole ?? 0), half: Number(row?.half ?? 0) };
}
