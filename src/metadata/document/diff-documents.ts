import { equalJson } from './equal-json.js';
import { compareText } from './compare-text.js';
import { type JsonObject, type JsonValue } from './json-value.js';
import { hasMembers, leavesOf } from './leaf-fields.js';
import { type Path } from './path.js';

/** One field that two documents do not share; `undefined` where a document lacks it. */
export interface FieldChange {
  readonly path: Path;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/**
 * What changed from one document to another, leaf by leaf (see `leafFields`), sorted by path in the order of
 * `compareText`. Where a scalar becomes an object, the scalar's field goes and each field of the object comes.
 */
export function diffDocuments(before: JsonObject, after: JsonObject): readonly FieldChange[] {
  return Array.from(changes(before, after, [])).sort((a, b) => comparePaths(a.path, b.path));
}

function* changes(before: JsonObject, after: JsonObject, at: Path): Generator<FieldChange, void, undefined> {
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(key);
    const now = after.get(key);
    const path = [...at, key];
    if (hasMembers(old) && hasMembers(now)) yield* changes(old, now, path);
    else if (hasMembers(old) || hasMembers(now)) yield* replacement(old, now, path);
    else if (old === undefined || now === undefined || !equalJson(old, now)) {
      yield { path, before: old, after: now };
    }
  }
}

/** An object gives way to a leaf or to nothing, or the other way round. */
function* replacement(
  old: JsonValue | undefined,
  now: JsonValue | undefined,
  at: Path,
): Generator<FieldChange, void, undefined> {
  if (old !== undefined) {
    for (const { path, value } of leavesOf(old, at)) yield { path, before: value, after: undefined };
  }
  if (now !== undefined) {
    for (const { path, value } of leavesOf(now, at)) yield { path, before: undefined, after: value };
  }
}

function comparePaths(a: Path, b: Path): number {
  for (const [i, segment] of a.entries()) {
    const other = b[i];
    const order = other === undefined ? 1 : compareText(segment, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
