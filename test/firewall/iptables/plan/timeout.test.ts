import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTimeoutFit, timeoutFor } from '../../../../src/firewall/iptables/plan/timeout.ts';
import { clearFirewall, ipset } from '../../../support/firewall.ts';
import { requirePrivateNetwork } from '../../../support/namespaces.ts';

const timeout = suite('timeout');

timeout.before(requirePrivateNetwork);
timeout.after(clearFirewall);

const NOW = 1_795_330_000_000;
const DAY_MS = 24 * 3600 * 1000;

/** A ban as long as this, in milliseconds, can have a timeout of its own length. */
const length = fc.integer({ min: 1, max: 24 * DAY_MS });

timeout('takes a member out some five minutes after its ban is over, if nobody did so before', () => {
  fc.assert(
    fc.property(length, (ms) => {
      const late = NOW + timeoutFor(NOW + ms, NOW) * 1000 - (NOW + ms);

      assert.ok(late >= 300_000 && late < 301_000, `${late} ms`);
    }),
  );
});

timeout('is right for as long as it runs as the ban does, and wrong once it is minutes off', () => {
  fc.assert(
    fc.property(length, fc.double({ min: 0, max: 1, noNaN: true }), (ms, part) => {
      const passed = Math.floor((ms * part) / 1000);
      const [left, now] = [timeoutFor(NOW + ms, NOW) - passed, NOW + passed * 1000];

      assert.ok(isTimeoutFit(left, NOW + ms, now));
      assert.not(isTimeoutFit(left + 200, NOW + ms, now));
      assert.not(isTimeoutFit(left - 200, NOW + ms, now));
    }),
  );
});

timeout('is none for a ban without an end, and for no other', () => {
  assert.is(timeoutFor(Infinity, NOW), 0);
  assert.ok(isTimeoutFit(0, Infinity, NOW));
  assert.not(isTimeoutFit(60, Infinity, NOW));
  assert.not(isTimeoutFit(0, NOW + 60_000, NOW));
  assert.ok(timeoutFor(NOW - DAY_MS, NOW) > 0);
});

timeout(
  'of a ban of months is the longest that ipset takes, and is set anew when half of it is over',
  async () => {
    const until = NOW + 300 * DAY_MS;
    const longest = timeoutFor(until, NOW);
    const half = Math.ceil(longest / 2);

    await ipset('create longest hash:net timeout 0', `add longest 203.0.113.7 timeout ${longest}`);
    const longer = await ipset(`add longest 203.0.113.8 timeout ${longest + 1}`).then(
      () => 'taken',
      () => 'refused',
    );

    assert.is(longer, 'refused');
    assert.ok(isTimeoutFit(half, until, NOW + half * 1000));
    assert.not(isTimeoutFit(half - 1, until, NOW + half * 1000));
  },
);

timeout.run();
