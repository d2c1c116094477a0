import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProjectRole } from '../project-role.js';
import { ID } from './bigint-id.js';

/** The role of a user in a project; it goes with either. */
@Entity('project_members')
export class ProjectMember {
  @PrimaryColumn({ ...ID, name: 'project_id' })
  projectId!: number;

  @PrimaryColumn({ ...ID, name: 'user_id' })
  userId!: number;

  @Column({ type: 'text' })
  role!: ProjectRole;
}
