import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { ID_REFERENCE, identity } from '../entities/bigint-id.js';
import { Project } from '../entities/project.entity.js';
import type { ViewTable } from './project-view.js';

/**
 * A row of `project_views`, so that a host's schema tools know the table. Read and written by `ViewsService`, which
 * keeps every digit of a search.
 */
@Entity('project_views')
@Unique('project_views_project_id_table_name_name_key', ['projectId', 'table', 'name'])
export class ProjectViewEntity {
  @PrimaryColumn(identity('project_views_pkey'))
  id!: number;

  @Column({ ...ID_REFERENCE, name: 'project_id' })
  projectId!: number;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'project_views_project_id_fkey' })
  project?: Project;

  @Column({ name: 'table_name', type: 'text' })
  table!: ViewTable;

  @Column({ type: 'text' })
  name!: string;

  /** Not selected unless asked for: `pg` reads its numbers as JavaScript's. */
  @Column({ type: 'jsonb', select: false })
  search!: object;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date;

  @Column({ name: 'updated_by', type: 'text', nullable: true })
  updatedBy!: string | null;
}
