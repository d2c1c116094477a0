import { ReportQueue, type QueuedReport, type ReportQueueLimits } from './report-queue.js';

interface Named extends QueuedReport {
  readonly name: string;
}

/** What was sent, and how to let it end. */
interface Sent {
  readonly names: readonly string[];
  readonly end: (rows?: readonly (string | undefined)[]) => void;
  readonly fail: (error: Error) => void;
}

const LIMITS: ReportQueueLimits = { atOnce: 1, reports: 4, size: 100, patience: 10_000 };

/** A queue in front of a database that answers when it is told to. */
function queueOf(limits: Partial<ReportQueueLimits> = {}) {
  const sent: Sent[] = [];
  const send = (reports: readonly Named[]) =>
    new Promise<readonly (string | undefined)[]>((resolve, reject) => {
      const names = reports.map(({ name }) => name);
      sent.push({ names, end: (rows = names) => resolve(rows), fail: reject });
    });
  const queue = new ReportQueue<Named, string>(
    {
      writeAlone: async (report) => (await send([report]))[0] ?? '',
      writeTogether: send,
    },
    { ...LIMITS, ...limits },
  );
  const write = (name: string, trialId: number, size = 1) => queue.write({ name, trialId, size });
  return { queue, sent, write, namesSent: () => sent.map(({ names }) => names) };
}

/** Lets what was answered come through. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('ReportQueue', () => {
  it('sends a report at once while none is under way, and together what comes meanwhile', async () => {
    const { sent, write, namesSent } = queueOf();
    const answers = ['a', 'b', 'c'].map((name, index) => write(name, index));
    expect(namesSent()).toEqual([['a']]);
    sent[0]?.end();
    await turn();
    expect(namesSent()).toEqual([['a'], ['b', 'c']]);
    sent[1]?.end();
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c']);
    void write('d', 9);
    expect(namesSent()).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('has as many writes under way as it may', async () => {
    const { sent, write, namesSent } = queueOf({ atOnce: 2 });
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) void write(name, index);
    expect(namesSent()).toEqual([['a'], ['b']]);
    sent[1]?.end();
    await turn();
    void write('e', 4);
    expect(namesSent()).toEqual([['a'], ['b'], ['c', 'd']]);
  });

  it('takes no more reports into a group than it may', async () => {
    const { sent, write, namesSent } = queueOf({ reports: 2 });
    for (const [index, name] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) void write(name, index);
    for (const place of [0, 1, 2]) {
      sent[place]?.end();
      await turn();
    }
    expect(namesSent()).toEqual([['a'], ['b', 'c'], ['d', 'e'], ['f']]);
  });

  it('takes no more text into a group than it may, and a larger document alone', async () => {
    const { sent, write, namesSent } = queueOf();
    const sizes = [1, 60, 40, 1, 500, 1, 99];
    for (const [index, size] of sizes.entries()) void write(`${size}`, index, size);
    for (const place of [0, 1, 2, 3]) {
      sent[place]?.end();
      await turn();
    }
    expect(namesSent()).toEqual([['1'], ['60', '40'], ['1'], ['500'], ['1', '99']]);
  });

  it('writes the reports on one trial one after the other, as they came', async () => {
    const { sent, write, namesSent } = queueOf({ atOnce: 4 });
    const answered: string[] = [];
    for (const name of ['a1', 'a2', 'a3']) void write(name, 1).then((row) => answered.push(row));
    void write('b1', 2).then((row) => answered.push(row));
    expect(namesSent()).toEqual([['a1'], ['b1']]);
    for (const place of [0, 2, 3]) {
      sent[place]?.end();
      await turn();
    }
    expect(namesSent()).toEqual([['a1'], ['b1'], ['a2'], ['a3']]);
    expect(answered).toEqual(['a1', 'a2', 'a3']);
  });

  it('lets a trial with many reports not hold up the others', async () => {
    const { sent, write, namesSent } = queueOf({ reports: 2 });
    for (const name of ['a1', 'a2', 'a3', 'a4']) void write(name, 1);
    for (const [index, name] of ['b', 'c', 'd'].entries()) void write(name, index + 2);
    sent[0]?.end();
    await turn();
    sent[1]?.end();
    await turn();
    expect(namesSent()).toEqual([['a1'], ['b', 'c'], ['d', 'a2']]);
  });

  it('writes alone what a group could not settle, and answers the others meanwhile', async () => {
    const { sent, write, namesSent } = queueOf();
    const answers = [write('a', 1), write('b', 2), write('c', 3), write('d', 4)];
    void write('c2', 3);
    sent[0]?.end();
    await turn();
    sent[1]?.end(['b', undefined, 'd']);
    await turn();
    expect(namesSent()).toEqual([['a'], ['b', 'c', 'd'], ['c']]);
    expect(await Promise.all([answers[0], answers[1], answers[3]])).toEqual(['a', 'b', 'd']);
    void write('e', 5);
    expect(namesSent()[3]).toEqual(['e']);
    sent[2]?.fail(new Error('no such trial'));
    await expect(answers[2]).rejects.toThrow('no such trial');
    sent[3]?.end();
    await turn();
    expect(namesSent()[4]).toEqual(['c2']);
  });

  it('fails the reports of a group that fails, and goes on', async () => {
    const { sent, write, namesSent } = queueOf();
    const answers = [write('a', 1), write('b', 2), write('c', 3), write('b2', 2)];
    sent[0]?.end();
    await turn();
    sent[1]?.fail(new Error('the connection is gone'));
    await expect(answers[1]).rejects.toThrow('the connection is gone');
    await expect(answers[2]).rejects.toThrow('the connection is gone');
    await turn();
    expect(namesSent()[2]).toEqual(['b2']);
    sent[2]?.end();
    expect(await answers[3]).toBe('b2');
  });

  it('does not wait for a write that takes too long, but for its trial', async () => {
    const { sent, write, namesSent } = queueOf({ patience: 5 });
    const first = write('a', 1);
    void write('a2', 1);
    const second = write('b', 2);
    expect(namesSent()).toEqual([['a']]);
    while (sent.length < 2) await turn();
    expect(namesSent()).toEqual([['a'], ['b']]);
    sent[1]?.end();
    expect(await second).toBe('b');
    sent[0]?.end();
    expect(await first).toBe('a');
    await turn();
    expect(namesSent()).toEqual([['a'], ['b'], ['a2']]);
  });

  it('is settled when all that was handed in before is answered, with an error or without', async () => {
    const { queue, sent, write } = queueOf();
    const answers = Promise.allSettled([write('a', 1), write('b', 2), write('c', 3)]);
    let isSettled = false;
    const settled = queue.settled().then(() => (isSettled = true));
    sent[0]?.fail(new Error('no'));
    await turn();
    expect(isSettled).toBe(false);
    void write('later', 4);
    sent[1]?.end();
    await settled;
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });
});
