import { QueryFailedError } from 'typeorm';

/** The SQLSTATE with which PostgreSQL refused a statement; undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const { code } = error.driverError as Error & { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
