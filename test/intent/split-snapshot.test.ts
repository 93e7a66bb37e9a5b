import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatIntent } from '../../src/intent/format.ts';
import type { SnapshotIntent } from '../../src/intent/intent.ts';
import { splitSnapshot } from '../../src/intent/split-snapshot.ts';
import { parseIntent, type ParsedIntent } from '../../src/intent/parse.ts';
import { netOf } from '../../src/domain/net.ts';
import { refusalText } from '../../src/domain/refusals.ts';
import { parseServices } from '../../src/domain/services.ts';
import { readUntrusted } from '../../src/yaml/untrusted.ts';
import { anyIntent } from '../support/arbitraries.ts';

const long = suite('split snapshot');

const MIB = 1024 * 1024;
const HEAD = 'intent: snapshot\njail: sshd\ntime: 1795330538\nports: 22\nbans:\n';
const LINE = '  - { ip: 203.0.113.7, time: 1795330538, bantime: 600 }\n';

const parse = (text: string): ParsedIntent =>
  parseIntent(Buffer.from(text), { services: parseServices(''), operator: false });

const reasonOf = (text: string): string => {
  const parsed = parse(text);
  return parsed.kind === 'refused' ? refusalText(parsed.refusal) : 'taken';
};

function manyBans(count: number): SnapshotIntent {
  return {
    intent: 'snapshot',
    jail: 'sshd',
    time: 1_795_330_538_000,
    ports: '22,80:90',
    protocols: 'tcp',
    bans: Array.from({ length: count }, (_, index) => ({
      ip: netOf(
        index % 3 === 0
          ? `2001:db8::${index.toString(16)}`
          : `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
      ),
      time: 1_795_330_000_000 + index,
      until: index % 5 === 0 ? Infinity : 1_795_340_000_000,
    })),
  };
}

long('a snapshot of any length is read', () => {
  for (const count of [200, 5_000, 60_000]) {
    const snapshot = manyBans(count);
    const text = formatIntent(snapshot);

    const parsed = parse(text);

    assert.ok(text.length > 8 * 1024);
    assert.ok(isDeepStrictEqual(parsed, { kind: 'intent', intent: snapshot, warnings: [] }));
  }
});

long('line by line means the same as YAML', () => {
  const snapshots = anyIntent().filter(
    (intent) =>
      intent.intent === 'snapshot' && intent.bans.length > 0 && !formatIntent(intent).includes('::,'),
  );

  fc.assert(
    fc.property(snapshots, fc.boolean(), (snapshot, windows) => {
      const text = formatIntent(snapshot).replaceAll('\n', windows ? '\r\n' : '\n');

      const split = splitSnapshot(text);

      const head = split.kind === 'split' ? readUntrusted(split.head) : { kind: 'refused' };
      const fields = {
        ...('value' in head ? head.value : {}),
        bans: split.kind === 'split' ? split.bans : [],
      };
      const whole = readUntrusted(text);
      assert.equal(fields, whole.kind === 'mapping' ? whole.value : whole);
    }),
    { numRuns: 200 },
  );
});

long('an address that YAML would take for a mapping is read, in a short snapshot too', () => {
  const bans = [{ ip: netOf('2001:db8::'), time: 1000, until: Infinity }];
  const snapshot: SnapshotIntent = { intent: 'snapshot', jail: 'sshd', time: 2000, bans };

  const parsed = parse(formatIntent(snapshot));

  assert.equal(parsed, { kind: 'intent', intent: snapshot, warnings: [] });
});

long('a list that was begun and holds nothing is refused: its writer may have failed', () => {
  const text = 'intent: snapshot\njail: sshd\ntime: 1\nbans:\n...\n';

  assert.is(reasonOf(text), 'bans: "" is not a list of { ip, time, bantime }');
});

long('a long text that is no snapshot is refused', () => {
  const filler = `reason: "${'x'.repeat(9000)}"\n`;
  const texts = [
    `intent: ban\njail: sshd\nip: 203.0.113.7\ntime: 1\n${filler}...\n`,
    `${'x'.repeat(3000)}: y\n${HEAD}${LINE.repeat(200)}...\n`,
    `${'\n'.repeat(9000)}...\n`,
    '}'.repeat(100_000),
    `intent: snapshot\njail: sshd\ntime: 1\nbans: [${'{ ip: 203.0.113.7, time: 1, bantime: 1 },'.repeat(300)}]\n...\n`,
  ];

  for (const text of texts) {
    assert.is(reasonOf(text), 'longer than 8 KiB and not a snapshot with one ban per line');
  }
});

long('a ban in any other form is refused with its line', () => {
  const others = [
    '  - {ip: 203.0.113.7, time: 1, bantime: 1}',
    '  - { ip: "203.0.113.7", time: 1, bantime: 1 }',
    '  - { time: 1, ip: 203.0.113.7, bantime: 1 }',
    '  - { ip: 203.0.113.7, time: 1 }',
    '  - { ip: 203.0.113.7, time: 1, bantime: 1, x: y }',
    ' - { ip: 203.0.113.7, time: 1, bantime: 1 }',
    '  - { ip: example.com, time: 1, bantime: 1 }',
    '  - { ip: 203.0.113.7, time: 1, bantime: 1 } # why',
    '',
    'jail: other',
  ];

  for (const line of others) {
    assert.is(
      reasonOf(`${HEAD}${LINE.repeat(200)}${line}\n${LINE}...\n`),
      'line 206 is not "  - { ip: ADDRESS, time: SECONDS, bantime: SECONDS }" or the end "..."',
      line,
    );
  }
});

long('what looks like a ban and is none is refused with its place', () => {
  const text = (line: string): string => `${HEAD}${LINE.repeat(200)}${line}\n...\n`;

  const reasons = [
    '  - { ip: 1.2.3, time: 1, bantime: 1 }',
    '  - { ip: 203.0.113.7, time: ., bantime: 1 }',
    '  - { ip: 203.0.113.7, time: 1, bantime: -2 }',
    '  - { ip: ::, time: 1, bantime: 1 }',
  ].map((line) => reasonOf(text(line)));

  assert.match(reasons[0] ?? '', /^bans\.200\.ip: "1\.2\.3" is not an IPv4/);
  assert.match(reasons[1] ?? '', /^bans\.200\.time: "\." is not a number/);
  assert.match(reasons[2] ?? '', /^bans\.200\.bantime: "-2" is not a number/);
  assert.match(reasons[3] ?? '', /^bans\.200\.ip: "::" is the unspecified address/);
});

long('a long snapshot without its end is refused', () => {
  assert.match(reasonOf(HEAD + LINE.repeat(200)), /^line 206 is not/);
});

long('what stands ahead of the bans is held to the same rules as a short intent', () => {
  const text = (head: string): string => `${head}bans:\n${LINE.repeat(200)}...\n`;

  assert.match(reasonOf(text('intent: snapshot\ntime: 1\n')), /^jail: missing/);
  assert.match(reasonOf(text('intent: snapshot\njail: &x sshd\ntime: 1\n')), /^an anchor/);
  assert.match(reasonOf(text('intent: unban\njail: sshd\ntime: 1\n')), /^ip: missing/);
  assert.match(reasonOf(text(`${'['.repeat(2000)}\n`)), /^nested more than 8 levels deep/);
});

long('4 MiB are judged within a second, whatever they hold', () => {
  const lines = [
    LINE,
    '  - { ip: ::, time: 0, bantime: 0 }\n',
    '  - { ip: .., time: ., bantime: . }\n',
    'x\n',
    '\n',
    ' ',
    'bans: \n',
    'bans:\t',
  ];

  for (const line of lines) {
    const text = `${HEAD}${line.repeat(Math.floor((4 * MIB - 100) / line.length))}\n...\n`;
    const startedAt = process.cpuUsage();
    const reason = reasonOf(text);
    const { user } = process.cpuUsage(startedAt);

    assert.ok(reason.length > 0);
    assert.ok(user < 1_000_000, `${user} µs for ${JSON.stringify(line)}`);
  }
});

long.run();
