import { optional, required, type ObjectOf } from '../body/read-object.js';
import {
  description,
  flag,
  id,
  instant,
  instantOrNull,
  labels,
  name,
  state,
  trialNumber,
} from '../body/read-value.js';

/** `POST /projects` */
export const CREATE_PROJECT = { name: required(name), description: optional(description) };
export type CreateProject = ObjectOf<typeof CREATE_PROJECT>;

/** `PATCH /projects/:id` */
export const CHANGE_PROJECT = {
  name: optional(name),
  description: optional(description),
  archived: optional(flag),
};
export type ChangeProject = ObjectOf<typeof CHANGE_PROJECT>;

/** `POST /experiments` */
export const CREATE_EXPERIMENT = {
  name: required(name),
  projectId: required(id),
  description: optional(description),
  labels: optional(labels),
};
export type CreateExperiment = ObjectOf<typeof CREATE_EXPERIMENT>;

/** What both experiments and trials go through. */
const CHANGE_RUN = {
  state: optional(state),
  archived: optional(flag),
  startTime: optional(instantOrNull),
  endTime: optional(instantOrNull),
};
export type ChangeRun = ObjectOf<typeof CHANGE_RUN>;

/** `PATCH /experiments/:id` */
export const CHANGE_EXPERIMENT = {
  name: optional(name),
  description: optional(description),
  labels: optional(labels),
  ...CHANGE_RUN,
};
export type ChangeExperiment = ObjectOf<typeof CHANGE_EXPERIMENT>;

/** `POST /experiments/:id/trials` */
export const CREATE_TRIAL = {
  number: optional(trialNumber),
  state: optional(state),
  startTime: optional(instant),
};
export type CreateTrial = ObjectOf<typeof CREATE_TRIAL>;

/** `PATCH /trials/:id` */
export const CHANGE_TRIAL = CHANGE_RUN;
export type ChangeTrial = ChangeRun;
