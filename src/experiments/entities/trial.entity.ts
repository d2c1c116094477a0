import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_REFERENCE, identity } from './bigint-id.js';
import { Experiment } from './experiment.entity.js';
import type { TrialState } from './trial-state.js';

/** One training run; what metadata is reported on. */
@Entity('trials')
@Index('trials_start_time_id_idx', ['startTime', 'id'])
@Index('trials_archived_idx', ['id'], { where: 'archived' })
@Index('trials_experiment_id_number_idx', ['experimentId', 'number'])
export class Trial {
  @PrimaryColumn(identity('trials_pkey'))
  id!: number;

  @Column({ ...ID_REFERENCE, name: 'experiment_id' })
  experimentId!: number;

  @ManyToOne(() => Experiment, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'experiment_id', foreignKeyConstraintName: 'trials_experiment_id_fkey' })
  experiment?: Experiment;

  /**
   * The trial's number within its experiment, where it has one. Kept apart by a lock on the experiment and not by a
   * unique key, which a table distributed by trial id could not have.
   */
  @Column({ type: 'integer', nullable: true })
  number!: number | null;

  @Column({ type: 'text', default: 'ACTIVE' })
  state!: TrialState;

  @Column({ type: 'boolean', default: false })
  archived!: boolean;

  @Column({ name: 'start_time', type: 'timestamptz', nullable: true })
  startTime!: Date | null;

  @Column({ name: 'end_time', type: 'timestamptz', nullable: true })
  endTime!: Date | null;
}
