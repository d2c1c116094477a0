import { Inject, Injectable } from '@nestjs/common';
import {
  FieldTypesService,
  formatField,
  InvalidRequestError,
  METADATA_OPTIONS,
  JsonMap,
  parseJson,
  RawJson,
  sqlStateOf,
  type CheckedMetadataOptions,
  type Column,
  type Field,
  type JsonValue,
} from '../../../metadata/index.js';
import { textsOf, type TextRow } from '../../search/select-row.js';
import { VisibleTrials, type TrialReading } from '../visible-trials.js';
import type { AggregateRequest } from './aggregate-request.js';
import { compileGroups, measuredFields } from './compile-groups.js';
import { groupFilters, type KeyPart } from './group-filter.js';
import { measureName } from './measure.js';

/** The trials that have the same values at the fields of the key. */
export interface TrialGroup {
  /** The values by field, as `groupBy` names them; null where the value is null, or where there is none. */
  readonly key: ReadonlyMap<string, JsonValue>;
  /** The fields of the key that these trials do not have. */
  readonly missing?: readonly string[];
  readonly count: number;
  /** By name, e.g. `median(metadata.runtime_seconds)`; null where there are no numbers, or too few. */
  readonly values: ReadonlyMap<string, RawJson | null>;
  /** How many values of a measured field are no numbers and were left out; fields without such are not there. */
  readonly skipped?: ReadonlyMap<string, number>;
  /** The filter that selects just these trials; null when it would be too long for a request. */
  readonly filter: JsonValue | null;
}

export interface AggregateAnswer {
  readonly groups: readonly TrialGroup[];
  /** Whether there are more groups than the limit. */
  readonly truncated: boolean;
}

/** SQLSTATE of a number beyond what `numeric` holds. */
const NUMERIC_VALUE_OUT_OF_RANGE = '22003';

/** Groups trials and computes numbers of each group. */
@Injectable()
export class AggregateService {
  constructor(
    private readonly trials: VisibleTrials,
    private readonly types: FieldTypesService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  /** @throws DatabaseBusyError after the statement timeout; InvalidRequestError for numbers too large to compute with */
  async aggregate(request: AggregateRequest, user: unknown): Promise<AggregateAnswer> {
    const fields = measuredFields(request.measures);
    const rows = await this.trials
      .read(user, request.trials, (reading) =>
        this.readGroups(request, [...request.groupBy, ...fields], reading),
      )
      .catch(refuseHugeNumbers);
    const toGroup = groupReader(request, fields);
    return { groups: rows.slice(0, request.limit).map(toGroup), truncated: rows.length > request.limit };
  }

  private async readGroups(
    request: AggregateRequest,
    fields: readonly Field[],
    { run, matching, documents }: TrialReading,
  ): Promise<readonly TextRow[]> {
    const paths = fields.flatMap((field) => (field.kind === 'metadata' ? [field.path] : []));
    const isOfDocuments = fields.length > 0 && paths.length === fields.length;
    const alone = isOfDocuments && this.usesCounts ? await documents() : undefined;
    if (alone === undefined)
      return await run<TextRow>(compileGroups(request, matching(fields.flatMap(columnOf))));
    const types = await this.types.list(paths, run);
    const byName = new Map(fields.map((field, index) => [formatField(field), types?.[index]]));
    const typesOf = (field: Field) => byName.get(formatField(field));
    return await run<TextRow>(compileGroups(request, { ...alone, typesOf }));
  }

  /** Whether there is one snapshot of documents and of what is counted of them, as summaries need it too. */
  private get usesCounts(): boolean {
    return this.options.valueSummaries.most > 0;
  }
}

function columnOf(field: Field): readonly Column[] {
  return field.kind === 'column' ? [field.column] : [];
}

function groupReader(request: AggregateRequest, fields: readonly Field[]): (row: TextRow) => TrialGroup {
  const { groupBy, measures, trials } = request;
  const filterOf = groupFilters(trials.filter, groupBy);
  const names = measures.map(measureName);
  const fieldNames = fields.map(formatField);
  return (row) => {
    const texts = textsOf(row, groupBy.length + 1 + names.length + fields.length);
    const key: readonly KeyPart[] = groupBy.map((field, index) => {
      const text = texts[index];
      return { field, value: typeof text === 'string' ? parseJson(text) : undefined };
    });
    const missing = key.filter(({ value }) => value === undefined).map(({ field }) => formatField(field));
    const values = texts.slice(groupBy.length + 1);
    const skipped = fieldNames
      .map((name, index) => [name, Number(values[names.length + index])] as const)
      .filter(([, count]) => count > 0);
    return {
      key: new JsonMap<JsonValue>(key.map(({ field, value }) => [formatField(field), value ?? null])),
      ...(missing.length === 0 ? {} : { missing }),
      count: Number(texts[groupBy.length]),
      values: new JsonMap(names.map((name, index) => [name, rawNumber(values[index])])),
      ...(skipped.length === 0 ? {} : { skipped: new JsonMap(skipped) }),
      filter: filterOf(key),
    };
  };
}

function rawNumber(text: string | null | undefined): RawJson | null {
  return typeof text === 'string' ? new RawJson(text) : null;
}

function refuseHugeNumbers(error: unknown): never {
  if (sqlStateOf(error) !== NUMERIC_VALUE_OUT_OF_RANGE) throw error;
  const message =
    'A measured value is too large to compute with. Leave such values out by the filter, e.g. {"field": …, "operator": "lt", "value": 1e1000}.';
  throw InvalidRequestError.at('measures', 'number_out_of_range', message);
}
