export { EmbeddedPostgresError, type Remedy } from './embedded-postgres.error.js';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres.js';
export { clusterFolder, openCluster, type Cluster } from './cluster.js';
export { codeOf, reasonOf } from './error-facts.js';
export { ensureOwnDatabase } from './own-database.js';
export { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
export { chooseServerAccount, type ServerAccount } from './server-account.js';
export { freePort, ServerProcess } from './server-process.js';
