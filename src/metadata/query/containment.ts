import { writeJson, type JsonValue, type Path } from '../document/index.js';
import { hasScalar } from './compile-json-condition.js';
import { bind, sql, type Sql } from './sql.js';

/** Served by the index on the whole document. An empty list or object gives that index no key. */
export function containment(document: Sql, path: Path, operand: JsonValue): Sql | undefined {
  if (!hasScalar(operand)) return undefined;
  const nested = path.reduceRight<JsonValue>((inner, segment) => new Map([[segment, inner]]), operand);
  return sql`${document} @> ${bind(writeJson(nested), 'jsonb')}`;
}
