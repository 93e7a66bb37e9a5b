/** Programs and shells other than those of Debian, which do less or otherwise. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { snapshotsOf, bansOf, sshd } from './jail.ts';
import { NOW_MS, Sender } from './sender.ts';

const programs = suite('programs of other systems');

const LINE = '192.0.2.7 \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27';

programs('with mksh for /bin/sh bans, deliveries and snapshots are as ever', async () => {
  await using sender = new Sender();
  const shell = ['mksh'];
  await sender.run(['queue', 'ban', '--jail', 'sshd', '--ip', '203.0.113.7', '--bantime', '600'], { shell });
  const [ban] = sender.intents;
  const shipped = await sender.run(['ship'], { shell });
  await sender.startFail2ban(sshd(LINE));

  const [taken] = await snapshotsOf(sender, { shell });

  assert.equal([ban?.time, ban?.intent === 'ban' && ban.until], [NOW_MS, NOW_MS + 600_000]);
  assert.equal([shipped.code, shipped.stderr, sender.arrived.length], [0, '', 1]);
  assert.equal(bansOf(taken), ['192.0.2.7 1795337427 601']);
});

/** Puts the programs of busybox first. */
function useBusybox(sender: Sender): void {
  const words = 'awk cat cksum cp cut find grep head mkdir mv rm sed seq sort tail tr wc xargs';
  for (const name of words.split(' ')) sender.replaceProgram(name, `exec busybox ${name} "$@"`);
}

programs('with the programs of busybox messages are whole, networks masked and snapshots taken', async () => {
  await using sender = new Sender({ outbox_max: 100 });
  useBusybox(sender);
  const shell = ['busybox', 'sh'];
  const refused = await sender.run(['queue', 'ban', '--jail', 'sshd', '--ip', 'sprint\u0007 [x]'], { shell });
  const input = 'block 203.0.113.77 4 27\nblock 2001:db8:1:2:3:4:5:6 6 53\n';
  await sender.run(['sshguard'], { shell, input });
  const nets = sender.intents.flatMap((intent) => ('ip' in intent ? [intent.ip.text] : []));
  await sender.startFail2ban(sshd(LINE));

  const [taken] = await snapshotsOf(sender, { shell });

  assert.match(refused.stderr, /error: --ip: "sprint\? \[x\]" is not an IP address/);
  assert.equal(nets.toSorted(), ['2001:db8:1::/53', '203.0.113.64/27']);
  assert.equal(bansOf(taken), ['192.0.2.7 1795337427 601']);
});

programs('with the programs of busybox what went wrong is told in its own words', async () => {
  await using sender = new Sender({ outbox_max: 100 });
  useBusybox(sender);
  for (let index = 0; index < 102; index++)
    sender.drop(`${NOW_MS}00000${100 + index}-1-1.yaml`, 'intent: stop', 'jail: sshd');
  sender.breakDelivery('\u0007ssh: connect to host fw port 22: Connection refused\r\n');

  await sender.run(['ship'], { shell: ['busybox', 'sh'] });

  assert.is(sender.waiting.length, 100);
  assert.equal(sender.log.slice(1), [
    'warning: cannot deliver to fw.example.net; retrying later: ?ssh: connect to host fw port 22: Connection refused',
  ]);
});

programs('with a flock that cannot wait for a time the second shipper waits all the same', async () => {
  await using sender = new Sender();
  sender.drop(`${NOW_MS}000000-1-1.yaml`, 'intent: stop', 'jail: sshd');
  sender.replaceProgram(
    'flock',
    `case $* in *-w* | --*) echo "flock: Unknown option '$1'" >&2; exit 1 ;; esac
echo >>$world/tries
[ $(wc -l <$world/tries) -ge 4 ]`,
  );

  const ran = await sender.run(['ship']);

  assert.equal([ran.code, sender.arrived.length], [0, 1], ran.stderr);
});

programs('what the environment has rsync add to its words is kept from it', async () => {
  await using sender = new Sender();
  sender.drop(`${NOW_MS}000000-1-1.yaml`, 'intent: stop', 'jail: sshd');
  sender.replaceProgram('rsync', 'env | grep "^RSYNC" >$world/environment');
  const env = {
    RSYNC_PROTECT_ARGS: '1',
    RSYNC_ICONV: 'utf8',
    RSYNC_MAX_ALLOC: '1m',
    RSYNC_CHECKSUM_LIST: 'md5',
  };

  await sender.run(['ship'], { env });

  assert.is(fs.readFileSync(join(sender.folder, 'environment'), 'utf8'), 'RSYNC_PROTECT_ARGS=0\n');
});

programs('a dropbear in the place of ssh is named', async () => {
  await using sender = new Sender();
  sender.replaceProgram('ssh', '[ "$1" != -V ] || echo "Dropbear v2022.83" >&2');

  const ran = await sender.run(['check']);

  assert.is(ran.code, 1);
  assert.match(
    ran.stdout,
    /^bad {3}ssh is Dropbear's, which does not read ssh_config\n {6}apt install openssh-client$/m,
  );
  assert.not.match(ran.stdout, /opens a shell/);
});

programs.run();
