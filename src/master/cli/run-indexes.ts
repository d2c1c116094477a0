import { setTimeout as sleep } from 'node:timers/promises';
import { formatPath, parsePath, type FieldIndex } from '../../metadata/index.js';
import { CliError } from './cli.error.js';
import { MasterConnection } from './master-connection.js';
import { printIndexes, sizeOf, type ListedIndexes } from './print-indexes.js';
import { progressOn, type Progress } from './progress.js';
import { detailOf, textOf } from './read-answer.js';
import type { CliContext } from './run-import.js';

const USAGE = `Usage: npm run indexes -- list
       npm run indexes -- build FIELD
       npm run indexes -- drop FIELD

Lists, builds and drops the indexes of metadata fields of a running master. FIELD is a path such as hardware.count or
'"lr.schedule".warmup'. An index serves sorts by the field and comparisons with bounds. Nobody is kept waiting meanwhile; a
building goes on when this command is ended.
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
    const { command, field, settings } = readArguments(context.args);
    const master = await MasterConnection.open(
      { ...context.environment, ...settings },
      'What the master has begun goes on; repeat the command.',
    );
    context.out.write(await COMMAND[command](master, field, progress));
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
  /** As the environment has them. */
  readonly settings: Readonly<Record<string, string>>;
}

const OPTIONS: Readonly<Record<string, string>> = { '--url': 'MASTER_URL', '--token': 'MASTER_TOKEN' };

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
  return { command, field: field ?? '', settings };
}

function wrong(message: string): CliError {
  return new CliError(`${message}\n\n${USAGE}`);
}

/** What each command does; what it prints at its end. */
const COMMAND: Readonly<
  Record<Command, (master: MasterConnection, field: string, progress: Progress) => Promise<string>>
> = {
  list: async (master) => printIndexes(JSON.parse(await send(master, 'GET')) as ListedIndexes), // the master's own answer
  build: async (master, field, progress) => {
    const index = await built(master, field, progress);
    progress.end();
    return `The index of ${index.field} is ready: ${sizeOf(index.bytes)}.\n`;
  },
  drop: async (master, field) => {
    const { indexes } = JSON.parse(await send(master, 'GET')) as ListedIndexes; // the master's own answer
    await send(master, 'DELETE', field);
    const name = `metadata.${formatPath(parsePath(field.replace(/^metadata\./, '')))}`;
    return indexes.some((index) => index.field === name)
      ? `The index of ${name} is dropped.\n`
      : `There was no index of ${name}.\n`;
  },
};

/** Asks for the index, and again how far it is, until it is there. */
async function built(master: MasterConnection, field: string, progress: Progress): Promise<FieldIndex> {
  let begun = await ask(master, field);
  while (begun.state === 'building') {
    progress.update(begun.progress ?? 0, `index of ${begun.field}`);
    await sleep(INTERVAL);
    const { indexes } = JSON.parse(await send(master, 'GET')) as ListedIndexes; // the master's own answer
    const found = indexes.find((index) => index.field === begun.field);
    if (found === undefined || found.state === 'failed') {
      throw new CliError(
        `The index of ${begun.field} was not built; the log of the master says why. Try again, or drop what is left of it.`,
      );
    }
    begun = found;
  }
  return begun;
}

async function ask(master: MasterConnection, field: string): Promise<FieldIndex> {
  const { index } = JSON.parse(await send(master, 'PUT', field)) as { index: FieldIndex }; // the master's own answer
  return index;
}

async function send(master: MasterConnection, method: string, field?: string): Promise<string> {
  const path = field === undefined ? '' : `/${encodeURIComponent(field)}`;
  const answer = await master.answerTo(master.begin(method, `/metadata/indexes${path}`).end());
  const text = await textOf(answer);
  if (answer.statusCode !== undefined && answer.statusCode < 300) return text;
  throw new CliError(`The master refused: ${detailOf(text) ?? `status ${answer.statusCode}`}`);
}
