import {
  description,
  document,
  flag,
  id,
  instant,
  instantOrNull,
  labels,
  name,
  optional,
  readObject,
  required,
  state,
  type ReadValue,
  type RestoredExperiment,
  type RestoredProject,
  type RestoredTrial,
} from '../../experiments/index.js';
import { InvalidRequestError, isJsonArray, type JsonValue } from '../../metadata/index.js';

/** Rows of a Determined database, in the order of their ids. */
export interface ImportBatch {
  readonly projects: readonly RestoredProject[];
  readonly experiments: readonly RestoredExperiment[];
  readonly runs: readonly RestoredTrial[];
}

/** Rows of one request. */
const MOST_ROWS = 2_000;

const PROJECT = {
  id: required(id),
  name: required(name),
  description: required(description),
  archived: required(flag),
  createdAt: required(instant),
};
const RUN = {
  id: required(id),
  state: required(state),
  archived: required(flag),
  startTime: required(instantOrNull),
  endTime: required(instantOrNull),
};
const EXPERIMENT = {
  ...RUN,
  projectId: required(id),
  name: required(name),
  description: required(description),
  labels: required(labels),
};
const TRIAL = { ...RUN, experimentId: required(id), metadata: optional(document) };

const rows: ReadValue<readonly JsonValue[]> = (value, refuse) =>
  isJsonArray(value) && value.length <= MOST_ROWS
    ? value
    : refuse({ code: 'value_not_accepted', message: `Give a list of up to ${MOST_ROWS} rows.` });

const BODY = { projects: optional(rows), experiments: optional(rows), runs: optional(rows) };

/** @throws InvalidRequestError naming the row and member that is wrong */
export function parseImportBatch(body: JsonValue): ImportBatch {
  const { projects = [], experiments = [], runs = [] } = readObject(body, BODY);
  const batch: ImportBatch = {
    projects: projects.map((row, index) => readObject(row, PROJECT, `projects[${index}]`)),
    experiments: experiments.map((row, index) => readObject(row, EXPERIMENT, `experiments[${index}]`)),
    runs: runs.map((row, index) => readObject(row, TRIAL, `runs[${index}]`)),
  };
  mustDiffer(batch.projects, ({ id }) => id, 'projects', 'id');
  mustDiffer(batch.projects, ({ name }) => name, 'projects', 'name');
  mustDiffer(batch.experiments, ({ id }) => id, 'experiments', 'id');
  mustDiffer(batch.runs, ({ id }) => id, 'runs', 'id');
  return batch;
}

function mustDiffer<Row>(
  list: readonly Row[],
  keyOf: (row: Row) => unknown,
  at: string,
  member: string,
): void {
  const seen = new Set<unknown>();
  list.forEach((row, index) => {
    const key = keyOf(row);
    if (seen.has(key)) {
      throw InvalidRequestError.at(
        `${at}[${index}].${member}`,
        'repeated_row',
        'An earlier row has the same.',
      );
    }
    seen.add(key);
  });
}
