import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BLOCKS } from '../docs/pages.ts';
import { isPartOf } from '../docs/shown.ts';
import { iptables } from '../support/firewall.ts';
import { masked } from '../support/masked.ts';
import { outputOf, runProgram } from '../support/run-program.ts';

const test = suite('npm start');

const MAIN = join(import.meta.dirname, 'main.js');

/** Longer than the demo gives itself. */
const TIME_LIMIT_MS = 90_000;

/** As npm start begins: outside of the demo's namespaces, which here is inside of the test's own. */
const DEMO = ['env', '--unset=BANSPOOL_OUTER_NETWORK', process.execPath, '--enable-source-maps', MAIN];

const AS_ORDINARY_USER = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'];

/** Everything in the filter tables, with its counters. */
async function saveFirewall(): Promise<string> {
  const tables = await Promise.all([outputOf(['iptables-nft-save']), outputOf(['ip6tables-nft-save'])]);
  return tables.join('').replace(/^# (Generated|Completed).*\n/gm, '');
}

test('shows what the firewall and the commands say of bans, and leaves the firewall of its host as it was', async () => {
  await iptables(['-N', 'fail2ban-sshd']);
  await iptables(['-A', 'INPUT', '-s', '192.0.2.1', '-j', 'fail2ban-sshd']);
  await iptables(['-A', 'FORWARD', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT']);
  const before = await saveFirewall();

  const ran = await runProgram(DEMO, { timeLimitMs: TIME_LIMIT_MS });

  assert.is(ran.code, 0, ran.stdout + ran.stderr);
  assert.match(
    ran.stdout,
    /web1 bans 198\.51\.100\.7: .*\n {3}\d+ ms later the firewall drops the attacker.s packets/,
  );
  assert.match(ran.stdout, /iptables -F\n {3}\d+ ms later banspool has restored its rules/);
  assert.match(ran.stdout, /drift: .* emptied fail2ban-sshd/);
  assert.match(ran.stdout, /because web2 still claims it/);
  assert.match(ran.stdout, /unbans 198\.51\.100\.7 as well\n {3}\d+ ms later the attacker is allowed again/);
  assert.match(ran.stdout, /\$ banspool plan\n[^]*\+ -s 198\.51\.100\.7\/32 -j DROP {2}web1 claims it/);
  assert.match(ran.stdout, /banspool: all claims on 198\.51\.100\.7 lifted/);
  assert.match(ran.stdout, /\$ banspool plan\n {3}nothing to change/);
  assert.is(await saveFirewall(), before);
  assert.equal(
    ran.stdout.split('\n').filter((line) => line.length > 100 || line !== line.trimEnd()),
    [],
  );
  const shown = BLOCKS.filter(({ held }) => held === 'test/demo: npm start');
  assert.ok(shown.length > 0);
  for (const { where, lines } of shown)
    assert.ok(
      isPartOf(comparable(ran.stdout.split('\n')), comparable(lines)),
      `${where} shows another story:\n${ran.stdout}`,
    );
});

/** Times have widths, and so does what stands before them. */
function comparable(lines: readonly string[]): readonly string[] {
  return masked(lines.join('\n')).replaceAll(/^ +/gm, '').split('\n');
}

test('says what to do where no namespaces can be made', async () => {
  const forbidden = 'echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"';

  const ran = await runProgram(['unshare', '-U', '--map-root-user', 'sh', '-c', forbidden, 'sh', ...DEMO]);

  assert.is(ran.code, 1);
  assert.match(ran.stderr, /banspool: error: cannot make network namespaces here: unshare: .*No space left/);
  assert.match(ran.stderr, /banspool: hint: run it as root/);
});

test('needs no root, and with --stay gives a shell on the firewall in which banspool works', async () => {
  const script = 'banspool ban 198.51.100.7 --wait && attack && banspool status\nexit\n';

  const ran = await runProgram([...AS_ORDINARY_USER, ...DEMO, '--stay'], {
    input: script,
    timeLimitMs: TIME_LIMIT_MS,
  });

  assert.is(ran.code, 0, ran.stdout + ran.stderr);
  assert.match(ran.stdout, /web1 does not answer/);
  assert.match(ran.stdout, /^converged {2}1 ban, 1 claim$/m);
});

test.run();
