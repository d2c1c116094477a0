import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TrustedUser } from '../metadata/index.js';
import { ExperimentsAccessPolicy } from './experiments-access-policy.js';
import {
  ProjectCreationForbiddenError,
  ProjectEditForbiddenError,
  ProjectNotFoundError,
} from './experiments.errors.js';

/** Asks the host's policy, and turns a no into the error to answer. */
@Injectable()
export class ProjectAccess {
  constructor(private readonly policy: ExperimentsAccessPolicy) {}

  /** The ids of the projects that a read over many trials may take in. */
  async visibleProjects(user: unknown): Promise<'all' | readonly number[]> {
    return user instanceof TrustedUser ? 'all' : await this.policy.visibleProjects(user);
  }

  async canManageIndexes(user: unknown): Promise<boolean> {
    return user instanceof TrustedUser || (await this.policy.canManageIndexes(user));
  }

  async canDoEverything(user: unknown): Promise<boolean> {
    return user instanceof TrustedUser || (await this.policy.canDoEverything(user));
  }

  async canView(user: unknown, projectId: number): Promise<boolean> {
    return user instanceof TrustedUser || (await this.policy.canViewProject(user, projectId));
  }

  async canEdit(user: unknown, projectId: number): Promise<boolean> {
    return user instanceof TrustedUser || (await this.policy.canEditProject(user, projectId));
  }

  /**
   * @param hidden what to answer instead of the project's absence, e.g. that of an experiment in it
   * @throws ProjectNotFoundError, or `hidden`
   */
  async mustView(
    user: unknown,
    projectId: number,
    hidden: Error = new ProjectNotFoundError(projectId),
  ): Promise<void> {
    if (!(await this.canView(user, projectId))) throw hidden;
  }

  /** @throws ProjectNotFoundError or `hidden`, as {@link mustView}; ProjectEditForbiddenError */
  async mustEdit(user: unknown, projectId: number, hidden?: Error): Promise<void> {
    await this.mustView(user, projectId, hidden);
    const refusal = await this.whyNotEdit(user, projectId);
    if (refusal !== undefined) throw refusal;
  }

  /** @throws ProjectCreationForbiddenError */
  async mustCreate(user: unknown): Promise<void> {
    const refusal = await this.whyNotCreate(user);
    if (refusal !== undefined) throw refusal;
  }

  /** The error to answer when the user may not change what is in the project. */
  async whyNotEdit(user: unknown, projectId: number): Promise<Error | undefined> {
    return (await this.canEdit(user, projectId)) ? undefined : new ProjectEditForbiddenError(projectId);
  }

  /** The error to answer when the user may not create projects. */
  async whyNotCreate(user: unknown): Promise<Error | undefined> {
    const isAllowed = user instanceof TrustedUser || (await this.policy.canCreateProject(user));
    return isAllowed ? undefined : new ProjectCreationForbiddenError();
  }

  /** Tells the policy of a new project, within the transaction that makes it. */
  async created(user: unknown, projectId: number, manager: EntityManager): Promise<void> {
    if (!(user instanceof TrustedUser)) await this.policy.projectCreated?.(user, projectId, manager);
  }
}
