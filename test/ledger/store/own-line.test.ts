/** The fast twin of the yaml package and the schema: what it reads, they read the same. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeClaims, encodeClaims } from '../../../src/ledger/store/codec.ts';
import { formatOwnLine, OwnLineReader } from '../../../src/ledger/store/own-line.ts';
import { allClaims } from '../../../src/claims/state.ts';
import { ban, heard, unban } from '../../claims/said.ts';
import { anyClaim, byKey } from './any-claim.ts';

const ownLine = suite('the line of an ordinary claim');

const BAN =
  '- { "ip": "203.0.113.7", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:00.000Z", "until": null }\n';

/** In no form of ours, so that the yaml package reads the whole file. */
const BY_HAND = '- {ip: 192.0.2.1, server: hand, jail: hand, since: 2026-01-01T00:00:00Z, until: null}\n';

ownLine('is read fast as what the yaml package and the schema do', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyClaim, { ...byKey, minLength: 1, maxLength: 6 }), (claims) => {
      const text = encodeClaims(claims);

      const fast = decodeClaims(text);
      const slow = decodeClaims(text + BY_HAND);

      const items = slow.kind === 'decoded' ? slow.items.slice(0, -1) : [];
      assert.equal(fast, { kind: 'decoded', items });
    }),
    { numRuns: 200 },
  );
});

ownLine('nor does it read more into a line that somebody changed: the same, or a mistake', () => {
  const change = fc.record({
    at: fc.nat(240),
    length: fc.nat(3),
    put: fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom('"', '9', ', "said": 5', '.', 'T24', '-31T', '}'),
    ),
  });

  fc.assert(
    fc.property(anyClaim, change, (claim, { at, length, put }) => {
      const line = encodeClaims([claim]).trimEnd();
      const changed = `${line.slice(0, at)}${put}${line.slice(at + length)}\n`;
      fc.pre(!changed.slice(0, -1).includes('\n') && changed.startsWith('- {'));

      const fast = new OwnLineReader().read(changed.trimEnd());

      if (fast === undefined) return;
      const slow = decodeClaims(changed + BY_HAND);
      assert.equal(slow.kind === 'decoded' ? slow.items[0] : slow, fast, changed);
    }),
    { numRuns: 3000 },
  );
});

ownLine('is read by the codec, which says what is wrong, where it has a name that cannot be', () => {
  const bad = [
    BAN.replace('web1', 'WEB_1'),
    BAN.replace('web1', '../etc'),
    BAN.replace('sshd', '-j ACCEPT'),
    BAN.replace('sshd', 'sshd@web1'),
  ].map((line) => line.trimEnd());

  for (const line of bad) assert.is(new OwnLineReader().read(line), undefined, line);
  assert.ok(new OwnLineReader().read(BAN.trimEnd()) !== undefined);
});

ownLine('of ports and protocols it takes what the schema takes, and nothing else', () => {
  const word = fc.constantFrom(
    '22',
    '80:90',
    '90:80',
    '65535',
    '65536',
    'ssh',
    'all',
    'tcp',
    'udp',
    'udplite',
    '',
    ':',
  );
  const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((each) => each.join(','));

  fc.assert(
    fc.property(words, words, (ports, protocol) => {
      const line = `${BAN.slice(0, -3)}, "ports": "${ports}", "protocol": "${protocol}" }`;

      const fast = new OwnLineReader().read(line);

      const slow = decodeClaims(`${line}\n${BY_HAND}`);
      assert.equal(fast, slow.kind === 'decoded' ? slow.items[0] : undefined, line);
    }),
    { numRuns: 500 },
  );
});

ownLine('is written and read by itself, and what has more to say is left to the codec', () => {
  const [ordinary] = allClaims(heard(5, ban(1, 600, { ports: '22', failures: 5 })));
  const others = [
    heard(5, ban(1, 600, { ports: '22', reason: 'scans' })),
    heard(5, unban(0), ban(1, 600)),
    heard(5, ban(0, 900), ban(1, 600)),
  ];

  const line = ordinary === undefined ? undefined : formatOwnLine(ordinary);

  assert.equal(new OwnLineReader().read(line ?? ''), ordinary);
  for (const state of others)
    assert.equal(Array.from(allClaims(state), formatOwnLine), [undefined], encodeClaims(allClaims(state)));
});

ownLine.run();
