/** What is signed here is held against the real ssh-keygen, both ways. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePublicKey, type PublicKey } from '../../src/domain/public-key.ts';
import { isSigned, isSignedBy, NAMESPACE } from '../../src/fleet/ssh-signature.ts';
import { keyOf, signingRun } from '../support/fleet-of-memory.ts';
import { outputOf, runProgram } from '../support/run-program.ts';

const signatures = suite('a signature', { folder: '' });

signatures.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'banspool-signature-'));
});

signatures.after.each(({ folder }) => {
  rmSync(folder, { recursive: true });
});

const TEXT = '{\n  "format": 1\n}\n';

/** Makes a key of that type, and returns its public half. */
async function makeKey(path: string, type = 'ed25519'): Promise<PublicKey> {
  await outputOf(['ssh-keygen', '-q', '-t', type, '-N', '', '-C', 'fw1', '-f', path]);
  const parsed = parsePublicKey(readFileSync(`${path}.pub`, 'utf8'));
  if (parsed.kind !== 'key') throw new Error(parsed.reason);
  return parsed.key;
}

interface SignOptions {
  readonly namespace?: string;
  readonly hash?: string;
}

/** Signs with the real program. */
async function sign(
  path: string,
  { namespace = NAMESPACE, hash = 'sha512' }: SignOptions = {},
): Promise<string> {
  const words = ['-q', '-Y', 'sign', '-f', path, '-n', namespace, '-O', `hashalg=${hash}`];
  const { code, stdout, stderr } = await runProgram(['ssh-keygen', ...words], { input: TEXT });
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

for (const hash of ['sha256', 'sha512']) {
  signatures(`of ssh-keygen by ${hash} is of the text that was signed, by its key`, async ({ folder }) => {
    const [path, other] = [join(folder, 'key'), join(folder, 'other')];
    const key = await makeKey(path);
    const stranger = await makeKey(other);

    const signature = await sign(path, { hash });

    assert.is(isSignedBy({ text: TEXT, signature, key }), true);
    assert.is(isSignedBy({ text: `${TEXT} `, signature, key }), false);
    assert.is(isSignedBy({ text: TEXT, signature, key: stranger }), false);
    assert.is(isSignedBy({ text: TEXT, signature: await sign(other, { hash }), key }), false);
    assert.is(isSigned({ text: TEXT, signature }), true);
    assert.is(isSigned({ text: `${TEXT} `, signature }), false);
  });
}

signatures('for another purpose counts for nothing here', async ({ folder }) => {
  const path = join(folder, 'key');
  const key = await makeKey(path);

  const [file, fleet] = [await sign(path, { namespace: 'file' }), await sign(path)];

  assert.is(isSignedBy({ text: TEXT, signature: file, key }), false);
  assert.is(isSignedBy({ text: TEXT, signature: fleet, key }), true);
});

signatures('by a key of another type counts for nothing, though it is right', async ({ folder }) => {
  const path = join(folder, 'key');
  const key = await makeKey(path, 'ecdsa');

  const signature = await sign(path);

  assert.is(isSignedBy({ text: TEXT, signature, key }), false);
});

signatures('that names the key of one and is made by another is of neither', async ({ folder }) => {
  const path = join(folder, 'key');
  const key = await makeKey(path);
  const { secret } = keyOf('thief');

  const { stdout: signature } = await signingRun({ secret, key })('ssh-keygen', [], { input: TEXT });

  assert.is(isSignedBy({ text: TEXT, signature, key }), false);
  assert.is(isSignedBy({ text: TEXT, signature, key: keyOf('thief').key }), false);
});

signatures(
  'that is cut or joined anywhere is none, and no text makes the check throw',
  async ({ folder }) => {
    const path = join(folder, 'key');
    const key = await makeKey(path);
    const signature = await sign(path);

    for (let length = 0; length < signature.trimEnd().length; length += 1)
      assert.is(
        isSignedBy({ text: TEXT, signature: signature.slice(0, length), key }),
        false,
        String(length),
      );
    for (const joined of [`x${signature}`, `${signature}x`, `${signature}${signature}`, `\n${signature}`])
      assert.is(isSignedBy({ text: TEXT, signature: joined, key }), false, joined);
  },
);

signatures('of which one byte is another is none, whichever it is', async ({ folder }) => {
  const path = join(folder, 'key');
  const key = await makeKey(path);
  const [head = '', ...lines] = (await sign(path)).trimEnd().split('\n');
  const foot = lines.pop() ?? '';
  const blob = Buffer.from(lines.join(''), 'base64');
  const withByte = (index: number, bit: number): string => {
    const changed = Buffer.from(blob);
    changed.writeUInt8(blob.readUInt8(index) ^ (1 << bit), index);
    return `${head}\n${changed.toString('base64')}\n${foot}\n`;
  };

  assert.is(
    isSignedBy({ text: TEXT, signature: `${head}\n${blob.toString('base64')}\n${foot}\n`, key }),
    true,
  );
  fc.assert(
    fc.property(fc.nat(blob.length - 1), fc.nat(7), (index, bit) => {
      assert.is(isSignedBy({ text: TEXT, signature: withByte(index, bit), key }), false);
    }),
    { numRuns: 500 },
  );
});

signatures('that the tests make is one to ssh-keygen too', async ({ folder }) => {
  const pair = keyOf('fw1');
  const [signature, signers] = [join(folder, 'signature'), join(folder, 'signers')];
  writeFileSync(signers, `fw1 ${pair.key.type} ${pair.key.base64}\n`);
  const { stdout } = await signingRun(pair)('ssh-keygen', [], { input: TEXT });
  writeFileSync(signature, stdout);
  const verify = async (input: string): Promise<number> => {
    const words = ['-q', '-Y', 'verify', '-f', signers, '-I', 'fw1', '-n', NAMESPACE, '-s', signature];
    return (await runProgram(['ssh-keygen', ...words], { input })).code;
  };

  assert.is(await verify(TEXT), 0);
  assert.is.not(await verify(`${TEXT} `), 0);
  assert.is(isSignedBy({ text: TEXT, signature: stdout, key: pair.key }), true);
});

signatures.run();
