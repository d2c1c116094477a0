import { DEFAULT_QUERY_LIMITS, OPERATORS } from '../query/index.js';
import { listOf, objectOf, ref, type Schema } from './open-api.js';

const meanings = Object.entries(OPERATORS)
  .map(([name, { meaning }]) => `- \`${name}\`: ${meaning}`)
  .join('\n');

/** The filter language, made from the table of operators. */
export const QUERY_SCHEMAS: Readonly<Record<string, Schema>> = {
  Field: {
    type: 'string',
    description:
      '`metadata.<path>` or a column of the host such as `trial.state`. A path joins keys by dots; a key that holds a dot, a quote, white space or a bracket, or is empty, is written as a JSON string: `metadata."lr.schedule".warmup`.',
    examples: ['metadata.hardware.gpu', 'metadata."lr.schedule".warmup', 'trial.state'],
  },
  Operator: { type: 'string', enum: Object.keys(OPERATORS), description: meanings },
  Condition: {
    ...objectOf({ field: ref('Field'), operator: ref('Operator'), value: ref('JsonValue') }, ['value']),
    additionalProperties: false,
    description:
      'True or false for every trial, never unknown. `value` is left out where the operator takes none.',
  },
  Filter: {
    description: `A condition, or a group of filters; {} and null match everything. At most ${DEFAULT_QUERY_LIMITS.filterDepth} groups deep and ${DEFAULT_QUERY_LIMITS.conditions} conditions large.`,
    anyOf: [
      ref('Condition'),
      { ...objectOf({ and: listOf(ref('Filter')) }), additionalProperties: false },
      { ...objectOf({ or: listOf(ref('Filter')) }), additionalProperties: false },
      { ...objectOf({ not: ref('Filter') }), additionalProperties: false },
      { type: 'object', maxProperties: 0 },
      { type: 'null' },
    ],
  },
  SortKey: {
    ...objectOf(
      {
        field: ref('Field'),
        direction: { type: 'string', enum: ['asc', 'desc'], default: 'asc' },
        as: { type: 'string', enum: ['json', 'number', 'text'], default: 'json' },
      },
      ['direction', 'as'],
    ),
    additionalProperties: false,
    description:
      '`json`: PostgreSQL’s order of JSON values; `number`: numeric strings count as numbers; `text`: ignoring case, runs of digits by their number. Trials without the value come last in both directions.',
  },
};
