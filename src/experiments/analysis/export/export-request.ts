import {
  isJsonArray,
  parseProjection,
  readAll,
  readEach,
  readQueryString,
  type Field,
  type JsonValue,
  type Projection,
  type Sort,
} from '../../../metadata/index.js';
import { optional, required, type ReadValue } from '../../body/read-object.js';
import { readParameters } from '../../body/read-parameters.js';
import { flag, id } from '../../body/read-value.js';
import { FIELD_NAMES } from '../../search/search-request.js';
import { readField } from '../read-list.js';
import type { TrialSet } from '../trial-set.js';

export type ExportFormat = 'csv' | 'jsonl';
const FORMATS: readonly ExportFormat[] = ['csv', 'jsonl'];

/** An export, parsed. */
export interface ExportRequest {
  readonly format: ExportFormat;
  readonly trials: TrialSet;
  readonly sort: Sort;
  readonly projection: Projection;
  /** The fields in the order asked for, `metadata` for the whole document; undefined when none were asked for. */
  readonly fields: readonly ExportField[] | undefined;
}

/** What `fields` may name. */
export type ExportField = Field | 'metadata';

const format: ReadValue<ExportFormat> = (value, refuse) =>
  FORMATS.find((known) => known === value) ??
  refuse({ code: 'value_not_accepted', message: `Accepted: ${FORMATS.join(', ')}.` });

const PROPERTIES = { format: required(format), projectId: optional(id), archived: optional(flag) };

/**
 * Reads the query string of an export: `format`, and filter, sort, fields, projectId and archived as in `GET /trials`.
 * @throws InvalidRequestError naming every parameter that is wrong
 */
export function parseExportQuery(parameters: URLSearchParams): ExportRequest {
  const { filter, sort, rest } = readQueryString(parameters, FIELD_NAMES, ({ fields, others }) =>
    readAll(
      () => readParameters(others, PROPERTIES),
      () => ({
        projection: parseProjection(fields, FIELD_NAMES),
        fields: isJsonArray(fields) ? readEach(fields, parseExportField) : undefined,
      }),
    ),
  );
  const [{ format: asked, projectId, archived = false }, columns] = rest;
  return { format: asked, trials: { filter, projectId, archived }, sort, ...columns };
}

function parseExportField(entry: JsonValue, index: number): ExportField {
  return entry === 'metadata' ? entry : readField(entry, `fields[${index}]`);
}
