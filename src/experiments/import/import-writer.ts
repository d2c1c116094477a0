import type { DataSource, EntityManager } from 'typeorm';
import {
  InvalidRequestError,
  isTransient,
  MetadataError,
  sqlStateOf,
  type JsonObject,
} from '../../metadata/index.js';
import type { ImportOutcome, ReadLine } from './import-batch.js';
import { StaleTargetsError, type ImportTargets, type ProjectTargets } from './import-targets.js';
import { writeTrials } from './write-trials.js';

/** What became of a line: what was done to its trial, or why it was refused. */
export interface WrittenLine {
  readonly number: number;
  readonly result: ImportOutcome | Error;
}

/** Replaces the documents of many trials within a transaction, and gives the ids of the trials whose changed. */
export type SetDocuments = (
  manager: EntityManager,
  documents: readonly { readonly trialId: number; readonly metadata: JsonObject }[],
) => Promise<ReadonlySet<number>>;

/** Tries of one batch when other transactions are in its way. */
const ATTEMPTS = 10;
/** Classes of SQLSTATE that blame the values: data exceptions, broken constraints, limits of PostgreSQL. */
const BLAMES_VALUES = ['22', '23', '54'];

/** Writes batches of lines, each in one transaction. */
export class ImportWriter {
  constructor(
    private readonly dataSource: DataSource,
    private readonly targets: ImportTargets,
    private readonly setDocuments: SetDocuments,
  ) {}

  /**
   * Writes the lines, none of which names the trial of another. When the database refuses the whole for one line's
   * sake, halves are tried, until just that line is left out.
   * @returns one result a line, in their order
   */
  async write(lines: readonly ReadLine[]): Promise<readonly WrittenLine[]> {
    if (lines.length === 0) return [];
    try {
      return await this.writeWhole(lines);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      const [first, second] = lines;
      if (first !== undefined && second === undefined) return [{ number: first.number, result: refusal }];
      const middle = lines.length >> 1;
      return [...(await this.write(lines.slice(0, middle))), ...(await this.write(lines.slice(middle)))];
    }
  }

  private async writeWhole(lines: readonly ReadLine[]): Promise<readonly WrittenLine[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(lines);
      } catch (error) {
        const passing = error instanceof StaleTargetsError || isTransient(error);
        if (!passing || attempt === ATTEMPTS) throw error;
        this.targets.forget();
      }
    }
  }

  private async attempt(lines: readonly ReadLine[]): Promise<readonly WrittenLine[]> {
    const projects = await this.targets.findProjects(lines.map(({ line }) => line));
    const allowed = lines.filter(({ line }) => !(projects.get(line.project) instanceof Error));
    const outcomes = await this.transact(allowed, projects);
    return lines.map(({ number, line }) => {
      const refusal = projects.get(line.project);
      return { number, result: refusal instanceof Error ? refusal : (outcomes.get(number) ?? 'unchanged') };
    });
  }

  private async transact(
    lines: readonly ReadLine[],
    projects: ProjectTargets,
  ): Promise<ReadonlyMap<number, ImportOutcome>> {
    const outcomes = new Map<number, ImportOutcome>();
    if (lines.length === 0) return outcomes;
    const remember = await this.dataSource.transaction(async (manager) => {
      const read = lines.map(({ line }) => line);
      const experiments = await this.targets.lockExperiments(manager, read, projects);
      const targeted = experiments.ids.map((experimentId, index) => ({
        experimentId,
        line: elementAt(read, index),
      }));
      const trials = await writeTrials(manager, targeted);
      const documents = trials.flatMap(({ trialId }, index) => {
        const { metadata } = elementAt(read, index);
        return metadata === undefined ? [] : [{ trialId, metadata }];
      });
      const changed = await this.setDocuments(manager, documents);
      lines.forEach(({ number }, index) => {
        const { trialId, outcome } = elementAt(trials, index);
        outcomes.set(number, outcome === 'unchanged' && changed.has(trialId) ? 'updated' : outcome);
      });
      return experiments.remember;
    });
    remember();
    return outcomes;
  }
}

/** The element at an index that is known to be there. */
function elementAt<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new RangeError(`There is no element ${index}.`);
  return element;
}

/** The error to tell the client when it is the values that could not be stored; undefined when they are not to blame. */
function refusalOf(error: unknown): Error | undefined {
  if (error instanceof MetadataError) return error;
  const code = sqlStateOf(error);
  if (code === undefined || !BLAMES_VALUES.includes(code.slice(0, 2))) return undefined;
  const message = `PostgreSQL cannot store the values of this line (SQLSTATE ${code}). Leave out what is unusual in it.`;
  return InvalidRequestError.at('line', 'not_storable', message);
}
