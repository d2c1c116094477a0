import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { KnownRoutes } from './known-routes.js';
import type { ProblemDocument } from './problem-document.js';
import { problemDocument, sendProblem } from './problem-document.js';
import { unknownRoute } from './unknown-route.js';

/**
 * Answers every error that no narrower filter took as `application/problem+json`: an unknown route, a missing token, a
 * broken URL. What is nobody's fault but the master's is a 500 that tells nothing; its reason goes to the log.
 */
@Catch()
export class ProblemExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger('Master');

  constructor(private readonly routes: KnownRoutes) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    if (!(error instanceof HttpException)) {
      const place = `${request.method} ${request.originalUrl.split('?')[0]}`;
      this.logger.error(place, error instanceof Error ? error.stack : String(error));
    }
    if (response.headersSent) {
      // Half an answer cannot be taken back: cut it, so that the client does not take it for a whole one.
      response.destroy();
      return;
    }
    sendProblem(response, this.problemOf(error, request, response));
  }

  private problemOf(error: unknown, request: Request, response: Response): ProblemDocument {
    if (!(error instanceof HttpException)) {
      return problemDocument(500, 'The master failed on this request. Try again; its log says why.');
    }
    const status = error.getStatus();
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="trial metadata"');
    if (status === 404 && error.message.startsWith(`Cannot ${request.method} `)) {
      return unknownRoute(this.routes, request, response);
    }
    const answer = error.getResponse();
    const details = typeof answer === 'object' && 'details' in answer ? { details: answer.details } : {};
    return { ...problemDocument(status, error.message), ...details };
  }
}
