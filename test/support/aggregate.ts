import type { ExperimentsHost } from '../experiments/experiments-host.js';

/** A group of an aggregation's answer. */
export interface Group {
  readonly key: Readonly<Record<string, unknown>>;
  readonly missing?: readonly string[];
  readonly count: number;
  readonly values: Readonly<Record<string, number | null>>;
  readonly skipped?: Readonly<Record<string, number>>;
  readonly filter: object | null;
}

/** Aggregates, and expects that to be answered. */
export async function aggregate(host: ExperimentsHost, body: object, user = 'admin') {
  const answer = await host.as(user).send('POST', '/trials/aggregate', body);
  expect(answer.status).toBe(200);
  return answer.body as { readonly groups: readonly Group[]; readonly truncated: boolean };
}

/** Searches with each group's filter and expects as many trials as the group counts. */
export async function expectFiltersToSelect(
  host: ExperimentsHost,
  groups: readonly Group[],
  scope: object = {},
) {
  for (const { filter, count } of groups) {
    const { body } = await host.post('/trials/search', { ...scope, filter, count: 'exact', limit: 1 });
    expect({ filter, count: body.total.value }).toEqual({ filter, count });
  }
}
