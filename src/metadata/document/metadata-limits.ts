/** How large one trial's metadata may be. Sizes in bytes of UTF-8. */
export interface MetadataLimits {
  /** The whole document, as PostgreSQL prints it: numbers are written out, `1e100` counts 101 bytes. */
  readonly documentBytes: number;
  /** Objects and lists inside each other; the document itself is the first. */
  readonly depth: number;
  /** Scalars, in lists too; an empty object or list counts as one. */
  readonly leafValues: number;
  /** One key, at any depth. */
  readonly keyBytes: number;
  /** One string, as text: quotes and escapes are not counted. */
  readonly stringBytes: number;
  /** Elements of one list. */
  readonly arrayElements: number;
}

/** The limits of a host that names none. */
export const DEFAULT_LIMITS: MetadataLimits = Object.freeze({
  documentBytes: 256 * 1024,
  depth: 10,
  leafValues: 1_000,
  keyBytes: 255,
  stringBytes: 16 * 1024,
  arrayElements: 1_000,
});
