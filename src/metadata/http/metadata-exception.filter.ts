import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { MetadataError } from '../metadata.errors.js';
import { sendProblem, type AdapterResponse } from './answer.js';
import { NotModified } from './not-modified.js';
import { problemAnswer } from './problem-details.js';
import { SettledError } from './settled-error.js';

/** Answers the plugin's errors as problem details. All other errors stay with the host's filters. */
@Catch(MetadataError, NotModified, SettledError)
export class MetadataExceptionFilter implements ExceptionFilter<MetadataError | NotModified | SettledError> {
  catch(error: MetadataError | NotModified | SettledError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<AdapterResponse>();
    if (!(error instanceof NotModified)) {
      sendProblem(response, error instanceof SettledError ? error.answer : problemAnswer(error));
      return;
    }
    response.header('ETag', error.entityTag);
    response.status(304);
    response.send('');
  }
}
