import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_LIMITS } from '../../src/policy/limit-schemas.ts';
import { EMPTY_POLICY, readPolicy, type Policy } from '../../src/policy/policy.ts';

const policies = suite('policy');

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}

/** The place and the beginning of each mistake. */
function placesOf(text: string): readonly string[] {
  const read = readPolicy(text);
  if (read.kind === 'policy') return [];
  return read.mistakes.map(({ line, message }) => `${line} ${message.split(':')[0] ?? ''}`);
}

policies('whatever stands where something else should is told in our own words', () => {
  const limits = ['claims', 'prefix4', 'prefix6', 'bantime', 'jails'].map((key) => `limits.default.${key}`);
  for (const path of ['allow', 'deny', 'limits', 'limits.default', 'limits.servers', ...limits]) {
    for (const value of ['-1', 'true', '[[1]]', '"\u0001"', '{ a: 1 }']) {
      const text = path.split('.').reduceRight((inner, key) => `{ ${key}: ${inner} }`, value);
      const read = readPolicy(text);
      const [mistake] = read.kind === 'mistakes' ? read.mistakes : [];
      assert.match(mistake?.message ?? '', /is not |expected a mapping with|unknown key|is missing/, text);
    }
  }
});

policies('the example of the manual is read', () => {
  const policy = policyOf(`
allow:                       # never dropped, whoever claims it
  - { net: 192.0.2.0/24, note: office, until: 2027-01-01 }
deny:                        # always dropped, on all ports
  - { net: 198.51.100.0/24, note: abuse desk gone }
limits:                      # a stolen server key must not be able to close the network
  default: { claims: 20000, prefix4: 24, prefix6: 48, bantime: never }
  servers: { web1: { jails: [sshd, nginx-http-auth] } }
`);

  assert.equal(
    [...policy.allow, ...policy.deny].map(({ net, note, until, line }) => [net.text, note, until, line]),
    [
      ['192.0.2.0/24', 'office', Date.UTC(2027, 0, 2), 3],
      ['198.51.100.0/24', 'abuse desk gone', Infinity, 5],
    ],
  );
  assert.equal(policy.defaults, DEFAULT_LIMITS);
  assert.equal(
    policy.servers,
    new Map([['web1', { ...DEFAULT_LIMITS, jails: ['sshd', 'nginx-http-auth'] }]]),
  );
});

policies('the policy that a new state begins with allows and denies nothing', () => {
  const template = fs.readFileSync(join(import.meta.dirname, '../../../state/policy.yaml'), 'utf8');

  assert.equal(policyOf(template), EMPTY_POLICY);
});

policies('a policy without entries is one', () => {
  for (const text of ['{}', '# nothing\n', 'allow:\ndeny:\n', 'allow: []\nlimits: {}\n']) {
    assert.equal(policyOf(text), EMPTY_POLICY, text);
  }
});

policies('a file without a word is a mistake: it may be about to be written', () => {
  for (const text of ['', '\n']) assert.is(readPolicy(text).kind, 'mistakes', JSON.stringify(text));
});

policies('an entry ends with its day, or at its time', () => {
  const { allow } = policyOf(
    'allow:\n  - { net: 192.0.2.1, until: 2027-01-31 }\n  - { net: 192.0.2.2, until: 2027-01-31T12:00:00+02:00 }\n',
  );

  assert.equal(
    allow.map(({ until }) => until),
    [Date.UTC(2027, 1, 1), Date.UTC(2027, 0, 31, 10)],
  );
});

policies('what a server’s own limits leave out is as for all', () => {
  const { defaults, servers } = policyOf(
    'limits:\n  default: { claims: 5, bantime: 2h }\n  servers:\n    web1: { prefix4: 16, claims: 7 }\n',
  );

  assert.equal(defaults, { ...DEFAULT_LIMITS, claims: 5, bantime: 7_200_000 });
  assert.equal(servers.get('web1'), { ...DEFAULT_LIMITS, claims: 7, bantime: 7_200_000, prefix4: 16 });
});

policies('a bantime with a capital M is refused: it may be of months or of minutes', () => {
  for (const [path, text] of [
    ['limits.default.bantime', 'limits: { default: { bantime: 3M } }'],
    ['limits.servers.web1.bantime', 'limits: { servers: { web1: { bantime: "3M" } } }'],
  ] as const) {
    const read = readPolicy(text);

    assert.equal(read.kind === 'mistakes' && read.mistakes.map(({ message }) => message), [
      `${path}: "3M" may be months or minutes: write "3mo" or "3m"`,
    ]);
  }
});

policies('a bantime is a number of seconds, or has a unit', () => {
  const bantimes = ['600', '"600"', '90s', '30d', 'never'].map(
    (bantime) => policyOf(`limits: { default: { bantime: ${bantime} } }`).defaults.bantime,
  );

  assert.equal(bantimes, [600_000, 600_000, 90_000, 2_592_000_000, Infinity]);
});

policies('a mistake is told with its line and its key', () => {
  const good = '# a policy\nallow:\n  - { net: 192.0.2.1 }\n';
  const mistakes = {
    '  - { net: example.com }\n': '4 allow.1.net',
    '  - { net: 192.0.2.0/33 }\n': '4 allow.1.net',
    '  - { note: office }\n': '4 net is missing',
    '  - { net: 192.0.2.1, untill: 2027-01-01 }\n': '4 allow.1.untill',
    '  - { net: 192.0.2.1, until: 2027-02-31 }\n': '4 allow.1.until',
    '  - { net: 192.0.2.1, until: 2027-01-01 10 o clock }\n': '4 allow.1.until',
    '  - { net: 192.0.2.1, until: 2027-01-01T10:00:00 }\n': '4 allow.1.until',
    '  - { net: 192.0.2.1, until: soon }\n': '4 allow.1.until',
    '  - { net: 192.0.2.1, note: [a] }\n': '4 allow.1.note',
    '  - 192.0.2.1\n': '4 allow.1',
    'deny: { net: 192.0.2.1 }\n': '4 deny',
    'denied: []\n': '4 denied',
    'limits:\n  default: { prefix4: 0 }\n': '5 limits.default.prefix4',
    'limits:\n  default: { prefix4: 33 }\n': '5 limits.default.prefix4',
    'limits:\n  default: { claims: many }\n': '5 limits.default.claims',
    'limits:\n  default: { claims: 1.5 }\n': '5 limits.default.claims',
    'limits:\n  default: { bantime: "" }\n': '5 limits.default.bantime',
    'limits:\n  default: { bantime: 0 }\n': '5 limits.default.bantime',
    'limits:\n  default: { bantime: -5m }\n': '5 limits.default.bantime',
    'limits:\n  default: { jails: [a b] }\n': '5 limits.default.jails.0',
    'limits:\n  servers:\n    Web1: { claims: 5 }\n': '6 limits.servers.Web1',
    'limits:\n  servers:\n    web1: 5\n': '6 limits.servers.web1',
    'limits:\n  servers: [web1]\n': '5 limits.servers.0',
    'limits:\n  web1: { claims: 5 }\n': '5 limits.web1',
  };

  for (const [text, place] of Object.entries(mistakes)) assert.is(placesOf(good + text)[0], place, text);
});

policies('a value that YAML takes for something else is told to be put in quotes', () => {
  const written: Readonly<Record<string, readonly [value: string, line: number]>> = {
    '  - { net: 192.0.2.1, note: 4711 }': ['4711', 2],
    '  - { net: 192.0.2.1, note: true }': ['true', 2],
    '  - { net: 2001:db8::, note: x }': ['2001:db8::', 2],
    '  - net: 2001:db8::': ['2001:db8::', 2],
    '  - { net: 192.0.2.1, note: a: b }': ['a: b', 2],
    '  - { note: a: b, net: 192.0.2.1 }': ['a: b', 2],
    '  - net: 192.0.2.1\n    note: a: b': ['a: b', 3],
    '  - { net: 192.0.2.1, note: #12 }': ['#12', 3],
    '  - { net: 192.0.2.1, note: @home }': ['@home', 2],
    '  - { net: 192.0.2.1, note: *x }': ['*x', 2],
    '  - { net: 192.0.2.1, note: - x }': ['- x', 2],
  };

  for (const [entry, [value, line]] of Object.entries(written)) {
    const read = readPolicy(`allow:\n${entry}\n`);
    const [mistake] = read.kind === 'mistakes' ? read.mistakes : [];
    assert.is(mistake?.line, line, entry);
    assert.ok(mistake?.message.endsWith(`; put it in quotes: "${value}"`), mistake?.message);
    assert.is(readPolicy(`allow:\n${entry.replace(value, JSON.stringify(value))}\n`).kind, 'policy', entry);
  }
});

policies('other slips of the pen are told with what would do', () => {
  const written: Readonly<Record<string, RegExp>> = {
    'allow:\n  - net: 192.0.2.1\n    note: #12\n': /quote text that begins with #$/,
    'allow:\n  - { net: 192.0.2.1, note: a, b }\n': /; quote text that contains a comma$/,
    'allow:\n  - { net:192.0.2.1 }\n': /net is missing/,
    'allow:\n  - net:192.0.2.1\n': /; add a space after the colon$/,
    'limits: { servers: { WEB01: { claims: 5 } } }':
      /"WEB01" is not a valid server name: 1-63 characters of a-z 0-9 \. -, beginning/,
    'limits: { servers: { 01: { claims: 5 } } }': /^the key 01 is read as 1: put it in quotes$/,
  };

  for (const [text, message] of Object.entries(written)) {
    const read = readPolicy(text);
    assert.match(read.kind === 'mistakes' ? (read.mistakes[0]?.message ?? '') : '', message, text);
  }
});

policies('a comment after a key is no value that wants quotes', () => {
  const read = readPolicy('allow: # never dropped\n  - { net: 192.0.2.1\ndeny: []\n');

  assert.not.match(read.kind === 'mistakes' ? (read.mistakes[0]?.message ?? '') : '', 'quotes');
});

policies('the widest network that a server may name is from a half of all addresses to one of them', () => {
  const limits = (text: string): boolean => readPolicy(`limits: { default: { ${text} } }`).kind === 'policy';

  assert.equal(['prefix4: 1', 'prefix4: 32', 'prefix6: 1', 'prefix6: 128'].map(limits), [
    true,
    true,
    true,
    true,
  ]);
  assert.equal(['prefix4: 0', 'prefix4: 33', 'prefix6: 0', 'prefix6: 129'].map(limits), [
    false,
    false,
    false,
    false,
  ]);
});

policies('how long a server may ban is written as in fail2ban too', () => {
  const ends = ['1mo', '1d12h', '"1d 12h"'].map(
    (bantime) => policyOf(`limits: { default: { bantime: ${bantime} } }`).defaults.bantime / 3600_000,
  );

  assert.equal(ends, [730.5, 36, 36]);
});

policies('a text that is not YAML is a mistake with its line', () => {
  const read = readPolicy('allow:\n  - { net: 192.0.2.1\ndeny: []\n');

  assert.is(read.kind === 'mistakes' ? read.mistakes[0]?.line : 0, 3);
});

policies.run();
