import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import type { ProblemDetails } from '../../metadata/index.js';
import { AccessError, CredentialsRefusedError, TooManySignInsError } from '../access/access.errors.js';
import { describeError } from '../operations/describe-error.js';
import { noteProblem } from '../operations/request-facts.js';
import { accessProblem } from './access-problem.js';
import { databaseProblem } from './database-problem.js';
import type { KnownRoutes } from './known-routes.js';
import { problemDocument, sendProblem } from './problem-document.js';
import { unknownRoute } from './unknown-route.js';

/**
 * Answers every error that no narrower filter took as `application/problem+json`: an unknown route, a missing token, a
 * broken URL, a database that is away. What is nobody's fault but the master's is a 500 that tells nothing; its reason
 * goes to the log.
 */
@Catch()
export class ProblemExceptionFilter implements ExceptionFilter {
  constructor(
    private readonly routes: KnownRoutes,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = this.problemOf(error, request, response);
    noteProblem(response, problem.code);
    if (problem.status >= 500) {
      const place = { requestId: request.id, method: request.method, path: request.path };
      const level = problem.status === 500 ? 'error' : 'warn';
      this.logger[level]({ ...place, problem: problem.code, error: describeError(error) }, 'failed');
    }
    if (response.headersSent) {
      // Half an answer cannot be taken back: cut it, so that the client does not take it for a whole one.
      response.destroy();
      return;
    }
    sendProblem(response, problem);
  }

  private problemOf(error: unknown, request: Request, response: Response): ProblemDetails {
    if (error instanceof AccessError) return problemOfAccess(error, response);
    if (error instanceof HttpException) return this.problemOfHttp(error, request, response);
    const known = databaseProblem(error);
    if (known === undefined) {
      return problemDocument(500, 'The master failed on this request. Try again; its log says why.');
    }
    if (!response.headersSent) response.setHeader('Retry-After', String(known.retryAfter));
    return known.problem;
  }

  private problemOfHttp(error: HttpException, request: Request, response: Response): ProblemDetails {
    const status = error.getStatus();
    if (status === 404 && error.message.startsWith(`Cannot ${request.method} `)) {
      return unknownRoute(this.routes, request, response);
    }
    const answer = error.getResponse();
    const details = typeof answer === 'object' && 'details' in answer ? { details: answer.details } : {};
    return { ...problemDocument(status, error.message), ...details };
  }
}

function problemOfAccess(error: AccessError, response: Response): ProblemDetails {
  if (error instanceof CredentialsRefusedError) {
    response.setHeader('WWW-Authenticate', 'Bearer realm="trial metadata"');
  }
  if (error instanceof TooManySignInsError) response.setHeader('Retry-After', String(error.retryAfter));
  return accessProblem(error);
}
