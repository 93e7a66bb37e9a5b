import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EMPTY_STATE } from '../../src/claims/state.ts';
import { parseServices } from '../../src/domain/services.ts';
import { Census } from '../../src/policy/census.ts';
import { DEFAULT_LIMITS } from '../../src/policy/limit-schemas.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { Growing } from '../../src/spool/growing.ts';
import { SpoolReader, type ReaderOptions, type ReadIntent } from '../../src/spool/spool-reader.ts';
import type { SpoolRead } from '../../src/system/files/spool-files.ts';
import type { World } from '../../src/world/world.ts';
import { banText, snapshotText } from '../support/intent-text.ts';

const reading = suite('files of the spool');

const NOW = Date.now();

/** Files of web1, by name; undefined for one that is gone. */
type Texts = Readonly<Record<string, string | SpoolRead>>;

function readAll(
  texts: Texts,
  options: Partial<ReaderOptions> = {},
  known = new Map<string, ReadIntent>(),
): SpoolReader {
  const spoolFiles = {
    measure: () => undefined,
    read: (_: string, { name }: { readonly name: string }): SpoolRead => {
      const text = texts[name] ?? '';
      if (typeof text !== 'string') return text;
      return { kind: 'bytes', bytes: Buffer.from(text), stamp: name, changedAt: NOW - 5_000 };
    },
  };
  const world: unknown = { config: { spool: '/spool' }, spoolFiles };
  const all: ReaderOptions = {
    ...{ state: EMPTY_STATE, policy: EMPTY_POLICY, services: parseServices(''), now: NOW },
    ...{ census: new Census(), growing: new Growing() },
    ...options,
  };
  const reader = new SpoolReader(world as World, all, known);
  for (const name of Object.keys(texts))
    reader.read('web1', { name, bytes: Buffer.from(name), isFolder: false, isFile: true });
  return reader;
}

const namesOf = (files: readonly { readonly entry: { readonly name: string } }[]): readonly string[] =>
  files.map(({ entry }) => entry.name);

reading('are said, refused, left to grow or out of reach, each by what it is', () => {
  const reader = readAll({
    '1.yaml': banText('198.51.100.7'),
    '2.yaml': banText('198.51.100.7').replace('ip:', 'ipp:'),
    '3.yaml': 'intent: ban\n',
    '4.yaml': { kind: 'forbidden', reason: 'permission denied' },
    '5.yaml': snapshotText(['198.51.100.8', '198.51.100.9']),
  });

  assert.equal(
    reader.sent.map(({ server, intent }) => `${server} ${intent.intent}`),
    ['web1 ban', 'web1 snapshot'],
  );
  assert.equal([namesOf(reader.files), namesOf(reader.refused)], [['1.yaml', '5.yaml'], ['2.yaml']]);
  assert.equal(reader.forbidden, ['web1/4.yaml: permission denied']);
  assert.equal([reader.banArrivals, reader.listed.get('web1')], [[NOW - 5_000], 2]);
});

reading('are held against the limits with what was read before them', () => {
  const policy = { ...EMPTY_POLICY, defaults: { ...DEFAULT_LIMITS, claims: 1 } };

  const reader = readAll(
    { '1.yaml': banText('198.51.100.7'), '2.yaml': banText('198.51.100.8') },
    { policy },
  );

  assert.equal([namesOf(reader.files), namesOf(reader.refused)], [['1.yaml'], ['2.yaml']]);
});

reading('whose clock is wrong are taken, with a warning', () => {
  const at = (seconds: number): string =>
    banText('198.51.100.7').replace(/^time: .*$/m, `time: ${Math.round(NOW / 1000) + seconds}`);

  const reader = readAll({ '1.yaml': at(600), '2.yaml': at(-100_000) });

  assert.is(reader.files.length, 2);
  assert.match(
    reader.warnings[0] ?? '',
    /^web1\/1.yaml: its time is (599|600|601) s ahead of this machine's clock/,
  );
  assert.match(reader.warnings[1] ?? '', /^web1\/2.yaml: the ban ended \d+ s before it arrived/);
  assert.is(reader.sent[0]?.intent.time, NOW);
});

reading('that an earlier reading parsed are not parsed again, while they are the same', () => {
  const first = readAll({ '1.yaml': banText('198.51.100.7') });
  const parsed = first.parsed.get('web1/1.yaml');

  const again = readAll({ '1.yaml': banText('198.51.100.8') }, {}, new Map(first.parsed));
  const another: [string, ReadIntent][] =
    parsed === undefined ? [] : [['web1/1.yaml', { ...parsed, stamp: 'before' }]];
  const changed = readAll({ '1.yaml': banText('198.51.100.8') }, {}, new Map(another));

  const ips = [again, changed].map(({ sent }) => sent.map(({ intent }) => 'ip' in intent && intent.ip.text));
  assert.equal(ips, [['198.51.100.7'], ['198.51.100.8']]);
});

reading.run();
