import { Controller, Get, Inject, Req } from '@nestjs/common';
import { METADATA_OPTIONS, PathParameter, type CheckedMetadataOptions } from '../../metadata/index.js';
import { parseFlatKey } from '../flat-key.js';
import { DeterminedRoute } from '../http/determined-route.decorator.js';
import { readProjectId } from '../runs/read-request.js';
import { MetadataValuesService } from './metadata-values.service.js';
import { ProjectColumnsService, type ProjectColumn } from './project-columns.service.js';

/** What Determined's pages ask about the metadata of a project. */
@Controller('projects/:projectId')
export class ProjectMetadataController {
  constructor(
    private readonly columns: ProjectColumnsService,
    private readonly values: MetadataValuesService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  /** Tables of experiments have no columns of metadata there; here both kinds of table have the same. */
  @Get('columns')
  @DeterminedRoute()
  async listColumns(
    @Req() request: object,
    @PathParameter('projectId') projectId: string,
  ): Promise<{ readonly columns: readonly ProjectColumn[] }> {
    const columns = await this.columns.list(readProjectId(projectId), this.options.user(request));
    return { columns };
  }

  @Get('metadata/:key')
  @DeterminedRoute()
  async listValues(
    @Req() request: object,
    @PathParameter('projectId') projectId: string,
    @PathParameter('key') key: string,
  ): Promise<{ readonly values: readonly string[] }> {
    const path = parseFlatKey(key);
    return { values: await this.values.list(readProjectId(projectId), path, this.options.user(request)) };
  }
}
