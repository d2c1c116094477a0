import type { AggregateAnswer, AggregateRequest, SearchRequest } from 'nestjs-trial-metadata/client';
import type { ExperimentsHost } from '../experiments/experiments-host.js';

/** A group of an aggregation's answer. */
export type Group = AggregateAnswer['groups'][number];

/** Aggregates as a user. */
export function aggregate(
  host: ExperimentsHost,
  request: AggregateRequest,
  user = 'admin',
): Promise<AggregateAnswer> {
  return host.as(user).client.aggregateTrials(request);
}

/** Searches with each group's filter and expects as many trials as the group counts. */
export async function expectFiltersToSelect(
  host: ExperimentsHost,
  groups: readonly Group[],
  scope: SearchRequest = {},
) {
  for (const { filter, count } of groups) {
    const { total } = await host.client.searchTrials({ ...scope, filter, count: 'exact', limit: 1 });
    expect({ filter, count: total?.value }).toEqual({ filter, count });
  }
}
