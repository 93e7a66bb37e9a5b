import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fingerprintOf, type PublicKey } from '../../../../src/domain/public-key.ts';
import { ed25519, keyOf } from '../../../access/ssh-key.ts';
import { NOBODY } from '../../../support/as-nobody.ts';
import { FleetOfSandboxes } from '../../../support/fleet.ts';
import { banText } from '../../../support/intent-text.ts';
import { runProgram, type Ran } from '../../../support/run-program.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('peers add');

const KEY = ed25519();
const lineOf = ({ type, base64 }: PublicKey): string => `${type} ${base64} fw2\n`;

async function add(sandbox: Sandbox, name: string, text = lineOf(KEY)): Promise<Ran> {
  const file = join(sandbox.folder, 'fw2.pub');
  writeFileSync(file, text);
  return sandbox.cli('peers', 'add', name, '--key', file);
}

const policyIn = ({ state }: Sandbox): string => readFileSync(join(state, 'policy.yaml'), 'utf8');

test('makes the bans of another firewall count, whose key came by standard input', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  fleet.at('fw1').writePolicy('{}\n');
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  await fleet.exchange('fw1', 'fw2');
  const before = await fleet.bans('fw1');
  const { stdout: input } = await fleet.at('fw2').cli('peers', 'key');

  const ran = await runProgram(fleet.at('fw1').command('peers', 'add', 'fw2', '--key', '-'), { input });

  assert.is(ran.code, 0, ran.stderr);
  assert.equal([before, await fleet.bans('fw1')], [[], ['203.0.113.8 sshd by fw2/web1']]);
});

test('says that nothing changed for a peer of that key, and puts another key in the place of the old one', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.configure({ fleet: '{ name: fw1 }' });
  sandbox.writePolicy('{}\n');

  const first = await add(sandbox, 'fw2');
  const written = policyIn(sandbox);
  const again = await add(sandbox, 'fw2');
  const unchanged = policyIn(sandbox);
  const newKey = ed25519(2);
  const other = await add(sandbox, 'fw2', lineOf(newKey));

  assert.match(
    first.stderr,
    `banspool: fw2 is a peer in ${sandbox.state}/policy.yaml, with the key ${fingerprintOf(KEY)}; `,
  );
  assert.equal(again, {
    code: 0,
    stdout: '',
    stderr: 'banspool: fw2 is a peer already, with this key; nothing was changed\n',
  });
  assert.is(unchanged, written);
  assert.is(other.code, 0, other.stderr);
  assert.match(other.stderr, `${fingerprintOf(newKey)} in place of ${fingerprintOf(KEY)}; `);
  assert.is(policyIn(sandbox), written.replace(KEY.base64, newKey.base64));
});

test('refuses a name that no peer can have, and what is no key of a firewall, and changes nothing', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.configure({ fleet: '{ name: fw1 }' });
  sandbox.writePolicy('allow: []\n');
  const rsa = lineOf(keyOf('ssh-rsa', '\u0001', '\u0001'));

  const refused = [
    [await add(sandbox, 'fw1'), 'fw1 is the name of this firewall itself'],
    [await add(sandbox, 'default'), '"default" cannot be the name of a firewall'],
    [await add(sandbox, 'FW_2'), '"FW_2" cannot be the name of a firewall'],
    [await add(sandbox, 'local'), '"local" cannot be the name of a firewall'],
    [await add(sandbox, 'fw2', rsa), 'a key of type ssh-rsa is not ssh-ed25519'],
    [
      await add(sandbox, 'fw2', 'ssh-ed25519 AAAA\n'),
      'is not a key of that type; check that the line is complete',
    ],
    [await add(sandbox, 'fw2', `${lineOf(KEY)}${lineOf(ed25519(2))}`), 'expected one key, found 2'],
    [
      await sandbox.cli('peers', 'add', 'fw2', '--key', '/nowhere'),
      'there is no file /nowhere\nbanspool: hint: run on the other firewall: banspool peers key; then copy its output here\n',
    ],
    [await sandbox.cli('peers', 'add', 'fw2'), "required option '--key <file>' not specified"],
  ] as const;

  for (const [{ code, stderr }, message] of refused) {
    assert.is(code, 2, stderr);
    assert.match(stderr, message);
  }
  assert.is(policyIn(sandbox), 'allow: []\n');
});

test('refuses the key of this firewall itself, and that of another peer', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  const fw1 = fleet.at('fw1');
  const before = policyIn(fw1);

  const own = await add(fw1, 'fw3', `${fleet.keyOf('fw1')}\n`);
  const ofPeer = await add(fw1, 'fw3', `${fleet.keyOf('fw2')}\n`);

  assert.equal([own.code, ofPeer.code, policyIn(fw1)], [2, 2, before]);
  assert.match(own.stderr, /the key SHA256:\S+ is that of this firewall itself\n.* on the other firewall: /);
  assert.match(
    ofPeer.stderr,
    /the key SHA256:\S+ is that of the peer fw2\n.*, run banspool peers remove fw2 first\n/,
  );
});

test('warns where nothing is heard yet, since the config has no fleet', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');

  const ran = await add(sandbox, 'fw2');

  assert.is(ran.code, 0);
  assert.match(ran.stderr, `warning: its bans do not count until ${sandbox.configPath} has a fleet\n`);
});

test('as root leaves the policy to whose the state is', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  for (const path of [sandbox.folder, sandbox.state, join(sandbox.state, 'policy.yaml')])
    chownSync(path, NOBODY.uid, NOBODY.gid);

  const ran = await add(sandbox, 'fw2');

  assert.is(ran.code, 0, ran.stderr);
  assert.is(statSync(join(sandbox.state, 'policy.yaml')).uid, NOBODY.uid);
});

test.run();
