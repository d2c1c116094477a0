/** Where a command prints: the parts of a stream that it needs. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How far a long command is. */
export interface Progress {
  /** @param share of the work, 0 to 1 @param text what was done so far */
  update(share: number, text: string): void;
  /** Prints a line that stays. */
  print(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

const BAR = 24;
const BAR_INTERVAL_MS = 100;
const LINE_INTERVAL_MS = 5000;

/** A bar that is drawn over itself on a terminal; elsewhere, as in a log, a plain line every few seconds. */
export function progressOn(output: Output, now: () => number = Date.now): Progress {
  const interval = output.isTTY ? BAR_INTERVAL_MS : LINE_INTERVAL_MS;
  let last = output.isTTY ? -Infinity : now();
  let bar = '';
  const clear = (): void => {
    if (bar !== '') output.write(`\r${' '.repeat(bar.length)}\r`);
  };
  const draw = (): void => {
    if (bar !== '') output.write(bar);
  };
  return {
    update: (share, text) => {
      if (now() - last < interval) return;
      last = now();
      const percent = `${Math.floor(share * 100)}%`;
      if (!output.isTTY) {
        output.write(`${percent}, ${text}\n`);
        return;
      }
      clear();
      const full = Math.round(share * BAR);
      const line = `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] ${percent.padStart(4)}  ${text}`;
      bar = line.slice(0, (output.columns ?? 80) - 1);
      draw();
    },
    print: (line) => {
      clear();
      output.write(`${line}\n`);
      draw();
    },
    end: () => {
      clear();
      bar = '';
    },
  };
}
