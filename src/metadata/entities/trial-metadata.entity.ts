import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The metadata of one trial. For joins in a host's own queries; read and write through the service, which keeps every
 * digit and the history. The foreign key to the host's trials and the GIN index are made by the migration.
 */
@Entity('trial_metadata')
export class TrialMetadata {
  @PrimaryColumn({
    name: 'trial_id',
    type: 'bigint',
    primaryKeyConstraintName: 'trial_metadata_pkey',
    transformer: {
      from: (value: string | null) => (value === null ? null : Number(value)),
      to: (value: unknown) => value,
    },
  })
  trialId!: number;

  /** Not selected unless asked for: `pg` reads numbers of a document as JavaScript's, which rounds long ones. */
  @Index('trial_metadata_metadata_idx', { synchronize: false })
  @Column({ type: 'jsonb', select: false })
  metadata!: object;

  /** Counts the changes of this trial's metadata, from 1. */
  @Column({ type: 'integer' })
  revision!: number;

  @Column({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date;

  /** Who made the latest revision, in the words of the host. */
  @Column({ name: 'updated_by', type: 'text', nullable: true })
  updatedBy!: string | null;
}
