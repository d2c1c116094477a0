import {
  formatPath,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  shortenText,
  type JsonObject,
  type JsonValue,
} from '../document/index.js';
import { acceptDocument } from '../accept-document.js';
import { InvalidRequestError, type Problem } from '../metadata.errors.js';
import { readAll, readEach } from '../query/index.js';
import { BATCH_REPORTS, type TrialReport } from '../metadata-batch.service.js';

const WHOLE_NUMBER = /^(?:0|[1-9][0-9]{0,8})$/;

/** Reads `{"metadata": {…}}`. @throws InvalidRequestError that lists every fault */
export function readMetadataBody(body: JsonValue): JsonObject {
  const { metadata } = readMembers(body, ['metadata'], 'body');
  return acceptDocument(metadata);
}

/** The content type under which the body of a PATCH is the patch itself. */
export const MERGE_PATCH_TYPE = 'application/merge-patch+json';

/**
 * Reads a merge patch: as {@link MERGE_PATCH_TYPE} the body itself, a key named `metadata` like any other; as JSON
 * `{"metadata": patch}`, like the body of a report.
 * @throws InvalidRequestError that lists every fault
 */
export function readPatchBody(body: JsonValue, type: string): JsonObject {
  if (type !== MERGE_PATCH_TYPE) {
    const { metadata } = readMembers(
      body,
      ['metadata'],
      'body',
      ` Or send the patch alone as ${MERGE_PATCH_TYPE}.`,
    );
    return acceptDocument(metadata);
  }
  if (isJsonObject(body)) return body;
  const message = 'A merge patch of metadata is a JSON object. To clear them, send DELETE.';
  throw InvalidRequestError.at('body', 'not_an_object', message);
}

/** Reads `{"revision": 3}`. @throws InvalidRequestError that lists every fault */
export function readRevertBody(body: JsonValue): number {
  const { revision } = readMembers(body, ['revision'], 'body');
  if (revision instanceof JsonNumber && WHOLE_NUMBER.test(revision.text)) return Number(revision.text);
  const message = 'A revision is a whole number, 0 or more.';
  throw InvalidRequestError.at('revision', 'invalid_number', message);
}

/** Reads `{"reports": [{"trialId": 1, "metadata": {…}}, …]}`. @throws InvalidRequestError that names the items */
export function readBatchBody(body: JsonValue): readonly TrialReport[] {
  const { reports } = readMembers(body, ['reports'], 'body');
  if (!isJsonArray(reports)) {
    throw InvalidRequestError.at('reports', 'not_a_list', `"reports" is a list of {"trialId", "metadata"}.`);
  }
  // Counted first: a list that is too long is not worth a look at each item.
  if (reports.length > BATCH_REPORTS) return reports.map(() => ({ trialId: 0, metadata: new Map() }));
  return readEach(reports, (report, index) => {
    const at = `reports[${index}]`;
    const given = readMembers(report, ['trialId', 'metadata'], at);
    const [trialId, metadata] = readAll(
      () => readTrialId(given.trialId, `${at}.trialId`),
      () => acceptDocument(given.metadata, `${at}.`),
    );
    return { trialId, metadata };
  });
}

/** A number as JSON wrote it, or a string for hosts whose ids are UUIDs; the service knows which is right. */
function readTrialId(value: JsonValue, at: string): string | number {
  if (typeof value === 'string') return value;
  if (value instanceof JsonNumber) return value.text;
  throw InvalidRequestError.at(at, 'invalid_trial_id', 'A trial id is a number, or the text of a UUID.');
}

/** The members of an object that must have exactly these. @param advice more to say where one is missing */
function readMembers<Name extends string>(
  value: JsonValue,
  names: readonly Name[],
  at: string,
  advice = '',
): Readonly<Record<Name, JsonValue>> {
  const accepted = names.map((name) => `"${name}"`).join(', ');
  if (!isJsonObject(value)) {
    throw InvalidRequestError.at(at, 'not_an_object', `Send a JSON object with ${accepted}.${advice}`);
  }
  const prefix = at === 'body' ? '' : `${at}.`;
  const problems: Problem[] = names
    .filter((name) => !value.has(name))
    .map((name) => ({ path: prefix + name, code: 'required', message: `"${name}" is missing.${advice}` }));
  for (const key of value.keys()) {
    if ((names as readonly string[]).includes(key)) continue;
    const shown = shortenText(key);
    const message = `"${shown}" is not known here. Accepted: ${accepted}.`;
    problems.push({ path: prefix + formatPath([shown]), code: 'unknown_property', message });
  }
  if (problems.length > 0) throw new InvalidRequestError(problems.slice(0, 100));
  return Object.fromEntries(names.map((name) => [name, value.get(name)])) as Record<Name, JsonValue>; // all there
}
