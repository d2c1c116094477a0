import { Controller, Get, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { MasterUser } from '../master-user.js';
import type { ProjectRole } from '../project-role.js';

interface Me {
  /** Absent for the administrator of `ADMIN_TOKEN`, who is in no table. */
  readonly id?: number;
  readonly name: string;
  readonly administrator: boolean;
  /** Absent for administrators, who may do everything. */
  readonly projects?: readonly { readonly projectId: number; readonly role: ProjectRole }[];
}

/** Tells a caller who he is: how a page finds out whether its token still counts, and what it may offer. */
@Controller('me')
export class MeController {
  @Get()
  read(@Req() request: Request & { user: MasterUser }): { readonly user: Me } {
    const { id, name, administrator, roles } = request.user;
    const projects = [...roles].map(([projectId, role]) => ({ projectId, role }));
    return {
      user: {
        ...(id === null ? {} : { id }),
        name,
        administrator,
        ...(administrator ? {} : { projects }),
      },
    };
  }
}
