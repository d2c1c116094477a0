import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { MetadataRecord } from '../metadata-record.js';
import type { AdapterResponse } from './answer.js';
import { entityTag, namesRevision } from './entity-tags.js';
import { NotModified } from './not-modified.js';

/** Gives the answer that holds a {@link MetadataRecord} its ETag, and answers 304 to a reader who has it already. */
@Injectable()
export class EntityTagInterceptor implements NestInterceptor<unknown, unknown> {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<{ method: string; headers: IncomingHttpHeaders }>();
    const response = http.getResponse<AdapterResponse>();
    return next.handle().pipe(
      map((answer) => {
        if (!(answer instanceof MetadataRecord)) return answer;
        const tag = entityTag(answer.revision);
        const isRead = request.method === 'GET' || request.method === 'HEAD';
        if (isRead && namesRevision(request.headers['if-none-match'], answer.revision))
          throw new NotModified(tag);
        response.header('ETag', tag);
        return answer;
      }),
    );
  }
}
