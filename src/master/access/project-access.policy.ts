import { Injectable } from '@nestjs/common';
import { ExperimentsAccessPolicy } from '../../experiments/index.js';
import type { MasterUser } from './master-user.js';

/**
 * A viewer of a project sees it, an editor changes what is in it, and an administrator does everything everywhere.
 *
 * Administrators alone create projects, and give them names: a name is unique among all projects, so that whoever may
 * choose one finds out which names others have taken.
 */
@Injectable()
export class ProjectAccessPolicy extends ExperimentsAccessPolicy<MasterUser> {
  visibleProjects({ administrator, roles }: MasterUser): 'all' | readonly number[] {
    return administrator ? 'all' : [...roles.keys()];
  }

  canViewProject({ administrator, roles }: MasterUser, projectId: number): boolean {
    return administrator || roles.has(projectId);
  }

  canEditProject({ administrator, roles }: MasterUser, projectId: number): boolean {
    return administrator || roles.get(projectId) === 'editor';
  }

  canCreateProject({ administrator }: MasterUser): boolean {
    return administrator;
  }

  override canManageIndexes({ administrator }: MasterUser): boolean {
    return administrator;
  }

  override canDoEverything({ administrator }: MasterUser): boolean {
    return administrator;
  }
}
