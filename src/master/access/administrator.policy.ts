import { Injectable } from '@nestjs/common';
import { ExperimentsAccessPolicy } from '../../experiments/index.js';
import type { MasterUser } from './master-user.js';

/** The administrator may do everything in every project, anybody else nothing. */
@Injectable()
export class AdministratorPolicy extends ExperimentsAccessPolicy<MasterUser> {
  visibleProjects({ administrator }: MasterUser): 'all' | readonly number[] {
    return administrator ? 'all' : [];
  }

  canViewProject({ administrator }: MasterUser): boolean {
    return administrator;
  }

  canEditProject({ administrator }: MasterUser): boolean {
    return administrator;
  }

  canCreateProject({ administrator }: MasterUser): boolean {
    return administrator;
  }
}
