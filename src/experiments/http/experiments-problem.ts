import { writeProblem, type ProblemAnswer } from '../../metadata/index.js';
import type { ExperimentsError, ExperimentsErrorCode } from '../experiments.errors.js';

/** The status of each error; the only such place. */
const STATUS: Readonly<Record<ExperimentsErrorCode, number>> = {
  project_not_found: 404,
  experiment_not_found: 404,
  view_not_found: 404,
  project_name_taken: 409,
  view_name_taken: 409,
  trial_number_taken: 409,
  project_creation_forbidden: 403,
  project_naming_forbidden: 403,
  project_edit_forbidden: 403,
};

/** The answer to an error about projects, experiments or trials. */
export function experimentsProblem(error: ExperimentsError): ProblemAnswer {
  return writeProblem(STATUS[error.code], error.code, error.message, error.problems);
}
