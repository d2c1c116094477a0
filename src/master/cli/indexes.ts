import { runIndexes } from './run-indexes.js';

process.exitCode = await runIndexes({
  args: process.argv.slice(2),
  environment: process.env,
  out: process.stdout,
  errors: process.stderr,
});
