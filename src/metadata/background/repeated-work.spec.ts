import { jest } from '@jest/globals';
import { RepeatedWork } from './repeated-work.js';

const SECOND = 1_000;

describe('RepeatedWork', () => {
  const warnings: string[] = [];
  let background: RepeatedWork;

  beforeEach(() => {
    jest.useFakeTimers();
    warnings.length = 0;
    background = new RepeatedWork({ warn: (message: string) => warnings.push(message) });
  });

  afterEach(async () => {
    await background.stop();
    jest.useRealTimers();
  });

  function start(work: () => Promise<unknown>): void {
    background.start({ interval: SECOND, failure: 'Nothing was done', work });
  }

  it('works after an interval, and not at once', async () => {
    const work = jest.fn(() => Promise.resolve());
    start(work);
    await jest.advanceTimersByTimeAsync(SECOND - 1);
    expect(work).toHaveBeenCalledTimes(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(3 * SECOND);
    expect(work).toHaveBeenCalledTimes(4);
  });

  it('waits for the end of a run, and then an interval', async () => {
    const runs = deferredRuns();
    start(runs.work);
    await jest.advanceTimersByTimeAsync(10 * SECOND);
    expect(runs.begun).toBe(1);
    runs.end();
    await jest.advanceTimersByTimeAsync(SECOND - 1);
    expect(runs.begun).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(runs.begun).toBe(2);
    runs.end();
  });

  it('tells of a failure with its reason, and goes on', async () => {
    const work = jest
      .fn<() => Promise<unknown>>()
      .mockRejectedValueOnce(new Error('the database is away'))
      .mockResolvedValue(undefined);
    start(work);
    await jest.advanceTimersByTimeAsync(3 * SECOND);
    expect(work).toHaveBeenCalledTimes(3);
    expect(warnings).toEqual(['Nothing was done: the database is away']);
  });

  it('takes a throw before the first await, and of no Error, for a failure too', async () => {
    start(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what others' code may do
      throw 'no words';
    });
    await jest.advanceTimersByTimeAsync(2 * SECOND);
    expect(warnings).toEqual(['Nothing was done: no words', 'Nothing was done: no words']);
  });

  it('keeps no process from ending', () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    start(() => Promise.resolve());
    expect(timers).toHaveBeenCalledTimes(1);
    expect((timers.mock.results[0]?.value as NodeJS.Timeout).hasRef()).toBe(false);
    timers.mockRestore();
  });

  it('does not begin again once it is stopped', async () => {
    const work = jest.fn(() => Promise.resolve());
    start(work);
    await background.stop();
    start(work);
    await jest.advanceTimersByTimeAsync(5 * SECOND);
    expect(work).toHaveBeenCalledTimes(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stops when the work in hand has ended, which is told, and says nothing of its failure', async () => {
    const runs = deferredRuns();
    start(runs.work);
    await jest.advanceTimersByTimeAsync(SECOND);
    let ended = false;
    const stopped = background.stop().then(() => (ended = true));
    expect(background.isStopped).toBe(true);
    await jest.advanceTimersByTimeAsync(SECOND);
    expect(ended).toBe(false);
    runs.fail(new Error('the connection was closed'));
    await stopped;
    expect(warnings).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('attempts a work once, and tells of its failure in its own words', async () => {
    await background.attempt('The list was not kept', () => Promise.reject(new Error('no room')));
    await background.attempt('The list was not kept', () => Promise.resolve());
    expect(warnings).toEqual(['The list was not kept: no room']);
    await background.stop();
    await background.attempt('The list was not kept', () => Promise.reject(new Error('no room')));
    expect(warnings).toHaveLength(1);
  });
});

/** A work whose runs end when the test says so. */
function deferredRuns() {
  let settle = { resolve: (): void => undefined, reject: (_error: Error): void => undefined };
  const runs = {
    begun: 0,
    work: (): Promise<void> => {
      runs.begun += 1;
      return new Promise((resolve, reject) => (settle = { resolve, reject }));
    },
    end: () => settle.resolve(),
    fail: (error: Error) => settle.reject(error),
  };
  return runs;
}
