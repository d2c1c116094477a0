import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { writeJson } from '../document/index.js';
import type { AdapterResponse } from './answer.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Writes what a handler returns with {@link writeJson}, as text that no serialiser of the host rounds any more. */
@Injectable()
export class ExactJsonInterceptor implements NestInterceptor<unknown, string | undefined> {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<string | undefined> {
    const response = context.switchToHttp().getResponse<AdapterResponse>();
    return next.handle().pipe(
      map((answer) => {
        if (answer === undefined) return undefined;
        response.header('Content-Type', JSON_TYPE);
        return writeJson(answer);
      }),
    );
  }
}
