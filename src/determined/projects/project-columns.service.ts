import { Injectable } from '@nestjs/common';
import { ProjectsService } from '../../experiments/index.js';
import {
  compareText,
  KnownFieldsService,
  parsePath,
  StringFieldsService,
  type KnownField,
  type Path,
} from '../../metadata/index.js';
import type { ColumnType } from '../filter/column-type.js';
import { formatMetadataColumn } from '../flat-key.js';
import { TABLE_COLUMNS } from '../run-columns.js';

/** A column that a table of runs may show and a filter may name. */
export interface ProjectColumn {
  readonly column: string;
  readonly location: string;
  readonly type: ColumnType;
  readonly displayName: string;
}

/** Known fields read at once. */
const PAGE_SIZE = 1_000;

/** Lists the columns of a project's runs. */
@Injectable()
export class ProjectColumnsService {
  constructor(
    private readonly fields: KnownFieldsService,
    private readonly strings: StringFieldsService,
    private readonly projects: ProjectsService,
  ) {}

  /**
   * The columns of runs, and after them those of metadata by name: each leaf once for every type that it holds.
   * @throws ProjectNotFoundError
   */
  async list(projectId: number, user: unknown): Promise<readonly ProjectColumn[]> {
    await this.projects.get(user, projectId);
    const fields = await this.leaves(String(projectId), user);
    const ofStrings = fields.filter(({ types }) => types.string !== undefined);
    const kinds = await this.strings.list(
      ofStrings.map((field) => parsePath(field.path)),
      String(projectId),
      user,
    );
    const parents = new Set(fields.map(({ path }) => JSON.stringify(parsePath(path).slice(0, -1))));
    const columns = fields.flatMap((field) => {
      const path = parsePath(field.path);
      const kind = kinds[ofStrings.indexOf(field)];
      // An object is a leaf when it is empty, as far as the known fields tell.
      const isEmptyObject = field.types.object !== undefined && !parents.has(JSON.stringify(path));
      const hasTexts = (kind?.texts ?? false) || isEmptyObject;
      return typesOf(field, kind?.dates ?? false, hasTexts).map((type) => toColumn(path, type));
    });
    columns.sort((a, b) => compareText(a.column, b.column) || compareText(a.type, b.type));
    return [...RUN_TABLE, ...columns];
  }

  private async leaves(scope: string, user: unknown): Promise<readonly KnownField[]> {
    const fields: KnownField[] = [];
    let after: string | undefined;
    do {
      const page = await this.fields.list({ scope, search: undefined, limit: PAGE_SIZE, after }, user);
      fields.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return fields;
  }
}

const RUN_TABLE: readonly ProjectColumn[] = TABLE_COLUMNS.map(([column, displayName, type]) => ({
  column,
  location: 'LOCATION_TYPE_RUN',
  type,
  displayName,
}));

/** Booleans, null and what is empty have no type of their own there. */
function typesOf({ types }: KnownField, dates: boolean, texts: boolean): readonly ColumnType[] {
  const held: readonly (readonly [ColumnType, boolean])[] = [
    ['COLUMN_TYPE_TEXT', texts || types.boolean !== undefined || types.null !== undefined],
    ['COLUMN_TYPE_NUMBER', types.number !== undefined],
    ['COLUMN_TYPE_DATE', dates],
    ['COLUMN_TYPE_ARRAY', types.array !== undefined],
  ];
  return held.filter(([, isHeld]) => isHeld).map(([type]) => type);
}

function toColumn(path: Path, type: ColumnType): ProjectColumn {
  return {
    column: formatMetadataColumn(path),
    location: 'LOCATION_TYPE_RUN_METADATA',
    type,
    displayName: '',
  };
}
