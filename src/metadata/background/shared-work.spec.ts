import { SharedWork } from './shared-work.js';

/** A work whose runs end when they are told to. */
function controlledWork() {
  const runs: { end: () => void; fail: (error: Error) => void }[] = [];
  let atOnce = 0;
  let most = 0;
  const work = new SharedWork(() => {
    most = Math.max(most, ++atOnce);
    return new Promise<void>((end, fail) => runs.push({ end, fail })).finally(() => (atOnce -= 1));
  });
  return { work, runs, most: () => most };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('work that many ask for', () => {
  it('runs at once for the first, and once more for all who ask meanwhile', async () => {
    const { work, runs, most } = controlledWork();
    const done: string[] = [];
    const ask = (name: string) => work.run().then(() => done.push(name));
    const all = [ask('first'), ask('second'), ask('third')];
    await turn();
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await turn();
    expect([done, runs.length]).toEqual([['first'], 2]);
    all.push(ask('fourth'));
    runs[1]?.end();
    await turn();
    expect([done, runs.length]).toEqual([['first', 'second', 'third'], 3]);
    runs[2]?.end();
    await Promise.all(all);
    expect(most()).toBe(1);
  });

  it('begins a new run as soon as nothing is under way', async () => {
    const { work, runs } = controlledWork();
    const first = work.run();
    runs[0]?.end();
    await first;
    const second = work.run();
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await second;
  });

  it('tells a failure to those who share the run, and to nobody else', async () => {
    const { work, runs, most } = controlledWork();
    const first = work.run();
    const second = work.run();
    runs[0]?.fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await turn();
    runs[1]?.end();
    await expect(second).resolves.toBeUndefined();
    expect(most()).toBe(1);
  });
});
