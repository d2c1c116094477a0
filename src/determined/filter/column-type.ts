/** The types that Determined gives its columns. */
export const COLUMN_TYPES = [
  'COLUMN_TYPE_UNSPECIFIED',
  'COLUMN_TYPE_TEXT',
  'COLUMN_TYPE_NUMBER',
  'COLUMN_TYPE_DATE',
  'COLUMN_TYPE_ARRAY',
] as const;

export type ColumnType = (typeof COLUMN_TYPES)[number];
