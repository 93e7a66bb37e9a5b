import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fingerprintOf, parsePublicKey, type PublicKey } from '../../src/domain/public-key.ts';
import { outputOf } from '../support/run-program.ts';
import { ed25519, keyOf } from '../access/ssh-key.ts';

const keys = suite('a public key');

const textOf = ({ type, base64 }: PublicKey, comment = 'root@web1'): string =>
  `${type} ${base64} ${comment}\n`;

const reasonOf = (text: string): string => {
  const parsed = parsePublicKey(text);
  return parsed.kind === 'bad' ? parsed.reason : 'taken';
};

for (const [type, bits] of [
  ['ed25519', '256'],
  ['ecdsa', '521'],
  ['rsa', '1024'],
] as const) {
  keys(`of ssh-keygen -t ${type} is taken, and has the fingerprint that ssh-keygen shows`, async () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'banspool-keys-'));
    const path = join(folder, 'key');
    await outputOf(['ssh-keygen', '-q', '-t', type, '-b', bits, '-N', '', '-C', 'web 1', '-f', path]);
    const shown = await outputOf(['ssh-keygen', '-l', '-f', `${path}.pub`]);
    const secret = fs.readFileSync(path, 'utf8');
    const text = fs.readFileSync(`${path}.pub`, 'utf8');
    fs.rmSync(folder, { recursive: true });

    const parsed = parsePublicKey(text);

    assert.is(parsed.kind, 'key');
    assert.is(parsed.kind === 'key' ? fingerprintOf(parsed.key) : '', shown.split(' ')[1]);
    assert.is(reasonOf(secret), 'this is a private key, which must stay on the server; use the .pub file');
  });
}

keys('of each type that sshd takes is taken', () => {
  const bytes = Buffer.alloc(33, 7);
  for (const key of [
    keyOf('ssh-ed25519', bytes),
    ...['256', '384', '521'].map((size) => keyOf(`ecdsa-sha2-nistp${size}`, `nistp${size}`, bytes)),
    keyOf('ssh-rsa', Buffer.from([1, 0, 1]), bytes),
    keyOf('sk-ssh-ed25519@openssh.com', bytes, 'ssh:'),
    keyOf('sk-ecdsa-sha2-nistp256@openssh.com', 'nistp256', bytes, 'ssh:'),
  ]) {
    assert.equal(parsePublicKey(textOf(key)), { kind: 'key', key });
  }
});

keys('is taken without its comment, with blanks and comments around it, and from Windows', () => {
  const key = ed25519();
  const { type, base64 } = key;

  for (const text of [
    `${type} ${base64}`,
    `# web1\n\n ${type}\t${base64}  x y\n\n`,
    `${type} ${base64} x\r\n`,
    `${type} ${base64}\r\n`,
  ]) {
    assert.equal(parsePublicKey(text), { kind: 'key', key }, JSON.stringify(text));
  }
});

keys('must be the only one', () => {
  assert.is(reasonOf(textOf(ed25519(1)) + textOf(ed25519(2))), 'expected one key, found 2');
  assert.is(reasonOf('# none\n'), 'expected one key, found 0');
});

keys('of another type, or a line of authorized_keys, is refused', () => {
  const { base64 } = keyOf('ssh-dss', Buffer.alloc(64));

  assert.match(reasonOf(`ssh-dss ${base64}`), /^unknown key type "ssh-dss"; the types are ssh-ed25519, /);
  assert.match(
    reasonOf(`command="sh" ${textOf(ed25519())}`),
    /^unknown key type "command="sh""; the types are ssh-ed25519, /,
  );
  assert.match(reasonOf(`${'x'.repeat(500)} y`), /^unknown key type "x{40}"; the types are ssh-ed25519, /);
});

keys('whose bytes are of another type than its first word is refused', () => {
  const { base64 } = keyOf('ssh-rsa', Buffer.alloc(64));

  assert.is(
    reasonOf(`ssh-ed25519 ${base64}`),
    'the text after ssh-ed25519 is not a key of that type; check that the line is complete',
  );
});

keys('that is no base64, or not there, is refused', () => {
  const { base64 } = ed25519();

  for (const word of [
    '',
    '!!!',
    `${base64}"`,
    `${base64.slice(0, 50)}$(id)${base64.slice(50)}`,
    'A'.repeat(68),
  ]) {
    assert.match(reasonOf(`ssh-ed25519 ${word}`), /is not a key of that type/, word);
  }
});

keys('that was cut anywhere is refused', () => {
  const key = fc.constantFrom(
    ed25519(),
    keyOf('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(385, 3)),
    keyOf('ecdsa-sha2-nistp256', 'nistp256', Buffer.alloc(65, 4)),
  );

  fc.assert(
    fc.property(key, fc.nat(), ({ type, base64 }, at) => {
      const bytes = Buffer.from(base64, 'base64').length;
      const cut = base64.slice(0, at % base64.length);
      fc.pre(Buffer.from(cut, 'base64').length < bytes);

      assert.match(reasonOf(`${type} ${cut}`), /check that the line is complete$/);
    }),
    { numRuns: 500 },
  );
});

keys('no text makes the parser throw', () => {
  const word = fc.oneof(
    fc.string(),
    fc.base64String({ minLength: 40 }),
    fc.constantFrom('ssh-ed25519', 'ssh-rsa'),
  );

  fc.assert(
    fc.property(fc.array(word), (words) => {
      const parsed = parsePublicKey(words.join(' '));

      assert.ok(parsed.kind === 'key' || parsed.reason !== '');
    }),
  );
});

keys.run();
