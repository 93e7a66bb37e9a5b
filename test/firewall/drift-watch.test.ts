import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DriftWatch } from '../../src/firewall/drift-watch.ts';
import { changeParser, type TableChange } from '../../src/system/firewall/nft-monitor.ts';
import { OwnWrites } from '../../src/system/firewall/own-writes.ts';

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
    {
      family: 'ipv4',
      pid: 6958,
      program: 'nft (odd) name',
      added: [],
      deleted: ['fail2ban-x'],
      chains: ['fail2ban-x'],
    },
    { family: 'ipv6', pid: 6958, program: 'nft (odd) name', added: [], deleted: [], chains: [] },
  ]);
});

/** What nft monitor tells of these lines, by some process. */
function told(...lines: readonly string[]): TableChange {
  const parse = changeParser();
  const [change] = [...lines, '# new generation 2 by process 20217 (iptables-nft-re)'].flatMap((line) =>
    parse(line),
  );
  if (change === undefined) throw new Error('nothing was told');
  return change;
}

const BAN = '-A fail2ban-x -s 1.2.3.4 -j DROP\n-A fail2ban-x -j RETURN\n-I INPUT 1 -j fail2ban-x\n';
const BAN_TOLD = [
  'create chain ip filter fail2ban-x',
  'add rule ip filter fail2ban-x ip saddr 1.2.3.4 counter packets 0 bytes 0 drop',
  'add rule ip filter fail2ban-x counter packets 0 bytes 0 return',
  'add chain ip filter INPUT { type filter hook input priority filter; policy accept; }',
  'insert rule ip filter INPUT counter packets 0 bytes 0 jump fail2ban-x',
];

watching('where process ids tell nothing, our own transaction is known by what it wrote, once', () => {
  const writes = new OwnWrites();
  writes.expect('ipv4', `*filter\n:fail2ban-x - [0:0]\n${BAN}COMMIT\n`);

  assert.not.ok(writes.claim(told('add rule ip filter INPUT counter packets 0 bytes 0 accept')));
  assert.not.ok(writes.claim(told(...BAN_TOLD, 'delete rule ip filter FORWARD handle 3')));
  assert.ok(writes.claim(told(...BAN_TOLD)));
  assert.not.ok(writes.claim(told(...BAN_TOLD)));
});

watching('what we only took out is known too, and what was refused is expected no more', () => {
  const writes = new OwnWrites();
  const text = '*filter\n-D INPUT -j fail2ban-x\n-F fail2ban-x\n-X fail2ban-x\nCOMMIT\n';
  const lines = ['delete rule ip filter INPUT handle 5', 'delete rule ip filter fail2ban-x handle 6'];
  const withdraw = writes.expect('ipv4', text);
  withdraw();

  assert.not.ok(writes.claim(told(...lines)));
  writes.expect('ipv4', text);
  assert.ok(writes.claim(told(...lines, 'delete chain ip filter fail2ban-x')));
});

watching.run();
