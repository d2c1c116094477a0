import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Patch,
  Post,
  Req,
  Res,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import {
  CursorCodec,
  ExactBody,
  ExactJsonInterceptor,
  MetadataExceptionFilter,
  PathParameter,
  QueryInteger,
  QueryParameter,
  type AdapterResponse,
  type JsonValue,
} from '../../metadata/index.js';
import { readObject } from '../body/read-object.js';
import { answerCreated, type CreatingRequest } from '../http/answer-created.js';
import { pageById } from '../http/page-by-id.js';
import { JSON_OR_MERGE_PATCH } from '../http/content-types.js';
import { CurrentUser } from '../http/current-user.decorator.js';
import { ExperimentsExceptionFilter } from '../http/experiments-exception.filter.js';
import { parseId } from '../http/parse-id.js';
import { viewAnswer, type ViewAnswer } from './view-answer.js';
import { CHANGE_VIEW, CREATE_VIEW, readViewTable } from './view-bodies.js';
import { ViewsService } from './views.service.js';

/** The views of a project over HTTP. */
@Controller('projects/:projectId/views')
@UseFilters(MetadataExceptionFilter, ExperimentsExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class ViewsController {
  constructor(
    private readonly views: ViewsService,
    private readonly cursors: CursorCodec,
  ) {}

  @Post()
  async create(
    @CurrentUser() user: unknown,
    @Req() request: CreatingRequest,
    @PathParameter('projectId') project: string,
    @ExactBody() body: JsonValue,
    @Res({ passthrough: true }) response: AdapterResponse,
  ): Promise<{ readonly view: ViewAnswer }> {
    const projectId = parseId(project, 'project');
    const view = await this.views.create(user, projectId, readObject(body, CREATE_VIEW));
    answerCreated(request, response, /\/?$/, `/${view.id}`);
    return { view: viewAnswer(view) };
  }

  @Get()
  async list(
    @CurrentUser() user: unknown,
    @PathParameter('projectId') project: string,
    @QueryParameter('table') askedTable: string | undefined,
    @QueryInteger('limit') limit: number | undefined,
    @QueryParameter('after') after: string | undefined,
  ): Promise<{ readonly items: readonly ViewAnswer[]; readonly next: string | null }> {
    const projectId = parseId(project, 'project');
    const table = readViewTable(askedTable);
    const { cursors } = this;
    const query = `views ${projectId} ${table ?? ''}`;
    const read = (afterId: number, most: number) =>
      this.views.list(user, projectId, { table, afterId, limit: most });
    const { items, next } = await pageById({ cursors, query, limit, after, idOf: ({ id }) => id, read });
    return { items: items.map(viewAnswer), next };
  }

  @Get(':viewId')
  async get(
    @CurrentUser() user: unknown,
    @PathParameter('projectId') project: string,
    @PathParameter('viewId') id: string,
  ): Promise<{ readonly view: ViewAnswer }> {
    const view = await this.views.get(user, parseId(project, 'project'), parseId(id, 'view'));
    return { view: viewAnswer(view) };
  }

  @Patch(':viewId')
  async change(
    @CurrentUser() user: unknown,
    @PathParameter('projectId') project: string,
    @PathParameter('viewId') id: string,
    @ExactBody(JSON_OR_MERGE_PATCH) body: JsonValue,
  ): Promise<{ readonly view: ViewAnswer }> {
    const [projectId, viewId] = [parseId(project, 'project'), parseId(id, 'view')];
    const view = await this.views.change(user, projectId, viewId, readObject(body, CHANGE_VIEW));
    return { view: viewAnswer(view) };
  }

  @Delete(':viewId')
  @HttpCode(204)
  async delete(
    @CurrentUser() user: unknown,
    @PathParameter('projectId') project: string,
    @PathParameter('viewId') id: string,
  ): Promise<void> {
    await this.views.delete(user, parseId(project, 'project'), parseId(id, 'view'));
  }
}
