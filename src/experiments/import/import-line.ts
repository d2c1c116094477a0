import { checkLimits, InvalidRequestError, JsonNumber, parseJson } from '../../metadata/index.js';
import type { JsonObject, MetadataLimits } from '../../metadata/index.js';
import type { TrialState } from '../entities/trial-state.js';
import { checkTimes } from '../body/check-times.js';
import { instantAt } from '../body/parse-instant.js';
import { optional, readObject, required, type ReadValue } from '../body/read-object.js';
import { document, instant, name, state, trialNumber } from '../body/read-value.js';

/** What one line says about one trial. What is left out stays as it is on a trial that is there already. */
export interface ImportLine {
  /** The project's name. */
  readonly project: string;
  /** The experiment's name in its project. */
  readonly experiment: string;
  /** The trial's number in its experiment. */
  readonly trial: number;
  readonly state?: TrialState;
  readonly startTime?: Date;
  readonly endTime?: Date;
  /** The whole document. */
  readonly metadata?: JsonObject;
}

/** Milliseconds since 1970 began, or an ISO 8601 string. */
const time: ReadValue<Date> = (value, refuse) => {
  if (!(value instanceof JsonNumber)) return instant(value, refuse);
  return (
    instantAt(value.toNumber()) ??
    refuse({
      code: 'value_not_accepted',
      message: 'Give milliseconds since 1970-01-01 within the years 1 to 9999.',
    })
  );
};

const LINE = {
  project: required(name),
  experiment: required(name),
  trial: required(trialNumber),
  state: optional(state),
  startTime: optional(time),
  endTime: optional(time),
  metadata: optional(document),
};

/** @throws InvalidRequestError, InvalidJsonError listing every fault of the line */
export function parseImportLine(bytes: Uint8Array, limits: MetadataLimits): ImportLine {
  const line = readObject(parseJson(bytes), LINE, 'line');
  const problems = [
    ...checkTimes(line.startTime, line.endTime),
    ...(line.metadata === undefined ? [] : checkLimits(line.metadata, limits, ['metadata'])),
  ];
  if (problems.length > 0) throw new InvalidRequestError(problems);
  return line;
}
