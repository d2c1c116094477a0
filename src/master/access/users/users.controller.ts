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
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import {
  answerCreated,
  checkPageLimit,
  readObject,
  type CreatingRequest,
} from '../../../experiments/index.js';
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
} from '../../../metadata/index.js';
import { CHANGE_USER, CREATE_USER } from '../dto/bodies.js';
import { AdministratorsGuard, OrOneself } from '../http/administrators.guard.js';
import { parseId } from '../http/parse-id.js';
import { userAnswer, type UserAnswer } from './user-answer.js';
import { UsersService } from './users.service.js';

/** What the cursors of the list of users belong to. */
const LIST = 'users';

interface OneUser {
  readonly user: UserAnswer;
}

/** Users, for administrators; a user may see himself. */
@Controller('users')
@UseGuards(AdministratorsGuard)
@UseFilters(MetadataExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly cursors: CursorCodec,
  ) {}

  @Post()
  async create(
    @Req() request: CreatingRequest,
    @ExactBody() body: JsonValue,
    @Res({ passthrough: true }) response: AdapterResponse,
  ): Promise<OneUser> {
    const user = await this.users.create(readObject(body, CREATE_USER));
    answerCreated(request, response, /\/?$/, `/${user.id}`);
    return { user: userAnswer(user) };
  }

  @Get()
  async list(
    @QueryInteger('limit') askedLimit: number | undefined,
    @QueryParameter('after') after: string | undefined,
  ): Promise<{ readonly items: readonly UserAnswer[]; readonly next: string | null }> {
    const limit = checkPageLimit(askedLimit);
    const afterId = after === undefined ? 0 : Number(this.cursors.decode(after, LIST).id);
    // One more than asked for tells whether there is a next page.
    const found = await this.users.list(afterId, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const next = last === undefined ? null : this.cursors.encode({ id: String(last.id), values: [] }, LIST);
    return { items: page.map(userAnswer), next };
  }

  @Get(':userId')
  @OrOneself()
  async get(@PathParameter('userId') id: string): Promise<OneUser> {
    return { user: userAnswer(await this.users.get(parseId(id, 'userId'))) };
  }

  @Patch(':userId')
  async change(
    @PathParameter('userId') id: string,
    @ExactBody(['application/json', 'application/merge-patch+json']) body: JsonValue,
  ): Promise<OneUser> {
    const change = readObject(body, CHANGE_USER);
    return { user: userAnswer(await this.users.change(parseId(id, 'userId'), change)) };
  }

  @Delete(':userId')
  @HttpCode(204)
  async delete(@PathParameter('userId') id: string): Promise<void> {
    await this.users.delete(parseId(id, 'userId'));
  }
}
