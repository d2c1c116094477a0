import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Put,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ExperimentsExceptionFilter, pageById, readObject } from '../../../experiments/index.js';
import {
  CursorCodec,
  ExactBody,
  ExactJsonInterceptor,
  MetadataExceptionFilter,
  PathParameter,
  QueryInteger,
  QueryParameter,
  type JsonValue,
} from '../../../metadata/index.js';
import { PUT_MEMBER } from '../dto/bodies.js';
import { AdministratorsGuard } from '../http/administrators.guard.js';
import { parseId } from '../http/parse-id.js';
import { MembersService, type Member } from './members.service.js';

/** Who may see and who may change a project, for administrators. */
@Controller('projects/:projectId/members')
@UseGuards(AdministratorsGuard)
@UseFilters(MetadataExceptionFilter, ExperimentsExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly cursors: CursorCodec,
  ) {}

  @Get()
  async list(
    @PathParameter('projectId') projectId: string,
    @QueryInteger('limit') limit: number | undefined,
    @QueryParameter('after') after: string | undefined,
  ): Promise<{ readonly items: readonly Member[]; readonly next: string | null }> {
    const id = parseId(projectId, 'projectId');
    const { cursors } = this;
    const query = `members of ${id}`;
    const read = (afterId: number, most: number) => this.members.list(id, afterId, most);
    return await pageById({ cursors, query, limit, after, idOf: ({ userId }) => userId, read });
  }

  @Put(':userId')
  async put(
    @PathParameter('projectId') projectId: string,
    @PathParameter('userId') userId: string,
    @ExactBody() body: JsonValue,
  ): Promise<{ readonly member: Member }> {
    const { role } = readObject(body, PUT_MEMBER);
    const ids = [parseId(projectId, 'projectId'), parseId(userId, 'userId')] as const;
    return { member: await this.members.put(...ids, role) };
  }

  @Delete(':userId')
  @HttpCode(204)
  async remove(
    @PathParameter('projectId') projectId: string,
    @PathParameter('userId') userId: string,
  ): Promise<void> {
    await this.members.remove(parseId(projectId, 'projectId'), parseId(userId, 'userId'));
  }
}
