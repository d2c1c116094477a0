import { ExperimentsError } from '../../experiments/index.js';
import { MetadataError } from '../../metadata/index.js';
import { AccessError } from '../access/access.errors.js';

/** A word for why a request was refused, the first fault's where it has several; undefined for any other error. */
export function reasonCode(error: unknown): string | undefined {
  const isRefusal =
    error instanceof MetadataError || error instanceof ExperimentsError || error instanceof AccessError;
  return isRefusal ? (error.problems[0]?.code ?? error.code) : undefined;
}
