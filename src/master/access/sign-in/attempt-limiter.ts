import { isIPv6 } from 'node:net';

/** Addresses remembered; a flood of new ones lets the oldest be forgotten, not the memory grow. */
const ADDRESSES = 10_000;

interface Bucket {
  readonly failures: number;
  /** Milliseconds. */
  readonly at: number;
}

/**
 * Limits how often sign-ins from one address may fail: so many at once, and after them one whenever its share of the
 * minute has passed.
 */
export class AttemptLimiter {
  private readonly buckets = new Map<string, Bucket>();

  /** @param perMinute failures let through in a minute */
  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Seconds until the address may try again; 0: now. */
  wait(address: string): number {
    const over = this.failures(address) - this.perMinute + 1;
    return over <= 0 ? 0 : Math.ceil((over * 60) / this.perMinute);
  }

  failed(address: string): void {
    this.shift(address, 1);
  }

  /** Takes a failure back that was none in the end. */
  forgive(address: string): void {
    this.shift(address, -1);
  }

  private shift(address: string, by: 1 | -1): void {
    const key = networkOf(address);
    const bucket = { failures: Math.max(0, this.failures(address) + by), at: this.now() };
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size <= ADDRESSES) return;
    for (const oldest of this.buckets.keys()) {
      this.buckets.delete(oldest);
      break;
    }
  }

  /** Failures that still count: each is forgiven after its share of the minute. */
  private failures(address: string): number {
    const bucket = this.buckets.get(networkOf(address));
    if (bucket === undefined) return 0;
    const forgiven = ((this.now() - bucket.at) / 60_000) * this.perMinute;
    return Math.max(0, bucket.failures - forgiven);
  }
}

/** One client commonly has all the addresses of an IPv6 network, so that these count as one. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  return [...first, ...Array<string>(zeros).fill('0'), ...last].slice(0, 4).join(':');
}
