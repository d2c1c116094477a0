import { setImmediate } from 'node:timers/promises';
import { Turns } from './turns.js';

const NEVER = new AbortController().signal;

/** Work that ends when it is told to. */
class Work {
  started = false;
  finish: () => void = () => undefined;

  readonly run = (): Promise<void> => {
    this.started = true;
    return new Promise((resolve) => (this.finish = resolve));
  };
}

describe('Turns', () => {
  it('lets so many run at a time, and the others in their order', async () => {
    const turns = new Turns(2);
    const works = [new Work(), new Work(), new Work(), new Work()];
    const done = works.map(({ run }) => turns.take(NEVER, run));
    await setImmediate();
    expect(works.map(({ started }) => started)).toEqual([true, true, false, false]);
    works[1]?.finish();
    await setImmediate();
    expect(works.map(({ started }) => started)).toEqual([true, true, true, false]);
    works[0]?.finish();
    await setImmediate();
    works.forEach(({ finish }) => finish());
    await Promise.all(done);
    expect(works[3]?.started).toBe(true);
  });

  it('gives the turn on when the work fails', async () => {
    const turns = new Turns(1);
    await expect(turns.take(NEVER, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(turns.take(NEVER, () => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('lets one that waits leave, without a turn being lost', async () => {
    const turns = new Turns(1);
    const first = new Work();
    const running = turns.take(NEVER, first.run);
    const gone = new AbortController();
    const left = turns.take(gone.signal, () => Promise.resolve());
    gone.abort();
    await expect(left).rejects.toThrow('abort');
    first.finish();
    await running;
    await expect(turns.take(NEVER, () => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('passes the turn on when the work takes longer than its patience, and once only', async () => {
    const turns = new Turns(1);
    const stuck = new Work();
    const running = turns.take(NEVER, stuck.run, 20);
    const works = [new Work(), new Work()];
    const next = works.map(({ run }) => turns.take(NEVER, run));
    while (works[0]?.started === false) await setImmediate();
    stuck.finish();
    await running;
    await setImmediate();
    expect(works[1]?.started).toBe(false);
    works[0]?.finish();
    await setImmediate();
    works[1]?.finish();
    await Promise.all(next);
  });

  it('tells who waits no longer the reason that he gave', async () => {
    const turns = new Turns(1);
    const first = new Work();
    const running = turns.take(NEVER, first.run);
    const gone = new AbortController();
    const reason = new Error('later');
    const left = turns.take(gone.signal, () => Promise.resolve());
    gone.abort(reason);
    await expect(left).rejects.toBe(reason);
    first.finish();
    await running;
  });

  it('begins nothing for one that is gone already', async () => {
    const turns = new Turns(1);
    await expect(turns.take(AbortSignal.abort(), () => Promise.resolve())).rejects.toThrow('abort');
    await expect(turns.take(NEVER, () => Promise.resolve('next'))).resolves.toBe('next');
  });
});
