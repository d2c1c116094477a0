import { formatPath, JsonNumber, type JsonValue, type Path } from '../../document/index.js';
import { compileJsonCondition } from '../compile-json-condition.js';
import { containment } from '../containment.js';
import { unreachable, type Condition, type Filter } from '../filter.js';
import { lookUpSomeValue } from '../some-value.js';
import { isIndexable, isTooLarge, literalValueAt } from '../indexed-value.js';
import { isInstant } from '../instant.js';
import type { BaseOperator } from '../operators.js';
import { joinSql, sql, type Sql } from '../sql.js';
import { documentHasTrigrams, documentHolds, isInDocumentTexts } from './document-texts.js';
import { askedText, fieldHasTrigrams, fieldHolds, type AskedText } from './field-texts.js';

/** What indexes there are on the documents beside the one on everything. */
export interface DocumentIndexes {
  /** The fields whose values have an index of their own, by their paths as text. */
  readonly fields: ReadonlyMap<string, Path>;
  /** Whether the strings of all fields have a trigram index. */
  readonly texts: boolean;
  /** The fields whose texts have an index of their own, by their paths as text. */
  readonly fieldTexts: ReadonlyMap<string, Path>;
}

/** Without those that serve `contains` and `startsWith`. */
export function withoutTexts(indexes: DocumentIndexes): DocumentIndexes {
  return { ...indexes, texts: false, fieldTexts: new Map() };
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
  return compileLookUp(filter, document, { ...indexes, inDocument: documentHolds, inField: fieldHolds });
}

/** What is looked up: values alone, or texts too, which must be tested on each document that their index gives. */
export type LookedUpBy = 'values' | 'texts of fields' | 'texts of documents';

/** A condition for a sample of documents. */
export interface SampledLookUp {
  readonly condition: Sql;
  readonly by: LookedUpBy;
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
  const inDocument = (_: Sql, text: string) => documentHasTrigrams(texts, text);
  const compileWith = (known: DocumentIndexes) =>
    compileLookUp(filter, document, { ...known, inDocument, inField: fieldHasTrigrams });
  const condition = compileWith(indexes);
  if (condition === undefined) return undefined;
  const isAllOf = (known: DocumentIndexes) =>
    compileWith(known)?.toPositional().text === condition.toPositional().text;
  if (isAllOf(withoutTexts(indexes))) return { condition, by: 'values' };
  const byFields = isAllOf({ ...indexes, texts: false });
  return { condition, by: byFields ? 'texts of fields' : 'texts of documents' };
}

/** The indexes, and how those of texts are asked. */
interface LookUpIndexes extends DocumentIndexes {
  readonly inDocument: (document: Sql, text: string) => Sql;
  readonly inField: (value: Sql, asked: AskedText) => Sql;
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
      return lookUpText(document, field.path, operator, operand, indexes);
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

/** Served by the index on the texts of the field, where it has one, or else by that on the strings of all fields. */
function lookUpText(
  document: Sql,
  path: Path,
  operator: BaseOperator,
  operand: JsonValue,
  indexes: LookUpIndexes,
): Sql | undefined {
  const indexed = indexes.fieldTexts.get(formatPath(path));
  const asked = askedText(operator, operand);
  if (indexed !== undefined && asked !== undefined)
    return indexes.inField(literalValueAt(document, indexed), asked);
  return indexes.texts && typeof operand === 'string' && isInDocumentTexts(operand)
    ? indexes.inDocument(document, operand)
    : undefined;
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
