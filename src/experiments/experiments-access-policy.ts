import type { EntityManager } from 'typeorm';

/**
 * Who may see and change which projects; experiments, trials and their metadata follow their project. The host
 * implements it and names the class in `access`. `user` is what the option `user` finds in the request, by default
 * `request.user`.
 */
export abstract class ExperimentsAccessPolicy<User = unknown> {
  /** The ids of the projects that the user may see: asked by every read over many trials. */
  abstract visibleProjects(user: User): 'all' | readonly number[] | Promise<'all' | readonly number[]>;

  /** A project that the user may not see is answered like one that does not exist, so `false` is right for both. */
  abstract canViewProject(user: User, projectId: number): boolean | Promise<boolean>;

  /** Whoever may edit may also view. Also asked before anything in the project is created or deleted. */
  abstract canEditProject(user: User, projectId: number): boolean | Promise<boolean>;

  abstract canCreateProject(user: User): boolean | Promise<boolean>;

  /** Whether the user may list, build and drop the indexes of metadata fields; nobody by default. */
  canManageIndexes(_user: User): boolean | Promise<boolean> {
    return false;
  }

  /**
   * Whether the user may see and edit every project, as an administrator may: a report of his then needs no look-up of
   * the trial's project. False by default, which is right for everybody, and slower.
   */
  canDoEverything(_user: User): boolean | Promise<boolean> {
    return false;
  }

  /** Called within the transaction that creates a project, e.g. to make its creator an editor of it. */
  projectCreated?(user: User, projectId: number, manager: EntityManager): void | Promise<void>;
}

class AllowAllProjectsPolicy extends ExperimentsAccessPolicy {
  visibleProjects(): 'all' {
    return 'all';
  }

  canViewProject(): boolean {
    return true;
  }

  canEditProject(): boolean {
    return true;
  }

  canCreateProject(): boolean {
    return true;
  }

  override canManageIndexes(): boolean {
    return true;
  }

  override canDoEverything(): boolean {
    return true;
  }
}

/** Everybody may see and change every project. There is no default policy: a host that wants this one must say so. */
export const allowAllProjects: ExperimentsAccessPolicy = new AllowAllProjectsPolicy();
