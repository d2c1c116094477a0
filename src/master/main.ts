import 'reflect-metadata';
import { readConfig } from './config/read-config.js';
import { StartError } from './start.error.js';
import { startMaster } from './start-master.js';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const printError = (line: string): void => void process.stderr.write(`${line}\n`);

/** Resolves at the first SIGINT or SIGTERM; the second ends the process at once. */
function endAsked(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve(signal);
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
  });
}

async function main(): Promise<void> {
  // Asked for from the beginning: a signal during the start, too, must not leave a database server behind.
  const end = endAsked();
  const master = await startMaster(readConfig(process.env, process.argv.slice(2)), print);
  print(`Trial metadata on ${master.url} (REST API: ${master.url}/api), ${master.database}`);
  // The token is in the fragment, which a browser sends to no server and no log holds.
  print(`Open ${master.url}/#token=${encodeURIComponent(master.adminToken)}`);
  print(`${await end}: finishing running requests …`);
  await master.close();
  print('Stopped.');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof StartError) {
      for (const line of error.message.split('\n')) printError(`Not started: ${line}`);
    } else {
      printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    process.exit(1);
  },
);
