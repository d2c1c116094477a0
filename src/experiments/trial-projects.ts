import type { DataSource } from 'typeorm';
import { PreparedStatements, type TrialId } from '../metadata/index.js';

/** Milliseconds for which a trial is taken to be in the project where it was found. */
const LIFE = 10_000;
const ENTRIES = 50_000;

const FIND = `
SELECT trials.id, project_id FROM trials JOIN experiments ON experiments.id = experiment_id
 WHERE trials.id = ANY ($1::bigint[])`;

interface TrialRow {
  readonly id: string;
  readonly project_id: string;
}

interface Entry {
  readonly projectId: number;
  readonly until: number;
}

/**
 * Finds the projects of trials. Neither trials nor experiments move by this module's means, so an answer holds for a
 * moment: else every report would ask twice.
 */
export class TrialProjects {
  private readonly known = new Map<string, Entry>();
  private readonly statements: PreparedStatements;

  constructor(dataSource: DataSource) {
    this.statements = new PreparedStatements(dataSource);
  }

  /** @returns the project of each trial, in no order; trials that are not there are left out */
  async of(trialIds: readonly TrialId[]): Promise<ReadonlyMap<TrialId, number>> {
    const now = Date.now();
    const found = new Map<TrialId, number>();
    const unknown = trialIds.filter((trialId) => {
      const entry = this.known.get(String(trialId));
      const isKnown = entry !== undefined && entry.until > now;
      if (isKnown) found.set(trialId, entry.projectId);
      return !isKnown;
    });
    if (unknown.length === 0) return found;
    const rows = await this.statements.run<TrialRow>(FIND, [unknown]);
    if (this.known.size + rows.length > ENTRIES) this.known.clear();
    for (const { id, project_id: project } of rows) {
      const projectId = Number(project);
      this.known.set(id, { projectId, until: now + LIFE });
      found.set(Number(id), projectId);
    }
    return found;
  }
}
