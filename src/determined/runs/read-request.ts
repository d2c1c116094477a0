import { JsonNumber, TrialNotFoundError, type JsonObject } from '../../metadata/index.js';
import { ProjectNotFoundError } from '../../experiments/index.js';
import { InvalidArgumentError } from '../determined.errors.js';

const INTEGER = /^-?(0|[1-9][0-9]*)$/;
const INT32 = { least: -(2 ** 31), most: 2 ** 31 - 1 };

/** Reads the id of a run out of a URL. @throws InvalidArgumentError; TrialNotFoundError for one that no run can have */
export function readRunId(text: string): number {
  const id = readId(text, 'run');
  if (id === undefined) throw new TrialNotFoundError(text);
  return id;
}

/** Reads the id of a project. @throws InvalidArgumentError; ProjectNotFoundError for one that no project can have */
export function readProjectId(text: string): number {
  const id = readId(text, 'project');
  if (id === undefined) throw new ProjectNotFoundError(Number(text));
  return id;
}

function readId(text: string, what: string): number | undefined {
  if (!INTEGER.test(text)) throw new InvalidArgumentError(`invalid ${what} id: ${text.slice(0, 60)}`);
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** A 32-bit integer of a body, as a number or as text; undefined when it is absent or null. @throws InvalidArgumentError */
export function readInteger(body: JsonObject, name: string): number | undefined {
  const value = body.get(name) ?? null;
  if (value === null) return undefined;
  const text = value instanceof JsonNumber ? value.text : value;
  const number = typeof text === 'string' && INTEGER.test(text) ? Number(text) : Number.NaN;
  if (number >= INT32.least && number <= INT32.most) return number;
  throw new InvalidArgumentError(`invalid ${name}: a 32-bit integer was expected`);
}

/** A text of a body; undefined when it is absent or null. @throws InvalidArgumentError */
export function readText(body: JsonObject, name: string): string | undefined {
  const value = body.get(name) ?? null;
  if (value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new InvalidArgumentError(`invalid ${name}: a string was expected`);
}
