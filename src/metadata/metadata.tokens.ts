/** Where the plugin's tables are, for the query engine: a `MetadataTables`. */
export const METADATA_TABLES = Symbol('METADATA_TABLES');
/** The plugin's tables and the host's table of trials by name: a `MetadataTableNames`. */
export const METADATA_TABLE_NAMES = Symbol('METADATA_TABLE_NAMES');
/** The TypeORM data source that holds the tables. */
export const METADATA_DATA_SOURCE = Symbol('METADATA_DATA_SOURCE');
/** How the host's trials are selected from: a `TrialSource`. */
export const TRIAL_SOURCE = Symbol('TRIAL_SOURCE');
/** The options with every default filled in: a `CheckedMetadataOptions`. */
export const METADATA_OPTIONS = Symbol('METADATA_OPTIONS');
/** The routes whose bodies are kept as bytes: a list of `BodyRoute`. */
export const METADATA_BODY_ROUTES = Symbol('METADATA_BODY_ROUTES');
