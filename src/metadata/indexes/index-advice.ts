import { checkOptionNames } from '../option-names.js';

/** `propose`: lists the indexes that would pay; `build`: makes them, and drops those of its own that nobody uses. */
export const INDEX_ADVISOR_MODES = ['off', 'propose', 'build'] as const;
export type IndexAdvisorMode = (typeof INDEX_ADVISOR_MODES)[number];

/** When the advisor thinks that an index pays, and what it may use of the database. */
export interface IndexBudget {
  /** Indexes of its own at a time; 5 by default. Those made by option or by request do not count. */
  readonly fields: number;
  /** Bytes of these together, as estimated before each one is begun; 1 GiB by default. */
  readonly bytes: number;
  /** Milliseconds from which a search counts as slow; 200 by default. */
  readonly slowMs: number;
  /** Slow searches by a field within a day, in one process, that make an index worth having; 5 by default. */
  readonly searches: number;
  /** Days without use after which an index of its own is dropped; 14 by default. */
  readonly unusedDays: number;
  /** Seconds between two looks; 300 by default. */
  readonly everySeconds: number;
}

const DEFAULT_BUDGET: IndexBudget = {
  fields: 5,
  bytes: 1024 ** 3,
  slowMs: 200,
  searches: 5,
  unusedDays: 14,
  everySeconds: 300,
};
const LEAST: IndexBudget = { fields: 0, bytes: 0, slowMs: 0, searches: 1, unusedDays: 1, everySeconds: 1 };
/** Enough for any disk; a timer and a date stay within their range. */
const MOST: IndexBudget = {
  fields: 1_000,
  bytes: Number.MAX_SAFE_INTEGER,
  slowMs: 86_400_000,
  searches: 100,
  unusedDays: 36_500,
  everySeconds: 86_400,
};

/** Fills in the defaults. @throws Error of one line that names the option and what it takes */
export function checkIndexBudget(given: Partial<IndexBudget>): IndexBudget {
  checkOptionNames('MetadataModule', given, Object.keys(DEFAULT_BUDGET), 'indexBudget.');
  const budget = { ...DEFAULT_BUDGET };
  for (const [name, value] of Object.entries<number | undefined>(given)) {
    if (value !== undefined && isPart(name)) budget[name] = checked(name, value);
  }
  return Object.freeze(budget);
}

function checked(name: keyof IndexBudget, value: number): number {
  const [least, most] = [LEAST[name], MOST[name]];
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(
    `MetadataModule: indexBudget.${name} must be a whole number from ${least} to ${most}, not ${value}.`,
  );
}

/** @throws Error of one line that says what the option takes */
export function checkIndexAdvisor(mode: unknown): IndexAdvisorMode {
  const found = INDEX_ADVISOR_MODES.find((known) => known === mode);
  if (found !== undefined) return found;
  throw new Error(
    `MetadataModule: indexAdvisor must be ${INDEX_ADVISOR_MODES.join(', ')}, not ${String(mode)}.`,
  );
}

function isPart(name: string): name is keyof IndexBudget {
  return Object.hasOwn(DEFAULT_BUDGET, name);
}
