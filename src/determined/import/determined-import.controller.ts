import { Controller, HttpCode, Inject, Post, Req, UseFilters, UseInterceptors } from '@nestjs/common';
import { ExperimentsExceptionFilter, RestoreService, type RestoreResult } from '../../experiments/index.js';
import {
  ExactBody,
  ExactJsonInterceptor,
  METADATA_OPTIONS,
  MetadataExceptionFilter,
  type CheckedMetadataOptions,
  type JsonValue,
} from '../../metadata/index.js';
import { parseImportBatch } from './parse-import-batch.js';

/** A row that was left out, or whose metadata was. */
export interface RefusedRow {
  readonly kind: 'project' | 'experiment' | 'run';
  readonly id: number;
  readonly reason: string;
}

/** What a batch has done. */
export interface ImportedBatch {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: readonly RefusedRow[];
}

/** Takes in rows of a Determined database with their ids, batch by batch; `import:determined` sends them. */
@Controller('import/determined')
@UseFilters(MetadataExceptionFilter, ExperimentsExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class DeterminedImportController {
  constructor(
    private readonly restore: RestoreService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  @Post()
  @HttpCode(200)
  async import(@Req() request: object, @ExactBody() body: JsonValue): Promise<ImportedBatch> {
    const user = this.options.user(request);
    const { projects, experiments, runs } = parseImportBatch(body);
    // In the order in which they refer to each other.
    const results = [
      ...named('project', projects, await this.restore.projects(user, projects)),
      ...named('experiment', experiments, await this.restore.experiments(user, experiments)),
      ...named('run', runs, await this.restore.trials(user, runs)),
    ];
    const count = (outcome: RestoreResult): number =>
      results.filter(({ result }) => result === outcome).length;
    return {
      created: count('created'),
      updated: count('updated'),
      unchanged: count('unchanged'),
      refused: results.flatMap(({ kind, id, result }) =>
        result instanceof Error ? [{ kind, id, reason: result.message }] : [],
      ),
    };
  }
}

function named(
  kind: RefusedRow['kind'],
  rows: readonly { readonly id: number }[],
  results: readonly RestoreResult[],
): readonly { readonly kind: RefusedRow['kind']; readonly id: number; readonly result: RestoreResult }[] {
  return rows.map(({ id }, index) => ({ kind, id, result: results[index] ?? 'unchanged' }));
}
