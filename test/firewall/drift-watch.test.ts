import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DriftWatch } from '../../src/firewall/drift-watch.ts';

const watching = suite('drift watch');

const OWN = 7;
const NOTHING = { added: [], deleted: [], chains: [] };
const isOwn = (pid: number): boolean => pid === OWN;

watching('a transaction of our own is no reason to look', () => {
  const watch = new DriftWatch(isOwn);

  watch.heard({ family: 'ipv4', pid: OWN, program: 'iptables-nft-re', ...NOTHING });

  assert.not.ok(watch.isDue(0));
  assert.equal([...watch.beginLook()], []);
});

watching('one of another program makes its family suspect until that was looked at', () => {
  const watch = new DriftWatch(isOwn);
  watch.heard({ family: 'ipv6', pid: 8, program: 'ufw', ...NOTHING });

  assert.ok(watch.isDue(0));
  assert.equal([...watch.beginLook()], ['ipv6']);
  assert.equal(watch.culprits, ['ufw (pid 8)']);
  assert.not.ok(watch.isDue(0));
});

watching('five healings within a minute are a fight, which a quiet minute ends', () => {
  const watch = new DriftWatch(isOwn);
  for (let second = 0; second < 5; second += 1) watch.healed(second * 1000, ['ufw (pid 8)']);
  watch.heard({ family: 'ipv4', pid: 8, program: 'ufw', ...NOTHING });

  assert.not.ok(watch.isDue(5_000));
  assert.match(watch.problem(5_000)?.message ?? '', "ufw (pid 8) removed banspool's rules 5 times");
  assert.ok(watch.isDue(65_000));
  assert.is(watch.problem(65_000), undefined);
});

watching('what was missed while nobody listened makes both families suspect', () => {
  const watch = new DriftWatch(isOwn);
  watch.missed();

  assert.ok(watch.isDue(0));
  assert.equal([...watch.beginLook()], ['ipv4', 'ipv6']);
  assert.not.ok(watch.isDue(0));
});

watching('news that come while a pass looks name the culprit, and are looked into by the next one', () => {
  const watch = new DriftWatch(isOwn);
  watch.beginLook();

  watch.heard({ family: 'ipv4', pid: 8, program: 'ufw', ...NOTHING });

  assert.equal(watch.culprits, ['ufw (pid 8)']);
  assert.ok(watch.isDue(0));
});

watching(
  'of what one transaction of another took out of a chain it tells, but for what was put back in it',
  () => {
    const watch = new DriftWatch(isOwn);
    const flush = { family: 'ipv4', pid: 8, program: 'iptables', added: [], chains: ['INPUT'] } as const;

    watch.heard({ ...flush, deleted: ['INPUT', 'FORWARD', 'INPUT'] });
    watch.heard({ ...flush, deleted: ['INPUT'] });
    watch.heard({ ...flush, deleted: ['OUTPUT', 'OUTPUT'], added: ['OUTPUT'] });
    watch.heard({ ...flush, deleted: ['INPUT', 'INPUT', 'INPUT'], pid: OWN });
    watch.beginLook();

    assert.equal(
      [...watch.cutIn('ipv4')],
      [
        ['INPUT', 2],
        ['FORWARD', 1],
      ],
    );
    assert.equal([...watch.cutIn('ipv6')], []);
  },
);

watching.run();
