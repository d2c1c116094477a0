import {
  InvalidRequestError,
  isJsonObject,
  parseFilter,
  parseProjection,
  parseSort,
  readAll,
  writeJson,
  type JsonObject,
} from '../../metadata/index.js';
import { optional, required, type ObjectOf, type ReadValue } from '../body/read-object.js';
import { name } from '../body/read-value.js';
import { FIELD_NAMES } from '../search/search-request.js';
import { VIEW_TABLES, type ViewTable } from './project-view.js';

/** Bytes of a search's JSON. */
const SEARCH_BYTES = 64 * 1024;

/** One of the tables that a view may be of. */
const viewTable: ReadValue<ViewTable> = (value, refuse) =>
  VIEW_TABLES.find((table) => table === value) ??
  refuse({ code: 'value_not_accepted', message: `Accepted: ${VIEW_TABLES.join(', ')}.` });

/**
 * A search: an object whose `filter`, `sort` and `fields`, where they are there, are those of `POST /trials/search`, so
 * that no view is kept that cannot be run. Its other members are the page's, and kept as they are.
 */
const search: ReadValue<JsonObject> = (value, refuse) => {
  if (!isJsonObject(value)) {
    return refuse({ code: 'value_not_accepted', message: 'Give a search as a JSON object; {} for all.' });
  }
  const actual = Buffer.byteLength(writeJson(value));
  if (actual > SEARCH_BYTES) {
    const message = `A search takes at most ${SEARCH_BYTES} bytes.`;
    return refuse({ code: 'search_too_large', message, limit: SEARCH_BYTES, actual });
  }
  try {
    readAll(
      () => parseFilter(value.get('filter'), FIELD_NAMES, 'search.filter'),
      () => parseSort(value.get('sort'), FIELD_NAMES, 'search.sort'),
      () => parseProjection(value.get('fields'), FIELD_NAMES, 'search.fields'),
    );
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    for (const { path, ...fault } of error.problems) refuse(fault, path.slice('search'.length));
  }
  return value;
};

/** `POST /projects/:id/views` */
export const CREATE_VIEW = { name: required(name), table: required(viewTable), search: required(search) };
export type CreateView = ObjectOf<typeof CREATE_VIEW>;

/** `PATCH /projects/:id/views/:viewId` */
export const CHANGE_VIEW = { name: optional(name), search: optional(search) };
export type ChangeView = ObjectOf<typeof CHANGE_VIEW>;

/** `GET /projects/:id/views?table=` @throws InvalidRequestError */
export function readViewTable(text: string | undefined): ViewTable | undefined {
  if (text === undefined) return undefined;
  const found = VIEW_TABLES.find((table) => table === text);
  if (found !== undefined) return found;
  throw InvalidRequestError.at('table', 'value_not_accepted', `Accepted: ${VIEW_TABLES.join(', ')}.`);
}
