/** Tells what is going on, on standard error, so that standard output holds the result alone. */
export class Progress {
  private last = 0;

  /** @param write where the messages go; standard error by default */
  constructor(private readonly write = (text: string): void => void process.stderr.write(text)) {}

  say(message: string): void {
    this.write(`${message}\n`);
  }

  /** How far a part is; on a terminal in one line that is written over, elsewhere every ten seconds. */
  part(what: string, done: number, of: number): void {
    const now = Date.now();
    const isTerminal = process.stderr.isTTY;
    if (done < of && now - this.last < (isTerminal ? 100 : 10_000)) return;
    this.last = now;
    const percent = Math.floor((100 * done) / of);
    this.write(`${isTerminal ? '\r' : ''}${what}: ${percent}%${done === of || !isTerminal ? '\n' : ''}`);
  }
}
