import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ESCALATE_KEYS,
  EXPORT_KEYS,
  FILE_KEYS,
  LIMIT_KEYS,
  LIMITS_KEYS,
  LIST_KEYS,
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

/** The same where other keys are missing. */
function unknownKeyIn(text: string): string | undefined {
  const read = readPolicy(text);
  return read.kind === 'mistakes'
    ? read.mistakes.find(({ code }) => code === 'unknown-key')?.message
    : undefined;
}

keys('are those that a mistake names, in every mapping', () => {
  const known = (names: object): RegExp => new RegExp(`the keys are ${Object.keys(names).join(', ')}$`);

  assert.match(mistakeOf('other: 1\n') ?? '', known(FILE_KEYS));
  assert.match(mistakeOf('allow: [{ net: 192.0.2.1, other: 1 }]\n') ?? '', known(NET_KEYS));
  assert.match(mistakeOf('limits: { other: 1 }\n') ?? '', known(LIMITS_KEYS));
  assert.match(mistakeOf('limits: { default: { other: 1 } }\n') ?? '', known(LIMIT_KEYS));
  assert.match(unknownKeyIn('escalate: [{ other: 1 }]\n') ?? '', known(ESCALATE_KEYS));
  assert.match(unknownKeyIn('lists: [{ other: 1 }]\n') ?? '', known(LIST_KEYS));
  assert.match(unknownKeyIn('exports: [{ other: 1 }]\n') ?? '', known(EXPORT_KEYS));
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
  const rule = {
    name: 'a',
    addresses: 4,
    net4: 24,
    net6: 64,
    within: '1d',
    ban: '1d',
    ports: 22,
    protocol: 'tcp',
  };
  const network = { url: 'http://a.example/', every: '1d', ca: '/etc/ca.pem', insecure: true };
  const list = { name: 'a', ...network, format: 'plain', stale: '1d', max: 1, note: 'a' };
  const exported = { file: 'a', format: 'csv', jails: ['sshd'], aggregate: true, families: ['ipv4'] };
  const policy = {
    ...{ allow: [net], deny: [net], limits: { default: limit, servers: { web1: limit } } },
    ...{ escalate: [rule], aggregate6: 64, lists: [list], exports: [exported] },
    ...{ peers: { default: { ...limit, lifts: 1 }, fw2: peer }, publish },
  };

  assert.equal(Object.keys(policy), Object.keys(FILE_KEYS));
  assert.equal(Object.keys(policy.limits), Object.keys(LIMITS_KEYS));
  assert.equal(Object.keys(peer), Object.keys(PEER_KEYS));
  assert.equal(Object.keys(policy.peers.default), Object.keys(PEER_LIMIT_KEYS));
  assert.equal(Object.keys(publish), Object.keys(PUBLISH_KEYS));
  // Others count servers or bans, come from a file, or are of some jails.
  assert.equal([...Object.keys(rule), 'servers', 'bans', 'jails'].sort(), Object.keys(ESCALATE_KEYS).sort());
  assert.equal([...Object.keys(list), 'file'].sort(), Object.keys(LIST_KEYS).sort());
  assert.equal(Object.keys(exported).sort(), Object.keys(EXPORT_KEYS).sort());
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
