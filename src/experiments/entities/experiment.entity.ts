import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_REFERENCE, identity } from './bigint-id.js';
import { Project } from './project.entity.js';
import type { TrialState } from './trial-state.js';

/** A set of trials within a project. Several may bear one name. */
@Entity('experiments')
@Index('experiments_archived_idx', ['id'], { where: 'archived' })
@Index('experiments_project_id_name_idx', ['projectId', 'name'])
export class Experiment {
  @PrimaryColumn(identity('experiments_pkey'))
  id!: number;

  @Column({ ...ID_REFERENCE, name: 'project_id' })
  projectId!: number;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'experiments_project_id_fkey' })
  project?: Project;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', default: '' })
  description!: string;

  /** A list of strings. */
  @Column({ type: 'jsonb', default: [] })
  labels!: readonly string[];

  @Column({ type: 'text', default: 'ACTIVE' })
  state!: TrialState;

  @Column({ type: 'boolean', default: false })
  archived!: boolean;

  @Column({ name: 'start_time', type: 'timestamptz', nullable: true })
  startTime!: Date | null;

  @Column({ name: 'end_time', type: 'timestamptz', nullable: true })
  endTime!: Date | null;
}
