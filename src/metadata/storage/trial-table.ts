/** The types of trial id that a host may use. */
export type TrialIdType = 'integer' | 'bigint' | 'uuid';

/** Where the host keeps its trials: the table and the column that identifies a trial. */
export interface TrialTable {
  readonly table: string;
  /** Absent: the schema that the connection's search path finds. */
  readonly schema?: string | undefined;
  /** `id` by default. */
  readonly column?: string | undefined;
  /** `bigint` by default. */
  readonly type?: TrialIdType | undefined;
}
