import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { runProgram, type Ran } from '../support/run-program.ts';

const test = suite('the systemd units');

const UNITS = join(import.meta.dirname, '../../../systemd');

/** Those that hold a capability and the firewall. */
const FIREWALL_UNITS = ['banspool.service', 'banspool-boot.service', 'banspool-reconcile.service'];

const MOVER = 'banspool-fleet.service';

const MESSENGER = 'banspool-notify.service';

const FETCHER = 'banspool-fetch.service';

/** systemd-analyze(1): 0 is shut, 10 is open. */
const MAX_EXPOSURE = 2.0;

function textOf(name: string): string {
  return readFileSync(join(UNITS, name), 'utf8');
}

/** Copies of all units that name only programs that are there: ours are not installed. */
function copyUnits(): readonly string[] {
  const folder = mkdtempSync('/run/units-');
  return readdirSync(UNITS)
    .filter((name) => /\.(service|timer)$/.test(name))
    .map((name) => {
      const path = join(folder, name);
      writeFileSync(path, textOf(name).replaceAll(/\/usr\/s?bin\/banspool[a-z-]*/g, '/bin/true'));
      return path;
    });
}

/** It works in /tmp, whatever TMPDIR says. */
async function analyze(...words: readonly string[]): Promise<Ran> {
  const script = 'mount -t tmpfs tmpfs /tmp; exec systemd-analyze "$@"';
  return runProgram(['unshare', '--mount', 'sh', '-ec', script, 'sh', ...words]);
}

/** What systemd does not understand in these files; it also tells of units of the machine that these name. */
async function misunderstood(paths: readonly string[]): Promise<readonly string[]> {
  const { stderr } = await analyze('verify', '--man=no', ...paths);
  const told = stderr.split('\n');
  return told.filter((line) => paths.some((path) => line.includes(path) || line.includes(basename(path))));
}

test('are understood by systemd to the last line', async () => {
  const paths = copyUnits();

  assert.equal(await misunderstood(paths), []);

  // Of each of these files something would be told.
  for (const path of paths) appendFileSync(path, '\nNonsense=yes\n');
  const told = (await misunderstood(paths)).join('\n');
  for (const path of paths) assert.match(told, `${path}:`);
});

test('that hold the firewall, or speak with other machines, are shut to all else', async () => {
  for (const path of copyUnits().filter((each) =>
    [...FIREWALL_UNITS, 'banspool-saved-sets.service', MOVER, MESSENGER, FETCHER].some((name) =>
      each.endsWith(`/${name}`),
    ),
  )) {
    const { stdout } = await analyze('security', '--offline=true', '--no-pager', path);

    const exposure = Number(/Overall exposure level for .*: ([0-9.]+)/.exec(stdout)?.[1]);
    assert.ok(exposure < MAX_EXPOSURE, `${path}: ${exposure}\n${stdout}`);
  }
});

test('that hold the firewall start also where the state or the spool was moved away', () => {
  for (const name of FIREWALL_UNITS) {
    const lines = [...textOf(name).matchAll(/^ReadWritePaths=(.*)$/gm)];
    const paths = lines.flatMap(([, line = '']) => line.split(' '));

    const folders = ['-/var/lib/banspool', '-/var/spool/banspool', '-/var/lib/banspool-fleet/out'];
    assert.equal(paths, [...folders, '-/run/xtables.lock'], name);
  }
});

test('that make sets for saved rules hold no more than the others, but that they may read what is root’s alone', () => {
  const lines = (name: string): readonly string[] =>
    (/^User=[^]*?\n\n/m.exec(textOf(name))?.[0] ?? '')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
  const others = lines('banspool-boot.service');
  const own = lines('banspool-saved-sets.service');

  assert.equal(
    own.filter((line) => !others.includes(line)),
    [
      'AmbientCapabilities=CAP_NET_ADMIN CAP_DAC_READ_SEARCH',
      'CapabilityBoundingSet=CAP_NET_ADMIN CAP_DAC_READ_SEARCH',
      'MemoryDenyWriteExecute=yes',
      'RestrictAddressFamilies=AF_NETLINK AF_UNIX',
    ],
  );
  const missing = others.filter((line) => !own.includes(line)).map((line) => line.split('=')[0]);
  assert.equal(missing, [
    'RuntimeDirectory',
    'RuntimeDirectoryPreserve',
    'ReadWritePaths',
    'ReadWritePaths',
    'AmbientCapabilities',
    'CapabilityBoundingSet',
    'RestrictAddressFamilies',
  ]);
});

test('that make sets for saved rules come ahead of all who load such, and of our own pass', () => {
  const before = wordsOf('banspool-saved-sets.service', 'Before');
  const loaders = ['netfilter-persistent.service', 'iptables.service', 'ip6tables.service', 'ufw.service'];

  for (const unit of [...loaders, 'nftables.service', 'banspool-boot.service', 'network-pre.target'])
    assert.ok(before.includes(unit), unit);
  const wantedBy = wordsOf('banspool-saved-sets.service', 'WantedBy');
  for (const unit of ['sysinit.target', ...loaders]) assert.ok(wantedBy.includes(unit), unit);
  // Each of them flushes what it finds, or puts its own on top.
  for (const unit of loaders) {
    assert.ok(wordsOf('banspool-boot.service', 'After').includes(unit), unit);
    assert.ok(wordsOf('banspool-reconcile.service', 'WantedBy').includes(unit), unit);
  }
});

function wordsOf(name: string, key: string): readonly string[] {
  const lines = [...textOf(name).matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))];
  return lines.flatMap(([, line = '']) => line.split(' '));
}

test('at boot come after the modules that iptables-legacy needs', () => {
  const after = wordsOf('banspool-boot.service', 'After');

  assert.ok(after.includes('systemd-modules-load.service'), after.join(' '));
});

test('at boot come after all who write, or flush, the rules of iptables before the network is up', () => {
  const after = wordsOf('banspool-boot.service', 'After');

  // Each of them has Before=network-pre.target. One that flushed after our pass would open what it closed.
  for (const unit of ['ufw', 'firewalld', 'ferm', 'firehol', 'uruk'])
    assert.ok(after.includes(`${unit}.service`), unit);
});

test('of the controller waits for no docker, and a pass follows docker all the same', () => {
  const docker = 'docker.service';

  assert.not(wordsOf('banspool.service', 'After').includes(docker));
  for (const key of ['After', 'WantedBy'])
    assert.ok(wordsOf('banspool-reconcile.service', key).includes(docker), key);
});

test('that speaks with other machines has no capability, writes into one folder and sees no claim', () => {
  assert.equal(wordsOf(MOVER, 'User'), ['banspool-fleet']);
  assert.equal(wordsOf(MOVER, 'CapabilityBoundingSet'), ['']);
  assert.equal(wordsOf(MOVER, 'AmbientCapabilities'), []);
  assert.equal(wordsOf(MOVER, 'ReadWritePaths'), ['-/var/lib/banspool-fleet']);
  for (const path of ['-/var/lib/banspool', '-/var/lib/banspool-keys', '-/var/spool/banspool'])
    assert.ok(wordsOf(MOVER, 'InaccessiblePaths').includes(path), path);
  assert.not.ok(wordsOf(MOVER, 'RestrictAddressFamilies').includes('AF_NETLINK'));
});

test('that speaks with other machines stays down where the config is wrong or has no fleet', () => {
  assert.equal(wordsOf(MOVER, 'Restart'), ['always']);
  assert.equal(wordsOf(MOVER, 'RestartPreventExitStatus'), [String(EXIT.usage)]);
});

test('that sends messages has the sandbox of the mover, and reads what the controller reports alone', () => {
  const lines = (name: string): readonly string[] =>
    (/^User=[^]*?\n\n/m.exec(textOf(name))?.[0] ?? '').split('\n').filter((line) => /^[A-Z]/.test(line));
  const [mover, messenger] = [lines(MOVER), lines(MESSENGER)];

  assert.equal(
    messenger.filter((line) => !mover.includes(line)),
    [
      ...['User=banspool-notify', 'Group=banspool-notify', 'SupplementaryGroups=banspool'],
      'ReadWritePaths=-/var/lib/banspool-notify',
      'InaccessiblePaths=-/var/lib/banspool -/var/lib/banspool-keys -/var/lib/banspool-fleet -/var/spool/banspool',
    ],
  );
  assert.equal(
    mover.filter((line) => !messenger.includes(line)).map((line) => line.split('=')[0]),
    ['User', 'Group', 'ReadWritePaths', 'ReadOnlyPaths', 'InaccessiblePaths'],
  );
  assert.equal(wordsOf(MESSENGER, 'RestartPreventExitStatus'), [String(EXIT.usage)]);
});

test('that fetches lists has the sandbox of the messenger, and writes into its own folder alone', () => {
  const lines = (name: string): readonly string[] =>
    (/^User=[^]*/m.exec(textOf(name))?.[0] ?? '').split('\n').filter((line) => /^[A-Z]/.test(line));
  const [messenger, fetcher] = [lines(MESSENGER), lines(FETCHER)];

  assert.equal(
    fetcher.filter((line) => !messenger.includes(line)),
    [
      ...['User=banspool-fetch', 'Group=banspool-fetch', 'ReadWritePaths=-/var/lib/banspool-fetch'],
      ...['InaccessiblePaths=-/var/lib/banspool-notify', 'LimitFSIZE=257M'],
    ],
  );
  assert.equal(
    messenger.filter((line) => !fetcher.includes(line)).map((line) => line.split('=')[0]),
    ['User', 'Group', 'ReadWritePaths', 'OOMPolicy', 'LimitFSIZE', 'WantedBy'],
  );
});

test('that fetches lists is started by its timer alone, and is well where a server is not', () => {
  assert.not.match(textOf(FETCHER), /^\[Install\]/m);
  assert.equal(wordsOf('banspool-fetch.timer', 'WantedBy'), ['timers.target']);
  assert.equal(wordsOf(FETCHER, 'SuccessExitStatus'), [String(EXIT.failed)]);
});

test('that hold the firewall have the same sandbox', () => {
  const [first, ...others] = FIREWALL_UNITS.map((name) => /^User=[^]*?\n\n/m.exec(textOf(name))?.[0]);

  assert.match(first ?? '', /^CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW$/m);
  for (const other of others) assert.is(other, first);
});

test.run();
