import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_PEER_LIMITS, PUBLISH_ALL, type PeerPolicy } from '../../src/policy/peer-policy.ts';
import { EMPTY_POLICY, readPolicy, type Policy } from '../../src/policy/policy.ts';
import { ed25519, keyOf } from '../access/ssh-key.ts';

const peers = suite('peers in policy.yaml');

const KEY = ed25519();
const LINE = `ssh-ed25519 ${KEY.base64}`;

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}

/** `2 peers.fw2: …` of the first mistake. */
function mistakeOf(text: string): string {
  const read = readPolicy(text);
  const [mistake] = read.kind === 'mistakes' ? read.mistakes : [];
  return mistake === undefined ? 'none' : `${mistake.line} ${mistake.message}`;
}

/** The limits of fw2. */
function limitsOf(text: string): PeerPolicy | undefined {
  return policyOf(text).peers.get('fw2');
}

peers('are nobody by default, and all is published', () => {
  for (const text of [
    '{}',
    'peers:\n',
    'peers: {}\n',
    'peers: { default: { claims: 5 } }\n',
    'publish: {}\n',
  ])
    assert.equal(policyOf(text), EMPTY_POLICY, text);
  assert.is(EMPTY_POLICY.peers.size, 0);
  assert.equal(EMPTY_POLICY.publish, { jails: undefined, servers: undefined, lifts: true });
});

peers('have a key, with its comment or without, and limits that end a ban after a week', () => {
  const plain = limitsOf(`peers: { fw2: { key: "${LINE}" } }\n`);

  assert.equal(plain, { ...DEFAULT_PEER_LIMITS, key: KEY });
  assert.equal(limitsOf(`peers:\n  fw2: { key: "${LINE} root@fw2" }\n`)?.key, KEY);
  assert.equal([plain?.bantime, plain?.lifts, plain?.claims], [7 * 24 * 3600 * 1000, 1_000, 20_000]);
});

peers('have the limits of all peers, but for their own', () => {
  const all = 'default: { claims: 5, prefix4: 16, prefix6: 32, bantime: 1d, jails: [sshd], lifts: 3 }';

  const inherited = limitsOf(`peers: { ${all}, fw2: { key: "${LINE}" } }\n`);
  const own = limitsOf(
    `peers: { ${all}, fw2: { key: "${LINE}", bantime: never, jails: [web], lifts: 0 } }\n`,
  );

  const common = { key: KEY, claims: 5, prefix4: 16, prefix6: 32 };
  assert.equal(inherited, { ...common, bantime: 24 * 3600 * 1000, jails: ['sshd'], lifts: 3 });
  assert.equal(own, { ...common, bantime: Infinity, jails: ['web'], lifts: 0 });
});

peers('without a key, or with one that is none of theirs, are mistakes that quote it', () => {
  const rsa = keyOf('ssh-rsa', 'a', 'b');
  const withKey = (key: string): string => mistakeOf(`peers:\n  fw2: { key: ${key} }\n`);

  assert.match(mistakeOf('peers:\n  fw2: { claims: 5 }\n'), '2 key is missing');
  assert.match(
    withKey('5'),
    /^2 peers\.fw2\.key: 5 is not a public key such as "ssh-ed25519 AAAA…", in quotes/,
  );
  assert.match(withKey('"soon"'), '"soon" is not an ssh-ed25519 public key: ');
  assert.match(withKey(`"${LINE.slice(0, -9)}"`), /is not an ssh-ed25519 public key: /);
  assert.match(withKey(`"ssh-rsa ${rsa.base64}"`), 'is not an ssh-ed25519 public key: it is of type ssh-rsa');
});

peers('of a name that no firewall has, of an unknown key or limit, or in no mapping, are mistakes', () => {
  const key = `key: "${LINE}"`;
  const told = (text: string): string => mistakeOf(`peers:\n  ${text}\n`);

  assert.match(told(`Fw2: { ${key} }`), '"Fw2" is not a valid server name: 1-63');
  assert.match(told(`fw1/web1: { ${key} }`), '"fw1/web1" is not a valid server name');
  assert.match(told(`fw2: { ${key}, other: 1 }`), /^2 .*unknown key; the keys are key, claims, prefix4/);
  assert.match(told(`default: { ${key} }`), /^2 .*unknown key; the keys are claims, prefix4/);
  assert.match(told(`fw2: { ${key}, lifts: 100001 }`), '100001 is not a whole number from 0 to 100000');
  assert.match(told(`fw2: { ${key}, bantime: soon }`), '"soon" is not a time such as 600');
  assert.match(told('fw2: 5'), 'expected a mapping with key, claims');
  assert.match(told('default: 5'), 'expected a mapping with claims, prefix4');
  assert.match(mistakeOf('peers: []\n'), 'is not a mapping of peers to their keys and limits');
  for (const [text, quoted] of [
    ['5', '5'],
    ['fw2', '"fw2"'],
  ] as const)
    assert.match(
      mistakeOf(`peers: ${text}\n`),
      `${quoted} is not a mapping of peers to their keys and limits`,
    );
});

const publish = suite('what policy.yaml publishes');

publish('is of these jails and servers, with or without lifts', () => {
  assert.equal(policyOf('publish: { jails: [sshd], servers: [web1, local], lifts: false }\n').publish, {
    ...{ jails: ['sshd'], servers: ['web1', 'local'], lifts: false },
  });
  assert.equal(policyOf('publish: { jails: [] }\n').publish, { ...PUBLISH_ALL, jails: [] });
});

publish('is a mistake that quotes what is no name, no list, no yes or no, or no key', () => {
  const told = (text: string): string => mistakeOf(`publish: ${text}\n`);

  assert.match(told('{ jails: ["*"] }'), '"*" is not the name of a jail');
  assert.match(told('{ jails: sshd }'), '"sshd" is not a list of jails');
  assert.match(told('{ servers: [Web1] }'), '"Web1" is not a valid server name');
  assert.match(told('{ servers: [5] }'), '5 is not a valid server name');
  assert.match(told('{ servers: web1 }'), '"web1" is not a list of servers');
  assert.match(told('{ lifts: maybe }'), '"maybe" is not true or false');
  assert.match(told('{ other: 1 }'), 'unknown key; the keys are jails, servers, lifts');
  assert.match(told('5'), 'expected a mapping with jails, servers, lifts');
});

peers.run();
publish.run();
