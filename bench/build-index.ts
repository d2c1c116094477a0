import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './progress.js';
import type { RestClient } from './rest-client.js';

interface Index {
  readonly state: string;
  readonly progress?: number;
}

/** Has the product build the index of a field, and waits until it is there. @returns milliseconds */
export async function buildIndex(
  rest: RestClient,
  path: string,
  progress: Progress,
  kind: 'values' | 'texts' = 'values',
): Promise<number> {
  const start = performance.now();
  for (;;) {
    const answer = await rest.send({ method: 'PUT', path: `/metadata/indexes/${path}?kind=${kind}` });
    const { index } = JSON.parse(answer) as { index: Index };
    if (index.state === 'ready') return performance.now() - start;
    progress.part(`index of ${path}`, Math.round((index.progress ?? 0) * 100), 101);
    await sleep(250);
  }
}
