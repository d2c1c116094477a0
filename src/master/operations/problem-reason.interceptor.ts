import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, throwError, type Observable } from 'rxjs';
import { noteProblem } from './request-facts.js';
import { reasonCode } from './reason-code.js';

/** Notes why a handler refused a request, before an exception filter makes an answer of it. */
@Injectable()
export class ProblemReasonInterceptor implements NestInterceptor<unknown, unknown> {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const response = context.switchToHttp().getResponse<object>();
    return next.handle().pipe(
      catchError((error: unknown) => {
        const code = reasonCode(error);
        if (code !== undefined) noteProblem(response, code);
        return throwError(() => error);
      }),
    );
  }
}
