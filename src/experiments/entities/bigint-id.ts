import type { ColumnOptions, ValueTransformer } from 'typeorm';

/** Reads a `bigint` id, which `pg` gives as a string, as a number; ids stay below 2^53. */
const bigintAsNumber: ValueTransformer = {
  from: (value: string | null) => (value === null ? null : Number(value)),
  to: (value: unknown) => value,
};

/** A column that refers to an id of another table. */
export const ID_REFERENCE: ColumnOptions = { type: 'bigint', transformer: bigintAsNumber };

/**
 * A primary key that PostgreSQL's identity sequence fills in. `BY DEFAULT`, so that an import from another tracker can
 * keep its ids.
 */
export function identity(primaryKeyConstraintName: string): ColumnOptions & { nullable?: false } {
  return {
    type: 'bigint',
    transformer: bigintAsNumber,
    generated: 'identity',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName,
  };
}
