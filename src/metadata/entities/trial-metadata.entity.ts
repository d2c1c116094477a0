import type { TrialId } from '../storage/trial-id.js';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The metadata of one trial. For joins in a host's own queries; read and write through the service, which keeps every
 * digit and the history. It says bigint, and neither schema nor foreign key: a host whose ids are none, or whose tables are
 * in a schema, lists the entity that `trialMetadataOf` makes.
 */
@Entity('trial_metadata')
export class TrialMetadata {
  @PrimaryColumn({
    name: 'trial_id',
    type: 'bigint',
    primaryKeyConstraintName: 'trial_metadata_pkey',
    transformer: {
      // A host's id may be a uuid as well.
      from: (value: unknown) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
      to: (value: unknown) => value,
    },
  })
  trialId!: TrialId;

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

  /** The place of the latest revision in the list of changes; see `GET /metadata/changes`. */
  @Column({ type: 'bigint', nullable: true, select: false })
  place!: string | null;
}
