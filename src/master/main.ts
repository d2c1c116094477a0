import 'reflect-metadata';
import { readConfig } from './config/read-config.js';
import { endAsked } from './end-asked.js';
import { StartError } from './start.error.js';
import { startMaster } from './start-master.js';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const printError = (line: string): void => void process.stderr.write(`${line}\n`);

// Whoever read the output may be gone: no reason to end otherwise than in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

async function main(): Promise<void> {
  // Asked for from the beginning: a signal during the start, too, must not leave a database server behind.
  const end = endAsked(process.env);
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
