import type { Problem } from '../metadata/index.js';

export type ExperimentsErrorCode =
  | 'project_not_found'
  | 'experiment_not_found'
  | 'project_name_taken'
  | 'view_not_found'
  | 'view_name_taken'
  | 'trial_number_taken'
  | 'project_creation_forbidden'
  | 'project_naming_forbidden'
  | 'project_edit_forbidden';

/** The root of the errors about projects, experiments and trials; one exception filter turns `code` into a status. */
export abstract class ExperimentsError extends Error {
  abstract readonly code: ExperimentsErrorCode;

  constructor(
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** There is no such project, or the caller may not see it: one answer for both, so that nothing leaks. */
export class ProjectNotFoundError extends ExperimentsError {
  readonly code = 'project_not_found';

  /** @param path where the request names the project, when it is not in the URL */
  constructor(
    readonly projectId: number,
    path?: string,
  ) {
    const message = `There is no project ${projectId} that you may see. Check the id, or ask whoever may grant access to it.`;
    super(message, path === undefined ? [] : [{ path, code: 'project_not_found', message }]);
  }
}

/** There is no such experiment, or the caller may not see its project. */
export class ExperimentNotFoundError extends ExperimentsError {
  readonly code = 'experiment_not_found';

  constructor(readonly experimentId: number) {
    super(
      `There is no experiment ${experimentId} that you may see. Check the id, or ask whoever may grant access to its project.`,
    );
  }
}

/** There is no such view in the project. */
export class ViewNotFoundError extends ExperimentsError {
  readonly code = 'view_not_found';

  constructor(
    readonly projectId: number,
    readonly viewId: number,
  ) {
    super(
      `There is no view ${viewId} in project ${projectId}. GET /projects/${projectId}/views lists its views.`,
    );
  }
}

/** Another view of the same project and table bears the name already. */
export class ViewNameTakenError extends ExperimentsError {
  readonly code = 'view_name_taken';

  constructor(readonly viewName: string) {
    const message = `There is a view "${viewName}" of this table already. Choose another name, or change that view.`;
    super(message, [{ path: 'name', code: 'view_name_taken', message }]);
  }
}

/** Another project bears the name already. */
export class ProjectNameTakenError extends ExperimentsError {
  readonly code = 'project_name_taken';

  constructor(readonly projectName: string) {
    const message = `There is a project "${projectName}" already. Choose another name.`;
    super(message, [{ path: 'name', code: 'project_name_taken', message }]);
  }
}

/** Another trial of the experiment bears the number already. */
export class TrialNumberTakenError extends ExperimentsError {
  readonly code = 'trial_number_taken';

  constructor(
    readonly experimentId: number,
    readonly number: number,
  ) {
    const message = `Experiment ${experimentId} has a trial ${number} already. Choose another number, or leave it out.`;
    super(message, [{ path: 'number', code: 'trial_number_taken', message }]);
  }
}

/** The caller may not create projects. */
export class ProjectCreationForbiddenError extends ExperimentsError {
  readonly code = 'project_creation_forbidden';

  constructor() {
    super('You may not create projects. Ask an administrator to create it, or for the right to do so.');
  }
}

/** The caller may change the project but not its name: whoever may choose one learns which names others have taken. */
export class ProjectNamingForbiddenError extends ExperimentsError {
  readonly code = 'project_naming_forbidden';

  constructor(readonly projectId: number) {
    const message = `You may change project ${projectId} but not its name. Ask somebody who may create projects.`;
    super(message, [{ path: 'name', code: 'project_naming_forbidden', message }]);
  }
}

/** The caller may see the project, but not change what is in it. */
export class ProjectEditForbiddenError extends ExperimentsError {
  readonly code = 'project_edit_forbidden';

  constructor(readonly projectId: number) {
    super(`You may view project ${projectId} but not change it. Ask whoever may grant that.`);
  }
}
