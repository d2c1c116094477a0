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
import { answerCreated, pageById, readObject, type CreatingRequest } from '../../../experiments/index.js';
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
    @QueryInteger('limit') limit: number | undefined,
    @QueryParameter('after') after: string | undefined,
  ): Promise<{ readonly items: readonly UserAnswer[]; readonly next: string | null }> {
    const { cursors } = this;
    const read = (afterId: number, most: number) => this.users.list(afterId, most);
    const { items, next } = await pageById({
      cursors,
      query: LIST,
      limit,
      after,
      idOf: ({ id }) => id,
      read,
    });
    return { items: items.map(userAnswer), next };
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
