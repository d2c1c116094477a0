const ENTRIES = 10_000;

/** Remembers which tokens were right from which addresses. */
export class ProvenTokens {
  private readonly known = new Set<string>();

  has(address: string, hash: Buffer): boolean {
    return this.known.has(keyOf(address, hash));
  }

  add(address: string, hash: Buffer): void {
    if (this.known.size >= ENTRIES) this.known.clear();
    this.known.add(keyOf(address, hash));
  }

  remove(address: string, hash: Buffer): void {
    this.known.delete(keyOf(address, hash));
  }
}

function keyOf(address: string, hash: Buffer): string {
  return `${address} ${hash.toString('base64')}`;
}
