import { setTimeout as sleep } from 'node:timers/promises';
import {
  formatPath,
  INDEX_KINDS,
  describeIndex,
  parsePath,
  type FieldIndex,
  type IndexKind,
} from '../../metadata/index.js';
import { CliError } from './cli.error.js';
import { MasterConnection } from './master-connection.js';
import { printIndexes, sizeOf, type ListedIndexes } from './print-indexes.js';
import { progressOn, type Progress } from './progress.js';
import { detailOf, textOf } from './read-answer.js';
import type { CliContext } from './run-import.js';

const USAGE = `Usage: npm run indexes -- list
       npm run indexes -- build FIELD [--kind texts]
       npm run indexes -- drop FIELD [--kind texts]

Lists, builds and drops the indexes of metadata fields of a running master. FIELD is a path such as hardware.count or
'"lr.schedule".warmup'. Nobody is kept waiting meanwhile; a building goes on when this command is ended.
--kind KIND    values: for sorts by the field and comparisons with bounds; texts: for contains and startsWith (values)
--url URL      where the master is (MASTER_URL, http://localhost:8080)
--token TOKEN  an administrator's token (MASTER_TOKEN, the one kept in DATA_DIR)`;

const COMMANDS = ['list', 'build', 'drop'] as const;
type Command = (typeof COMMANDS)[number];

/** Milliseconds between two questions how far a building is. */
const INTERVAL = 500;

/**
 * Lists, builds or drops indexes of fields of a running master.
 *
 * @returns the exit code: 0 when it was done.
 */
export async function runIndexes(context: CliContext): Promise<number> {
  const progress = progressOn(context.errors);
  try {
    if (context.args.includes('--help') || context.args.includes('-h')) {
      context.out.write(`${USAGE}\n`);
      return 0;
    }
    const { command, settings, ...index } = readArguments(context.args);
    const master = await MasterConnection.open(
      { ...context.environment, ...settings },
      'What the master has begun goes on; repeat the command.',
    );
    context.out.write(await COMMAND[command](master, index, progress));
    return 0;
  } catch (error) {
    progress.end();
    if (!(error instanceof CliError)) throw error;
    context.errors.write(`${error.message}\n`);
    return 1;
  }
}

interface Arguments {
  readonly command: Command;
  /** Empty for `list`. */
  readonly field: string;
  readonly kind: IndexKind;
  /** As the environment has them. */
  readonly settings: Readonly<Record<string, string>>;
}

const OPTIONS: Readonly<Record<string, string>> = {
  '--url': 'MASTER_URL',
  '--token': 'MASTER_TOKEN',
  '--kind': 'kind',
};

function readArguments(args: readonly string[]): Arguments {
  const settings: Record<string, string> = {};
  const words: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const [option = '', ...rest] = arg.split('=');
    const setting = OPTIONS[option];
    if (setting === undefined) {
      if (arg.startsWith('--')) throw wrong(`"${option}" is not known.`);
      words.push(arg);
      continue;
    }
    if (rest.length === 0) index += 1;
    const value = rest.length === 0 ? args[index] : rest.join('=');
    if (value === undefined || value === '') throw wrong(`Give ${option} a value.`);
    settings[setting] = value;
  }
  const [word, field, ...more] = words;
  const command = COMMANDS.find((known) => known === word);
  if (command === undefined) {
    throw wrong(
      word === undefined ? 'Say what to do.' : `"${word}" is no command; give list, build or drop.`,
    );
  }
  const isComplete = command === 'list' ? field === undefined : field !== undefined && more.length === 0;
  if (!isComplete) throw wrong(command === 'list' ? 'list takes no field.' : `Name one field to ${command}.`);
  const { kind: given, ...environment } = settings;
  if (given !== undefined && command === 'list') throw wrong('list takes no kind.');
  const kind = INDEX_KINDS.find((known) => known === (given ?? 'values'));
  if (kind === undefined) throw wrong(`"${given}" is no kind; give ${INDEX_KINDS.join(' or ')}.`);
  return { command, field: field ?? '', kind, settings: environment };
}

function wrong(message: string): CliError {
  return new CliError(`${message}\n\n${USAGE}`);
}

/** The index that is meant. */
type NamedIndex = Pick<Arguments, 'field' | 'kind'>;

/** What each command does; what it prints at its end. */
const COMMAND: Readonly<
  Record<Command, (master: MasterConnection, named: NamedIndex, progress: Progress) => Promise<string>>
> = {
  list: async (master) => printIndexes(JSON.parse(await send(master, 'GET')) as ListedIndexes), // the master's own answer
  build: async (master, named, progress) => {
    const index = await built(master, named, progress);
    progress.end();
    return `The ${describeIndex(index)} is ready: ${sizeOf(index.bytes)}.\n`;
  },
  drop: async (master, named) => {
    const { indexes } = JSON.parse(await send(master, 'GET')) as ListedIndexes; // the master's own answer
    await send(master, 'DELETE', named);
    const field = `metadata.${formatPath(parsePath(named.field.replace(/^metadata\./, '')))}`;
    const name = describeIndex({ ...named, field });
    return indexes.some((index) => describeIndex(index) === name)
      ? `The ${name} is dropped.\n`
      : `There was no ${name}.\n`;
  },
};

/** Asks for the index, and again how far it is, until it is there. */
async function built(master: MasterConnection, named: NamedIndex, progress: Progress): Promise<FieldIndex> {
  let begun = await ask(master, named);
  const name = describeIndex(begun);
  while (begun.state === 'building') {
    progress.update(begun.progress ?? 0, name);
    await sleep(INTERVAL);
    const { indexes } = JSON.parse(await send(master, 'GET')) as ListedIndexes; // the master's own answer
    const found = indexes.find((index) => describeIndex(index) === name);
    if (found === undefined || found.state === 'failed') {
      throw new CliError(
        `The ${name} was not built; the log of the master says why. Try again, or drop what is left of it.`,
      );
    }
    begun = found;
  }
  return begun;
}

async function ask(master: MasterConnection, named: NamedIndex): Promise<FieldIndex> {
  const { index } = JSON.parse(await send(master, 'PUT', named)) as { index: FieldIndex }; // the master's own answer
  return index;
}

async function send(master: MasterConnection, method: string, named?: NamedIndex): Promise<string> {
  const path = named === undefined ? '' : `/${encodeURIComponent(named.field)}?kind=${named.kind}`;
  const answer = await master.answerTo(master.begin(method, `/metadata/indexes${path}`).end());
  const text = await textOf(answer);
  if (answer.statusCode !== undefined && answer.statusCode < 300) return text;
  throw new CliError(`The master refused: ${detailOf(text) ?? `status ${answer.statusCode}`}`);
}
