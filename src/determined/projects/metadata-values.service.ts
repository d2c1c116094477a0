import { Injectable } from '@nestjs/common';
import { ProjectsService } from '../../experiments/index.js';
import {
  compareText,
  FieldValuesService,
  isDate,
  isJsonArray,
  parseJson,
  type Filter,
  type JsonValue,
  type Path,
} from '../../metadata/index.js';

/** Distinct values looked at, the most frequent first: more than anybody chooses from. */
const MAX_VALUES = 10_000;

/** Lists the texts that a key holds in a project, as suggestions for a filter. */
@Injectable()
export class MetadataValuesService {
  constructor(
    private readonly values: FieldValuesService,
    private readonly projects: ProjectsService,
  ) {}

  /** Distinct and ascending; elements of lists are taken in, dates are left out. @throws ProjectNotFoundError */
  async list(projectId: number, path: Path, user: unknown): Promise<readonly string[]> {
    await this.projects.get(user, projectId);
    const holdsText: Filter = {
      kind: 'some',
      path,
      of: 'elements',
      filter: { kind: 'type', path: [], type: 'text' },
    };
    const { items } = await this.values.list(
      {
        field: { kind: 'metadata', path },
        filter: holdsText,
        scope: String(projectId),
        search: undefined,
        limit: MAX_VALUES,
        after: undefined,
      },
      user,
    );
    const texts = items.flatMap(({ value }) => textsIn(parseJson(value.text)));
    return [...new Set(texts)].sort(compareText);
  }
}

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return isDate(value) ? [] : [value];
  return isJsonArray(value) ? value.flatMap(textsIn) : [];
}
