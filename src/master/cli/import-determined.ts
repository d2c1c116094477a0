import { runImportDetermined } from './run-import-determined.js';

process.exitCode = await runImportDetermined({
  args: process.argv.slice(2),
  environment: process.env,
  out: process.stdout,
  errors: process.stderr,
});
