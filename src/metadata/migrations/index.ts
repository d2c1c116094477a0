import type { MigrationInterface } from 'typeorm';
import { createTrialMetadata } from './1750000000100-create-trial-metadata.js';
import { createMetadataFields } from './1750000000200-create-metadata-fields.js';
import { indexMetadataTexts } from './1750000000300-index-metadata-texts.js';
import { createMetadataChanges } from './1760000000200-create-metadata-changes.js';
import { createValueSummaries } from './1760000000400-create-value-summaries.js';
import type { MetadataMigrationsOptions } from './metadata-migrations.options.js';

export { buildIndex, type IndexToBuild } from './build-index.js';
export { runMigrationsInTurn } from './run-in-turn.js';
export { withBriefLock } from './brief-lock.js';
export type { MetadataMigrationsOptions } from './metadata-migrations.options.js';

/**
 * The plugin's migrations, oldest first, for the `migrations` of the host's data source, behind those that make the
 * host's table of trials:
 *
 *     migrations: [...hostMigrations, ...metadataMigrations({ trial: { table: 'trials' } })]
 */
export function metadataMigrations(
  options: MetadataMigrationsOptions,
): readonly (new () => MigrationInterface)[] {
  return [
    createTrialMetadata(options),
    createMetadataFields(options),
    indexMetadataTexts(options),
    createMetadataChanges(options),
    createValueSummaries(options),
  ];
}
