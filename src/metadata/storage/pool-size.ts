import type { DataSource } from 'typeorm';

/** What pg's pool takes when nothing is said. */
const USUAL = 10;

/** Connections that the pool of a data source may hold. */
export function poolSizeOf({ options }: DataSource): number {
  const extra: unknown = options.extra;
  const most = typeof extra === 'object' && extra !== null && 'max' in extra ? extra.max : undefined;
  const size = most ?? ('poolSize' in options ? options.poolSize : undefined);
  return typeof size === 'number' ? size : USUAL;
}
