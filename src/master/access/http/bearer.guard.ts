import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ALLOCATION_TOKEN_HEADER } from '../../../determined/index.js';
import { CredentialsRefusedError } from '../access.errors.js';
import type { MasterUser } from '../master-user.js';
import { SignInService } from '../sign-in/sign-in.service.js';
import { PUBLIC } from './public.decorator.js';

const BEARER = /^Bearer +([\x21-\x7e]{1,500}) *$/i;

/** Lets a request pass whose `Authorization: Bearer` token is known, and leaves its user at `request.user`. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly signIn: SignInService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]))
      return true;
    const request = context.switchToHttp().getRequest<Request & { user?: MasterUser }>();
    request.user = await this.signIn.userOf(tokenOf(request), addressOf(request));
    return true;
  }
}

/** The token that a request brings, in `Authorization` or in the header of Determined's training containers. @throws CredentialsRefusedError when it brings none */
export function tokenOf({ headers }: Request): string {
  // A header that is sent more than once is none: Node.js joins the two, and no token has a comma and a space.
  const allocation = headers[ALLOCATION_TOKEN_HEADER];
  const authorization = headers.authorization ?? (Array.isArray(allocation) ? undefined : allocation);
  if (authorization === undefined) {
    throw new CredentialsRefusedError('This needs a token. Send it as "Authorization: Bearer <token>".');
  }
  const token = BEARER.exec(authorization)?.[1];
  if (token !== undefined) return token;
  throw new CredentialsRefusedError(
    'The header Authorization holds no token. Send it as "Authorization: Bearer <token>".',
  );
}

/** Where a request comes from, as far as the setting TRUST_PROXY lets that be seen. */
export function addressOf({ ip }: Request): string {
  return ip ?? '';
}
