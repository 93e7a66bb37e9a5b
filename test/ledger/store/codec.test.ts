import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { EVERY_JAIL, OPERATOR } from '../../../src/domain/names.ts';
import { netOf } from '../../../src/domain/net.ts';
import type { Jail } from '../../../src/claims/claim.ts';
import {
  decodeClaims,
  decodeJails,
  decodeOwnClaims,
  decodePeers,
  encodeClaims,
  encodeJails,
  encodePeers,
} from '../../../src/ledger/store/codec.ts';
import { jailName, portSet, protocolsText } from '../../support/arbitraries.ts';
import { formatPorts } from '../../../src/domain/ports.ts';
import { allClaims } from '../../../src/claims/state.ts';
import { anyClaim, byKey, PLAIN, time } from './any-claim.ts';
import { ban, heard, IP, millis, snapshot, then, unban } from '../../claims/said.ts';

const codec = suite('codec');

const anyJail: fc.Arbitrary<Jail> = fc.record(
  {
    scope: fc.record({ said: time, ports: portSet.map(formatPorts), protocols: protocolsText }, PLAIN),
    snapshot: time,
    flushes: fc.array(fc.record({ time, arrived: time }, PLAIN), { maxLength: 3 }),
    stops: fc.array(time, { maxLength: 3 }),
  },
  { ...PLAIN, requiredKeys: ['flushes', 'stops'] },
);

codec('a claim is one line, by address, server and jail, and reads like a sentence', () => {
  const state = then(
    heard(
      0,
      ban(0, 600, { server: 'web1', ports: '22', protocols: 'tcp', failures: 5, reason: 'five "times"' }),
      ban(0, Infinity, { server: 'mail', jail: 'postfix', ports: '25,587' }),
      ban(0, 600, { ip: '203.0.113.6' }),
      ban(0, 900, { ip: '203.0.113.70' }),
      ban(1, 600, { ip: '203.0.113.70', failures: 7 }),
    ),
    60,
    unban(50, { ip: '203.0.113.6' }),
    unban(50, { ip: '203.0.113.6', server: OPERATOR, jail: EVERY_JAIL, of: 'mail' }),
    snapshot(55, [['203.0.113.9', 20, 600]], { jail: 'web' }),
  );

  assert.snapshot(
    encodeClaims(allClaims(state)),
    [
      '- { "ip": "203.0.113.6", "server": "local", "jail": "*@mail", "unbanned": "2026-11-22T13:30:50.000Z", "forget": "2026-11-23T13:30:50.000Z" }',
      '- { "ip": "203.0.113.6", "server": "web1", "jail": "sshd", "unbanned": "2026-11-22T13:30:50.000Z", "forget": "2026-11-23T13:30:50.000Z" }',
      '- { "ip": "203.0.113.7", "server": "mail", "jail": "postfix", "since": "2026-11-22T13:30:00.000Z", "until": null, "ports": "25,587" }',
      '- { "ip": "203.0.113.7", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:00.000Z", "until": "2026-11-22T13:40:00.000Z", "ports": "22", "protocol": "tcp", "failures": 5, "reason": "five \\"times\\"" }',
      '- { "ip": "203.0.113.9", "server": "web1", "jail": "web", "since": "2026-11-22T13:30:20.000Z", "until": "2026-11-22T13:40:20.000Z" }',
      '- { "ip": "203.0.113.70", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:01.000Z", "until": "2026-11-22T13:40:01.000Z", "failures": 7, "earlier": [{"since":"2026-11-22T13:30:00.000Z","until":"2026-11-22T13:45:00.000Z"}] }',
      '',
    ].join('\n'),
  );
});

codec('what was written of claims is read back as it was', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyClaim, { ...byKey, maxLength: 8 }), (claims) => {
      const text = encodeClaims(claims);
      const decoded = decodeClaims(text);

      const items = decoded.kind === 'decoded' ? decoded.items : [];
      assert.is(items.length, claims.length);
      for (const claim of claims) {
        const found = items.find((item) => byKey.selector(item) === byKey.selector(claim));
        assert.equal(found, claim);
      }
      assert.is(encodeClaims(items), text);
    }),
    { numRuns: 300 },
  );
});

codec('what was written of claims is read back alone where no other hand may write', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyClaim, { ...byKey, maxLength: 8 }), (claims) => {
      const text = encodeClaims(claims);

      const items = decodeOwnClaims(text);

      assert.equal(items, (decodeClaims(text) as { items: unknown }).items);
      assert.is(encodeClaims(items ?? []), text);
    }),
    { numRuns: 100 },
  );
});

codec('what a person, or a peer, may have made of claims is not read where no other hand may write', () => {
  const line =
    '- { "ip": "203.0.113.7", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:00Z", "until": null }';
  const unquoted = line.replaceAll('"', '').replace('2026-11-22T13:30:00Z', '"2026-11-22T13:30:00Z"');

  assert.is(decodeClaims(`${unquoted}\n`).kind, 'decoded');
  for (const text of [
    `${unquoted}\n`,
    `# a comment\n${line}\n`,
    `${line}\n- &a [*a]\n`,
    `${line.replace('"web1"', '"Web1"')}\n`,
    `${line.slice(0, -9)}\n`,
    '[]',
    '{}\n',
    ' \n',
  ])
    assert.is(decodeOwnClaims(text), undefined, text);
  assert.is(decodeOwnClaims(`${line}\n${line}\n`)?.length, 2);
  assert.equal(decodeOwnClaims('[]\n'), []);
});

codec('what was taken in of peers is a line each, by name, and is read back', () => {
  const key = `SHA256:${'+'.repeat(43)}`;
  const peers = new Map([
    ['fw3', { key, isWhole: true, sequence: 1_795_330_000_001, published: Date.UTC(2026, 10, 22, 13, 30) }],
    ['fw2', { key, isWhole: false, sequence: 0, published: Date.UTC(2026, 10, 22, 13, 30, 0, 5) }],
  ]);

  const text = encodePeers(peers);
  const decoded = decodePeers(text);

  assert.is(
    text,
    `- { "peer": "fw2", "key": "${key}", "sequence": 0, "published": "2026-11-22T13:30:00.005Z", "partial": true }\n` +
      `- { "peer": "fw3", "key": "${key}", "sequence": 1795330000001, "published": "2026-11-22T13:30:00.000Z" }\n`,
  );
  const items = decoded.kind === 'decoded' ? decoded.items : [];
  assert.equal(new Map(items.map(({ name, peer }) => [name, peer])), peers);
  assert.is(encodePeers(new Map()), '[]\n');
  assert.equal(decodePeers('[]\n'), { kind: 'decoded', items: [] });
  const right = `- { peer: fw2, key: ${key}, sequence: 1, published: "2026-11-22T13:30:00Z" }\n`;
  assert.is(decodePeers(right).kind, 'decoded');
  for (const [old, wrong] of [
    ['fw2', 'Fw2'],
    [key, `${key}+`],
    ['1,', '1.5,'],
    [' }', ', partial: 1 }'],
    ['"2026-11-22T13:30:00Z"', 'soon'],
    [' }', ', more: 1 }'],
  ] as const)
    assert.is(decodePeers(right.replace(old, wrong)).kind, 'mistakes', wrong);
});

codec('what was written of jails is read back as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(jailName, anyJail, PLAIN), (jails) => {
      const decoded = decodeJails(encodeJails(new Map(Object.entries(jails))));

      const items = decoded.kind === 'decoded' ? decoded.items : [];
      assert.equal(Object.fromEntries(items.map(({ name, jail }) => [name, jail])), jails);
    }),
    { numRuns: 200 },
  );
});

codec('any YAML reader reads of a file what banspool does', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyClaim, { ...byKey, minLength: 1, maxLength: 4 }), (claims) => {
      const text = encodeClaims(claims);

      for (const version of ['1.1', '1.2'] as const) {
        const lines: unknown = parse(text, { version });
        assert.equal(
          lines,
          text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line.slice(2)) as unknown),
        );
      }
      const block = decodeClaims(`# by hand\n${text}`);
      assert.equal(block, decodeClaims(text));
    }),
    { numRuns: 100 },
  );
});

const BAN =
  '- { "ip": "203.0.113.7", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:00.000Z", "until": null }\n';

codec('a name that nobody can have is a mistake with its line, in a line of our own form too', () => {
  for (const [from, to] of [
    ['"web1"', '"WEB_1"'],
    ['"sshd"', '"-j ACCEPT"'],
  ] as const) {
    assert.ok(BAN.includes(from), BAN);

    const decoded = decodeClaims(`${BAN}${BAN.replace(from, to)}`);

    assert.equal(
      decoded.kind === 'mistakes' ? decoded.mistakes.map(({ line }) => line) : [],
      [2],
      `${to}: ${JSON.stringify(decoded)}`,
    );
  }
});

codec('what a person wrote in another style is read', () => {
  const decoded = decodeClaims(`
# Somebody who will not stop.
- ip: 203.0.113.7
  server: local
  jail: manual
  since: 2026-11-22T13:30:00Z
  until: null
  reason: >-
    scans
    all day
- {ip: "2001:DB8::7", server: web1, jail: sshd, since: "2026-11-22 13:30:00Z", until: 2026-11-22T15:40:00+02:00, failures: 5}
- ip: 203.0.113.0/24
  server: web1
  jail: '*'
  unbanned: 2026-11-22T13:30:00Z
`);

  assert.equal(decoded, {
    kind: 'decoded',
    items: [
      {
        ip: netOf(IP),
        server: 'local',
        jail: 'manual',
        bans: [{ heard: millis(0), since: millis(0), until: Infinity }],
        details: { said: millis(0), reason: 'scans all day' },
      },
      {
        ip: netOf('2001:db8::7'),
        server: 'web1',
        jail: 'sshd',
        bans: [{ heard: millis(0), since: millis(0), until: millis(600) }],
        details: { said: millis(0), failures: 5 },
      },
      {
        ip: netOf('203.0.113.0/24'),
        server: 'web1',
        jail: '*',
        bans: [],
        unbanned: millis(0),
        forget: Infinity,
      },
    ],
  });
});

codec('an empty list holds nothing, as does a file of comments', () => {
  for (const text of ['# nothing\n', '[]\n']) {
    assert.equal(decodeClaims(text), { kind: 'decoded', items: [] }, JSON.stringify(text));
  }
});

codec('a file without a word is a mistake: it may be about to be written', () => {
  for (const text of ['', '\n']) assert.is(decodeClaims(text).kind, 'mistakes', JSON.stringify(text));
});

codec('a mistake is told with its line', () => {
  const good =
    '- { "ip": "203.0.113.7", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:00Z", "until": null }\n';
  const lines = {
    'not an address': good.replace('203.0.113.7', 'example.com'),
    'a bad server': good.replace('web1', '../etc'),
    'a ban in a jail of one server': good.replace('sshd', 'sshd@web1'),
    'a bad jail': good.replace('sshd', '-j ACCEPT'),
    'a bad time': good.replace('2026-11-22T13', '2026-11-31T13'),
    'a time without a zone': good.replace('00Z', '00'),
    'half a time zone': good.replace('00Z', '00+02'),
    'no end': good.replace(', "until": null', ''),
    'neither ban nor unban': good.replace(/, "since.*(?= })/, ''),
    'an unknown key': good.replace('"until"', '"untill": 5, "until"'),
    'bad ports': good.replace('"until"', '"ports": "22; rm", "until"'),
    'a list': '- [1]\n',
    'a word': '- x\n',
    'half a line': `${good.slice(0, 40)}\n`,
    'a key without an item': 'ip: 203.0.113.7\n',
    'a merge conflict': '<<<<<<< HEAD\n',
    'an alias': '- *x\n',
  };

  for (const [name, line] of Object.entries(lines)) {
    const decoded = decodeClaims(good + good.replace('.7', '.8') + line + good.replace('.7', '.9'));

    const mistakes = decoded.kind === 'mistakes' ? decoded.mistakes : [];
    const [{ line: number, message } = { line: 0, message: '' }] = mistakes;
    assert.ok(
      number === 3 || (name === 'half a line' && number === 4),
      `${name}: line ${number}: ${message}`,
    );
    assert.ok(message.length > 0, name);
  }
});

codec('a mistake in a jail’s record is told with its line', () => {
  const decoded = decodeJails('- { "jail": "sshd" }\n- { "jail": "x y" }\n');

  assert.is(decoded.kind === 'mistakes' ? decoded.mistakes[0]?.line : 0, 2);
});

codec('a file of ten thousand claims is read in a moment', () => {
  const claims = Array.from({ length: 10_000 }, (_, index) =>
    ban(0, 600, { ip: `10.0.${index >> 8}.${index & 255}`, ports: '22' }),
  );
  const text = encodeClaims(allClaims(heard(0, ...claims)));
  const startedAt = process.cpuUsage();

  const decoded = decodeClaims(text);

  const { user } = process.cpuUsage(startedAt);
  assert.is(decoded.kind === 'decoded' ? decoded.items.length : 0, 10_000);
  assert.ok(user < 1_000_000, `${user} µs`);
});

codec.run();
