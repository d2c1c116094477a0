/** Parameters that hold the limits of a document after a write; NULL: not looked at. */
export interface LimitParameters {
  /** Of the bytes that it is printed in. */
  readonly bytes: string;
  /** Of leaf values. */
  readonly leaves: string;
}

/**
 * Whether a document keeps within the limits, at little cost. Leaf values are told by the commas: there are never more than
 * one leaf beyond these, but text may hold commas too. So it is never wrong when true, and to be looked into when false. A
 * leaf takes three bytes of the text or more, so that commas are counted only where there can be too many.
 * @param text SQL of the document as text
 */
export function surelyKeepsLimits(text: string, { bytes, leaves }: LimitParameters): string {
  const size = `octet_length(${text})`;
  return `(${bytes}::integer IS NULL OR (${size} <= ${bytes}::integer AND (${size} < 3 * ${leaves}::integer
           OR ${size} - octet_length(replace(${text}, ',', '')) < ${leaves}::integer)))`;
}

/** The same without a doubt: leaf values are counted where there can be too many. @param document SQL of the jsonb */
export function keepsLimitsExactly(
  document: string,
  text: string,
  { bytes, leaves }: LimitParameters,
): string {
  const size = `octet_length(${text})`;
  return `(${bytes}::integer IS NULL OR (${size} <= ${bytes}::integer AND (${size} < 3 * ${leaves}::integer
      OR (SELECT count(*) FROM jsonb_path_query(${document}, 'strict $.**') AS value
           WHERE jsonb_typeof(value) NOT IN ('object', 'array') OR value IN ('{}', '[]')) <= ${leaves}::integer)))`;
}
