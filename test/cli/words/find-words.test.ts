import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findWords } from '../../../src/cli/words/find-words.ts';
import type { WordKind } from '../../../src/cli/words/word-kinds.ts';
import { banText } from '../../support/intent-text.ts';
import { outputOf } from '../../support/run-program.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('words for a command line');

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDBCf2cOdF7ZqkDTJ3nqYm5sH0yEYZSYEvBvPaJbS0h1';

function found(sandbox: Sandbox, kind: WordKind, prefix = ''): readonly string[] {
  return [...new Set(findWords(sandbox, { kind, prefix, now: Date.now() }))].sort();
}

test('are the addresses, servers, jails and peers that there are', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy(`peers:\n  fw2: { key: "${KEY}" }\n`);
  sandbox.drop('web1', banText('203.0.113.7'));
  sandbox.drop('web1', banText('198.51.100.0/25', { jail: 'nginx' }));
  sandbox.drop('mail', banText('2001:db8::7', { jail: 'nginx' }));
  await sandbox.cli('reconcile');
  await sandbox.cli('ban', '192.0.2.7');
  await sandbox.cli('reconcile');
  mkdirSync(join(sandbox.spool, 'new'));
  mkdirSync(join(sandbox.spool, 'No Server'));

  assert.equal(found(sandbox, 'addresses'), ['192.0.2.7', '198.51.100.0/25', '2001:db8::7', '203.0.113.7']);
  assert.equal(found(sandbox, 'addresses', '203.'), ['203.0.113.7']);
  assert.equal(found(sandbox, 'addresses', '2001:'), ['2001:db8::7']);
  assert.equal(found(sandbox, 'addresses', '2'), ['2001:db8::7', '203.0.113.7']);
  assert.equal(found(sandbox, 'addresses', 'x'), []);
  assert.equal(found(sandbox, 'claimants'), ['local', 'mail', 'new', 'web1']);
  assert.equal(found(sandbox, 'servers'), ['mail', 'new', 'web1']);
  assert.equal(found(sandbox, 'jails'), ['manual', 'nginx', 'sshd']);
  assert.equal(found(sandbox, 'peers'), ['fw2']);
});

test('are none of what is not there, a link, a pipe or no text', async () => {
  await using sandbox = await Sandbox.open();
  for (const kind of ['addresses', 'claimants', 'servers', 'jails', 'peers'] as const)
    assert.equal(found(sandbox, kind), []);
  const claims = join(sandbox.state, 'claims/ipv4');
  mkdirSync(claims, { recursive: true });
  writeFileSync(
    join(sandbox.folder, 'elsewhere'),
    '- { "ip": "203.0.113.7", "server": "a", "jail": "a", "since": "", "until": null }\n',
  );
  symlinkSync(join(sandbox.folder, 'elsewhere'), join(claims, '203.yaml'));
  await outputOf(['mkfifo', join(claims, '204.yaml')]);
  writeFileSync(join(claims, '205.yaml'), Buffer.from([0xff, 0, 10]));
  writeFileSync(join(sandbox.state, 'policy.yaml'), 'peers: [\n');

  assert.equal([...found(sandbox, 'addresses'), ...found(sandbox, 'peers')], []);
  rmSync(claims, { recursive: true });
});

test.run();
