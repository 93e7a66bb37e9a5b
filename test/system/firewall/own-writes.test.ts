import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { changeParser, type TableChange } from '../../../src/system/firewall/nft-monitor.ts';
import { knowsProcessIds, OwnProcesses, OwnWrites } from '../../../src/system/firewall/own-writes.ts';

const writing = suite('own writes');

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

writing('a process that wrote for us is ours until 64 others did, however often it wrote', () => {
  const processes = new OwnProcesses();
  for (let pid = 1; pid <= 64; pid += 1) processes.note(pid);
  processes.note(1);
  processes.note(65);

  const known = [1, 2, 65, 66].map((pid) => processes.has(pid));

  assert.equal(known, knowsProcessIds() ? [true, false, true, false] : [false, false, false, false]);
});

writing('where process ids tell nothing, our own transaction is known by what it wrote, once', () => {
  const writes = new OwnWrites();
  writes.expect('ipv4', `*filter\n:fail2ban-x - [0:0]\n${BAN}COMMIT\n`);

  assert.not.ok(writes.claim(told('add rule ip filter INPUT counter packets 0 bytes 0 accept')));
  assert.not.ok(writes.claim(told(...BAN_TOLD, 'delete rule ip filter FORWARD handle 3')));
  assert.ok(writes.claim(told(...BAN_TOLD)));
  assert.not.ok(writes.claim(told(...BAN_TOLD)));
});

writing('what we only took out is known too, and what was refused is expected no more', () => {
  const writes = new OwnWrites();
  const text = '*filter\n-D INPUT -j fail2ban-x\n-F fail2ban-x\n-X fail2ban-x\nCOMMIT\n';
  const lines = ['delete rule ip filter INPUT handle 5', 'delete rule ip filter fail2ban-x handle 6'];
  const withdraw = writes.expect('ipv4', text);
  withdraw();

  assert.not.ok(writes.claim(told(...lines)));
  writes.expect('ipv4', text);
  assert.ok(writes.claim(told(...lines, 'delete chain ip filter fail2ban-x')));
});

writing.run();
