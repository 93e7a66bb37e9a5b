import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { iptables } from '../../../support/firewall.ts';
import { banText } from '../../../support/intent-text.ts';
import { outputOf, runProgram } from '../../../support/run-program.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('banspool support');

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDBCf2cOdF7ZqkDTJ3nqYm5sH0yEYZSYEvBvPaJbS0h1';

/** What nobody may find in an archive. */
const SECRETS = ['hunter2', 'T0KEN'];

/** What is in one, unless it is redacted. */
const OWN = [
  'web-acme',
  'acme-office',
  'Carla',
  'desk.acme.example',
  '192.0.2.77',
  '192.0.2.128',
  '198.51.100.9',
];

async function openSandbox(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.writePolicy(
    [
      '# of Carla, password: hunter2-in-comment',
      'allow:',
      '  - { net: 192.0.2.77, note: acme-office }',
      '  - { net: 192.0.2.128/25 }',
      'peers:',
      `  fw2: { key: "${KEY} carla@desk.acme.example" }`,
      '',
    ].join('\n'),
  );
  sandbox.drop('web-acme', banText('203.0.113.7'));
  sandbox.drop('web-acme', banText('192.0.2.77'));
  sandbox.drop('web-acme', banText('203.0.113.9', { reason: 'https://example.com/hook/T0KEN' }));
  await sandbox.cli('reconcile');
  // Somebody else's rule.
  await iptables([
    '-A',
    'INPUT',
    '-s',
    '198.51.100.9',
    '-m',
    'comment',
    '--comment',
    'token=hunter2',
    '-j',
    'ACCEPT',
  ]);
  return sandbox;
}

/** The texts in an archive by name. */
async function unpacked(sandbox: Sandbox, archive: string): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(sandbox.folder, 'unpacked-'));
  await outputOf(['tar', '-xzf', archive, '-C', folder, '--strip-components=1']);
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

test('writes one archive for its owner alone, with all that helps and no secret, and lists it', async () => {
  await using sandbox = await openSandbox();
  const out = join(sandbox.folder, 'report.tar.gz');

  const ran = await runProgram(sandbox.command('support', '--out', out));
  const again = await sandbox.cli('support', '--out', out);

  const texts = await unpacked(sandbox, out);
  assert.is(ran.code, 0, ran.stderr);
  assert.is(statSync(out).mode & 0o777, 0o600);
  for (const [name, text] of texts) {
    assert.match(ran.stdout, new RegExp(`^${name} +[\\d,]+`, 'm'));
    for (const secret of SECRETS) assert.not.match(text, secret, name);
  }
  assert.match(texts.get('status.txt') ?? '', /^converged {2}2 bans, 3 claims/);
  assert.match(texts.get('rules-ipv4.txt') ?? '', '-A fail2ban-sshd -s 203.0.113.7/32 -j DROP');
  assert.match(texts.get('versions.txt') ?? '', /^banspool \d.*\n(?:.*\n)*git version /m);
  assert.match(texts.get('policy.yaml') ?? '', 'note: acme-office');
  assert.match(texts.get('history.txt') ?? '', '203.0.113.7');
  for (const name of ['list.json', 'status.json', 'history.json']) JSON.parse(texts.get(name) ?? '');
  assert.match(ran.stdout, `\n${out}: ${texts.size} files, `);
  assert.match(ran.stderr, `hint: look through it before you send it: tar -xzOf ${out} | less\n`);
  assert.equal([again.code, again.stdout], [2, '']);
  assert.match(again.stderr, `error: ${out} exists\nbanspool: hint: `);
});

test('holds with --redact no name and no address of its sender, and those that are banned', async () => {
  await using sandbox = await openSandbox();
  const out = join(sandbox.folder, 'report.tar.gz');
  writeFileSync(out, 'old');

  const ran = await runProgram(sandbox.command('support', '--redact', '--force', '--out', out));

  const texts = await unpacked(sandbox, out);
  assert.is(ran.code, 0, ran.stderr);
  for (const [name, text] of texts) {
    for (const own of [...SECRETS, ...OWN]) assert.not.match(text.toLowerCase(), own.toLowerCase(), name);
    assert.not.match(text, new RegExp(String.raw`(?<![\w-])${hostname()}(?![\w-])`), name);
  }
  const server = /"name": "(server-\d+)"/.exec(texts.get('status.json') ?? '')?.[1] ?? 'none';
  for (const name of ['status.txt', 'list.json', 'history.txt']) assert.match(texts.get(name) ?? '', server);
  assert.match(
    texts.get('policy.yaml') ?? '',
    /net: (own-ipv4-\d+), note: note-1 \}\n.*net: own-ipv4-\d+\/25 \}/,
  );
  assert.match(texts.get('rules-ipv4.txt') ?? '', /203\.0\.113\.7\/32 -j DROP/);
  assert.match(texts.get('rules-ipv4.txt') ?? '', /-A INPUT -s other-ipv4-\d+ /);
  assert.match(ran.stderr, /replaced by placeholders: .*\d server/);
});

test('comes of a config with mistakes too, and has them', async () => {
  await using sandbox = await Sandbox.open();
  const [out, config] = [join(sandbox.folder, 'report.tar.gz'), join(sandbox.folder, 'bad.yaml')];
  writeFileSync(
    config,
    'fleet: { name: fw1, engine: valkey, remote: "redis://fw1:hunter2@hub" }\nspol: /srv\n',
  );
  mkdirSync(join(sandbox.folder, 'home'));

  const ran = await runProgram([...sandbox.command('support', '--out', out).slice(0, -1), config]);

  const texts = await unpacked(sandbox, out);
  assert.is(ran.code, 0, ran.stderr);
  assert.match(
    ran.stderr,
    /^banspool: warning: .*bad\.yaml:1:\d+: .*; folders are looked for in their default places/,
  );
  assert.match(texts.get('check.txt') ?? '', 'spol');
  assert.match(texts.get('config.yaml') ?? '', 'redis://[removed]@hub');
  assert.match(texts.get('versions.txt') ?? '', 'git version');
  for (const text of [...texts.values(), ran.stdout, ran.stderr]) assert.not.match(text, 'hunter2');
});

test.run();
