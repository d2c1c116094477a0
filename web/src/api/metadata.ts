import {
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonType,
  type JsonValue,
} from '../shared/metadata.js';
import { readList, readNumber, readNumberOrNull, readObject, readText, readTextOrNull } from './read.js';
import { apiPath, request } from './request.js';
import { EMPTY_OBJECT } from './trial.js';

/** A trial's metadata at one revision. */
export interface MetadataDocument {
  readonly trialId: number;
  readonly metadata: JsonObject;
  /** 0 when nothing was ever reported. */
  readonly revision: number;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
}

/** A field that some trial has. */
export interface KnownField {
  /** As filters write it after `metadata.`. */
  readonly path: string;
  readonly types: readonly JsonType[];
  /** In how many trials it is there. */
  readonly trials: number;
}

export interface ValueCount {
  readonly value: JsonValue;
  readonly count: number;
}

/** What a list that pages answers. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export async function getMetadata(
  trialId: number,
  signal?: AbortSignal,
  revision?: number,
): Promise<MetadataDocument> {
  return readDocument(
    await request({ path: apiPath`/trials/${trialId}/metadata`, query: { revision }, signal }),
  );
}

/** Merges in depth (RFC 7396): null deletes. */
export async function patchMetadata(
  trialId: number,
  patch: JsonObject,
  revision: number,
): Promise<MetadataDocument> {
  const path = apiPath`/trials/${trialId}/metadata`;
  return readDocument(
    await request({
      method: 'PATCH',
      path,
      body: patch,
      contentType: 'application/merge-patch+json',
      ifMatch: revision,
    }),
  );
}

/** Replaces the whole document. */
export async function putMetadata(
  trialId: number,
  metadata: JsonObject,
  revision: number,
): Promise<MetadataDocument> {
  const path = apiPath`/trials/${trialId}/metadata`;
  return readDocument(
    await request({ method: 'PUT', path, body: new Map([['metadata', metadata]]), ifMatch: revision }),
  );
}

export async function revertMetadata(
  trialId: number,
  revision: number,
  current: number,
): Promise<MetadataDocument> {
  const path = apiPath`/trials/${trialId}/metadata/revert`;
  return readDocument(await request({ method: 'POST', path, body: { revision }, ifMatch: current }));
}

export interface FieldSearch {
  readonly projectId?: number | undefined;
  /** Part of the name. */
  readonly q?: string | undefined;
  /** By name unless told, or the most common first. */
  readonly order?: 'path' | 'trials';
  readonly limit?: number;
}

export async function getFields(
  { projectId, q, order, limit }: FieldSearch,
  signal?: AbortSignal,
): Promise<ListPage<KnownField>> {
  return readPage(
    await request({
      path: '/metadata/fields',
      query: { projectId, q, order, limit },
      signal,
    }),
    (item) => ({
      path: readText(item.get('path'), 'field.path'),
      types: readTypes(item.get('types')),
      trials: readNumberOrNull(item.get('trials')) ?? 0,
    }),
  );
}

export interface ValueSearch {
  readonly field: string;
  readonly projectId?: number | undefined;
  readonly q?: string | undefined;
  /** JSON text of the filter within which values are counted. */
  readonly filter?: string | undefined;
  readonly limit?: number;
}

export async function getValues(search: ValueSearch, signal?: AbortSignal): Promise<ListPage<ValueCount>> {
  const { field, projectId, q, filter, limit } = search;
  const answer = await request({
    path: '/metadata/values',
    query: { field, projectId, q, filter, limit },
    signal,
  });
  return readPage(answer, (item) => ({
    value: item.get('value') ?? null,
    count: readNumber(item.get('count'), 'value.count'),
  }));
}

/** @throws UnexpectedAnswerError */
export function readPage<Item>(answer: JsonValue, readItem: (item: JsonObject) => Item): ListPage<Item> {
  const page = readObject(answer, 'list');
  return {
    items: readList(page.get('items'), 'items').map((item) => readItem(readObject(item, 'item'))),
    next: readTextOrNull(page.get('next')),
  };
}

/** @throws UnexpectedAnswerError */
export function readDocument(answer: JsonValue): MetadataDocument {
  const document = readObject(answer, 'metadata');
  return {
    trialId: readNumber(document.get('trialId'), 'trialId'),
    metadata: readObject(document.get('metadata') ?? EMPTY_OBJECT, 'metadata'),
    revision: readNumber(document.get('revision') ?? new JsonNumber('0'), 'revision'),
    updatedAt: readTextOrNull(document.get('updatedAt')),
    updatedBy: readTextOrNull(document.get('updatedBy')),
  };
}

const TYPES: readonly JsonType[] = ['string', 'number', 'boolean', 'null', 'array', 'object'];

/** The types of a field, the commonest first; they come with the number of trials that each is in. */
function readTypes(value: JsonValue | undefined): readonly JsonType[] {
  if (!isJsonObject(value)) return [];
  const count = (type: JsonType): number => readNumberOrNull(value.get(type)) ?? 0;
  return TYPES.filter((type) => value.has(type)).sort((a, b) => count(b) - count(a));
}
