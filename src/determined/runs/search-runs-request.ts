import { EVERYTHING, type Filter, type JsonObject, type Sort } from '../../metadata/index.js';
import { InvalidArgumentError } from '../determined.errors.js';
import { parseRunFilter } from '../filter/parse-run-filter.js';
import { parseRunSort } from '../parse-run-sort.js';
import { readInteger, readText } from './read-request.js';

/** SearchRuns, parsed. */
export interface SearchRunsRequest {
  readonly projectId: number | undefined;
  readonly filter: Filter;
  /** Whether archived runs are taken in: all of them are when there is no filter to leave them out. */
  readonly archived: boolean;
  readonly sort: Sort;
  /** Negative: from the end. */
  readonly offset: number;
  /** 0: 100; -1: all; -2: none. */
  readonly limit: number;
}

/** @throws InvalidArgumentError */
export function readSearchRuns(body: JsonObject): SearchRunsRequest {
  const filter = readText(body, 'filter');
  const sort = readText(body, 'sort');
  const limit = readInteger(body, 'limit') ?? 0;
  if (limit < -2) throw new InvalidArgumentError('invalid limit: -2, -1, 0 or more was expected');
  const parsed = filter === undefined ? { filter: EVERYTHING, showArchived: true } : parseRunFilter(filter);
  return {
    projectId: readInteger(body, 'projectId'),
    filter: parsed.filter,
    archived: parsed.showArchived,
    sort: sort === undefined ? [] : parseRunSort(sort),
    offset: readInteger(body, 'offset') ?? 0,
    limit,
  };
}
