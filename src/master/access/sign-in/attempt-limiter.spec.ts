import { AttemptLimiter } from './attempt-limiter.js';

describe('AttemptLimiter', () => {
  let now = 0;
  const limiterOf = (perMinute: number): AttemptLimiter => new AttemptLimiter(perMinute, () => now);

  beforeEach(() => {
    now = 1_000_000;
  });

  it('lets so many failures through, and then says how long to wait', () => {
    const limiter = limiterOf(3);
    for (let count = 0; count < 3; count += 1) {
      expect(limiter.wait('10.0.0.1')).toBe(0);
      limiter.failed('10.0.0.1');
    }
    expect(limiter.wait('10.0.0.1')).toBe(20);
  });

  it('forgives a failure after its share of the minute, and all of them after a minute', () => {
    const limiter = limiterOf(3);
    for (let count = 0; count < 3; count += 1) limiter.failed('10.0.0.1');
    now += 19_000;
    expect(limiter.wait('10.0.0.1')).toBe(1);
    now += 1_000;
    expect(limiter.wait('10.0.0.1')).toBe(0);
    limiter.failed('10.0.0.1');
    expect(limiter.wait('10.0.0.1')).toBe(20);
    now += 60_000;
    for (let count = 0; count < 3; count += 1) {
      expect(limiter.wait('10.0.0.1')).toBe(0);
      limiter.failed('10.0.0.1');
    }
  });

  it('takes a failure back that was none', () => {
    const limiter = limiterOf(1);
    limiter.failed('10.0.0.1');
    limiter.forgive('10.0.0.1');
    expect(limiter.wait('10.0.0.1')).toBe(0);
  });

  it('tells addresses apart, but not those of one IPv6 network', () => {
    const limiter = limiterOf(1);
    limiter.failed('10.0.0.1');
    limiter.failed('2001:db8:1:2:3:4:5:6');
    expect(limiter.wait('10.0.0.2')).toBe(0);
    expect(limiter.wait('2001:db8:1:2::9')).toBe(60);
    expect(limiter.wait('2001:db8:1:3::9')).toBe(0);
    expect(limiter.wait('::ffff:10.0.0.1')).toBe(0);
  });

  it('does not grow without end', () => {
    const limiter = limiterOf(1);
    for (let index = 0; index < 20_000; index += 1) limiter.failed(`address ${index}`);
    expect(limiter.wait('address 0')).toBe(0);
    expect(limiter.wait('address 19999')).toBe(60);
  });
});
