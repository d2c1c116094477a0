import { runDistribute } from './run-distribute.js';

process.exitCode = await runDistribute({
  args: process.argv.slice(2),
  environment: process.env,
  out: process.stdout,
  errors: process.stderr,
});
