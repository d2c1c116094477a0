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
} from '../metadata/index.js';
import { readObject } from './body/read-object.js';
import { projectAnswer, type ProjectAnswer } from './dto/answers.js';
import { CHANGE_PROJECT, CREATE_PROJECT } from './dto/bodies.js';
import { answerCreated, type CreatingRequest } from './http/answer-created.js';
import { JSON_OR_MERGE_PATCH } from './http/content-types.js';
import { CurrentUser } from './http/current-user.decorator.js';
import { ExperimentsExceptionFilter } from './http/experiments-exception.filter.js';
import { parseId } from './http/parse-id.js';
import { pageById } from './http/page-by-id.js';
import { ProjectAccess } from './project-access.js';
import { ProjectsService } from './projects.service.js';
import { visibilityText } from './search/page.js';

/** Projects over HTTP. */
@Controller('projects')
@UseFilters(MetadataExceptionFilter, ExperimentsExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class ProjectsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly access: ProjectAccess,
    private readonly cursors: CursorCodec,
  ) {}

  @Post()
  async create(
    @CurrentUser() user: unknown,
    @Req() request: CreatingRequest,
    @ExactBody() body: JsonValue,
    @Res({ passthrough: true }) response: AdapterResponse,
  ): Promise<{ readonly project: ProjectAnswer }> {
    const project = await this.projects.create(user, readObject(body, CREATE_PROJECT));
    answerCreated(request, response, /\/?$/, `/${project.id}`);
    return { project: projectAnswer(project) };
  }

  @Get()
  async list(
    @CurrentUser() user: unknown,
    @QueryInteger('limit') limit: number | undefined,
    @QueryParameter('after') after: string | undefined,
  ): Promise<{ readonly items: readonly ProjectAnswer[]; readonly next: string | null }> {
    const { cursors } = this;
    const query = `projects ${visibilityText(await this.access.visibleProjects(user))}`;
    const read = (afterId: number, most: number) => this.projects.list(user, afterId, most);
    const { items, next } = await pageById({ cursors, query, limit, after, idOf: ({ id }) => id, read });
    return { items: items.map(projectAnswer), next };
  }

  @Get(':projectId')
  async get(
    @CurrentUser() user: unknown,
    @PathParameter('projectId') id: string,
  ): Promise<{ readonly project: ProjectAnswer }> {
    return {
      project: projectAnswer(await this.projects.get(user, parseId(id, 'project'))),
    };
  }

  @Patch(':projectId')
  async change(
    @CurrentUser() user: unknown,
    @PathParameter('projectId') id: string,
    @ExactBody(JSON_OR_MERGE_PATCH) body: JsonValue,
  ): Promise<{ readonly project: ProjectAnswer }> {
    const change = readObject(body, CHANGE_PROJECT);
    return {
      project: projectAnswer(await this.projects.change(user, parseId(id, 'project'), change)),
    };
  }

  @Delete(':projectId')
  @HttpCode(204)
  async delete(@CurrentUser() user: unknown, @PathParameter('projectId') id: string): Promise<void> {
    await this.projects.delete(user, parseId(id, 'project'));
  }
}
