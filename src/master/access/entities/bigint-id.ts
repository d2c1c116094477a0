import type { ColumnOptions, ValueTransformer } from 'typeorm';

const bigintAsNumber: ValueTransformer = {
  from: (value: string | null) => (value === null ? null : Number(value)),
  to: (value: unknown) => value,
};

/** A column that holds an id; `pg` gives a `bigint` as a string, and ids stay below 2^53. */
export const ID: ColumnOptions & { nullable?: false } = { type: 'bigint', transformer: bigintAsNumber };

/** A primary key that PostgreSQL's identity sequence fills in. */
export const IDENTITY: ColumnOptions & { nullable?: false } = {
  ...ID,
  generated: 'identity',
  generatedIdentity: 'BY DEFAULT',
};
