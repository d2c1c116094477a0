import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { MasterUser } from './master-user.js';
import { PUBLIC } from './public.decorator.js';
import { SignInService } from './sign-in.service.js';

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

/** Lets a request pass whose `Authorization: Bearer` token is known, and leaves its user at `request.user`. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly signIn: SignInService,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]))
      return true;
    const request = context.switchToHttp().getRequest<Request & { user?: MasterUser }>();
    const header = request.headers.authorization;
    if (header === undefined) {
      throw new UnauthorizedException('This needs a token. Send it as "Authorization: Bearer <token>".');
    }
    const token = BEARER.exec(header)?.[1];
    const user = token === undefined ? undefined : this.signIn.userOf(token);
    if (!user)
      throw new UnauthorizedException(
        'The token is not known. Check it, or ask the administrator for a new one.',
      );
    request.user = user;
    return true;
  }
}
