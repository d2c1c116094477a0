import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, LessThan, MoreThan, Not, type EntityManager } from 'typeorm';
import { TokenNotFoundError, UserNotFoundError } from '../access.errors.js';
import { User } from '../entities/user.entity.js';
import { UserToken } from '../entities/user-token.entity.js';
import { TokenCache } from '../sign-in/token-cache.js';
import { hashToken, makeToken, tokenPrefix } from '../sign-in/token-text.js';

/** What a new token is made with. */
export interface NewToken {
  readonly name: string;
  readonly expiresAt: Date | null;
}

/** A token that was just made: the only time that its text is known. */
export interface MadeToken {
  readonly token: UserToken;
  readonly secret: string;
}

/** Makes, lists and revokes the tokens of users. */
@Injectable()
export class TokensService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cache: TokenCache,
  ) {}

  /** @throws UserNotFoundError */
  async create(userId: number, wanted: NewToken): Promise<MadeToken> {
    return await this.dataSource.transaction(async (manager) => {
      await mustExist(manager, userId);
      return await insert(manager, userId, wanted, false);
    });
  }

  /** A token for one sign-in; those of earlier ones that count no more are deleted. @throws UserNotFoundError */
  async createSession(userId: number, wanted: NewToken): Promise<MadeToken> {
    return await this.dataSource.transaction(async (manager) => {
      await mustExist(manager, userId);
      const ofSession = { userId, session: true };
      await manager.delete(UserToken, [
        { ...ofSession, expiresAt: LessThan(new Date()) },
        { ...ofSession, revokedAt: Not(IsNull()) },
      ]);
      return await insert(manager, userId, wanted, true);
    });
  }

  /** Oldest first, from the first behind an id; those that were revoked or have expired too. @throws UserNotFoundError */
  async list(userId: number, afterId: number, limit: number): Promise<readonly UserToken[]> {
    await mustExist(this.dataSource.manager, userId);
    const where = { userId, id: MoreThan(afterId) };
    return await this.dataSource.getRepository(UserToken).find({ where, order: { id: 'ASC' }, take: limit });
  }

  /** The token counts no more, here at once, in other processes within a second. @throws TokenNotFoundError */
  async revoke(userId: number, tokenId: number): Promise<void> {
    await revoke(this.dataSource.manager, userId, tokenId);
    this.cache.clear();
  }

  /** Makes a token in the place of another, with its name, and revokes that one. @throws TokenNotFoundError */
  async rotate(userId: number, tokenId: number, expiresAt: Date | null): Promise<MadeToken> {
    const made = await this.dataSource.transaction(async (manager) => {
      await revoke(manager, userId, tokenId);
      const { name } = await manager.findOneByOrFail(UserToken, { id: tokenId });
      return await insert(manager, userId, { name, expiresAt }, false);
    });
    this.cache.clear();
    return made;
  }

  /** Revokes a token that a sign-in has made; any other token is let be. */
  async revokeSession(hash: Buffer): Promise<void> {
    await this.dataSource
      .getRepository(UserToken)
      .update({ hash, session: true, revokedAt: IsNull() }, { revokedAt: new Date() });
    this.cache.clear();
  }
}

async function mustExist(manager: EntityManager, userId: number): Promise<void> {
  if (!(await manager.existsBy(User, { id: userId }))) throw new UserNotFoundError(userId);
}

async function insert(
  manager: EntityManager,
  userId: number,
  { name, expiresAt }: NewToken,
  session: boolean,
): Promise<MadeToken> {
  const secret = makeToken();
  const token = manager.create(UserToken, {
    userId,
    name,
    hash: hashToken(secret),
    prefix: tokenPrefix(secret),
    session,
    createdAt: new Date(),
    lastUsedAt: null,
    expiresAt,
    revokedAt: null,
  });
  return { token: await manager.save(token), secret };
}

async function revoke(manager: EntityManager, userId: number, tokenId: number): Promise<void> {
  const { affected } = await manager.update(
    UserToken,
    { id: tokenId, userId, revokedAt: IsNull() },
    { revokedAt: new Date() },
  );
  if (affected === 0) throw new TokenNotFoundError(userId, tokenId);
}
