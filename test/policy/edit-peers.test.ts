import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { putPeer, takePeer } from '../../src/policy/edit-peers.ts';
import { readPolicy, type Policy } from '../../src/policy/policy.ts';
import { ed25519 } from '../access/ssh-key.ts';

const test = suite('a peer in the text of the policy');

const KEY = ed25519(1);
const OTHER = ed25519(2);
const textOf = ({ type, base64 }: typeof KEY): string => `"${type} ${base64}"`;

const TEMPLATE = readFileSync(join(import.meta.dirname, '../../../state/policy.yaml'), 'utf8');

const WRITTEN = `# ours
allow:                       # never dropped
- { net: 192.0.2.0/24,   note: office }

peers:   # who is believed
    lab:
        key: ${textOf(OTHER)}   # Anna has it
        claims: 5
    # the other site
    fw1: { key: ${textOf(OTHER)}, lifts: 0 }  # Paris

publish: { lifts: false }
`;

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(`${JSON.stringify(read.mistakes)}: ${text}`);
  return read.policy;
}

test('is a line more, below the others, and all else stays as it was written', () => {
  const first = `${TEMPLATE}  fw2: { key: ${textOf(KEY)} }\n`;

  assert.is(putPeer(TEMPLATE, 'fw2', KEY), first);
  assert.is(putPeer(first, 'fw3', OTHER), `${first}  fw3: { key: ${textOf(OTHER)} }\n`);
  assert.is(
    putPeer(WRITTEN, 'fw2', KEY),
    WRITTEN.replace('# Paris\n', `# Paris\n    fw2: { key: ${textOf(KEY)} }\n`),
  );
  assert.equal(policyOf(putPeer('allow: []', 'fw2', KEY)).peers.get('fw2')?.key, KEY);
});

test('that is there already has another key, and the limits and comments that it had', () => {
  const changed = putPeer(WRITTEN, 'lab', KEY);

  assert.is(changed, WRITTEN.replace(textOf(OTHER), textOf(KEY)));
  assert.equal(
    [policyOf(changed).peers.get('lab')?.key, policyOf(changed).peers.get('lab')?.claims],
    [KEY, 5],
  );
});

test('is taken out with its lines alone', () => {
  const withoutLab = WRITTEN.replace(/ {4}lab:\n.*\n.*\n/, '');

  assert.is(takePeer(WRITTEN, 'lab'), withoutLab);
  assert.is(takePeer(WRITTEN, 'fw1'), WRITTEN.replace(/ {4}fw1: .*\n/, ''));
  assert.is(takePeer(putPeer(TEMPLATE, 'fw2', KEY), 'fw2'), TEMPLATE);
  assert.is(takePeer(WRITTEN, 'fw9'), WRITTEN);
  assert.is(takePeer(putPeer('deny: []\n', 'fw2', KEY), 'fw2'), 'deny: []\npeers:\n');
  assert.is(takePeer('peers: {}\n', 'fw9'), 'peers: {}\n');
});

test('leaves default, the limits of all, where they are', () => {
  const limits = 'peers:\n  default: { claims: 5 }\n';

  const added = putPeer(limits, 'fw2', KEY);

  assert.is(policyOf(added).peers.get('fw2')?.claims, 5);
  assert.is(takePeer(added, 'fw2'), limits);
});

test('is put into a policy in one line too, and taken out of it', () => {
  const note = 'a note that is longer than the eighty columns that the yaml package would fold a text at';
  for (const text of [
    '{}\n',
    `{ allow: [{ net: 192.0.2.0/24, note: ${note} }] } # mine\n`,
    'peers: {}\n',
    'peers:\n',
  ]) {
    const added = putPeer(text, 'fw2', KEY);

    assert.equal(policyOf(added).peers.get('fw2')?.key, KEY, text);
    assert.equal(policyOf(added).allow, policyOf(text).allow, text);
    assert.equal(policyOf(takePeer(added, 'fw2')).peers.size, 0, text);
  }
  assert.match(putPeer(`{ allow: [] } # mine\n`, 'fw2', KEY), '# mine');
});

const name = fc.oneof(
  fc.constantFrom('10', 'true', 'null', '1e3', '0x1f', 'no', '1.5', 'fw-1', 'a.example.net'),
  fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,8}$/).filter((each) => each !== 'default'),
);

test('is added and taken out whatever its name is, in any order, and no other peer with it', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(TEMPLATE, WRITTEN, '{}\n', 'allow: []', 'peers: { }\ndeny: []\n'),
      (names, start) => {
        const before = [...policyOf(start).peers.keys()];
        const others = names.filter((each) => !before.includes(each));
        const full = others.reduce((text, each) => putPeer(text, each, KEY), start);

        assert.equal([...policyOf(full).peers.keys()].sort(), [...before, ...others].sort());
        const left = [...others].reverse().reduce((text, each) => takePeer(text, each), full);
        assert.equal([...policyOf(left).peers.keys()], before);
        assert.equal({ ...policyOf(left), peers: 0 }, { ...policyOf(start), peers: 0 });
      },
    ),
  );
});

test.run();
