import { resolve } from 'node:path';
import { StartError } from '../start.error.js';
import type { MasterConfig } from './master.config.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Notes a fault and gives the value to go on with. */
type Fault = (message: string) => void;

const MIN_TOKEN_LENGTH = 16;

/**
 * Reads the settings from the environment and the command line. An empty variable counts as absent.
 *
 * `PORT` (8080), `HOST` (127.0.0.1), `DATABASE_URL`, `DATA_DIR` (.data), `DEMO` (on), `ADMIN_TOKEN`; `--no-demo`.
 *
 * @throws StartError with one line for each fault.
 */
export function readConfig(environment: Environment, args: readonly string[]): MasterConfig {
  const faults: string[] = [];
  const fault: Fault = (message) => faults.push(message);
  const config: MasterConfig = {
    port: readPort(environment['PORT'], fault),
    host: environment['HOST'] || '127.0.0.1',
    databaseUrl: readDatabaseUrl(environment['DATABASE_URL'], fault),
    dataDir: resolve(environment['DATA_DIR'] || '.data'),
    demo: readSwitch('DEMO', environment['DEMO'], fault) && !args.includes('--no-demo'),
    adminToken: readToken(environment['ADMIN_TOKEN'], fault),
  };
  for (const arg of args) {
    if (arg !== '--no-demo')
      fault(`"${arg}" is not known. The only argument is --no-demo; the rest comes from the environment.`);
  }
  if (faults.length > 0) throw new StartError(faults.join('\n'));
  return config;
}

function readPort(text: string | undefined, fault: Fault): number {
  if (!text) return 8080;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port <= 65_535) return port;
  fault(`PORT is "${text}"; give a number from 0 (any free port) to 65535.`);
  return 0;
}

function readDatabaseUrl(text: string | undefined, fault: Fault): string | undefined {
  if (!text) return undefined;
  // The value is not repeated: it may hold a password.
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    fault('DATABASE_URL is no PostgreSQL URL; give postgresql://user:password@host:5432/database.');
  }
  return text;
}

function readSwitch(name: string, text: string | undefined, fault: Fault): boolean {
  const value = (text || 'on').toLowerCase();
  if (['on', 'true', '1', 'yes'].includes(value)) return true;
  if (!['off', 'false', '0', 'no'].includes(value)) fault(`${name} is "${text}"; give on or off.`);
  return false;
}

function readToken(text: string | undefined, fault: Fault): string | undefined {
  if (!text) return undefined;
  if (text.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(text)) {
    fault(`ADMIN_TOKEN must have ${MIN_TOKEN_LENGTH} or more printable ASCII characters and no space.`);
  }
  return text;
}
