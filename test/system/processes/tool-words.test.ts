import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  foundNoFlows,
  hintFor,
  hubTrouble,
  lacksCounters,
  lacksKernelPart,
  lineOfUsedSet,
  meetsNativeRules,
} from '../../../src/system/processes/tool-words.ts';
import { clearFirewall } from '../../support/firewall.ts';
import { requirePrivateNetwork } from '../../support/namespaces.ts';
import { outputOf, runProgram, type Ran } from '../../support/run-program.ts';

const test = suite('the words of other programs');

test.before(requirePrivateNetwork);
test.after.each(clearFirewall);

/** As the programs are run by banspool. */
async function ran(argv: readonly string[], input?: string): Promise<Ran> {
  return runProgram(argv, { env: { LC_ALL: 'C' }, ...(input === undefined ? {} : { input }) });
}

test('tell on which line ipset met a set that a rule still looks into', async () => {
  await outputOf(['ipset', 'create', 'held', 'hash:net']);
  await outputOf(['iptables-nft', '-A', 'INPUT', '-m', 'set', '--match-set', 'held', 'src', '-j', 'DROP']);

  const refused = await ran(['ipset', 'restore'], 'create other hash:net\ndestroy held\n');
  const unknown = await ran(['ipset', 'restore'], 'destroy nothing\n');

  assert.is(lineOfUsedSet(refused), 2);
  assert.is(lineOfUsedSet(unknown), undefined);
});

test('tell that ipset takes counters for a mistake', async () => {
  const refused = await ran(['ipset', 'restore'], 'create one hash:net\nadd one 192.0.2.1 counters\n');
  const other = await ran(['ipset', 'restore'], 'create one hash:net\nadd one 192.0.2.1 kounters\n');

  assert.equal([lacksCounters(refused), lacksCounters(other)], [true, false]);
});

test('tell that conntrack had nothing to end, and not where it could not look', async () => {
  const nothing = await ran(['conntrack', '-D', '-f', 'ipv4', '-s', '203.0.113.7']);
  const refused = await ran(['conntrack', '-D', '-f', 'ipv4', '-s', 'nobody']);

  assert.is(nothing.code, 1);
  assert.is(foundNoFlows(nothing), true);
  assert.is(foundNoFlows(refused), false);
});

test('tell that iptables cannot list a table with native rules', async () => {
  await outputOf(['nft', '-f', '-'], {
    input: 'table ip filter { counter web { }; chain own { tcp dport 80 counter name "web"; }; }',
  });

  const listed = await ran(['iptables-nft', '-S']);
  const refused = await ran(['ip6tables-nft', '-A', 'INPUT', '-j', 'NO-SUCH']);
  await outputOf(['nft', 'delete', 'table', 'ip', 'filter']);

  assert.is(meetsNativeRules(listed), true);
  assert.is(meetsNativeRules(refused), false);
});

test('name the right that is missing, and nothing where the fault is another', async () => {
  const rightless = await ran([
    'setpriv',
    '--bounding-set',
    '-all',
    '--inh-caps',
    '-all',
    'iptables-nft',
    '-S',
  ]);
  const misspelt = await ran(['iptables-nft', '-A', 'INPUT', '-s', '203.0.113.7', '-j', 'NO-SUCH']);

  assert.match(hintFor(rightless) ?? '', /^run it as root, or with CAP_NET_ADMIN/);
  assert.is(hintFor(misspelt), undefined);
});

test('tell a part of the kernel that is missing by the words of the C library', async () => {
  const words = await ran(['python3', '-c', 'import errno, os; print(os.strerror(errno.EPROTONOSUPPORT))']);
  const others = await ran(['python3', '-c', 'import errno, os; print(os.strerror(errno.EPROTOTYPE))']);

  assert.is(lacksKernelPart({ stderr: `iptables: ${words.stdout}` }), true);
  assert.is(lacksKernelPart({ stderr: `iptables: ${others.stdout}` }), false);
});

test('tell what is between a mover and its hub', async () => {
  const nameless = await ran(['ssh', '-F', 'none', '-o', 'BatchMode=yes', 'hub@no.such.name.invalid']);

  assert.is(hubTrouble(nameless.stderr), 'name-unknown');
  // OpenSSH 9.2, sshconnect2.c and sshconnect.c.
  assert.is(hubTrouble('hub@192.0.2.9: Permission denied (publickey).'), 'key-refused');
  assert.is(hubTrouble('WRONGPASS invalid username-password pair or user is disabled.'), 'password-refused');
  assert.is(hubTrouble('Host key verification failed.'), 'host-changed');
  // Of a hub with OpenSSH 10.0, after a refused key.
  for (const dropped of [
    'kex_exchange_identification: read: Connection reset by peer',
    'Connection closed by 192.0.2.1 port 22',
  ])
    assert.is(hubTrouble(dropped), 'dropped');
  assert.is(hubTrouble("fatal: '/srv/fleet.git' does not appear to be a git repository"), undefined);
});

test.run();
