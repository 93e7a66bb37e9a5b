import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { readPolicy } from '../../src/policy/policy.ts';
import type { Epoch } from '../../src/replay/epochs.ts';
import type { Piece } from '../../src/replay/timeline.ts';
import { Labels, Verdicts, type Span } from '../../src/replay/verdicts.ts';

const test = suite('replay/verdicts');

const HOUR = 3_600_000;

function epoch(from: number, to: number, text: string): Epoch {
  const read = readPolicy(text);
  if (read.kind === 'policy') return { from, to, policy: read.policy };
  throw new Error(text);
}

function piece(ip: string, [from, to]: readonly [number, number], server = 'web1'): Piece {
  const live = { ip: netOf(ip), server, jail: 'sshd', since: from, until: Infinity };
  return { live: { ...live, ports: 'all', protocols: 'tcp', details: undefined }, from, to };
}

/** `203.0.113.7 web1 0-5`, in hours, and why it does not count. */
const told = (spans: readonly Span[] = []): readonly string[] =>
  spans.map(({ net, label: { server, why }, from, to }) =>
    [net.text, server, `${from / HOUR}-${to / HOUR}`, ...(why === undefined ? [] : [why.code])].join(' '),
  );

test('are what each policy of its time makes of a claim, and of itself', () => {
  const verdicts = new Verdicts({
    epochs: [
      epoch(
        0,
        10 * HOUR,
        'deny: [{ net: 198.51.100.0/24 }, { net: 192.0.2.7 }]\nallow: [{ net: 192.0.2.0/24 }]',
      ),
      epoch(
        10 * HOUR,
        20 * HOUR,
        'limits: { default: { bantime: 3h }, servers: { web2: { jails: [smtp] } } }',
      ),
    ],
    ...{ ownAddresses: [netOf('203.0.113.1')], labels: new Labels() },
  });

  const [allowed, own, long, other] = verdicts.of([
    piece('192.0.2.9', [5 * HOUR, 12 * HOUR]),
    piece('203.0.113.1', [5 * HOUR, 6 * HOUR]),
    piece('203.0.113.2', [8 * HOUR, 15 * HOUR]),
    piece('203.0.113.3', [11 * HOUR, 12 * HOUR], 'web2'),
  ]);

  assert.equal(told(allowed), ['192.0.2.9 web1 5-10 allowed', '192.0.2.9 web1 10-12 too-long']);
  assert.equal(told(own), ['203.0.113.1 web1 5-6 allowed']);
  assert.equal(told(long), [
    '203.0.113.2 web1 8-10',
    '203.0.113.2 web1 10-11',
    '203.0.113.2 web1 11-15 too-long',
  ]);
  assert.equal(told(other), ['203.0.113.3 web2 11-12 jail-not-listed']);
  assert.equal(told(verdicts.denied()), ['198.51.100.0/24 policy 0-10']);
});

test('have one label for all that is the same', () => {
  const verdicts = new Verdicts({ epochs: [epoch(0, HOUR, '{}')], ownAddresses: [], labels: new Labels() });

  const spans = verdicts.of([piece('203.0.113.1', [0, HOUR]), piece('203.0.113.2', [0, HOUR])]).flat();

  assert.is(new Set(spans.map(({ label }) => label)).size, 1);
});

test.run();
