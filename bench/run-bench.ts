/**
 * The benchmark: `npm run bench -- --trials 1000000 [--json FILE] [--only NAME] [--keep FOLDER] [--with-mlflow]`, on an embedded PostgreSQL
 * or on the server that `BENCH_DATABASE_URL` names. See bench/README.md.
 */
import { writeFile } from 'node:fs/promises';
import pg from 'pg';
import { migrate } from '../src/master/database/migrate.js';
import { masterMigrations } from '../src/master/database/migrations.js';
import { openBenchServer } from './bench-server.js';
import { readOptions } from './bench.options.js';
import { buildIndex } from './build-index.js';
import { measureGrowth } from './growth.js';
import { loadDataSet } from './load-data-set.js';
import { readMachine } from './machine.js';
import { noteOf, timeMlflow, withMlflow } from './mlflow/index.js';
import { runOperands } from './operands.js';
import { recordMaster, startMaster, SUMMARIZED } from './product.js';
import { Progress } from './progress.js';
import { benchQueries } from './queries.js';
import { runQueries } from './run-queries.js';
import { runWrites } from './run-writes.js';
import { readSizes } from './sizes.js';
import { measureSpeed } from './speed.js';
import { searchThroughput } from './throughput.js';
import { writeReport } from './write-report.js';

const RESULTS = new URL('RESULTS.md', import.meta.url);

const options = readOptions(process.argv.slice(2), process.env);
const progress = new Progress();
const server = await openBenchServer(options);
const client = new pg.Client({ connectionString: server.url });
try {
  await client.connect();
  const machine = await readMachine(client);
  await migrate(server.url, masterMigrations);
  if (!server.loaded) await loadDataSet(client, options.trials, progress);
  // What an earlier run wrote is filed, as it is after loading.
  else await client.query('VACUUM ANALYZE');
  const speedBefore = await measureSpeed(client);
  const master = await startMaster(server.url);
  const rest = master.client;
  try {
    await buildIndex(rest, 'runtime_seconds', progress);
    const recorded = await recordMaster(server.url);
    if (!server.loaded) await recorded.countFields();
    // Made when a field's values are first asked for: the figures are those of the later requests.
    for (const path of SUMMARIZED) {
      const took = await recorded.summarize(path);
      const told = took === undefined ? 'none of so few trials' : `${Math.round(took)} ms`;
      progress.say(`summary of ${path.join('.')}: ${told}`);
    }
    // A process that has just begun is not what its users meet: Node.js has yet to compile what is used often.
    await searchThroughput(rest);
    await searchThroughput(rest);
    const asked = benchQueries(options.trials).filter(({ name }) => name.includes(options.only ?? ''));
    const own = await runQueries(asked, { client, recorded, rest }, progress);
    await recorded.close();
    const mlflow = options.withMlflow ? await timeMlflow(server, options, progress) : undefined;
    if (mlflow !== undefined && 'leftOut' in mlflow)
      progress.say(`MLflow's server was left out: ${mlflow.leftOut}`);
    const queries = withMlflow(own, mlflow);
    if (options.only === undefined) {
      const { operands, indexes } = await runOperands(options.trials, rest, progress);
      const throughput = await searchThroughput(rest);
      progress.say(`searches by 16 at a time: ${Math.round(throughput.perSecond)} a second`);
      const sizes = await readSizes(client);
      const writes = await runWrites({ client, rest }, progress);
      const growth = await measureGrowth(server.url, options, queries, progress);
      const measured = {
        queries,
        mlflow: mlflow && noteOf(mlflow),
        operands,
        indexes,
        throughput,
        writes,
        sizes,
        growth,
        speed: { before: speedBefore, after: await measureSpeed(client) },
      };
      const results = { machine, trials: options.trials, ...measured };
      await writeFile(RESULTS, writeReport(results));
      if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
    }
  } finally {
    await master.close();
  }
} finally {
  await client.end();
  await server.close();
}
