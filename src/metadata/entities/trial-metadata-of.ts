import type { Type } from '@nestjs/common';
import { Entity, JoinColumn, ManyToOne, type DataSource } from 'typeorm';
import { TrialMetadata } from './trial-metadata.entity.js';

/** What the entity of a host's own needs to know of its trials. */
export interface TrialMetadataOf {
  /** The host's entity of a trial, as a function, since entities may refer to each other. */
  readonly trial: () => Type;
  /** Name of the property that holds the trial's id; `id` by default. */
  readonly id?: string;
  /** Schema of the plugin's tables; absent: that of the data source. */
  readonly schema?: string | undefined;
}

/**
 * The entity {@link TrialMetadata} with the foreign key to the host's trials and their type of id: to be listed in its
 * place, so that TypeORM's `migration:generate` and `schema:log` find nothing to change in what the migrations made.
 */
export function trialMetadataOf({ trial, id = 'id', schema }: TrialMetadataOf) {
  @Entity('trial_metadata', schema === undefined ? {} : { schema })
  class HostTrialMetadata extends TrialMetadata {
    // Its column takes the type of the column that it refers to.
    @ManyToOne(trial, { onDelete: 'CASCADE', nullable: false, createForeignKeyConstraints: true })
    @JoinColumn({
      name: 'trial_id',
      referencedColumnName: id,
      foreignKeyConstraintName: 'trial_metadata_trial_id_fkey',
    })
    trial?: object;
  }
  return HostTrialMetadata as Type<TrialMetadata>; // its relation is for the schema alone
}

/** The entity of metadata that a data source has: the plugin's, or the host's own made of it. */
export function findTrialMetadata({ entityMetadatas }: DataSource) {
  return entityMetadatas.find(({ target }) => isTrialMetadata(target));
}

function isTrialMetadata(target: unknown): boolean {
  return (
    typeof target === 'function' && (target === TrialMetadata || target.prototype instanceof TrialMetadata)
  );
}
