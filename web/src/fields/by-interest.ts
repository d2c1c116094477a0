import { pathOf } from './metadata-field.js';

/** What the order looks at: a field and in how many trials it is. */
interface Common {
  readonly path: string;
  readonly trials: number | null;
}

/** The commonest fields first; of equally common ones those nearer to the top level, then short names before long ones. */
export function byInterest(a: Common, b: Common): number {
  return (
    (b.trials ?? 0) - (a.trials ?? 0) ||
    depth(a.path) - depth(b.path) ||
    a.path.length - b.path.length ||
    a.path.localeCompare(b.path)
  );
}

function depth(path: string): number {
  return pathOf(`metadata.${path}`)?.length ?? 1;
}
