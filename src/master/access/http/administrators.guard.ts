import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { AdministratorNeededError } from '../access.errors.js';
import type { MasterUser } from '../master-user.js';

const OR_ONESELF = 'trial-metadata:or-oneself';

/** Marks a route below `/users/:userId` that this user may use too. */
export const OrOneself = (): MethodDecorator => SetMetadata(OR_ONESELF, true);

/**
 * Lets administrators pass. Everybody else is told the same whatever the address names, so that nobody learns who or
 * what there is.
 */
@Injectable()
export class AdministratorsGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const { user, params } = context.switchToHttp().getRequest<Request & { user: MasterUser }>();
    const isOneself =
      this.reflector.get<boolean | undefined>(OR_ONESELF, context.getHandler()) === true &&
      user.id !== null &&
      params['userId'] === String(user.id);
    if (user.administrator || isOneself) return true;
    throw new AdministratorNeededError();
  }
}
