import {
  DeterminedDatabase,
  sentExperiment,
  sentProject,
  sentRun,
  type ImportedBatch,
  SourceError,
  type SentRow,
  type SourceCounts,
} from '../../determined/index.js';
import { writeJson } from '../../metadata/index.js';
import { reasonOf } from '../../postgres/index.js';
import { CliError } from './cli.error.js';
import { MasterConnection } from './master-connection.js';
import { progressOn, type Progress } from './progress.js';
import { detailOf, textOf } from './read-answer.js';
import type { CliContext } from './run-import.js';

const USAGE = `Usage: npm run import:determined -- --from postgres://user:password@host:5432/determined

Copies projects, experiments, runs and their metadata of a Determined database to a running master, with their ids: run 110
stays trial 110. The database is only read. Repeating it changes nothing but what has changed there.
MASTER_URL    where the master is (http://localhost:8080)
MASTER_TOKEN  an administrator's token (the one kept in DATA_DIR)`;

/** Rows of one request, and about how many bytes it may have. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 4 * 1024 * 1024;

type Kind = 'projects' | 'experiments' | 'runs';

/**
 * Imports a Determined database into a running master.
 *
 * @returns the exit code: 0 when every row went in.
 */
export async function runImportDetermined(context: CliContext): Promise<number> {
  const progress = progressOn(context.errors);
  let source: DeterminedDatabase | undefined;
  try {
    if (context.args.includes('--help') || context.args.includes('-h')) {
      context.out.write(`${USAGE}\n`);
      return 0;
    }
    const url = sourceUrl(context.args);
    const master = await MasterConnection.open(context.environment);
    source = await openSource(url);
    const run = new DeterminedImport(source, master, progress, await countRows(source));
    await run.all();
    progress.end();
    context.out.write(`${run.summary()}\n`);
    return run.left === 0 ? 0 : 1;
  } catch (error) {
    progress.end();
    if (!(error instanceof CliError) && !(error instanceof SourceError)) throw error;
    const advice = error instanceof SourceError ? '. What went in stays; repeat the import.' : '';
    context.errors.write(`${error.message}${advice}\n`);
    return 1;
  } finally {
    await source?.close();
  }
}

/** The rows of a source on their way to a master. */
class DeterminedImport {
  /** Rows that did not go in, or not with their metadata. */
  left = 0;
  private readonly started = Date.now();
  private done = 0;
  /** e.g. `project 7`. */
  private readonly refused = new Set<string>();
  private readonly outcomes = { created: 0, updated: 0, unchanged: 0 };

  constructor(
    private readonly source: DeterminedDatabase,
    private readonly master: MasterConnection,
    private readonly progress: Progress,
    private readonly counts: SourceCounts,
  ) {}

  async all(): Promise<void> {
    await this.copy('projects', this.source.projects(BATCH_ROWS), sentProject);
    await this.copy('experiments', this.source.experiments(BATCH_ROWS), (row) =>
      this.unlessRefused('project', row.project_id, `experiment ${row.id}`) ? sentExperiment(row) : undefined,
    );
    await this.copy('runs', this.source.runs(BATCH_ROWS), (row) => {
      const sent = sentRun(row);
      if (sent === undefined) this.leave(`run ${row.id} is left out: it belongs to no experiment.`);
      return this.unlessRefused('experiment', row.experiment_id, `run ${row.id}`) ? sent : undefined;
    });
  }

  summary(): string {
    const { projects, experiments, runs } = this.counts;
    const { created, updated, unchanged } = this.outcomes;
    const seconds = ((Date.now() - this.started) / 1000).toFixed(1);
    const left = this.left === 0 ? '' : ` ${this.left} were left out.`;
    return `${projects} projects, ${experiments} experiments and ${runs} runs read in ${seconds} s: ${created} created, ${updated} updated, ${unchanged} unchanged.${left}`;
  }

  private async copy<Row extends { readonly id: string }>(
    kind: Kind,
    pages: AsyncIterable<readonly Row[]>,
    toSent: (row: Row) => SentRow | undefined,
  ): Promise<void> {
    for await (const rows of pages) {
      const texts = rows.flatMap((row) => {
        const sent = toSent(row);
        return sent === undefined ? [] : [writeJson(sent)];
      });
      for (const batch of batchesOf(texts)) this.note(await this.send(`{"${kind}":[${batch.join(',')}]}`));
      this.done += rows.length;
      const total = this.counts.projects + this.counts.experiments + this.counts.runs;
      this.progress.update(this.done / Math.max(total, 1), `${this.done} of ${total} rows, ${kind}`);
    }
  }

  private async send(body: string): Promise<ImportedBatch> {
    const request = this.master.begin('POST', '/import/determined', { 'content-type': 'application/json' });
    const answer = await this.master.answerTo(request.end(body));
    const text = await textOf(answer);
    if (answer.statusCode === 200) return JSON.parse(text) as ImportedBatch; // the master's own answer
    throw new CliError(
      `The master refused the import: ${detailOf(text) ?? `status ${answer.statusCode}`} What went in stays; repeat the import.`,
    );
  }

  private note({ created, updated, unchanged, refused }: ImportedBatch): void {
    this.outcomes.created += created;
    this.outcomes.updated += updated;
    this.outcomes.unchanged += unchanged;
    for (const { kind, id, reason } of refused) {
      this.refused.add(`${kind} ${id}`);
      this.leave(`${kind} ${id} was refused: ${reason}`);
    }
  }

  /** What belongs to a row that was refused must not come under another one that has its id here. */
  private unlessRefused(kind: 'project' | 'experiment', id: string | null, what: string): boolean {
    if (!this.refused.has(`${kind} ${id ?? ''}`)) return true;
    this.refused.add(what);
    this.leave(`${what} is left out: its ${kind} ${id ?? ''} was refused.`);
    return false;
  }

  private leave(line: string): void {
    this.left += 1;
    this.progress.print(line);
  }
}

function sourceUrl(args: readonly string[]): string {
  const [option, url, ...more] = args;
  const given = option?.startsWith('--from=')
    ? option.slice('--from='.length)
    : option === '--from'
      ? url
      : undefined;
  const isAll = option?.startsWith('--from=') ? url === undefined : more.length === 0;
  if (given === undefined || !isAll) throw new CliError(`Name the database to import from.\n\n${USAGE}`);
  if (!URL.canParse(given) || !/^postgres(ql)?:$/.test(new URL(given).protocol)) {
    // It is not repeated: it may hold a password.
    throw new CliError('--from is no PostgreSQL URL; give postgres://user:password@host:5432/database.');
  }
  return given;
}

async function openSource(url: string): Promise<DeterminedDatabase> {
  try {
    return await DeterminedDatabase.open(url);
  } catch (error) {
    throw new CliError(`The database at ${new URL(url).host} cannot be opened: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

async function countRows(source: DeterminedDatabase): Promise<SourceCounts> {
  try {
    return await source.count();
  } catch (error) {
    throw new CliError(`This is no database of Determined with run metadata: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

/** Rows that go together, none of these groups much larger than a request should be. */
function batchesOf(texts: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let bytes = Infinity;
  for (const text of texts) {
    if (bytes + text.length > BATCH_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(text);
    bytes += text.length;
  }
  return batches;
}
