import type { MigrationInterface } from 'typeorm';
import { createTrialMetadata } from './1750000000100-create-trial-metadata.js';
import { createMetadataFields } from './1750000000200-create-metadata-fields.js';
import { indexMetadataTexts } from './1750000000300-index-metadata-texts.js';
import type { MetadataMigrationsOptions } from './metadata-migrations.options.js';

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
  return [createTrialMetadata(options), createMetadataFields(options), indexMetadataTexts(options)];
}
