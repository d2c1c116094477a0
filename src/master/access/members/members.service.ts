import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Project, ProjectNotFoundError } from '../../../experiments/index.js';
import { MemberNotFoundError, UserNotFoundError } from '../access.errors.js';
import { ProjectMember } from '../entities/project-member.entity.js';
import { User } from '../entities/user.entity.js';
import type { ProjectRole } from '../project-role.js';
import { TokenCache } from '../sign-in/token-cache.js';

/** The role of a user in a project. */
export interface Member {
  readonly projectId: number;
  readonly userId: number;
  readonly userName: string;
  readonly role: ProjectRole;
}

/** Gives and takes roles in projects. */
@Injectable()
export class MembersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cache: TokenCache,
  ) {}

  /** Gives the user this role in the place of any other. @throws ProjectNotFoundError, UserNotFoundError */
  async put(projectId: number, userId: number, role: ProjectRole): Promise<Member> {
    const user = await this.dataSource.transaction(async (manager) => {
      // Locked, so that neither goes away before the role refers to it.
      const project = await manager.findOne(Project, {
        where: { id: projectId },
        lock: { mode: 'for_key_share' },
      });
      if (project === null) throw new ProjectNotFoundError(projectId);
      const found = await manager.findOne(User, { where: { id: userId }, lock: { mode: 'for_key_share' } });
      if (found === null) throw new UserNotFoundError(userId);
      await manager.upsert(ProjectMember, { projectId, userId, role }, ['projectId', 'userId']);
      return found;
    });
    this.cache.clear();
    return { projectId, userId, userName: user.name, role };
  }

  /** @throws MemberNotFoundError */
  async remove(projectId: number, userId: number): Promise<void> {
    const { affected } = await this.dataSource.getRepository(ProjectMember).delete({ projectId, userId });
    this.cache.clear();
    if (affected === 0) throw new MemberNotFoundError(projectId, userId);
  }

  /** In the order of the users' ids, from the first after `afterId`. @throws ProjectNotFoundError */
  async list(projectId: number, afterId: number, limit: number): Promise<readonly Member[]> {
    const project = await this.dataSource.getRepository(Project).findOneBy({ id: projectId });
    if (project === null) throw new ProjectNotFoundError(projectId);
    const rows: readonly { user_id: string; name: string; role: ProjectRole }[] = await this.dataSource.query(
      `SELECT user_id, name, role FROM project_members JOIN users ON users.id = user_id
        WHERE project_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3`,
      [projectId, afterId, limit],
    );
    return rows.map(({ user_id: userId, name: userName, role }) => ({
      projectId,
      userId: Number(userId),
      userName,
      role,
    }));
  }
}
