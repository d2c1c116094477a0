import { runImport } from './run-import.js';

process.exitCode = await runImport({
  args: process.argv.slice(2),
  environment: process.env,
  out: process.stdout,
  errors: process.stderr,
});
