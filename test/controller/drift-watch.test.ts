import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DriftWatch } from '../../src/controller/drift-watch.ts';
import { changeParser } from '../../src/system/nft-monitor.ts';

const watching = suite('drift watch');

const OWN = 7;
const isOwn = (pid: number): boolean => pid === OWN;

watching('a transaction of our own is no reason to look', () => {
  const watch = new DriftWatch(isOwn);

  watch.heard({ family: 'ipv4', pid: OWN, program: 'iptables-nft-re' });

  assert.not.ok(watch.isDue(0));
  assert.equal([...watch.beginLook()], []);
});

watching('one of another program makes its family suspect until that was looked at', () => {
  const watch = new DriftWatch(isOwn);
  watch.heard({ family: 'ipv6', pid: 8, program: 'ufw' });

  assert.ok(watch.isDue(0));
  assert.equal([...watch.beginLook()], ['ipv6']);
  assert.equal(watch.culprits, ['ufw (pid 8)']);
  assert.not.ok(watch.isDue(0));
});

watching('five healings within a minute are a fight, which a quiet minute ends', () => {
  const watch = new DriftWatch(isOwn);
  for (let second = 0; second < 5; second += 1) watch.healed(second * 1000, ['ufw (pid 8)']);
  watch.heard({ family: 'ipv4', pid: 8, program: 'ufw' });

  assert.not.ok(watch.isDue(5_000));
  assert.match(watch.problem(5_000)?.message ?? '', 'ufw (pid 8) undid our rules 5 times');
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

  watch.heard({ family: 'ipv4', pid: 8, program: 'ufw' });

  assert.equal(watch.culprits, ['ufw (pid 8)']);
  assert.ok(watch.isDue(0));
});

watching('of a transaction the families of our tables are taken, and nothing of other tables', () => {
  const parse = changeParser();
  const told = [
    'delete rule ip filter fail2ban-x handle 3',
    'delete table ip6 filter',
    'add chain ip nat bar',
    '# new generation 9 by process 6958 (nft (odd) name)',
    'add rule ip nat bar counter comment "ip filter"',
    '# new generation 10 by process 6959 (iptables)',
  ].flatMap((line) => parse(line));

  assert.equal(told, [
    { family: 'ipv4', pid: 6958, program: 'nft (odd) name' },
    { family: 'ipv6', pid: 6958, program: 'nft (odd) name' },
  ]);
});

watching.run();
