import { Readable } from 'node:stream';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ImportService } from '../../experiments/index.js';
import { builtInAdministrator } from '../access/master-user.js';
import { takeTurn } from '../database/take-turn.js';
import { DEMO_PROJECT, generateDemo } from './generate-demo.js';

const MARK = 'demo';

/** Whom the demo's history names as the author. */
const AUTHOR = builtInAdministrator('demo');

/**
 * Fills in the demo project, once in the life of a database, and only while there is no project of anybody's. It goes
 * through the import like any client's trials; when that broke off, the next start completes it.
 *
 * @returns the number of its trials when it was filled in now.
 */
export async function fillDemo(
  app: INestApplicationContext,
  databaseUrl: string,
): Promise<number | undefined> {
  return await takeTurn(databaseUrl, async () => {
    const dataSource = app.get(DataSource);
    if (!(await isWanted(dataSource))) return undefined;
    const trials = generateDemo();
    for await (const event of app.get(ImportService).run(AUTHOR, asLines(trials))) {
      if (event.kind === 'refused') throw event.error;
    }
    await dataSource.query('INSERT INTO master_marks (name, made_at) VALUES ($1, $2)', [MARK, new Date()]);
    return trials.length;
  });
}

async function isWanted(dataSource: DataSource): Promise<boolean> {
  const rows: readonly unknown[] = await dataSource.query(
    `SELECT 1 FROM master_marks WHERE name = $1 UNION ALL (SELECT 1 FROM projects WHERE name <> $2 LIMIT 1)`,
    [MARK, DEMO_PROJECT],
  );
  return rows.length === 0;
}

function asLines(trials: readonly object[]): AsyncIterable<Uint8Array> {
  return Readable.from(trials.map((trial) => Buffer.from(`${JSON.stringify(trial)}\n`)));
}
