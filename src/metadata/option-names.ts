import type { DynamicModule } from '@nestjs/common';
import { nearest } from './query/index.js';

/**
 * Refuses options that there are not: one that is spelt wrongly would be ignored in silence.
 * @param within what holds the options, with a full stop, e.g. `limits.`
 * @throws Error of one line that names the option, and the one that it may be
 */
export function checkOptionNames(module: string, given: object, known: readonly string[], within = ''): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const [near] = nearest(name, known);
    const hint = near === undefined ? `Accepted: ${known.join(', ')}.` : `Did you mean ${within}${near}?`;
    throw new Error(`${module}: ${within}${name} is not known. ${hint}`);
  }
}

/** What `forRootAsync` takes for itself, which the builder of older versions of Nest hands on with the extras. */
const OF_ASYNC = ['useFactory', 'useClass', 'useExisting', 'inject', 'provideInjectionTokensFrom'];

/** The names that a module of `ConfigurableModuleBuilder` takes. */
export interface ModuleOptionNames {
  /** Name of the module's class. */
  readonly module: string;
  readonly extras: readonly string[];
  readonly values: readonly string[];
}

/**
 * The same for what `forRoot` and `forRootAsync` are given.
 * @param given the second argument of the builder's transformation
 * @throws Error of one line that names the option; also for a value beside the factory that makes the values
 */
export function checkGivenNames(
  { module, extras, values }: ModuleOptionNames,
  definition: DynamicModule,
  given: object,
): void {
  const isSync = (definition.providers ?? []).some((provider) => 'useValue' in provider);
  const own = Object.fromEntries(
    Object.entries(given).filter(([name]) => isSync || !OF_ASYNC.includes(name)),
  );
  checkOptionNames(module, own, [...extras, ...values]);
  const misplaced = isSync ? undefined : values.find((name) => name in given);
  if (misplaced === undefined) return;
  throw new Error(`${module}: ${misplaced} is a value: return it from the factory, with the others.`);
}
