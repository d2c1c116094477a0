import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { of, type Observable } from 'rxjs';
import { isDeterminedClient } from '../../determined/index.js';
import type { MasterUser } from '../access/master-user.js';
import { MeController } from '../access/users/me.controller.js';
import { determinedUser } from './determined-user.js';

/** Answers `GET /me` to Determined's SDK in its form, by which it also finds out whether a token still counts. */
@Injectable()
export class DeterminedMeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getClass() !== MeController) return next.handle();
    const request = context.switchToHttp().getRequest<Request & { user: MasterUser }>();
    return isDeterminedClient(request.headers) ? of({ user: determinedUser(request.user) }) : next.handle();
  }
}
