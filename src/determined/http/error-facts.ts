import { HttpException } from '@nestjs/common';
import { ExperimentsError, ProjectNotFoundError } from '../../experiments/index.js';
import {
  EditForbiddenError,
  MetadataError,
  problemAnswer,
  TrialNotFoundError,
} from '../../metadata/index.js';
import { InvalidArgumentError, InvalidCredentialsError } from '../determined.errors.js';

/** What is told of an error. */
export interface ErrorFacts {
  readonly status: number;
  readonly message: string;
  /** Beside the content type, e.g. `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The facts of an error that this module, the experiments, the plugin or Nest throws; undefined for any other. */
export function errorFacts(error: unknown): ErrorFacts | undefined {
  if (error instanceof InvalidArgumentError) return { status: 400, message: error.message };
  if (error instanceof InvalidCredentialsError) return { status: 403, message: error.message };
  if (error instanceof TrialNotFoundError)
    return { status: 404, message: `trial '${error.trialId}' not found` };
  if (error instanceof ProjectNotFoundError)
    return { status: 404, message: `project '${error.projectId}' not found` };
  // Determined's projects have roles of this name; those of a host may have none.
  if (error instanceof EditForbiddenError)
    return {
      status: 403,
      message: `You may view trial ${error.trialId} but not change it. Ask for the editor role in its project.`,
    };
  if (error instanceof MetadataError) return factsOfMetadata(error);
  if (error instanceof ExperimentsError) return { status: statusOf(error), message: error.message };
  if (error instanceof HttpException) return { status: error.getStatus(), message: error.message };
  return undefined;
}

export const INTERNAL_ERROR: ErrorFacts = {
  status: 500,
  message: 'internal error: try again; the log says why',
};

function factsOfMetadata(error: MetadataError): ErrorFacts {
  const { status, headers } = problemAnswer(error);
  const { 'Content-Type': _, ...others } = headers;
  return { status, message: error.message, headers: others };
}

function statusOf({ code }: ExperimentsError): number {
  if (code.endsWith('_not_found')) return 404;
  return code.endsWith('_forbidden') ? 403 : 409;
}
