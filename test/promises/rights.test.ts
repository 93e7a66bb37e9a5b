/** Promise 8: no listening socket, no root; CAP_NET_ADMIN is all that is held. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the controller');

/** capabilities(7): CAP_NET_ADMIN is number 12. */
const NET_ADMIN = (1n << 12n).toString(16).padStart(16, '0');

/** As systemd starts it with CapabilityBoundingSet and NoNewPrivileges. */
const ONLY_NET_ADMIN = ['setpriv', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all,+net_admin'];

test('enforces with no capability but CAP_NET_ADMIN, and opens no socket', async () => {
  await using sandbox = await Sandbox.open();
  await using controller = new Child([...ONLY_NET_ADMIN, ...sandbox.command('run')]);
  sandbox.drop('web1', banText('198.51.100.7'));

  await eventually(async () => {
    assert.ok(
      (await iptablesRules()).includes('-A fail2ban-sshd -s 198.51.100.7/32 -j DROP'),
      controller.stderr,
    );
  });

  const status = readFileSync(`/proc/${controller.pid}/status`, 'utf8');
  assert.is(/^CapEff:\t(\S+)$/m.exec(status)?.[1], NET_ADMIN);
  assert.is(/^NoNewPrivs:\t(\S+)$/m.exec(status)?.[1], '1');
  assert.equal(internetSockets(), []);
});

/** All of this network namespace, which holds nothing but the controller. */
function internetSockets(): readonly string[] {
  return ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].flatMap((kind) =>
    readFileSync(`/proc/net/${kind}`, 'utf8').trimEnd().split('\n').slice(1),
  );
}

test.run();
