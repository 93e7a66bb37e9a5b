import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readBanned, type BannedOptions } from '../../../src/cli/import/read-banned.ts';
import { netOf } from '../../../src/domain/net.ts';
import { DEFAULT_LIMITS } from '../../../src/policy/limit-schemas.ts';

const test = suite('what another tool banned');

const HOUR = 3_600_000;
const OPTIONS: BannedOptions = {
  ...{ format: undefined, now: 10 * HOUR, madeAt: 9 * HOUR, length: 5 * HOUR },
  allowed: [
    { net: netOf('192.0.2.0/24'), by: { code: 'policy', line: 1, note: undefined } },
    { net: netOf('127.0.0.0/8'), by: { code: 'loopback' } },
  ],
  limits: DEFAULT_LIMITS,
};

test('ends when the list says, counted from when it was made, and else after the length', () => {
  const text =
    'create x hash:net family inet\n' +
    ['203.0.113.1 timeout 7200', '203.0.113.2 timeout 0', '203.0.113.3', '203.0.113.4 timeout 60']
      .map((member) => `add x ${member}\n`)
      .join('');

  const { bans, over } = readBanned(text, OPTIONS);

  assert.equal(
    Array.from(bans, ([net, { until, isTold }]) => [net, until / HOUR, isTold]),
    [
      ['203.0.113.1', 11, true],
      ['203.0.113.2', Infinity, true],
      ['203.0.113.3', 15, false],
    ],
  );
  assert.is(over, 1);
});

test('is there once, for the longest of its ends, and as networks where it is a range', () => {
  const text =
    'create x hash:net\nadd x 203.0.113.1 timeout 7200\nadd x 203.0.113.1 timeout 10800\nadd x 203.0.113.1 timeout 7200\n';

  assert.equal(
    [...readBanned(text, OPTIONS).bans.values()].map(({ until }) => until / HOUR),
    [12],
  );
  assert.equal(
    [...readBanned('203.0.113.1-203.0.113.2', OPTIONS).bans.keys()],
    ['203.0.113.1', '203.0.113.2'],
  );
});

test('is not banned where it is allowed, private, this firewall itself, or too wide', () => {
  const text = '192.0.2.9\n10.0.0.0/8\n127.0.0.1\n203.0.0.0/9\n1.0.0.0/8\n203.0.113.0/24\nnonsense\n';

  const { bans, spared, wide, reading } = readBanned(text, OPTIONS);

  assert.equal([...bans.keys()], ['203.0.113.0/24']);
  assert.equal([spared.allowed.count, spared.private.count, spared.own.count, wide.count], [1, 1, 1, 2]);
  assert.equal(reading.unread, { count: 1, examples: [{ line: 7, text: 'nonsense' }] });
});

test.run();
