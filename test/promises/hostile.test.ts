/** Promise 4: what no input from a server can do. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { reconcile } from '../../src/pass/reconcile.ts';
import { spoolFiles, type SpoolFiles } from '../../src/system/files/spool-files.ts';
import { Bait } from '../support/bait.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText, intentText, snapshotText } from '../support/intent-text.ts';
import { makePass, makePasses, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('hostile input');

/** Each is refused, and its reason holds these words. */
const REFUSED: Readonly<Record<string, readonly [text: string, reason: string]>> = {
  'a host name': [banText('evil.example.org'), 'host names are never resolved'],
  'an option as an address': [banText('"-j ACCEPT"'), '"-j ACCEPT" is not an IPv4 or IPv6 address'],
  'a shell command': [banText('"1.2.3.4;id"'), '"1.2.3.4;id" is not'],
  'the whole Internet': [banText('0.0.0.0/0'), 'wider than /24'],
  'half of the Internet': [banText('0.0.0.0/1'), 'wider than /24'],
  'all of IPv6': [banText('"::/0"'), 'wider than /48'],
  'a jail that is an option': [banText('192.0.2.1', { jail: '"-F"' }), '"-F" is not a jail name'],
  'a jail with a line feed': [banText('192.0.2.1', { jail: '"a\\nb"' }), 'is not a jail name'],
  'a jail of 65 letters': [banText('192.0.2.1', { jail: 'a'.repeat(65) }), 'is not a jail name'],
  'a protocol that is an option': [banText('192.0.2.1', { protocol: '"-j ACCEPT"' }), '"-j ACCEPT"'],
  'an unknown intent': [intentText({ intent: 'ACCEPT', ip: '192.0.2.1' }), '"ACCEPT" is not ban'],
  'a list as an address': [banText('[192.0.2.1]'), 'is not an IPv4 or IPv6 address'],
  'no address': [intentText({ intent: 'ban' }), 'ip: missing'],
  'a time that is none': [
    banText('192.0.2.1', { time: 'yesterday' }),
    '"yesterday" is not a number of seconds',
  ],
  'a bantime that is none': [
    banText('192.0.2.1', { bantime: '-2' }),
    '"-2" is not a number of seconds, or -1',
  ],
  'a NUL byte': [banText('192.0.2.1').replace('sshd', 's\0hd'), 'control character 0x00'],
  'an escape sequence': [banText('192.0.2.1', { reason: '\u001b[2J' }), 'control character 0x1b'],
  'a key twice': [`jail: a\n${banText('192.0.2.1')}`, 'not YAML'],
  'a prototype': [`__proto__: { x: 1 }\n${banText('192.0.2.1')}`, '"__proto__"'],
  'an anchor': [`a: &a [x]\n${banText('192.0.2.1')}`, 'an anchor'],
  'an alias bomb': [aliasBomb(), 'an anchor'],
  'a tag': [`a: !!js/function "x"\n${banText('192.0.2.1')}`, 'a tag'],
  'a directive': [`%YAML 1.1\n---\n${banText('192.0.2.1')}`, 'directive'],
  'two documents': [`a: 1\n...\n---\n${banText('192.0.2.1')}`, 'not YAML'],
  'deep nesting': [`a: ${'['.repeat(3_000)}\n...\n`, 'nested more than 8 levels deep'],
  'junk of 2 KiB': [`${'}'.repeat(2_000)}\n...\n`, 'not YAML'],
  'junk of 8 KiB': [`${'}'.repeat(8_000)}\n...\n`, 'more than 3000 YAML indicators'],
  'junk of 64 KiB': [`${'&a '.repeat(22_000)}\n...\n`, 'longer than 8 KiB'],
  'a scalar': ['hello\n...\n', 'not a mapping'],
  'nothing but the end': ['...\n', 'not a mapping'],
  'a snapshot with a wide net': [
    'intent: snapshot\njail: sshd\ntime: 1\nbans:\n  - { ip: 0.0.0.0/1, time: 1, bantime: 600 }\n...\n',
    'wider than /24',
  ],
  'a long snapshot with a bad line': [
    longSnapshot('  - { ip: evil, time: 1, bantime: 600 }'),
    'line 304 is not',
  ],
};

test('is refused with a reason that helps, and keeps no other intent from being enforced', async () => {
  await using sandbox = await Sandbox.open();
  for (const [index, [text]] of Object.values(REFUSED).entries())
    sandbox.drop('web1', text, `${100 + index}.yaml`);
  // Last by name, from the same server; and from another one.
  sandbox.drop('web1', banText('198.51.100.7'), '999.yaml');
  sandbox.drop('web2', banText('198.51.100.8'));

  const ran = await sandbox.cli('reconcile');

  assert.is(ran.code, 0, ran.stderr);
  const rules = (await iptablesRules()).filter((rule) => rule.includes('-s '));
  assert.equal(rules.toSorted(), [
    '-A fail2ban-sshd -s 198.51.100.7/32 -j DROP',
    '-A fail2ban-sshd -s 198.51.100.8/32 -j DROP',
  ]);
  assert.equal(sandbox.waiting(), []);
  for (const [index, [name, [text, words]]] of Object.entries(REFUSED).entries()) {
    const path = join(sandbox.rejected, 'web1', `${100 + index}.yaml`);
    const reason = readFileSync(`${path}.reason`, 'utf8');
    assert.ok(reason.includes(words), `${name}: ${reason}`);
    assert.is(readFileSync(path, 'utf8'), text, name);
  }
});

test('in ports that cannot be read comes into no rule: they are taken for all', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('192.0.2.1', { ports: '"22 -j ACCEPT"' }));
  sandbox.drop('web1', banText('192.0.2.1', { ports: '65536', jail: 'other' }));

  await sandbox.cli('reconcile');

  const jumps = (await iptablesRules()).filter((rule) => rule.startsWith('-A INPUT'));
  assert.equal(jumps, ['-A INPUT -p tcp -j fail2ban-other', '-A INPUT -p tcp -j fail2ban-sshd']);
});

test('in a form that is not a plain file is refused without being opened or followed', async () => {
  await using sandbox = await Sandbox.open();
  const folder = join(sandbox.spool, 'web1');
  mkdirSync(folder);
  const secret = join(sandbox.folder, 'secret');
  writeFileSync(secret, banText('198.51.100.66'));
  for (let number = 0; number < 5; number += 1) execFileSync('mkfifo', [join(folder, `${number}.yaml`)]);
  symlinkSync(secret, join(folder, 'symlink.yaml'));
  const bait = new Bait(sandbox.folder);
  symlinkSync(bait.folder, join(folder, 'elsewhere.yaml'));
  linkSync(secret, join(folder, 'hardlink.yaml'));
  mkdirSync(join(folder, 'directory.yaml'));
  writeFileSync(join(folder, 'directory.yaml', 'inside.yaml'), banText('198.51.100.67'));
  writeFileSync(join(folder, 'large.yaml'), Buffer.alloc(5 * 1024 * 1024, '#'));
  writeFileSync(
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.yaml')]),
    banText('198.51.100.68'),
  );
  const socket = createServer().listen(join(folder, 'socket.yaml'));
  await new Promise((resolve) => socket.once('listening', resolve));
  sandbox.drop('web2', banText('198.51.100.8'));

  await sandbox.startController();

  await eventually(() => {
    assert.equal(sandbox.waiting(), []);
  });
  socket.close();
  assert.ok((await iptablesRules()).includes('-A fail2ban-sshd -s 198.51.100.8/32 -j DROP'));
  assert.not.ok((await iptablesRules()).some((rule) => rule.includes('198.51.100.6')));
  assert.equal(reasonsIn(join(sandbox.rejected, 'web1')), {
    '%5cxff%5cxfe.yaml': 'the file name is not 1-121 characters of A-Z a-z 0-9 . _ - followed by .yaml',
    '0.yaml': 'a FIFO; an intent must be a plain file',
    '1.yaml': 'a FIFO; an intent must be a plain file',
    '2.yaml': 'a FIFO; an intent must be a plain file',
    '3.yaml': 'a FIFO; an intent must be a plain file',
    '4.yaml': 'a FIFO; an intent must be a plain file',
    'directory.yaml': 'a directory; an intent must be a plain file',
    'elsewhere.yaml': 'a symbolic link; an intent must be a plain file',
    'hardlink.yaml': 'a file with 2 hard links; an intent must be a plain file',
    'large.yaml': 'larger than 4 MiB (5242880 bytes); an intent must be a plain file',
    'socket.yaml': 'a socket; an intent must be a plain file',
    'symlink.yaml': 'a symbolic link; an intent must be a plain file',
  });
  assert.ok(lstatSync(join(sandbox.rejected, 'web1', 'elsewhere.yaml')).isSymbolicLink());
  assert.equal(...bait.comparison);
});

test('cannot speak for another server, leave its folder, or name itself the operator', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web2', banText('198.51.100.8'));
  sandbox.drop('web1', `server: web2\n${intentText({ intent: 'unban', ip: '198.51.100.8' })}`);
  // Without a jail it would lift every claim, which only an operator may.
  sandbox.drop('web1', 'intent: unban\nip: 198.51.100.8\ntime: 4000000000\n...\n');
  sandbox.drop('adopted', banText('198.51.100.9'));
  sandbox.drop('escalation', banText('198.51.100.9'));

  const ran = await sandbox.cli('reconcile');

  const rules = (await iptablesRules()).filter((rule) => rule.includes('-s '));
  assert.equal(rules, ['-A fail2ban-sshd -s 198.51.100.8/32 -j DROP']);
  assert.match(ran.stderr, 'the key "server" is unknown and was ignored');
  assert.match(ran.stderr, 'refused web1/');
  assert.match(ran.stderr, 'folders whose names are not server names: adopted, escalation');
});

test('cannot cover an address that policy.yaml allows, nor one of the firewall itself', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.cli('reconcile');
  writeFileSync(join(sandbox.state, 'policy.yaml'), 'allow:\n  - { net: 203.0.113.64/28, note: office }\n');
  execFileSync('ip', ['address', 'add', '203.0.113.200/32', 'dev', 'lo']);
  for (const ip of ['203.0.113.65', '203.0.113.200', '127.0.0.1', '203.0.113.0/24'])
    sandbox.drop('web1', banText(ip));

  await sandbox.cli('reconcile');

  const rules = (await iptablesRules()).filter((rule) => rule.startsWith('-A fail2ban-sshd'));
  assert.equal(rules, [
    '-A fail2ban-sshd -s 203.0.113.64/28 -j RETURN',
    '-A fail2ban-sshd -s 203.0.113.200/32 -j RETURN',
    '-A fail2ban-sshd -s 203.0.113.0/24 -j DROP',
    '-A fail2ban-sshd -j RETURN',
  ]);
  execFileSync('ip', ['address', 'del', '203.0.113.200/32', 'dev', 'lo']);
});

test('cannot exceed its limits', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.cli('reconcile');
  const limits = 'limits: { servers: { web1: { claims: 5, jails: [sshd] } } }\n';
  writeFileSync(join(sandbox.state, 'policy.yaml'), limits);
  for (let host = 1; host <= 8; host += 1) sandbox.drop('web1', banText(`198.51.100.${host}`));
  sandbox.drop('web1', banText('198.51.100.1', { bantime: 700 }));
  sandbox.drop('web1', banText('198.51.100.99', { jail: 'other' }));

  const ran = await sandbox.cli('reconcile');

  const drops = (await iptablesRules()).filter((rule) => rule.includes('-j DROP'));
  assert.is(drops.length, 5);
  assert.match(ran.stderr, 'web1 would have 6 claims; its limit is 5');
  assert.match(ran.stderr, 'policy.yaml allows web1 only sshd, not "other"');
});

test('in files that are never given a name for good does not fill the disk', async () => {
  await using sandbox = await Sandbox.open();
  const folder = join(sandbox.spool, 'web1');
  mkdirSync(folder);
  for (let number = 0; number < 120; number += 1) writeFileSync(join(folder, `.a.yaml.${number}`), 'x');
  symlinkSync(new Bait(sandbox.folder).file, join(folder, 'link'));
  mkdirSync(join(folder, 'folder'));

  const ran = await sandbox.cli('reconcile');

  assert.is(readdirSync(folder).filter((name) => name !== 'folder').length, 100);
  assert.match(ran.stderr, /web1: removed 21 temporary files of interrupted transfers, such as /);
});

test('in a flood from one server does not delay the others', async () => {
  await using sandbox = await Sandbox.open();
  for (let number = 0; number < 100; number += 1) {
    sandbox.drop('web1', number % 2 === 0 ? `${'}'.repeat(3_000)}\n...\n` : banText(`10.0.0.${number}`));
  }
  sandbox.drop('web2', banText('198.51.100.8'));
  const readBudget = { milliseconds: 2_000, listedByServer: 10_000 };
  let reads = 0;
  const read: SpoolFiles['read'] = (folder, entry) => {
    reads += 1;
    // No machine is so slow that the time is spent before.
    if (reads === 20) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, readBudget.milliseconds);
    return spoolFiles.read(folder, entry);
  };

  const passes = await makePasses(worldOf(sandbox, { spoolFiles: { ...spoolFiles, read } }), { readBudget });

  const first = passes[0]?.claimChanges.map(({ server }) => server) ?? [];
  assert.ok(first.length <= 10, `the first pass read on when its time was spent: ${first.length} bans`);
  assert.ok(first.includes('web2'));
  assert.ok((await iptablesRules()).includes('-A fail2ban-sshd -s 198.51.100.8/32 -j DROP'));
  assert.equal(sandbox.waiting(), []);
});

test('in a flood that is being read waits for a server that had nothing to say until then', async () => {
  await using sandbox = await Sandbox.open();
  for (let host = 0; host < 50; host += 1) sandbox.drop('flood', banText(`10.0.0.${host}`));
  mkdirSync(join(sandbox.spool, 'web2'));
  const readBudget = { milliseconds: 60_000, listedByServer: 10_000, yields: true };
  let reads = 0;
  const read: SpoolFiles['read'] = (folder, entry) => {
    reads += 1;
    if (reads === 10) sandbox.drop('web2', banText('198.51.100.8'));
    // So that nobody reads on without having looked up.
    if (reads === 10) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    return spoolFiles.read(folder, entry);
  };

  const passes = await makePasses(worldOf(sandbox, { spoolFiles: { ...spoolFiles, read } }), { readBudget });

  const told = passes.map(({ claimChanges }) => [...new Set(claimChanges.map(({ server }) => server))]);
  assert.equal(told, [['web2'], ['flood']]);
  assert.is(passes.at(-1)?.bans, 51);
  assert.equal(sandbox.waiting(), []);
});

test('in files that keep coming is read all the same while others speak in every pass', async () => {
  await using sandbox = await Sandbox.open();
  for (let host = 0; host < 200; host += 1) sandbox.drop('flood', banText(`10.0.0.${host}`));
  const readBudget = { milliseconds: 0, listedByServer: 10_000, yields: true };
  const world = worldOf(sandbox);
  const memory = freshMemory(world);

  const heard: string[][] = [];
  const timesOf = (name: string): number => heard.flat().filter((server) => server === name).length;
  // Six passes; more where this process was paused while it read a file, for which its server pays.
  for (let pass = 0; pass < 100 && (timesOf('web2') < 3 || timesOf('flood') < 2); pass += 1) {
    sandbox.drop('web2', banText(`198.51.100.${pass}`));
    const { claimChanges } = await reconcile(world, memory, {
      ...{ kind: 'quick', lockWait: 5_000, commitAll: false },
      readBudget,
    });
    heard.push(claimChanges.map(({ server }) => server));
  }

  assert.ok(timesOf('web2') >= 3 && timesOf('flood') >= 2, heard.join(' | '));
});

test('in a flood is saved in each pass and committed with what follows', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  for (let host = 0; host < 4; host += 1) sandbox.drop('flood', banText(`10.0.0.${host}`));
  const readBudget = { milliseconds: 60_000, listedByServer: 0 };
  sandbox.drop('lists', snapshotText(['10.1.0.1']));
  sandbox.drop('lists', snapshotText(['10.1.0.2']));
  const options = { kind: 'quick', lockWait: 5_000, readBudget, commitAll: false } as const;

  const first = await reconcile(world, memory, options);
  const before = await sandbox.git('status', '--porcelain');
  while ((await reconcile(world, memory, options)).more);
  const after = await sandbox.git('status', '--porcelain');

  assert.is(first.more, true);
  assert.match(before, 'claims/');
  assert.is(after, '');
});

test('in long snapshots one after the other is read in portions, and the others in each pass', async () => {
  await using sandbox = await Sandbox.open();
  const listed = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
  for (let number = 0; number < 5; number += 1) sandbox.drop('web1', snapshotText(listed));
  for (const ip of ['198.51.100.8', '198.51.100.9', '198.51.100.10']) sandbox.drop('web2', banText(ip));

  const passes = await makePasses(worldOf(sandbox), {
    readBudget: { milliseconds: 60_000, listedByServer: 4 },
  });

  assert.equal(
    passes.map(({ intents, more, bans }) => ({ intents, more, bans })),
    [
      { intents: 5, more: true, bans: 6 },
      { intents: 2, more: true, bans: 6 },
      { intents: 1, more: false, bans: 6 },
    ],
  );
  assert.equal(sandbox.waiting(), []);
});

function reasonsIn(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.reason'));
  return Object.fromEntries(
    names.map((name) => {
      const reason = /^reason: (.*)$/m.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? '';
      assert.ok(existsSync(join(folder, name)), name);
      return [name.slice(0, -'.reason'.length), reason];
    }),
  );
}

function aliasBomb(): string {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg', 'ih']) {
    lines.push(`${name ?? ''}: &${name ?? ''} [${`*${before ?? ''}, `.repeat(9)}]`);
  }
  return `${lines.join('\n')}\n...\n`;
}

function longSnapshot(badLine: string): string {
  const good = Array.from(
    { length: 300 },
    (_, host) => `  - { ip: 10.0.${host >> 8}.${host & 255}, time: 1, bantime: 600 }`,
  );
  return `intent: snapshot\njail: sshd\nbans:\n${good.join('\n')}\n${badLine}\n...\n`;
}

test.run();
