import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { MAX_CONNECTIONS, type FaultDatabase } from './fault-database.js';
import type { FaultBench, Result } from './fault-bench.js';
import { makeSmallDisk } from './small-disk.js';

const CUT = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'fault'`;

/** The database is killed with `kill -9`, stays away for two seconds, and comes back. */
export async function killDatabase(bench: FaultBench): Promise<Result> {
  const inject = async (): Promise<void> => {
    await bench.database.kill();
    await sleep(2_000);
    await bench.database.restart();
  };
  return await bench.underLoad('database: kill -9, back after 2 s', inject, {
    unready: true,
    unavailable: true,
  });
}

/** Every connection of the master is cut, five times. */
export async function cutConnections(bench: FaultBench): Promise<Result> {
  const inject = async (): Promise<void> => {
    for (let time = 0; time < 5; time += 1) {
      await bench.database.run(CUT);
      await sleep(300);
    }
  };
  return await bench.underLoad('every connection cut, 5 times', inject, {
    unready: false,
    unavailable: true,
  });
}

/**
 * A lock holds every connection of the pool, so that requests wait for one, and are answered when there is one. Reads take them:
 * reports that wait for the lock wait together, on few.
 */
export async function exhaustPool(bench: FaultBench): Promise<Result> {
  let early = 0;
  let refused = 0;
  const inject = async (): Promise<void> => {
    const client = await bench.database.connect();
    await client.query('BEGIN; LOCK TABLE trials, trial_metadata IN ACCESS EXCLUSIVE MODE');
    let answered = 0;
    const reads = bench.trialIds.map((id) =>
      bench.ask('GET', `/api/v1/trials/${id}/metadata`).finally(() => (answered += 1)),
    );
    const settled = Promise.allSettled(reads);
    await sleep(8_000);
    early = answered;
    await client.query('ROLLBACK');
    await client.end();
    refused = (await settled).filter(({ status }) => status === 'rejected').length;
  };
  const fault = 'pool exhausted for 8 s by a lock';
  const result = await bench.underLoad(fault, inject, { unready: true, unavailable: false });
  const faults = [
    ...result.faults,
    ...(early === 0 ? [] : [`${early} requests did not meet the fault`]),
    ...(refused === 0 ? [] : [`${refused} requests that waited were refused`]),
  ];
  return { ...result, unavailable: result.unavailable + refused, faults };
}

/** Other clients take every connection that the server has. */
export async function takeEveryConnection(bench: FaultBench): Promise<Result> {
  const inject = async (): Promise<void> => {
    await bench.database.run('ALTER ROLE trials CONNECTION LIMIT 0');
    await bench.database.run(CUT);
    const others = await takeConnections(bench.database);
    // By one of them: a place that one of them left may not be free at once.
    await others[0]?.query('ALTER ROLE trials CONNECTION LIMIT -1');
    await sleep(2_000);
    await Promise.all(others.map((client) => client.end()));
  };
  return await bench.underLoad('no connection left on the server, 2 s', inject, {
    unready: true,
    unavailable: true,
  });
}

async function takeConnections(database: FaultDatabase): Promise<readonly pg.Client[]> {
  const clients: pg.Client[] = [];
  try {
    for (let count = 0; count < MAX_CONNECTIONS - 2; count += 1) clients.push(await database.connect());
  } catch {
    // There are none left, which was the aim.
  }
  return clients;
}

/** The database takes no changes, as a server does that has become a replica; reading goes on. */
export async function makeReadOnly(bench: FaultBench): Promise<Result> {
  const reading = { goesOn: false };
  const inject = async (): Promise<void> => {
    await bench.database.run('ALTER DATABASE trials SET default_transaction_read_only = on');
    await bench.database.run(CUT);
    await sleep(1_000);
    reading.goesOn = await bench.ask('GET', `/api/v1/trials/${bench.trialIds[0]}/metadata`).then(
      () => true,
      () => false,
    );
    const client = await bench.database.connect();
    await client.query('SET default_transaction_read_only = off');
    await client.query('ALTER DATABASE trials RESET default_transaction_read_only');
    await client.end();
    await bench.database.run(CUT);
  };
  const result = await bench.underLoad('database read-only for 1 s', inject, {
    unready: false,
    unavailable: true,
  });
  return reading.goesOn ? result : { ...result, faults: [...result.faults, 'reading did not go on'] };
}

/** The disk of the metadata is full for a while. */
export async function fillDisk(bench: FaultBench): Promise<Result> {
  const fault = 'disk full (small tablespace)';
  const disk = await makeSmallDisk(bench);
  if (typeof disk === 'string') return { ...NOT_RUN, fault, note: `not run: ${disk}` };
  try {
    const reading = { goesOn: false };
    const inject = async (): Promise<void> => {
      await disk.fill();
      await sleep(2_000);
      reading.goesOn = await bench.ask('GET', `/api/v1/trials/${bench.trialIds[0]}/metadata`).then(
        () => true,
        () => false,
      );
      await disk.makeRoom();
    };
    const result = await bench.underLoad(fault, inject, { unready: false, unavailable: true });
    return reading.goesOn ? result : { ...result, faults: [...result.faults, 'reading did not go on'] };
  } finally {
    await disk.remove();
  }
}

const NOT_RUN = {
  inFlight: 0,
  acknowledged: 0,
  found: 0,
  lost: 0,
  half: 0,
  unavailable: 0,
  recovery: undefined,
  faults: [],
} as const;
