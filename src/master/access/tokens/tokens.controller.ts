import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Post,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { pageById, readObject } from '../../../experiments/index.js';
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
import { CREATE_TOKEN, ROTATE_TOKEN } from '../dto/bodies.js';
import { AdministratorsGuard, OrOneself } from '../http/administrators.guard.js';
import { parseId } from '../http/parse-id.js';
import { tokenAnswer, type TokenAnswer } from './token-answer.js';
import { TokensService, type MadeToken } from './tokens.service.js';

/** A token that was just made. */
interface MadeTokenAnswer {
  readonly token: TokenAnswer & { readonly secret: string };
}

/** The tokens of a user: an administrator makes them; a user may see, rotate and revoke his own. */
@Controller('users/:userId/tokens')
@UseGuards(AdministratorsGuard)
@UseFilters(MetadataExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class TokensController {
  constructor(
    private readonly tokens: TokensService,
    private readonly cursors: CursorCodec,
  ) {}

  @Post()
  async create(
    @PathParameter('userId') userId: string,
    @ExactBody() body: JsonValue,
  ): Promise<MadeTokenAnswer> {
    const { name = 'token', expiresAt = null } = readObject(body, CREATE_TOKEN);
    return made(await this.tokens.create(parseId(userId, 'userId'), { name, expiresAt }));
  }

  @Get()
  @OrOneself()
  async list(
    @PathParameter('userId') userId: string,
    @QueryInteger('limit') limit: number | undefined,
    @QueryParameter('after') after: string | undefined,
  ): Promise<{ readonly items: readonly TokenAnswer[]; readonly next: string | null }> {
    const { cursors } = this;
    const id = parseId(userId, 'userId');
    const query = `tokens of ${id}`;
    const read = (afterId: number, most: number) => this.tokens.list(id, afterId, most);
    const { items, next } = await pageById({ cursors, query, limit, after, idOf: (token) => token.id, read });
    return { items: items.map(tokenAnswer), next };
  }

  @Post(':tokenId/rotate')
  @OrOneself()
  async rotate(
    @PathParameter('userId') userId: string,
    @PathParameter('tokenId') tokenId: string,
    @ExactBody() body: JsonValue,
  ): Promise<MadeTokenAnswer> {
    const { expiresAt = null } = readObject(body, ROTATE_TOKEN);
    const ids = [parseId(userId, 'userId'), parseId(tokenId, 'tokenId')] as const;
    return made(await this.tokens.rotate(...ids, expiresAt));
  }

  @Delete(':tokenId')
  @HttpCode(204)
  @OrOneself()
  async revoke(
    @PathParameter('userId') userId: string,
    @PathParameter('tokenId') tokenId: string,
  ): Promise<void> {
    await this.tokens.revoke(parseId(userId, 'userId'), parseId(tokenId, 'tokenId'));
  }
}

function made({ token, secret }: MadeToken): MadeTokenAnswer {
  return { token: { ...tokenAnswer(token), secret } };
}
