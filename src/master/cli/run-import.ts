import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { CliError } from './cli.error.js';
import { importEvents } from './import-events.js';
import { MasterConnection } from './master-connection.js';
import type { OpenedLines } from './open-lines.js';
import { brokenFile, openLines } from './open-lines.js';
import type { Output, Progress } from './progress.js';
import { progressOn } from './progress.js';
import { detailOf, textOf } from './read-answer.js';

const USAGE = `Usage: npm run import -- FILE.jsonl[.gz]

Sends the file's trials, one JSON object a line, to a running master.
MASTER_URL    where it is (http://localhost:8080)
MASTER_TOKEN  a token that it takes (the one kept in DATA_DIR)`;

/** What a command gets from its process. */
export interface CliContext {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly errors: Output;
}

/**
 * Imports a file into a running master, with progress; refused lines are named by number, the rest goes in.
 *
 * @returns the exit code: 0 when every line went in.
 */
export async function runImport(context: CliContext): Promise<number> {
  const progress = progressOn(context.errors);
  try {
    const [file, ...more] = context.args;
    if (file === '--help' || file === '-h') {
      context.out.write(`${USAGE}\n`);
      return 0;
    }
    if (file === undefined || more.length > 0) throw new CliError(`Name one file to import.\n\n${USAGE}`);
    const opened = await openLines(file);
    const counts = await connectAndSend(file, opened, context, progress);
    progress.end();
    context.out.write(`${summary(counts)}\n`);
    return counts['refused'] === 0 ? 0 : 1;
  } catch (error) {
    progress.end();
    if (!(error instanceof CliError)) throw error;
    context.errors.write(`${error.message}\n`);
    return 1;
  }
}

async function connectAndSend(
  file: string,
  opened: OpenedLines,
  { environment }: CliContext,
  progress: Progress,
): Promise<Counts> {
  try {
    return await send(file, opened, await MasterConnection.open(environment), progress);
  } finally {
    opened.lines.destroy();
  }
}

type Counts = Readonly<Record<string, number>>;

async function send(
  file: string,
  opened: OpenedLines,
  master: MasterConnection,
  progress: Progress,
): Promise<Counts> {
  const request = master.begin('POST', '/import', {
    'content-type': 'application/x-ndjson',
    accept: 'application/x-ndjson',
  });
  let broken: CliError | undefined;
  const sent = pipeline(opened.lines, request).catch((error: unknown) => {
    broken = brokenFile(file, error);
  });
  try {
    const answer = await master.answerTo(request);
    if (answer.statusCode !== 200) throw new CliError(`The import was refused: ${await problemOf(answer)}`);
    return await follow(answer, opened, progress);
  } catch (error) {
    opened.lines.destroy();
    await sent;
    throw broken ?? (error instanceof CliError ? error : master.unreachable(error));
  }
}

async function follow(answer: IncomingMessage, opened: OpenedLines, progress: Progress): Promise<Counts> {
  const started = Date.now();
  let refused = 0;
  let counts: Counts | undefined;
  for await (const event of importEvents(answer)) {
    if (event.kind === 'refused') {
      refused += 1;
      progress.print(`line ${event.line} was refused: ${event.reason}`);
    } else if (event.kind === 'progress') {
      const text = `${event.trials} trials, ${perSecond(event.trials, started)} a second`;
      progress.update(opened.bytesRead() / Math.max(opened.size, 1), text);
    } else if (event.kind === 'failed') {
      throw new CliError(`The master gave up: ${event.reason} What went in stays; repeat the import.`);
    } else {
      counts = { refused, seconds: (Date.now() - started) / 1000, ...event.counts };
    }
  }
  if (counts) return counts;
  throw new CliError('The master broke off before the end. What went in stays; repeat the import.');
}

function summary(counts: Counts): string {
  const { trials = 0, refused = 0, seconds = 0 } = counts;
  const kinds = ['created', 'updated', 'unchanged'].flatMap((kind) =>
    counts[kind] === undefined ? [] : [`${counts[kind]} ${kind}`],
  );
  const lines = refused === 1 ? '1 line refused' : `${refused} lines refused`;
  return `${trials} trials imported in ${seconds.toFixed(1)} s (${kinds.join(', ')}), ${lines}.`;
}

function perSecond(trials: number, started: number): number {
  return Math.round((trials * 1000) / Math.max(Date.now() - started, 1));
}

async function problemOf(answer: IncomingMessage): Promise<string> {
  return detailOf(await textOf(answer)) ?? `status ${answer.statusCode}`;
}
