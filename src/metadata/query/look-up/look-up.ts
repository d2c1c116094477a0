import { formatPath, JsonNumber, writeJson, type JsonValue, type Path } from '../../document/index.js';
import { compileJsonCondition, hasScalar } from '../compile-json-condition.js';
import { unreachable, type Condition, type Filter } from '../filter.js';
import { foldText } from '../fold-text.js';
import { lookUpSomeValue } from '../some-value.js';
import { isIndexable, isTooLarge, literalValueAt } from '../indexed-value.js';
import { isInstant } from '../instant.js';
import type { BaseOperator } from '../operators.js';
import { bind, joinSql, sql, type Sql } from '../sql.js';
import { isInScalars } from '../text-pattern.js';

/** What indexes there are on the documents beside the one on everything. */
export interface DocumentIndexes {
  /** The fields whose values have an index of their own, by their paths as text. */
  readonly fields: ReadonlyMap<string, Path>;
  /** Whether the strings have a trigram index, on {@link textsOf}. */
  readonly texts: boolean;
}

/** Operands of one `in` that are looked up one by one. */
const MOST_OPERANDS = 20;

/**
 * A condition that indexes serve, true for every document that meets the filter, and for others: the exact test must
 * stand beside it. Undefined when no index narrows the filter down.
 *
 *     metadata.framework in ["jax", "mxnet"]
 *     (m.metadata @> '{"framework":"jax"}' OR m.metadata @> '{"framework":"mxnet"}')
 */
export function lookUp(filter: Filter, document: Sql, indexes: DocumentIndexes): Sql | undefined {
  return compileLookUp(filter, document, { ...indexes, containment: textContainment });
}

/** A condition for a sample of documents. */
export interface SampledLookUp {
  readonly condition: Sql;
  /** Whether texts are looked up, which must be tested on each document that their index gives. */
  readonly byText: boolean;
}

/**
 * The same for a sample of documents, where it tells how many of them {@link lookUp} has PostgreSQL read: the trigram index
 * gives all that hold the trigrams of a text, in whatever order and field, and each of them is read to be tested. Undefined
 * where nothing is looked up.
 *
 *     metadata.note contains "A100"
 *     <the texts of m.metadata> LIKE ALL ('{%a10%,%100%}')
 * @param sampled a document, and its texts as {@link textsOf} has them
 */
export function sampleLookUp(
  filter: Filter,
  sampled: { readonly document: Sql; readonly texts: Sql },
  indexes: DocumentIndexes,
): SampledLookUp | undefined {
  const { document, texts } = sampled;
  const containment = (_: Sql, operand: string) => holdsTrigrams(texts, operand);
  const condition = compileLookUp(filter, document, { ...indexes, containment });
  if (condition === undefined) return undefined;
  const byValue = compileLookUp(filter, document, { ...indexes, texts: false, containment });
  return { condition, byText: condition.toPositional().text !== byValue?.toPositional().text };
}

/** Asks for the documents that hold a text, of three letters or digits in a row at least. */
type TextContainment = (document: Sql, operand: string) => Sql;

interface LookUpIndexes extends DocumentIndexes {
  readonly containment: TextContainment;
}

function compileLookUp(filter: Filter, document: Sql, indexes: LookUpIndexes): Sql | undefined {
  switch (filter.kind) {
    case 'condition':
      return lookUpCondition(filter, document, indexes);
    case 'and': {
      const found = filter.filters.flatMap((child) => compileLookUp(child, document, indexes) ?? []);
      return found.length === 0 ? undefined : sql`(${joinSql(found, ' AND ')})`;
    }
    case 'or': {
      const found = filter.filters.flatMap((child) => compileLookUp(child, document, indexes) ?? []);
      const isComplete = found.length === filter.filters.length && found.length > 0;
      return isComplete ? sql`(${joinSql(found, ' OR ')})` : undefined;
    }
    case 'some':
      return lookUpSomeValue(document, filter);
    case 'not':
    case 'type':
      return undefined;
    default:
      throw unreachable(filter);
  }
}

function lookUpCondition(
  { field, operator, operands }: Condition,
  document: Sql,
  indexes: LookUpIndexes,
): Sql | undefined {
  if (field.kind === 'column') return undefined;
  const [operand = null] = operands;
  switch (operator) {
    case 'is':
      return containment(document, field.path, operand);
    case 'in': {
      if (operands.length === 0 || operands.length > MOST_OPERANDS) return undefined;
      const found = operands.flatMap((each) => containment(document, field.path, each) ?? []);
      return found.length === operands.length ? sql`(${joinSql(found, ' OR ')})` : undefined;
    }
    case 'contains':
    case 'startsWith':
      return indexes.texts && typeof operand === 'string' && isLookedUp(operand)
        ? indexes.containment(document, operand)
        : undefined;
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    case 'between':
      return rangeLookUp(document, indexes.fields.get(formatPath(field.path)), operator, operands);
    default:
      return undefined;
  }
}

/** Served by the index on a field, and by the small one on the values that it leaves out as too large. */
function rangeLookUp(
  document: Sql,
  path: Path | undefined,
  operator: BaseOperator,
  operands: readonly JsonValue[],
): Sql | undefined {
  if (path === undefined || !operands.every(isOrdered)) return undefined;
  const value = literalValueAt(document, path);
  const range = compileJsonCondition(value, operator, operands);
  return sql`((${isIndexable(value)} AND ${range}) OR ${isTooLarge(value)})`;
}

/** Whether values compare with it as jsonb does: instants go by their time. */
function isOrdered(operand: JsonValue): boolean {
  return operand instanceof JsonNumber || (typeof operand === 'string' && !isInstant(operand));
}

/** Served by the index on the whole document. An empty list or object gives that index no key. */
export function containment(document: Sql, path: Path, operand: JsonValue): Sql | undefined {
  if (!hasScalar(operand)) return undefined;
  const nested = path.reduceRight<JsonValue>((inner, segment) => new Map([[segment, inner]]), operand);
  return sql`${document} @> ${bind(writeJson(nested), 'jsonb')}`;
}

/** Every string of a document, as the JSON text of a list, without regard to case. */
export function textsOf(document: Sql): Sql {
  return foldText(sql`jsonb_path_query_array(${document}, 'strict $.** ? (@.type() == "string")')::text`);
}

/** Three letters or digits in a row, by which a trigram index finds something. */
const TRIGRAM = /[a-z0-9]{3}/i;
/** Every one of them, overlapping. */
const TRIGRAMS = /(?=([a-z0-9]{3}))/g;
/** Trigrams of a long text that a sample is tested for. */
const MOST_TRIGRAMS = 32;

/** Numbers and booleans are not among the strings. */
function isLookedUp(operand: string): boolean {
  return TRIGRAM.test(operand) && !isInScalars(operand);
}

function textContainment(document: Sql, operand: string): Sql {
  // As PostgreSQL writes the string within the list; in a pattern, `\`, `%` and `_` stand for themselves behind a `\`.
  const inJson = writeJson(operand).slice(1, -1);
  const pattern = sql`('%' || ${foldText(bind(inJson.replace(/[\\%_]/g, '\\$&'), 'text'))} || '%')`;
  return sql`${textsOf(document)} LIKE ${pattern}`;
}

function holdsTrigrams(texts: Sql, operand: string): Sql {
  const trigrams = new Set(Array.from(operand.toLowerCase().matchAll(TRIGRAMS), ([, trigram]) => trigram));
  const patterns = [...trigrams].slice(0, MOST_TRIGRAMS).map((trigram) => `%${trigram}%`);
  return sql`${texts} LIKE ALL (${bind(patterns, 'text[]')})`;
}
