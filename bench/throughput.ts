import { timeMany, type Timing } from './measure.js';
import type { RestClient } from './rest-client.js';

const CLIENTS = 16;
const REQUESTS = 2_000;
/** How often they are measured; the median counts. */
const ROUNDS = 3;
/** Done before, unmeasured: connections that were idle for a while are opened anew, and each prepares its statements. */
const UNMEASURED = 500;

/**
 * Searches a second through REST, by 16 clients at once, each for a page sorted by an indexed field. Done before anything is
 * measured, it makes a master of one that has just started one that has served for a while: 6,500 searches.
 */
export async function searchThroughput(
  rest: RestClient,
): Promise<Timing & { readonly perSecond: number; readonly clients: number }> {
  const gpus = ['NVIDIA H100', 'NVIDIA A100', 'NVIDIA L40S'];
  const search = (index: number) =>
    rest.send({
      method: 'POST',
      path: '/trials/search',
      body: {
        filter: { field: 'metadata.hardware.gpu', operator: 'is', value: gpus[index % gpus.length] },
        sort: [{ field: 'metadata.runtime_seconds', direction: 'asc' }],
        count: 'none',
      },
    });
  await timeMany(UNMEASURED, CLIENTS, search);
  const rounds: Awaited<ReturnType<typeof timeMany>>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await timeMany(REQUESTS, CLIENTS, search));
  const [median] = rounds.toSorted((a, b) => a.perSecond - b.perSecond).slice(ROUNDS >> 1);
  if (median === undefined) throw new Error('Nothing was measured.');
  return { ...median, clients: CLIENTS };
}
