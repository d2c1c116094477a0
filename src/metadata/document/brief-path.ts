import { formatPath, type Path } from './path.js';
import { shortenText } from './shorten-text.js';

const EXACT_LENGTH = 300;
const SEGMENTS_AT_EACH_END = 5;

/**
 * The path as text for a problem; '' for the whole document. Up to 300 characters it is exact; of a longer one, long
 * segments lose their end and many segments their middle, with `…` in its place.
 */
export function briefPath(path: Path): string {
  const length = path.reduce((sum, segment) => sum + segment.length + 1, 0);
  if (length <= EXACT_LENGTH) return formatPath(path);
  const shown =
    path.length <= 2 * SEGMENTS_AT_EACH_END
      ? path
      : [...path.slice(0, SEGMENTS_AT_EACH_END), '…', ...path.slice(-SEGMENTS_AT_EACH_END)];
  return formatPath(shown.map((segment) => shortenText(segment)));
}
