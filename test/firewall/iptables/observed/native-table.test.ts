import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readNativeTable } from '../../../../src/firewall/iptables/observed/native-table.ts';

const native = suite('native table');

const chain = (...rules: readonly string[]): string =>
  [
    '# Warning: table ip filter is managed by iptables-nft, do not touch!',
    'table ip filter { # handle 1',
    '\tset seen { # handle 9',
    '\t\ttype ipv4_addr',
    '\t}',
    '',
    '\tchain INPUT { # handle 1',
    '\t\tcomment "jump fail2ban-a"',
    '\t\ttype filter hook input priority 0; policy accept;',
    ...rules.map((rule, index) => `\t\t${rule} # handle ${10 + index}`),
    '\t}',
    '',
    '\tchain fail2ban-a { # handle 2',
    '\t\tcounter return # handle 3',
    '\t}',
    '}',
    '',
  ].join('\n');

native('jumps to our chains are read as iptables of Debian 12 and 13 makes them', () => {
  const read = readNativeTable(
    chain(
      'counter jump fail2ban-a',
      'meta l4proto 6 tcp dport { 22, 80, 1000-2000 } counter jump fail2ban-a',
      'ip protocol 17 udp dport 5-6 counter jump fail2ban-a',
      'meta l4proto 58 counter jump fail2ban-a',
      'meta l4proto 33 dccp dport { 22, 45 } counter jump fail2ban-a',
      'tcp dport 22 counter goto fail2ban-a',
    ),
    'fail2ban-',
  );

  assert.equal(read, {
    kind: 'read',
    lines: [
      '-P INPUT ACCEPT',
      '-P FORWARD ACCEPT',
      '-P OUTPUT ACCEPT',
      '-N fail2ban-a',
      '-A INPUT -j fail2ban-a',
      '-A INPUT -p tcp -m multiport --dports 22,80,1000:2000 -j fail2ban-a',
      '-A INPUT -p udp -m multiport --dports 5:6 -j fail2ban-a',
      '-A INPUT -p ipv6-icmp -j fail2ban-a',
      '-A INPUT -p 33 -m multiport --dports 22,45 -j fail2ban-a',
      '-A INPUT -p tcp -m tcp --dport 22 -g fail2ban-a',
    ],
    handles: new Map([['INPUT', [10, 11, 12, 13, 14, 15]]]),
    ours: ['fail2ban-a'],
  });
});

native('all other rules are places', () => {
  const read = readNativeTable(
    chain(
      'ct state 0x2,0x4 accept',
      'tcp dport 80 log prefix "jump fail2ban-a" accept comment "jump fail2ban-a"',
      'ct state 0x8 jump fail2ban-a',
      'tcp dport vmap { 22 : jump fail2ban-a }',
    ),
    'fail2ban-',
  );

  assert.equal(read.kind === 'read' ? read.lines.slice(4) : read, Array(4).fill('-A INPUT native'));
});

native('an nft that does not say what one of our jumps matches cannot be gone by', () => {
  const rule = 'meta l4proto 6 xt match "multiport" counter jump fail2ban-a';

  assert.equal(readNativeTable(chain(rule), 'fail2ban-'), { kind: 'unreadable', rule });
});

native.run();
