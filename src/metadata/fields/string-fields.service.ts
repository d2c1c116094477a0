import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TrialAccess } from '../access/trial-access.js';
import type { Path } from '../document/index.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS, METADATA_TABLES, TRIAL_SOURCE } from '../metadata.tokens.js';
import {
  compileFilter,
  DOCUMENT,
  EVERYTHING,
  joinSql,
  matchingTrials,
  sql,
  type MetadataTables,
  type Sql,
  type TrialSource,
} from '../query/index.js';
import { readOnly } from '../read-only.js';
import { visibleInScope } from './visible-in-scope.js';

/** What the strings of a field are. */
export interface StringField {
  /** Whether one is an RFC 3339 time, `YYYY-MM-DD` or `YYYY-MM`. */
  readonly dates: boolean;
  /** Whether one is none of these. */
  readonly texts: boolean;
}

/** Fields that one statement looks at, all in a single pass over the documents. */
const FIELDS_AT_ONCE = 100;

/** Tells fields of dates from fields of other strings, for wire formats whose columns have types. */
@Injectable()
export class StringFieldsService {
  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLES) private readonly tables: MetadataTables,
    @Inject(TRIAL_SOURCE) private readonly source: TrialSource,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly access: TrialAccess,
  ) {}

  /**
   * @param scope one project; absent: all that the user sees
   * @returns one a path, in their order
   * @throws DatabaseBusyError after the statement timeout
   */
  async list(
    paths: readonly Path[],
    scope: string | undefined,
    user: unknown,
  ): Promise<readonly StringField[]> {
    if (paths.length === 0) return [];
    const { from, where } = matchingTrials({
      source: this.source,
      tables: this.tables,
      filter: EVERYTHING,
      restriction: await visibleInScope(this.source, this.access, scope, user),
      columns: [this.source.scope],
    });
    return await readOnly(this.dataSource, this.options.statementTimeout, async (run) => {
      const fields: StringField[] = [];
      for (let start = 0; start < paths.length; start += FIELDS_AT_ONCE) {
        const part = paths.slice(start, start + FIELDS_AT_ONCE);
        const [row] = await run<{ held: readonly (boolean | null)[] }>(
          sql`SELECT ARRAY[${joinSql(part.flatMap(heldKinds), ', ')}] AS "held" FROM ${from} WHERE ${where}`,
        );
        const held = row?.held ?? [];
        part.forEach((_, index) => {
          fields.push({ dates: held[2 * index] === true, texts: held[2 * index + 1] === true });
        });
      }
      return fields;
    });
  }
}

function heldKinds(path: Path): readonly Sql[] {
  return (['date', 'text'] as const).map(
    (type) => sql`bool_or(${compileFilter({ kind: 'type', path, type }, { document: DOCUMENT })})`,
  );
}
