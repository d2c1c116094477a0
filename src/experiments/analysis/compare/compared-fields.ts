/** So many fields are listed. */
export const MAX_FIELDS = 2_000;

/** The fields of a comparison. */
export interface FieldsOf<Field> {
  readonly fields: readonly Field[];
  /** Whether there are more than are listed. Ask for some by `fields`, or for differences only. */
  readonly truncated: boolean;
}
