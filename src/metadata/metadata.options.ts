import type { InjectionToken, ModuleMetadata, Type } from '@nestjs/common';
import type { MetadataAccessPolicy } from './access/metadata-access-policy.js';
import { TrustedUser } from './access/trusted-user.js';
import { DEFAULT_LIMITS, type MetadataLimits, type Path } from './document/index.js';
import { DEFAULT_QUERY_LIMITS, parseMetadataPath, type TrialSource } from './query/index.js';
import type { TrialTable } from './storage/trial-table.js';

/** Values that may come late, e.g. from the environment. Sizes in bytes. */
export interface MetadataOptions {
  /** How large one trial's metadata may be; those not named keep their default. */
  readonly limits?: Partial<MetadataLimits>;
  /** Largest body of a request about one trial; 4 times the document's limit by default, since JSON can be written at length. */
  readonly bodyBytes?: number;
  /** Largest body of a batch; 32 MiB by default. */
  readonly batchBytes?: number;
  /** What the history forgets, in the background; by default nothing. */
  readonly historyRetention?: HistoryRetention;
  /** Milliseconds after which a statement that reads many trials is stopped; 30,000 by default. */
  readonly statementTimeout?: number;
  /**
   * Fields that are sorted by, or compared with bounds, often: their indexes are built in the background where they are
   * missing, e.g. `['runtime_seconds', 'hardware.count']`. Those that are there and not named stay.
   */
  readonly indexedFields?: readonly string[];
  /** What cursors are encrypted with: the same on every replica. By default random, so that cursors end with the process. */
  readonly cursorSecret?: string;
  /** Finds the user in a request; by default `request.user`, where guards such as Passport's leave it. */
  readonly user?: (request: unknown) => unknown;
  /** The name of a user, kept as the author of what he changes; by default `user.name`, else `user.username`. */
  readonly author?: (user: unknown) => string | null;
}

/** A revision goes when any of these says so; the current metadata never does. */
export interface HistoryRetention {
  /** Revisions kept of each trial. */
  readonly revisions?: number;
  /** Days that a revision is kept. */
  readonly days?: number;
}

/** What decides the shape of the module, and so must be known at once. */
export interface MetadataExtras {
  /** The host's trials: an entity and its id property (by default `id`), or a table without an entity. */
  readonly trial: TrialEntity | TrialTable;
  /**
   * Who may see and change what: a policy class (made by Nest; what it needs comes from `imports`), a policy that another
   * module provides, or a policy object such as `allowAll`. Required.
   */
  readonly access:
    Type<MetadataAccessPolicy> | { readonly useExisting: InjectionToken } | MetadataAccessPolicy;
  /** Modules that export what the policy needs. */
  readonly imports?: ModuleMetadata['imports'];
  /** Name of the TypeORM data source that holds the trials; absent: the default one. */
  readonly dataSource?: string | undefined;
  /** Schema of the plugin's tables; absent: as the `TrialMetadata` entity has it, else as the search path finds them. */
  readonly schema?: string | undefined;
  /** How reads over many trials select from the host's tables; absent: from its table of trials alone. */
  readonly source?: TrialSource | undefined;
  /** Whether the plugin's services are there without importing the module; false by default. */
  readonly global?: boolean;
  /** Whether the plugin serves its routes; true by default. */
  readonly controllers?: boolean;
}

/** A host's TypeORM entity of a trial. */
export interface TrialEntity {
  readonly entity: Type;
  /** Name of the property that holds the id; `id` by default. */
  readonly id?: string;
}

/** The options with every default filled in; what {@link METADATA_OPTIONS} injects. */
export interface CheckedMetadataOptions {
  readonly limits: MetadataLimits;
  readonly bodyBytes: number;
  readonly batchBytes: number;
  readonly historyRetention: HistoryRetention;
  readonly statementTimeout: number;
  readonly indexedFields: readonly Path[];
  readonly cursorSecret: string | undefined;
  readonly user: (request: unknown) => unknown;
  readonly author: (user: unknown) => string | null;
}

/** @throws Error of one line that names the option and what it takes */
export function checkMetadataOptions(options: MetadataOptions): CheckedMetadataOptions {
  const limits = { ...DEFAULT_LIMITS, ...definedOf(options.limits ?? {}) };
  for (const name of Object.keys(limits)) {
    if (!(name in DEFAULT_LIMITS)) {
      throw new Error(
        `MetadataModule: limits.${name} is not known. Accepted: ${Object.keys(DEFAULT_LIMITS).join(', ')}.`,
      );
    }
    mustBePositive(`limits.${name}`, limits[name as keyof MetadataLimits]);
  }
  const historyRetention = { ...options.historyRetention };
  const bodyBytes = options.bodyBytes ?? 4 * limits.documentBytes;
  const batchBytes = options.batchBytes ?? 32 * 1024 * 1024;
  const statementTimeout = options.statementTimeout ?? 30_000;
  mustBePositive('statementTimeout', statementTimeout);
  mustBePositive('bodyBytes', bodyBytes);
  mustBePositive('batchBytes', batchBytes);
  if (historyRetention.revisions !== undefined) {
    mustBePositive('historyRetention.revisions', historyRetention.revisions);
  }
  if (historyRetention.days !== undefined) mustBePositive('historyRetention.days', historyRetention.days);
  return Object.freeze({
    limits: Object.freeze(limits),
    bodyBytes,
    batchBytes,
    historyRetention: Object.freeze(historyRetention),
    statementTimeout,
    indexedFields: (options.indexedFields ?? []).map(indexedPath),
    cursorSecret: options.cursorSecret,
    user: options.user ?? userOfRequest,
    author: authorOf(options.author ?? nameOfUser),
  });
}

function indexedPath(field: string, index: number): Path {
  return parseMetadataPath(field, `MetadataModule: indexedFields[${index}]`, DEFAULT_QUERY_LIMITS);
}

function definedOf(limits: Partial<MetadataLimits>): Partial<MetadataLimits> {
  return Object.fromEntries(
    Object.entries<number | undefined>(limits).filter(([, value]) => value !== undefined),
  );
}

function mustBePositive(name: string, value: unknown): void {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 31) return;
  throw new Error(
    `MetadataModule: ${name} must be a whole number from 1 to 2147483647, not ${String(value)}.`,
  );
}

function authorOf(nameOf: (user: unknown) => string | null): (user: unknown) => string | null {
  return (user) => (user instanceof TrustedUser ? user.name : nameOf(user));
}

function userOfRequest(request: unknown): unknown {
  return propertyOf(request, 'user');
}

function nameOfUser(user: unknown): string | null {
  const name = propertyOf(user, 'name') ?? propertyOf(user, 'username');
  return typeof name === 'string' ? name : null;
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
