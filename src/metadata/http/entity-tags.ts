import { InvalidRequestError } from '../metadata.errors.js';

/** A list of entity tags (RFC 9110, section 8.8.3). */
interface EntityTag {
  readonly isWeak: boolean;
  /** Between the quotes. */
  readonly opaque: string;
}

const TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/y;
const SEPARATOR = /[ \t]*(?:,[ \t]*)+|[ \t]*$/y;
const REVISION = /^(?:0|[1-9][0-9]{0,8})$/;

/** The entity tag of a revision. */
export function entityTag(revision: number): string {
  return `"${revision}"`;
}

/**
 * The revisions that an `If-Match` allows; undefined: any. Tags are compared strongly: a weak one allows nothing, and so
 * does a tag that no revision has.
 * @throws InvalidRequestError when the header is malformed
 */
export function revisionsOfIfMatch(header: string | undefined): readonly number[] | undefined {
  const tags = parseTags(header, 'If-Match');
  if (tags === undefined || tags === 'any') return undefined;
  return tags.flatMap(({ isWeak, opaque }) => (!isWeak && REVISION.test(opaque) ? [Number(opaque)] : []));
}

/**
 * Whether an `If-None-Match` names the revision, so that the client has it already. Tags are compared weakly.
 * @throws InvalidRequestError when the header is malformed
 */
export function namesRevision(header: string | undefined, revision: number): boolean {
  const tags = parseTags(header, 'If-None-Match');
  if (tags === undefined) return false;
  return tags === 'any' || tags.some(({ opaque }) => opaque === String(revision));
}

function parseTags(header: string | undefined, name: string): readonly EntityTag[] | 'any' | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (text === '*') return 'any';
  const tags: EntityTag[] = [];
  let position = 0;
  while (position < text.length) {
    const tag = matchAt(TAG, text, position);
    const separator = tag && matchAt(SEPARATOR, text, position + tag[0].length);
    if (!tag || !separator) break;
    tags.push({ isWeak: tag[1] !== undefined, opaque: tag[2] ?? '' });
    position += tag[0].length + separator[0].length;
  }
  if (tags.length > 0 && position >= text.length) return tags;
  const message = `${name} is a list of revisions in double quotes, e.g. ${name}: "7", or * for any.`;
  throw InvalidRequestError.at(name, 'invalid_header', message);
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}
