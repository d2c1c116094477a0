import type { Type } from '@nestjs/common';

/**
 * How reads over many trials see a host's own entities; table, schema, names and types are taken from the entities:
 *
 *     {
 *       joins: [{ name: 'experiment', entity: Study, on: 'study' }],
 *       columns: { 'trial.title': 'title', 'experiment.name': 'label', 'experiment.id': 'key' },
 *       scope: 'experiment.id',
 *     }
 *
 * Whole numbers, numbers, texts, booleans, times, uuids, enumerations, JSON and arrays can be columns. A time without a zone
 * counts as UTC; a `double precision` that is no finite number counts as missing.
 */
export interface EntitySource {
  /** Entities beside that of a trial; none by default. */
  readonly joins?: readonly EntityJoin[];
  /**
   * What filters, sorts and `/metadata/values` may name beside metadata: to each name the property that holds it. A name
   * begins with `trial.` or with the name of a join.
   */
  readonly columns: Readonly<Record<string, string>>;
  /**
   * Of the columns the one by which known fields and values are counted apart and which `projectId` selects; trials that have none
   * are counted together. Absent: all are.
   */
  readonly scope?: string;
}

/** An entity that each trial leads to at most one row of. */
export interface EntityJoin {
  /** As columns name it, e.g. `experiment`; letters, digits and `_`. In SQL its alias. */
  readonly name: string;
  readonly entity: Type;
  /**
   * The many-to-one or one-to-one relation that leads to it, a property of the entity where it begins; or, without a relation,
   * properties there by the properties that they equal here: `{ studyKey: 'key' }`.
   */
  readonly on: string | Readonly<Record<string, string>>;
  /** The join where it begins; absent: the trial. */
  readonly from?: string;
}
