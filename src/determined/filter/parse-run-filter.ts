import {
  EVERYTHING,
  isJsonArray,
  isJsonObject,
  MetadataError,
  parseJson,
  type Filter,
  type JsonObject,
  type JsonValue,
} from '../../metadata/index.js';
import { InvalidArgumentError } from '../determined.errors.js';
import { parseMetadataColumn } from '../flat-key.js';
import { isAbsentName, runColumn } from '../run-columns.js';
import { columnFilter } from './column-filter.js';
import { COLUMN_TYPES, type ColumnType } from './column-type.js';
import { metadataFilter } from './metadata-filter.js';
import { isRunOperator } from './run-operator.js';

/** What a filter string of Determined's says. */
export interface RunFilter {
  readonly filter: Filter;
  readonly showArchived: boolean;
}

const MAX_CONDITIONS = 200;
const MAX_DEPTH = 32;
/** Places of values that runs of Determined have and ours do not. */
const ABSENT_LOCATIONS: readonly JsonValue[] = [
  'LOCATION_TYPE_HYPERPARAMETERS',
  'LOCATION_TYPE_RUN_HYPERPARAMETERS',
  'LOCATION_TYPE_VALIDATIONS',
  'LOCATION_TYPE_TRAINING',
  'LOCATION_TYPE_CUSTOM_METRIC',
];

/**
 * Reads Determined's filter, a string that holds JSON:
 *
 *     {"filterGroup": group, "showArchived": boolean}
 *     group = {"kind": "group", "conjunction": "and" | "or", "children": [field | group…]}
 *     field = {"kind": "field", "columnName", "location"?, "type"?, "operator", "value"?}
 *
 * Members that are not known are ignored. A field whose operator needs a value and has none is true, as is a group
 * without children.
 * @throws InvalidArgumentError in Determined's words
 */
export function parseRunFilter(text: string): RunFilter {
  const root = parseText(text);
  const group = root.get('filterGroup') ?? null;
  const filter = group === null ? EVERYTHING : new RunFilterParser().parse(objectOf(group), 1);
  return { filter, showArchived: root.get('showArchived') === true };
}

class RunFilterParser {
  private conditions = 0;

  parse(node: JsonObject, depth: number): Filter {
    const kind = node.get('kind');
    if (kind === 'group') return this.parseGroup(node, depth);
    if (kind === 'field') return this.parseField(node);
    throw new InvalidArgumentError(`invalid filter kind ${shown(kind)}: it is "field" or "group"`);
  }

  private parseGroup(node: JsonObject, depth: number): Filter {
    if (depth > MAX_DEPTH)
      throw new InvalidArgumentError(`invalid filter: more than ${MAX_DEPTH} groups in each other`);
    const conjunction = node.get('conjunction') ?? null;
    if (conjunction === null) throw new InvalidArgumentError('group specified with no conjunction');
    if (conjunction !== 'and' && conjunction !== 'or') {
      throw new InvalidArgumentError(`invalid conjunction value ${shown(conjunction)}`);
    }
    const children = node.get('children') ?? [];
    if (!isJsonArray(children)) throw new InvalidArgumentError('invalid filter: children is no list');
    if (children.length === 0) return EVERYTHING;
    return { kind: conjunction, filters: children.map((child) => this.parse(objectOf(child), depth + 1)) };
  }

  private parseField(node: JsonObject): Filter {
    this.conditions += 1;
    if (this.conditions > MAX_CONDITIONS) {
      throw new InvalidArgumentError(`invalid filter: more than ${MAX_CONDITIONS} fields`);
    }
    const operator = node.get('operator') ?? null;
    if (operator === null) throw new InvalidArgumentError('field specified with value but no operator');
    if (!isRunOperator(operator)) throw new InvalidArgumentError(`invalid operator ${shown(operator)}`);
    const field = fieldOf(node);
    const value = node.get('value') ?? null;
    const needsValue = operator !== 'isEmpty' && operator !== 'notEmpty';
    if (needsValue && value === null) return EVERYTHING;
    return field.kind === 'metadata'
      ? metadataFilter(field.path, field.type, operator, value)
      : columnFilter(field.column, operator, value);
  }
}

function fieldOf(node: JsonObject) {
  const name = node.get('columnName') ?? '';
  if (typeof name !== 'string') throw new InvalidArgumentError('invalid filter: columnName is no string');
  const location = node.get('location') ?? 'LOCATION_TYPE_EXPERIMENT';
  switch (location) {
    case 'LOCATION_TYPE_RUN_METADATA':
      return {
        kind: 'metadata',
        path: parseMetadataColumn(name),
        type: typeOf(node.get('type') ?? null),
      } as const;
    case 'LOCATION_TYPE_RUN':
    case 'LOCATION_TYPE_EXPERIMENT': {
      const column = runColumn(name, location);
      if (column !== undefined) return { kind: 'column', column } as const;
      const noun = location === 'LOCATION_TYPE_RUN' ? 'run' : 'experiment';
      throw new InvalidArgumentError(`invalid ${noun} column ${shown(name)}`);
    }
    default:
      if (ABSENT_LOCATIONS.includes(location) && isAbsentName(name))
        return { kind: 'column', column: 'absent' } as const;
      throw new InvalidArgumentError(`invalid column ${shown(name)} of location ${shown(location)}`);
  }
}

function typeOf(type: JsonValue): ColumnType {
  if (type === null) return 'COLUMN_TYPE_UNSPECIFIED';
  const known = COLUMN_TYPES.find((candidate) => candidate === type);
  if (known === undefined) throw new InvalidArgumentError(`invalid column type ${shown(type)}`);
  return known;
}

function parseText(text: string): JsonObject {
  try {
    return objectOf(parseJson(text, { maxDepth: 4 * MAX_DEPTH }));
  } catch (error) {
    if (error instanceof MetadataError) throw new InvalidArgumentError(`invalid filter: ${error.message}`);
    throw error;
  }
}

function objectOf(value: JsonValue): JsonObject {
  if (isJsonObject(value)) return value;
  throw new InvalidArgumentError('invalid filter: an object was expected');
}

function shown(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.slice(0, 100) : 'that is no string';
}
