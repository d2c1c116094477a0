import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Study } from './study.entity.js';

/** What this host calls a trial: a row of a table that was there before, with names of its own. */
@Entity({ name: 'training_runs', schema: 'lab' })
export class Run {
  @PrimaryColumn({ name: 'run_key', type: 'uuid', default: () => 'gen_random_uuid()' })
  key!: string;

  @Column({ type: 'text' })
  team!: string;

  @Column({ type: 'text' })
  title!: string;

  /** A run may belong to none. */
  @ManyToOne(() => Study, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'study_no' })
  study!: Relation<Study> | null;
}
