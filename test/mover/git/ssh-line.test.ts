import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bellWords, gitSshCommand, remoteOf } from '../../../src/mover/git/ssh-line.ts';
import { outputOf } from '../../support/run-program.ts';

const test = suite('ssh to the hub');

const FLEET = { folder: '/var/lib/banspool-fleet', identity: '/etc/banspool/ssh_key' };

/** As ssh itself understands it, by keyword. */
async function understood(words: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const told = await outputOf(['ssh', '-G', ...words]);
  return new Map(
    told
      .trim()
      .split('\n')
      .map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]),
  );
}

/** As git has a shell split it. */
async function wordsOf(command: string): Promise<readonly string[]> {
  return (await outputOf(['sh', '-c', `printf '%s\\0' ${command}`])).split('\0').slice(1, -1);
}

test('goes to the host and the port of each form of a remote, and nowhere for a folder', () => {
  const remotes = [
    ...[
      'ssh://hub@firewall:2222/srv/fleet.git',
      'ssh://firewall/srv/fleet.git',
      'hub@firewall:/srv/fleet.git',
    ],
    ...['ssh://hub@[2001:db8::1]:2222/srv/fleet.git', 'ssh://[2001:db8::1]/srv/fleet.git'],
    ...['/srv/fleet.git', '/srv/a@b:c/fleet.git'],
  ];

  assert.equal(
    remotes.map((url) => remoteOf(url)),
    [
      { host: 'hub@firewall', port: '2222' },
      { host: 'firewall', port: undefined },
      { host: 'hub@firewall', port: undefined },
      { host: 'hub@2001:db8::1', port: '2222' },
      { host: '2001:db8::1', port: undefined },
      { host: undefined, port: undefined },
      { host: undefined, port: undefined },
    ],
  );
});

test('asks nobody, gives up soon, and uses one key, one file of hosts and one line', async () => {
  const bell = await understood(bellWords(FLEET, { host: 'hub@firewall', port: '2222' }));
  const git = await understood([...(await wordsOf(gitSshCommand(FLEET))), '-p', '2222', 'hub@firewall']);

  assert.equal(
    ['hostname', 'user', 'port', 'requesttty', 'controlmaster'].map((key) => bell.get(key)),
    ['firewall', 'hub', '2222', 'false', 'true'],
  );
  assert.is(git.get('controlmaster'), 'false');
  for (const each of [bell, git])
    assert.equal(
      [
        ...['batchmode', 'connecttimeout', 'serveraliveinterval', 'serveralivecountmax'],
        ...['stricthostkeychecking', 'identitiesonly', 'identityfile', 'userknownhostsfile'],
      ].map((key) => each.get(key)),
      [
        ...['yes', '5', '5', '2', 'accept-new', 'yes', FLEET.identity],
        '/var/lib/banspool-fleet/mover/known_hosts',
      ],
    );
  assert.match(bell.get('controlpath') ?? '', /^\/var\/lib\/banspool-fleet\/mover\/ssh\.[0-9a-f]{40}$/);
  assert.is(git.get('controlpath'), bell.get('controlpath'));
  assert.is(bellWords(FLEET, { host: 'firewall', port: undefined }).at(-1), 'bell');
});

test('keeps folders whole whose names a shell or ssh would split', async () => {
  const strange = { folder: `/a b/$(id)'"`, identity: '/100% "mine"/it\'s \\ a key' };

  const words = await wordsOf(gitSshCommand(strange));
  const git = await understood([...words, 'firewall']);
  const bell = await understood(bellWords(strange, { host: 'firewall', port: undefined }));

  assert.equal(
    words.filter((word) => word.includes('=')),
    bellWords(strange, { host: 'firewall', port: undefined }).flatMap((word) =>
      word.includes('=') ? [word.replace('ControlMaster=yes', 'ControlMaster=no')] : [],
    ),
  );
  for (const each of [git, bell]) {
    // ssh shows a token as it was written.
    assert.is(each.get('identityfile'), strange.identity.replace('%', '%%'));
    assert.match(each.get('controlpath') ?? '', `${strange.folder}/mover/ssh.`);
  }
});

test.run();
