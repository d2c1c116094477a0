import pg from 'pg';
import { takeTurn } from '../database/take-turn.js';
import { CliError } from './cli.error.js';
import { distributionPlan } from './distribution-plan.js';
import type { CliContext } from './run-import.js';

const USAGE = `Usage: npm run distribute [-- --dry-run]

Spreads the tables of DATABASE_URL, which must be migrated already, over the nodes of a Citus cluster.
--dry-run  prints the statements and changes nothing; Citus need not be there
Read docs/distribution.md first: the list of changes must be switched off (CHANGES=off).`;

const FACTS = `SELECT to_regclass('trial_metadata') IS NOT NULL AS migrated,
  EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS citus`;
const DISTRIBUTED = `SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = 'trials'::regclass) AS done`;

/**
 * Distributes the master's tables with Citus, all in one transaction.
 *
 * @returns the exit code.
 */
export async function runDistribute(context: CliContext): Promise<number> {
  try {
    const { args, environment, out } = context;
    if (args.includes('--help') || args.includes('-h')) {
      out.write(`${USAGE}\n`);
      return 0;
    }
    const unknown = args.find((arg) => arg !== '--dry-run');
    if (unknown !== undefined) throw new CliError(`"${unknown}" is not known.\n\n${USAGE}`);
    const url = environment['DATABASE_URL'];
    if (!url) {
      throw new CliError(
        'DATABASE_URL is not set. It names the coordinator; the embedded PostgreSQL has no Citus.',
      );
    }
    out.write(`${await distribute(url, args.includes('--dry-run'))}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    context.errors.write(`${error.message}\n`);
    return 1;
  }
}

async function distribute(url: string, isDry: boolean): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`The database of DATABASE_URL does not answer: ${reason}.`, { cause: error });
  }
  try {
    const { rows } = await client.query<{ migrated: boolean; citus: boolean }>(FACTS);
    if (!rows[0]?.migrated) {
      throw new CliError(
        'The database has no tables of the master yet. Start a master on it once, then repeat.',
      );
    }
    if (isDry) return (await distributionPlan(client)).map((statement) => `${statement};`).join('\n');
    if (!rows[0].citus) {
      throw new CliError(
        'The database has no extension "citus". Install Citus on every node, name it in shared_preload_libraries, run ' +
          'CREATE EXTENSION citus in this database, and repeat. Nothing was changed.',
      );
    }
    return await takeTurn(url, () => runPlan(client));
  } finally {
    await client.end();
  }
}

async function runPlan(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ done: boolean }>(DISTRIBUTED);
  if (rows[0]?.done) return 'The tables are distributed already.';
  const plan = await distributionPlan(client);
  await client.query('BEGIN');
  try {
    for (const statement of plan) await client.query(statement);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`Citus refused: ${reason}. Nothing was changed.`, { cause: error });
  }
  return `Done, in ${plan.length} statements. Start the masters with CHANGES=off.`;
}
