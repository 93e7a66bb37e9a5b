import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { NetJudge, type Spared } from '../../../src/lists/judge/net-judge.ts';
import { parseRange, rangeOf, rangeText, type Range } from '../../../src/lists/range.ts';
import { ipv4Text } from '../../support/arbitraries.ts';

const judge = suite('the judge of what a list bans');

interface Judged {
  readonly enforced: readonly string[];
  readonly spared: Spared;
}

function judged(texts: readonly string[], own = ['203.0.113.1'], allowed = ['198.51.100.0/24']): Judged {
  const taken: Range[] = [];
  const netJudge = new NetJudge({
    own: own.map(netOf),
    allowed: allowed.map(netOf),
    takeRange: (range) => taken.push(range),
  });
  for (const range of texts.map(parseRange)) if (range !== undefined) netJudge.judge(range);
  return { enforced: taken.map(rangeText), spared: netJudge.spared };
}

judge(
  'spares what is private or special, of the firewall itself, allowed, or half the world, and counts each',
  () => {
    const { enforced, spared } = judged([
      ...[
        '10.0.0.0/8',
        '192.168.1.7',
        '127.0.0.1',
        '224.0.0.1-239.255.255.255',
        'fe80::1',
        '::1',
        'fd00::/8',
      ],
      ...['203.0.113.1', '198.51.100.7', '198.51.100.0-198.51.100.255'],
      ...['0.0.0.0/0', '4.0.0.0-5.0.0.0', '::/0', '2000::/15'],
      ...['203.0.113.2', '2001:db8::/32', '4.0.0.0/8', '2a00::/16'],
    ]);

    assert.equal(enforced, ['203.0.113.2', '2001:db8::/32', '4.0.0.0/8', '2a00::/16']);
    assert.equal(spared, {
      tooWide: { count: 4, examples: ['0.0.0.0/0', '4.0.0.0-5.0.0.0', '::/0'] },
      own: { count: 1, examples: ['203.0.113.1'] },
      private: { count: 7, examples: ['10.0.0.0/8', '192.168.1.7', '127.0.0.1'] },
      allowed: { count: 2, examples: ['198.51.100.7', '198.51.100.0/24'] },
    });
  },
);

judge('an entry that merely holds an allowed net or the firewall stays', () => {
  const { enforced, spared } = judged(['203.0.113.0/24', '198.51.0.0/16']);

  assert.equal(enforced, ['203.0.113.0/24', '198.51.0.0/16']);
  assert.is(spared.own.count + spared.allowed.count, 0);
});

judge('an entry that lies in two allowed nets that touch is allowed', () => {
  const { enforced } = judged(
    ['198.51.100.0/24', '198.51.100.0/23'],
    [],
    ['198.51.100.0/25', '198.51.100.128/25'],
  );

  assert.equal(enforced, ['198.51.100.0/23']);
});

judge('of an entry that holds a private net the rest stays', () => {
  const { enforced } = judged(['172.0.0.0/8', '100.64.0.0-100.128.0.0', '9.255.255.255-10.0.0.0']);

  assert.equal(enforced, ['172.0.0.0/12', '172.32.0.0-172.255.255.255', '100.128.0.0', '9.255.255.255']);
});

judge('what it makes of a range is a range that it lets stay', () => {
  fc.assert(
    fc.property(
      ipv4Text.map(netOf).filter(({ prefix }) => prefix >= 8),
      (net) => {
        const { enforced } = judged([rangeText(rangeOf(net))]);

        assert.equal(judged(enforced).enforced, enforced);
      },
    ),
  );
});

judge.run();
