/** A server whose shell and programs are those of busybox, as on Alpine, set up by what docs/servers.md says. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BLOCKS } from '../docs/pages.ts';
import { GuardedNetwork } from '../lab/guarded-network.ts';
import type { Machine } from '../lab/machine.ts';

const test = suite<{ network: GuardedNetwork; setUp: string }>('a server with busybox');

/** The programs of busybox first; fail2ban and what they start have them too. */
const ENV = { PATH: '/opt/busybox:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/**
 * Debian's busybox has no flock: one that refuses what busybox's refuses stands in for it. apk is Alpine's alone, and
 * crond is not there to read the crontab.
 */
const USE_BUSYBOX = `
mkdir -p /opt/busybox /etc/crontabs
busybox --install -s /opt/busybox
ln -sf busybox /usr/bin/sh
printf '%s\\n' '#!/bin/sh' 'case $* in *-w* | --*) echo "flock: unrecognized option: $1" >&2; exit 1 ;; esac' \\
  'exec /usr/bin/flock "$@"' >/opt/busybox/flock
printf '%s\\n' '#!/bin/sh' 'exit 0' >/opt/busybox/apk
chmod 755 /opt/busybox/flock /opt/busybox/apk
rm -r /etc/banspool /var/spool/banspool-send /usr/local/sbin/banspool-send
rm /etc/fail2ban/action.d/iptables-remote*.conf
echo 203.0.113.1 firewall >>/etc/hosts
`;

/** Its fail2ban is ended first, which has the shell and the programs of Debian. */
async function useBusybox(web1: Machine): Promise<void> {
  await web1.sh('fail2ban-client stop; flock /var/spool/banspool-send/.shipping true');
  await web1.sh(USE_BUSYBOX);
}

test.before(async (context) => {
  const network = await GuardedNetwork.build({ servers: 1 });
  context.network = network;
  const web1 = network.server(1);
  await useBusybox(web1);
  const block = BLOCKS.find(({ lines }) => lines.some((line) => line.startsWith('apk add ')));
  const commands = block?.lines.join('\n') ?? 'false';
  context.setUp = await web1.sh(`cd /opt/banspool/action.d\n${commands}`, { env: ENV });
});
test.after(async ({ network }) => {
  await network[Symbol.asyncDispose]();
});

test('is allowed by the command that setup prints, and its check finds nothing wrong', async ({
  network,
  setUp,
}) => {
  const web1 = network.server(1);
  const command = /^ +(echo '.*' \| banspool server add web1 --key -)$/m.exec(setUp)?.[1] ?? 'false';
  await network.firewall.sh(command);
  await web1.sh('fail2ban-client start >/dev/null', { env: ENV });
  const programs = await web1.sh(WHOSE, { env: ENV });

  const check = await web1.exec(['banspool-send', 'check'], { env: ENV });

  assert.is(programs, `${BUSYBOX}${BUSYBOX}`);
  assert.is(check.code, 0, check.stdout + check.stderr);
  assert.match(check.stdout, 'a probe arrived');
  assert.match(check.stdout, 'ok    fail2ban: jails with the action iptables-remote: ');
});

const WHOSE = 'readlink -f /bin/sh; readlink -f "$(command -v awk)"';
const BUSYBOX = '/usr/bin/busybox\n';

test('has a failed login dropped, and let through again when it is unbanned', async ({ network }) => {
  const web1 = network.server(1);

  await network.failLogin(web1);
  await network.untilDropped([network.attacker.site.ipv4]);
  await web1.sh(`fail2ban-client set sshd unbanip ${network.attacker.site.ipv4}`, { env: ENV });

  await network.untilDropped([]);
});

test("has a ban of the article's banip.sh dropped, until unbanip.sh", async ({ network }) => {
  const web1 = network.server(1);

  await web1.sh('banip.sh fail2ban-web 198.51.100.61 http tcp', { env: ENV });
  await network.untilDropped(['198.51.100.61']);
  await web1.sh('unbanip.sh fail2ban-web 198.51.100.61', { env: ENV });

  await network.untilDropped([]);
});

test('delivers what waits by the line of its crontab', async ({ network }) => {
  const web1 = network.server(1);
  await network.untilDrained(web1);
  const command = web1.read('/etc/crontabs/root').replace(/^(?:\* ){5}/, '');
  await web1.sh(WAIT, { env: ENV });

  await web1.sh(command, { env: ENV });

  await network.untilDropped(['198.51.100.62']);
});

const WAIT = `
printf 'intent: ban\\njail: web\\nip: 198.51.100.62\\nprotocol: all\\ntime: %s\\nbantime: 600\\n...\\n' "$(date +%s)" \\
  >/var/spool/banspool-send/1-1-1.yaml
`;

test.run();
