import { RawJson } from '../../metadata/index.js';
import { sourceState } from './source-state.js';

/** Longest name and description that are taken. */
const NAME_LENGTH = 500;
const DESCRIPTION_LENGTH = 10_000;
const LABELS = 100;
const LABEL_LENGTH = 255;

export interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly archived: boolean;
  readonly created_at: string;
  readonly workspace: string;
  /** Projects of that name, in all workspaces. */
  readonly namesakes: string;
}

export interface ExperimentRow {
  readonly id: string;
  readonly project_id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly labels: unknown;
  readonly state: string | null;
  readonly archived: boolean | null;
  readonly start_time: string | null;
  readonly end_time: string | null;
}

export interface RunRow {
  readonly id: string;
  readonly experiment_id: string | null;
  readonly state: string | null;
  readonly archived: boolean | null;
  readonly start_time: string | null;
  readonly end_time: string | null;
  /** JSON text; null where nothing was set. */
  readonly metadata: string | null;
}

/** One row as the import takes it. */
export type SentRow = Readonly<Record<string, unknown>> & { readonly id: number };

/** A project's name is unique here; of namesakes in several workspaces each bears its workspace's name too. */
export function sentProject(row: ProjectRow): SentRow {
  const name = Number(row.namesakes) > 1 ? `${row.workspace} / ${row.name}` : row.name;
  return {
    id: Number(row.id),
    name: nameOf(name, 'project', row.id),
    description: (row.description ?? '').slice(0, DESCRIPTION_LENGTH),
    archived: row.archived,
    createdAt: row.created_at,
  };
}

export function sentExperiment(row: ExperimentRow): SentRow {
  const labels = Array.isArray(row.labels) ? row.labels : [];
  return {
    id: Number(row.id),
    projectId: Number(row.project_id),
    name: nameOf(row.name ?? '', 'experiment', row.id),
    description: (row.description ?? '').slice(0, DESCRIPTION_LENGTH),
    labels: labels
      .filter((label): label is string => typeof label === 'string' && label.trim() !== '')
      .map((label) => label.slice(0, LABEL_LENGTH))
      .slice(0, LABELS),
    ...runOf(row),
  };
}

/** @returns undefined for a run without an experiment, which has no place here */
export function sentRun(row: RunRow): SentRow | undefined {
  if (row.experiment_id === null) return undefined;
  const hasMetadata = row.metadata?.startsWith('{') ?? false;
  return {
    id: Number(row.id),
    experimentId: Number(row.experiment_id),
    ...runOf(row),
    ...(hasMetadata ? { metadata: new RawJson(row.metadata ?? '{}') } : {}),
  };
}

function runOf(row: Pick<RunRow, 'state' | 'archived' | 'start_time' | 'end_time'>) {
  return {
    state: sourceState(row.state),
    archived: row.archived ?? false,
    startTime: row.start_time,
    endTime: row.end_time,
  };
}

function nameOf(name: string, what: string, id: string): string {
  return name.trim() === '' ? `${what} ${id}` : name.slice(0, NAME_LENGTH);
}
