import type { components } from './generated/api-types.js';
import type { QueryOf } from './operation-types.js';

type Schemas = components['schemas'];

/** Identifies a trial: a number, or the text of a uuid where the host has such ids. */
export type TrialId = Schemas['TrialId'];
/** One trial's metadata: any JSON object. */
export type Metadata = Schemas['Metadata'];
export type MetadataRecord = Schemas['MetadataRecord'];
export type Revision = Schemas['Revision'];
export type Condition = Schemas['Condition'];
/** A condition or a group: `{ and: […] }`, `{ or: […] }`, `{ not: … }`. */
export type Filter = Schemas['Filter'];
export type SortKey = Partial<Schemas['SortKey']> & Pick<Schemas['SortKey'], 'field'>;
export type SearchRequest = Schemas['SearchRequest'];
export type TrialItem = Schemas['TrialItem'];
export type TrialPage = Schemas['TrialPage'];
export type ExperimentItem = Schemas['ExperimentItem'];
export type ExperimentPage = Schemas['ExperimentPage'];
export type CompareRequest = Schemas['CompareRequest'];
export type CompareAnswer = Schemas['CompareAnswer'];
export type AggregateRequest = Schemas['AggregateRequest'];
export type AggregateAnswer = Schemas['AggregateAnswer'];
export type KnownField = Schemas['KnownField'];
export type FieldValue = Schemas['FieldValue'];
export type TrialChange = Schemas['TrialChange'];
export type Limits = Schemas['Limits'];

export type HistoryQuery = QueryOf<'getMetadataHistory'>;
export type FieldsQuery = QueryOf<'listFields'>;
export type ValuesQuery = QueryOf<'listValues'>;
export type ChangesQuery = QueryOf<'listChanges'>;
export type ExportQuery = QueryOf<'exportTrials'>;

/** One page of a list; `next` is null at its end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** One report of a batch. */
export interface TrialReport {
  readonly trialId: TrialId;
  readonly metadata: Metadata;
}
