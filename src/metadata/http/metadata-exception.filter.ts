import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { MetadataError } from '../metadata.errors.js';
import { sendProblem, type AdapterResponse } from './answer.js';
import { NotModified } from './not-modified.js';
import { problemAnswer } from './problem-details.js';

/** Answers the plugin's errors as problem details. All other errors stay with the host's filters. */
@Catch(MetadataError, NotModified)
export class MetadataExceptionFilter implements ExceptionFilter<MetadataError | NotModified> {
  catch(error: MetadataError | NotModified, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<AdapterResponse>();
    if (error instanceof MetadataError) {
      sendProblem(response, problemAnswer(error));
      return;
    }
    response.header('ETag', error.entityTag);
    response.status(304);
    response.send('');
  }
}
