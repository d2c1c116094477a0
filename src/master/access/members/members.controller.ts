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
import { checkPageLimit, ExperimentsExceptionFilter, readObject } from '../../../experiments/index.js';
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
    @QueryInteger('limit') askedLimit: number | undefined,
    @QueryParameter('after') after: string | undefined,
  ): Promise<{ readonly items: readonly Member[]; readonly next: string | null }> {
    const id = parseId(projectId, 'projectId');
    const limit = checkPageLimit(askedLimit);
    const query = `members of ${id}`;
    const afterId = after === undefined ? 0 : Number(this.cursors.decode(after, query).id);
    const found = await this.members.list(id, afterId, limit + 1);
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const next =
      last === undefined ? null : this.cursors.encode({ id: String(last.userId), values: [] }, query);
    return { items, next };
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
