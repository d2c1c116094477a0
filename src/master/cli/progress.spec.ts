import { progressOn } from './progress.js';

function record(isTTY: boolean): {
  readonly text: () => string;
  readonly output: Parameters<typeof progressOn>[0];
} {
  const parts: string[] = [];
  return { text: () => parts.join(''), output: { isTTY, columns: 60, write: (text) => parts.push(text) } };
}

describe('progressOn', () => {
  it('draws a bar over itself on a terminal and takes it away at the end', () => {
    const { text, output } = record(true);
    let time = 0;
    const progress = progressOn(output, () => time);
    progress.update(0.25, '100 trials');
    time = 50;
    progress.update(0.3, 'too soon to be drawn');
    time = 200;
    progress.update(0.5, '200 trials');
    progress.end();
    const bars = text()
      .split('\r')
      .filter((part) => part.trim() !== '');
    expect(bars).toEqual([
      '[######------------------]  25%  100 trials',
      '[############------------]  50%  200 trials',
    ]);
    expect(text().endsWith('\r')).toBe(true);
  });

  it('never draws beyond the edge of the terminal', () => {
    const { text, output } = record(true);
    progressOn(output).update(1, 'x'.repeat(500));
    expect(text()).toHaveLength(59);
  });

  it('draws the bar again below a line that stays', () => {
    const { text, output } = record(true);
    const progress = progressOn(output);
    progress.update(0, 'a');
    progress.print('line 3: refused');
    expect(text()).toMatch(/\rline 3: refused\n\[-+\] {3}0% {2}a$/);
  });

  it('prints plain lines, seconds apart, where there is no terminal', () => {
    const { text, output } = record(false);
    let time = 0;
    const progress = progressOn(output, () => time);
    for (; time <= 12_000; time += 1000) progress.update(time / 12_000, `${time} trials`);
    progress.end();
    expect(text()).toBe('41%, 5000 trials\n83%, 10000 trials\n');
  });
});
