import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  FILE_KEYS,
  LIMIT_KEYS,
  LIMITS_KEYS,
  NET_KEYS,
  PEER_KEYS,
  PEER_LIMIT_KEYS,
  PUBLISH_KEYS,
} from '../../src/policy/policy-keys.ts';
import { readPolicy } from '../../src/policy/policy.ts';
import { ed25519 } from '../access/ssh-key.ts';

const keys = suite('the keys of the policy');

/** What is said of a key that there is not. */
function mistakeOf(text: string): string | undefined {
  const read = readPolicy(text);
  return read.kind === 'mistakes' ? read.mistakes[0]?.message : undefined;
}

keys('are those that a mistake names, in every mapping', () => {
  const known = (names: object): RegExp => new RegExp(`the keys are ${Object.keys(names).join(', ')}$`);

  assert.match(mistakeOf('other: 1\n') ?? '', known(FILE_KEYS));
  assert.match(mistakeOf('allow: [{ net: 192.0.2.1, other: 1 }]\n') ?? '', known(NET_KEYS));
  assert.match(mistakeOf('limits: { other: 1 }\n') ?? '', known(LIMITS_KEYS));
  assert.match(mistakeOf('limits: { default: { other: 1 } }\n') ?? '', known(LIMIT_KEYS));
  assert.match(
    mistakeOf(`peers: { fw2: { key: "ssh-ed25519 ${ed25519().base64}", other: 1 } }\n`) ?? '',
    known(PEER_KEYS),
  );
  assert.match(mistakeOf('peers: { default: { other: 1 } }\n') ?? '', known(PEER_LIMIT_KEYS));
  assert.match(mistakeOf('publish: { other: 1 }\n') ?? '', known(PUBLISH_KEYS));
});

keys('may all be written', () => {
  const values = { claims: 1, prefix4: 8, prefix6: 8, bantime: '1d', jails: ['sshd'] };
  const limit = Object.fromEntries(
    Object.keys(LIMIT_KEYS).map((key) => [key, values[key as keyof typeof values]]),
  );
  const net = Object.fromEntries(
    Object.keys(NET_KEYS).map((key) => [key, { net: '192.0.2.1', note: 'a', until: '2027-01-01' }[key]]),
  );

  const key = `ssh-ed25519 ${ed25519().base64}`;
  const publish = { jails: ['sshd'], servers: ['web1'], lifts: false };
  const peer = { key, ...limit, lifts: 1 };
  const policy = {
    ...{ allow: [net], deny: [net], limits: { default: limit, servers: { web1: limit } } },
    ...{ peers: { default: { ...limit, lifts: 1 }, fw2: peer }, publish },
  };

  assert.equal(Object.keys(policy), Object.keys(FILE_KEYS));
  assert.equal(Object.keys(policy.limits), Object.keys(LIMITS_KEYS));
  assert.equal(Object.keys(peer), Object.keys(PEER_KEYS));
  assert.equal(Object.keys(policy.peers.default), Object.keys(PEER_LIMIT_KEYS));
  assert.equal(Object.keys(publish), Object.keys(PUBLISH_KEYS));
  assert.is(mistakeOf(JSON.stringify(policy)), undefined);
});

keys('have the limits that count where none is written', () => {
  const written = Object.entries(LIMIT_KEYS).filter(([key]) => key !== 'jails');
  const limit = written.map(([key, { otherwise }]) => `${key}: ${otherwise}`).join(', ');

  assert.equal(readPolicy(`limits: { default: { ${limit} } }\n`), readPolicy('{}'));

  const key = `key: "ssh-ed25519 ${ed25519().base64}"`;
  const ofPeers = Object.entries(PEER_LIMIT_KEYS).filter(([name]) => name !== 'jails');
  const own = ofPeers.map(([name, { otherwise }]) => `${name}: ${otherwise}`).join(', ');
  assert.equal(
    readPolicy(`peers: { fw2: { ${key}, ${own} } }\n`),
    readPolicy(`peers: { fw2: { ${key} } }\n`),
  );
});

keys.run();
