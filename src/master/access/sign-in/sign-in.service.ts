import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MASTER_OPTIONS, type MasterOptions } from '../../master.options.js';
import { CredentialsRefusedError, TooManySignInsError } from '../access.errors.js';
import { ADMIN_NAME, builtInAdministrator, type MasterUser } from '../master-user.js';
import { TokensService } from '../tokens/tokens.service.js';
import { AttemptLimiter } from './attempt-limiter.js';
import { findPasswordUser, findTokenUser, noteTokenUse } from './find-user.js';
import { clientHash, verifyPassword } from './password.js';
import { ProvenTokens } from './proven-tokens.js';
import { TokenCache } from './token-cache.js';
import { hashToken } from './token-text.js';

/** How long a token from a sign-in with a password is good for. */
const SESSION_MS = 7 * 24 * 60 * 60 * 1000;
const DEFAULT_FAILURES = 20;

/** A password, or the hash of it that Determined's clients send; see `clientHash`. */
export type Password = { readonly password: string } | { readonly hash: string };

/** What a sign-in with a password gives. */
export interface Session {
  readonly user: MasterUser;
  /** To be sent as a bearer token. */
  readonly token: string;
}

/** Tells whose token a token is, and whose password a password. */
@Injectable()
export class SignInService {
  private readonly administrator = builtInAdministrator(ADMIN_NAME);
  private readonly administratorHash: Buffer;
  private readonly limiter: AttemptLimiter;
  private readonly proven = new ProvenTokens();

  constructor(
    @Inject(MASTER_OPTIONS) private readonly options: MasterOptions,
    private readonly dataSource: DataSource,
    private readonly cache: TokenCache,
    private readonly tokens: TokensService,
  ) {
    this.administratorHash = hashToken(options.adminToken);
    this.limiter = new AttemptLimiter(options.failedSignInsPerMinute ?? DEFAULT_FAILURES);
  }

  /**
   * The user with this token. While an address has too many failures, only tokens that were right from there before are
   * looked at, so that a client with an old token does not lock out the others behind its proxy.
   * @throws CredentialsRefusedError, TooManySignInsError
   */
  async userOf(token: string, address: string): Promise<MasterUser> {
    const hash = hashToken(token);
    const isProven = this.proven.has(address, hash);
    if (!isProven) this.mustNotWait(address);
    const user = await this.findByToken(hash);
    if (user !== undefined) {
      this.proven.add(address, hash);
      return user;
    }
    this.proven.remove(address, hash);
    this.limiter.failed(address);
    throw new CredentialsRefusedError(
      'The token is not known, or no longer good. Check it, or ask an administrator for a new one.',
    );
  }

  /**
   * Signs a user in with his password, and `admin` with the administrator's token in its place.
   * @throws CredentialsRefusedError, with the same words for an unknown name; TooManySignInsError
   */
  async signIn(username: string, password: Password, address: string): Promise<Session> {
    this.mustNotWait(address);
    // Counted before it is known, so that many tries at once are limited too.
    this.limiter.failed(address);
    const hash = 'hash' in password ? password.hash : clientHash(password.password);
    const session = await this.openSession(username, hash);
    if (session === undefined) {
      throw new CredentialsRefusedError('The user name or the password is wrong. Check both.');
    }
    this.limiter.forgive(address);
    return session;
  }

  /** Revokes a token that {@link signIn} gave; other tokens stay as they are. */
  async signOut(token: string): Promise<void> {
    await this.tokens.revokeSession(hashToken(token));
  }

  /** For a request without a token, or with something that is none. @throws TooManySignInsError */
  mustNotWait(address: string): void {
    const wait = this.limiter.wait(address);
    if (wait > 0) throw new TooManySignInsError(wait);
  }

  private async findByToken(hash: Buffer): Promise<MasterUser | undefined> {
    // Digests have one length, so that the comparison tells nothing of the token's either.
    if (timingSafeEqual(hash, this.administratorHash)) return this.administrator;
    const cached = this.cache.get(hash);
    if (cached !== undefined) return cached;
    return await this.cache.fill(hash, async () => {
      const found = await findTokenUser(this.dataSource, hash);
      if (found !== undefined) await noteTokenUse(this.dataSource, found);
      return found?.user;
    });
  }

  private async openSession(username: string, hash: string): Promise<Session | undefined> {
    if (username === ADMIN_NAME) {
      const expected = hashToken(clientHash(this.options.adminToken));
      if (!timingSafeEqual(hashToken(hash), expected)) return undefined;
      return { user: this.administrator, token: this.options.adminToken };
    }
    const found = await findPasswordUser(this.dataSource, username);
    const isRight = await verifyPassword(hash, found?.passwordHash ?? null);
    if (found === undefined || !isRight) return undefined;
    const expiresAt = new Date(Date.now() + SESSION_MS);
    const { secret } = await this.tokens.createSession(found.user.id ?? 0, { name: 'sign-in', expiresAt });
    return { user: found.user, token: secret };
  }
}
