import type { InjectionToken, ModuleMetadata, Type } from '@nestjs/common';
import type { MetadataAccessPolicy } from './access/metadata-access-policy.js';
import { TrustedUser } from './access/trusted-user.js';
import { DEFAULT_LIMITS, type MetadataLimits, type Path } from './document/index.js';
import {
  checkIndexAdvisor,
  checkIndexBudget,
  type IndexAdvisorMode,
  type IndexBudget,
} from './indexes/index-advice.js';
import { checkOptionNames } from './option-names.js';
import { DEFAULT_QUERY_LIMITS, parseMetadataPath, type TrialSource } from './query/index.js';
import type { EntitySource } from './source/index.js';
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
  /** Whether revisions go into the list of changes, which other processes follow; true by default. */
  readonly changes?: boolean;
  /** What the list of changes forgets, in the background; by default what is older than 30 days. `{}`: nothing. */
  readonly changeRetention?: ChangeRetention;
  /** Milliseconds after which a statement that reads many trials is stopped, and a batch waits no longer for its turn; 30,000 by default. */
  readonly statementTimeout?: number;
  /**
   * Fields that are sorted by, or compared with bounds, often: their indexes are built in the background where they are
   * missing, e.g. `['runtime_seconds', 'hardware.count']`. Those that are there and not named stay.
   */
  readonly indexedFields?: readonly string[];
  /**
   * Fields whose texts are often searched for by `contains` and `startsWith`, likewise: for what the index on the texts of all
   * fields does not find, such as two letters, other scripts, or a word that is common in another field.
   */
  readonly indexedTexts?: readonly string[];
  /**
   * Whether it is watched which fields without an index make searches slow, so that their indexes are proposed, or made in
   * the background; `off` by default.
   */
  readonly indexAdvisor?: IndexAdvisorMode;
  /** When the advisor thinks that an index pays, and what it may use; those not named keep their default. */
  readonly indexBudget?: Partial<IndexBudget>;
  /**
   * Summaries of the values of fields, from which `GET /metadata/values` answers without reading every document. They are made of
   * fields that are asked for, in the background, and kept exact. `false`: none.
   */
  readonly valueSummaries?: Partial<ValueSummariesOptions> | false;
  /**
   * What cursors are encrypted with, 16 characters or more: the same on every replica. By default random, so that cursors
   * end with the process.
   */
  readonly cursorSecret?: string | undefined;
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

/** How long changes can be followed after they were made. */
export interface ChangeRetention {
  /** Days that a change stays in the list; absent: for ever. */
  readonly days?: number;
}

/** Which summaries of values there are. */
export interface ValueSummariesOptions {
  /** Trials that must have a field before it gets one; 20,000 by default. */
  readonly fromTrials: number;
  /** Values that one lists at most, the most frequent; 1,000 by default. */
  readonly values: number;
  /** How many there are at most; 50 by default. */
  readonly most: number;
  /** Days after which one goes that nobody asked for; 7 by default. */
  readonly idleDays: number;
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
  /**
   * What reads over many trials see of the host's own beside metadata: its entities, or SQL; absent: its table of trials
   * alone, without columns.
   */
  readonly source?: EntitySource | TrialSource | undefined;
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
  readonly changes: boolean;
  readonly changeRetention: ChangeRetention;
  readonly statementTimeout: number;
  readonly indexedFields: readonly Path[];
  readonly indexedTexts: readonly Path[];
  readonly indexAdvisor: IndexAdvisorMode;
  readonly indexBudget: IndexBudget;
  /** `most` is 0 when there are none. */
  readonly valueSummaries: ValueSummariesOptions;
  readonly cursorSecret: string | undefined;
  readonly user: (request: unknown) => unknown;
  readonly author: (user: unknown) => string | null;
}

const EVERY_OPTION: Readonly<Record<keyof MetadataOptions, true>> = {
  limits: true,
  bodyBytes: true,
  batchBytes: true,
  historyRetention: true,
  changes: true,
  changeRetention: true,
  statementTimeout: true,
  indexedFields: true,
  indexedTexts: true,
  indexAdvisor: true,
  indexBudget: true,
  valueSummaries: true,
  cursorSecret: true,
  user: true,
  author: true,
};
const EVERY_EXTRA: Readonly<Record<keyof MetadataExtras, true>> = {
  trial: true,
  access: true,
  imports: true,
  dataSource: true,
  schema: true,
  source: true,
  global: true,
  controllers: true,
};
/** Names of the {@link MetadataOptions}. */
export const METADATA_OPTION_NAMES: readonly string[] = Object.keys(EVERY_OPTION);
/** Names of the {@link MetadataExtras}. */
export const METADATA_EXTRA_NAMES: readonly string[] = Object.keys(EVERY_EXTRA);

/** As many as the master's token: what is shorter can be guessed by whoever has a cursor. */
const LEAST_SECRET = 16;

/** A list that nobody follows shall not grow for ever. */
const DEFAULT_CHANGE_RETENTION: ChangeRetention = { days: 30 };

const DEFAULT_VALUE_SUMMARIES: ValueSummariesOptions = {
  fromTrials: 20_000,
  values: 1_000,
  most: 50,
  idleDays: 7,
};

/** @throws Error of one line that names the option and what it takes */
export function checkMetadataOptions(options: MetadataOptions): CheckedMetadataOptions {
  checkNames(options);
  const limits = { ...DEFAULT_LIMITS, ...definedOf(options.limits ?? {}) };
  for (const [name, value] of Object.entries(limits)) mustBePositive(`limits.${name}`, value);
  const historyRetention = { ...options.historyRetention };
  const changeRetention = { ...(options.changeRetention ?? DEFAULT_CHANGE_RETENTION) };
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
  if (changeRetention.days !== undefined) mustBePositive('changeRetention.days', changeRetention.days);
  return Object.freeze({
    limits: Object.freeze(limits),
    bodyBytes,
    batchBytes,
    historyRetention: Object.freeze(historyRetention),
    changes: options.changes ?? true,
    changeRetention: Object.freeze(changeRetention),
    statementTimeout,
    indexedFields: indexedPaths('indexedFields', options.indexedFields),
    indexedTexts: indexedPaths('indexedTexts', options.indexedTexts),
    indexAdvisor: checkIndexAdvisor(options.indexAdvisor ?? 'off'),
    indexBudget: checkIndexBudget(options.indexBudget ?? {}),
    valueSummaries: Object.freeze(checkValueSummaries(options.valueSummaries ?? {})),
    cursorSecret: checkSecret(options.cursorSecret),
    user: options.user ?? userOfRequest,
    author: authorOf(options.author ?? nameOfUser),
  });
}

/** Also of what a factory of plain JavaScript, or of a wrong type, has returned. */
function checkNames(options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const given = Array.isArray(options) ? 'a list' : String(options);
    throw new Error(
      `MetadataModule: the options are ${given}. What useFactory or createMetadataOptions returns must be an object, {} for the defaults.`,
    );
  }
  const misplaced = METADATA_EXTRA_NAMES.find((name) => Object.hasOwn(options, name));
  if (misplaced !== undefined) {
    throw new Error(
      `MetadataModule: ${misplaced} decides the shape of the module: give it to forRootAsync, beside the factory.`,
    );
  }
  checkOptionNames('MetadataModule', options, METADATA_OPTION_NAMES);
  const { limits, historyRetention, changeRetention, valueSummaries } = options as MetadataOptions; // no others
  checkParts('limits', limits, DEFAULT_LIMITS);
  checkParts('historyRetention', historyRetention, { revisions: 1, days: 1 });
  checkParts('changeRetention', changeRetention, { days: 1 });
  if (valueSummaries !== false) checkParts('valueSummaries', valueSummaries, DEFAULT_VALUE_SUMMARIES);
}

/** @param parts an object with every name that there is */
function checkParts(name: string, given: unknown, parts: object): void {
  if (given === undefined) return;
  const names = Object.keys(parts);
  if (typeof given !== 'object' || given === null) {
    throw new Error(`MetadataModule: ${name} must be an object of ${names.join(', ')}.`);
  }
  checkOptionNames('MetadataModule', given, names, `${name}.`);
}

function checkSecret(secret: unknown): string | undefined {
  if (secret === undefined) return undefined;
  if (typeof secret === 'string' && secret.length >= LEAST_SECRET) return secret;
  throw new Error(
    `MetadataModule: cursorSecret must have ${LEAST_SECRET} or more characters; leave it out for a random one.`,
  );
}

function checkValueSummaries(given: Partial<ValueSummariesOptions> | false): ValueSummariesOptions {
  if (given === false) return { ...DEFAULT_VALUE_SUMMARIES, most: 0 };
  const checked = { ...DEFAULT_VALUE_SUMMARIES, ...definedOf(given) };
  for (const [name, value] of Object.entries(checked)) mustBePositive(`valueSummaries.${name}`, value);
  return checked;
}

function indexedPaths(option: string, fields: readonly string[] = []): readonly Path[] {
  return fields.map((field, index) =>
    parseMetadataPath(field, `MetadataModule: ${option}[${index}]`, DEFAULT_QUERY_LIMITS),
  );
}

function definedOf<T extends object>(given: T): T {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as T; // what is left out was optional
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
