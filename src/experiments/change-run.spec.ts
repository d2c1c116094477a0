import { changeRun, type Run } from './change-run.js';

const START = new Date('2024-05-09T03:00:00Z');
const END = new Date('2024-05-09T04:00:00Z');
const NOW = new Date('2024-05-09T05:00:00Z');

function running(): Run {
  return { state: 'RUNNING', archived: false, startTime: START, endTime: null };
}

describe('changeRun', () => {
  it.each(['COMPLETED', 'CANCELED', 'ERROR'] as const)('sets the end time on %s', (state) => {
    const run = running();
    changeRun(run, { state }, NOW);
    expect(run).toMatchObject({ state, endTime: NOW });
  });

  it('keeps the end time that the change names', () => {
    const run = running();
    changeRun(run, { state: 'COMPLETED', endTime: END }, NOW);
    expect(run.endTime).toBe(END);
  });

  it('keeps the end time when one ending state follows another', () => {
    const run: Run = { ...running(), state: 'COMPLETED', endTime: END };
    changeRun(run, { state: 'ERROR' }, NOW);
    expect(run).toMatchObject({ state: 'ERROR', endTime: END });
  });

  it('takes the end time away when it goes on', () => {
    const run: Run = { ...running(), state: 'ERROR', endTime: END };
    changeRun(run, { state: 'RUNNING' }, NOW);
    expect(run).toMatchObject({ state: 'RUNNING', endTime: null });
  });

  it('never ends before it started, even when the clocks differ', () => {
    const run: Run = { ...running(), startTime: new Date('2024-05-09T06:00:00Z') };
    changeRun(run, { state: 'COMPLETED' }, NOW);
    expect(run.endTime).toEqual(run.startTime);
  });

  it('refuses an end before the start', () => {
    expect(() => changeRun(running(), { endTime: new Date('2024-05-09T02:00:00Z') }, NOW)).toThrow(
      'endTime: The end lies before the start, 2024-05-09T03:00:00.000Z.',
    );
  });
});
