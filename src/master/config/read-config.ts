import { resolve } from 'node:path';
import { INDEX_ADVISOR_MODES, type IndexAdvisorMode } from '../../metadata/index.js';
import { StartError } from '../start.error.js';
import { LOG_LEVELS, type LogLevel } from '../operations/make-logger.js';
import type { MasterConfig, MasterSettings } from './master.config.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Notes a fault and gives the value to go on with. */
type Fault = (message: string) => void;

const MIN_TOKEN_LENGTH = 16;

/**
 * Reads the settings from the environment and the command line. An empty variable counts as absent.
 *
 * `PORT` (8080), `HOST` (127.0.0.1), `DATABASE_URL`, `REPLICA_URLS` (none), `CHANGES` (on), `DATA_DIR` (.data), `DEMO` (on), `ADMIN_TOKEN`, `LOG_LEVEL` (info,
 * on a terminal warn), `POOL_SIZE` (10), `FAILED_SIGN_INS` (20 a minute from one address), `TRUST_PROXY` (0),
 * `CORS_ORIGINS` (none), `METRICS_PUBLIC` (off), `METRICS_TOKEN`, `INDEX_ADVISOR` (off); `--no-demo`.
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
    demo: readSwitch('DEMO', environment['DEMO'], true, fault) && !args.includes('--no-demo'),
    adminToken: readToken('ADMIN_TOKEN', environment['ADMIN_TOKEN'], fault),
    logLevel: readLogLevel(environment['LOG_LEVEL'], fault),
    settings: readSettings(environment, fault),
  };
  for (const arg of args) {
    if (arg !== '--no-demo')
      fault(`"${arg}" is not known. The only argument is --no-demo; the rest comes from the environment.`);
  }
  if (faults.length > 0) throw new StartError(faults.join('\n'));
  return config;
}

function readSettings(environment: Environment, fault: Fault): MasterSettings {
  const number = (name: string, fallback: number, least: number, most: number): number =>
    readNumber(name, environment[name], fallback, [least, most], fault);
  return {
    poolSize: number('POOL_SIZE', 10, 2, 1_000),
    replicaUrls: readReplicaUrls(environment['REPLICA_URLS'], fault),
    changes: readSwitch('CHANGES', environment['CHANGES'], true, fault),
    failedSignInsPerMinute: number('FAILED_SIGN_INS', 20, 1, 1_000_000),
    trustProxy: number('TRUST_PROXY', 0, 0, 10),
    corsOrigins: readOrigins(environment['CORS_ORIGINS'], fault),
    metricsPublic: readSwitch('METRICS_PUBLIC', environment['METRICS_PUBLIC'], false, fault),
    metricsToken: readToken('METRICS_TOKEN', environment['METRICS_TOKEN'], fault),
    indexAdvisor: readIndexAdvisor(environment['INDEX_ADVISOR'], fault),
  };
}

function readNumber(
  name: string,
  text: string | undefined,
  fallback: number,
  [least, most]: readonly [number, number],
  fault: Fault,
): number {
  if (!text) return fallback;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  fault(`${name} is "${text}"; give a number from ${least} to ${most}.`);
  return fallback;
}

function readLogLevel(text: string | undefined, fault: Fault): LogLevel | undefined {
  if (!text) return undefined;
  const level = LOG_LEVELS.find((known) => known === text.toLowerCase());
  if (level === undefined) fault(`LOG_LEVEL is "${text}"; give ${LOG_LEVELS.join(', ')}.`);
  return level;
}

function readIndexAdvisor(text: string | undefined, fault: Fault): IndexAdvisorMode {
  if (!text) return 'off';
  const mode = INDEX_ADVISOR_MODES.find((known) => known === text.toLowerCase());
  if (mode === undefined) fault(`INDEX_ADVISOR is "${text}"; give ${INDEX_ADVISOR_MODES.join(', ')}.`);
  return mode ?? 'off';
}

/** An origin is `https://host:port`, as a browser sends it: without a path. */
function readOrigins(text: string | undefined, fault: Fault): readonly string[] {
  const origins = (text ?? '')
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
  for (const origin of origins) {
    if (origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin)) continue;
    fault(`CORS_ORIGINS holds "${origin}"; give origins such as https://tracker.example, or *.`);
  }
  return origins;
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
  if (!isPostgresUrl(text)) {
    fault('DATABASE_URL is no PostgreSQL URL; give postgresql://user:password@host:5432/database.');
  }
  return text;
}

function readReplicaUrls(text: string | undefined, fault: Fault): readonly string[] {
  const urls = (text ?? '').split(/[\s,]+/).filter((url) => url !== '');
  if (!urls.every(isPostgresUrl)) {
    fault('REPLICA_URLS holds what is no PostgreSQL URL; give those of the replicas, separated by commas.');
  }
  return urls;
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol);
}

function readSwitch(name: string, text: string | undefined, fallback: boolean, fault: Fault): boolean {
  const value = (text || (fallback ? 'on' : 'off')).toLowerCase();
  if (['on', 'true', '1', 'yes'].includes(value)) return true;
  if (!['off', 'false', '0', 'no'].includes(value)) fault(`${name} is "${text}"; give on or off.`);
  return false;
}

function readToken(name: string, text: string | undefined, fault: Fault): string | undefined {
  if (!text) return undefined;
  if (text.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(text)) {
    fault(`${name} must have ${MIN_TOKEN_LENGTH} or more printable ASCII characters and no space.`);
  }
  return text;
}
