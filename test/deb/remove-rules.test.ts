import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clearFirewall, iptablesRules, restoreTable, type Table } from '../support/firewall.ts';
import { outputOf, runProgram } from '../support/run-program.ts';

const test = suite('a purge');

const SCRIPT = join(import.meta.dirname, '../../../.ci/stage/remove-rules.sh');

/** What it said on stderr. */
async function removeRules(prefix = 'fail2ban-'): Promise<string> {
  const ran = await runProgram(['sh', '-euc', '. "$1"; remove_rules "$2"', 'sh', SCRIPT, prefix]);
  assert.is(ran.code, 0);
  return ran.stderr;
}

/** A ruleset with rules of ours and of others; `ours` left out is what must remain. */
function ruleset(address: string, ours: boolean): string {
  const own = (line: string): readonly string[] => (ours ? [line] : []);
  return [
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':DOCKER-USER - [0:0]',
    ':f2b-sshd - [0:0]',
    ...own(':fail2ban-sshd - [0:0]'),
    ...own(':fail2ban-.deny - [0:0]'),
    ...own('-A INPUT -j fail2ban-.deny'),
    ...own('-A INPUT -p tcp -m multiport --dports 22,2222 -j fail2ban-sshd'),
    '-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd',
    '-A INPUT -m comment --comment "once there was a -j fail2ban-sshd" -j ACCEPT',
    ...own(
      '-A FORWARD -p tcp -m multiport --dports 22 -m comment --comment "by hand, \\"quoted\\"" -g fail2ban-sshd',
    ),
    ...own('-A DOCKER-USER -j fail2ban-sshd'),
    `-A f2b-sshd -s ${address} -j REJECT`,
    ...own(`-A fail2ban-sshd -s ${address} -j DROP`),
    ...own('-A fail2ban-sshd -j RETURN'),
    'COMMIT',
    '*raw',
    ':PREROUTING ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...own(':fail2ban-.early - [0:0]'),
    ...own('-A PREROUTING -j fail2ban-.early'),
    `-A PREROUTING -s ${address} -p udp -j CT --notrack`,
    ...own(`-A fail2ban-.early -s ${address} -j DROP`),
    'COMMIT',
    '',
  ].join('\n');
}

const BOTH = ['filter', 'raw'] as const;

async function rulesOf(table: Table): Promise<readonly string[]> {
  const rules: string[] = [];
  for (const name of BOTH) rules.push(...(await iptablesRules({ ...table, name })));
  return rules;
}

const TABLES: readonly (Table & { readonly address: string })[] = [
  { family: 'ipv4', variant: 'nft', address: '198.51.100.7' },
  { family: 'ipv6', variant: 'nft', address: '2001:db8::7' },
  { family: 'ipv4', variant: 'legacy', address: '198.51.100.7' },
  { family: 'ipv6', variant: 'legacy', address: '2001:db8::7' },
];

test('takes every chain and jump of ours out, of both families and variants, and nothing else', async () => {
  await clearFirewall();
  for (const table of TABLES) await restoreTable(ruleset(table.address, true), table);

  const said = await removeRules();

  const left: (readonly string[])[] = [];
  for (const table of TABLES) left.push(await rulesOf(table));
  await clearFirewall();
  for (const [index, table] of TABLES.entries()) {
    await restoreTable(ruleset(table.address, false), table);
    assert.equal(left[index], await rulesOf(table));
  }
  assert.is(said, '');
});

test('takes them out beside native rules too, where iptables lists nothing', async () => {
  await clearFirewall();
  await restoreTable(ruleset('198.51.100.7', true));
  for (const rule of NATIVE) await outputOf(['nft', rule]);

  const said = await removeRules();

  const left = await outputOf(['nft', '-s', 'list', 'table', 'ip', 'filter']);
  await clearFirewall();
  await restoreTable(ruleset('198.51.100.7', false));
  for (const rule of NATIVE) await outputOf(['nft', rule]);
  assert.is(left, await outputOf(['nft', '-s', 'list', 'table', 'ip', 'filter']));
  await outputOf(['nft', 'delete', 'table', 'ip', 'filter']);
  assert.is(said, '');
});

/** The second looks like a jump of ours. */
const NATIVE = [
  'insert rule ip filter INPUT ct state established accept',
  'add rule ip filter INPUT tcp dport 80 log prefix "jump fail2ban-sshd" accept comment "jump fail2ban-sshd"',
];

test('takes the sets of ours away, and no others', async () => {
  await outputOf(['ipset', 'create', 'fail2ban-sshd', 'hash:net']);
  await outputOf(['ipset', 'create', 'blocklist', 'hash:net']);

  await removeRules();

  assert.is(await outputOf(['ipset', 'list', '-n']), 'blocklist\n');
});

test('does nothing on a firewall without rules of ours', async () => {
  await clearFirewall();
  const before = await iptablesRules();

  assert.is(await removeRules(), '');

  assert.equal(await iptablesRules(), before);
});

test('refuses a prefix that a built-in chain has, or that no config can hold', async () => {
  await clearFirewall();
  await restoreTable(ruleset('198.51.100.7', true));
  const before = await iptablesRules();

  assert.match(await removeRules('INP'), /is a prefix of INPUT/);
  assert.match(await removeRules('PRE'), /is a prefix of PREROUTING/);
  assert.match(await removeRules(''), /is not a valid chain prefix/);
  assert.match(await removeRules('.*'), /is not a valid chain prefix/);

  assert.equal(await iptablesRules(), before);
});

test.run();
