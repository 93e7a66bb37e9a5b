import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lastMet, type Sighting } from '../../src/escalation/count-sightings.ts';

const test = suite('when a rule was met');

const seen = (since: number, more: Partial<Sighting> = {}): Sighting => ({
  ...{ ip: '203.0.113.7', server: 'web1', jail: 'sshd', since, end: since + 10 },
  ...more,
});

test('is the last moment at which so many are not further apart than the rule says', () => {
  const sightings = [
    seen(0),
    seen(60, { server: 'web2' }),
    seen(100, { server: 'web3' }),
    seen(161, { server: 'web1' }),
  ];
  const at = (least: number, within: number) => lastMet({ counts: 'servers', least, within }, sightings)?.at;

  assert.equal(
    [at(2, 61), at(2, 60), at(3, 101), at(3, 100), at(3, 99), at(4, 1000)],
    [161, 100, 161, 100, undefined, undefined],
  );
  assert.equal(
    lastMet({ counts: 'servers', least: 2, within: 60 }, sightings)?.by.map(({ server }) => server),
    ['web2', 'web3'],
  );
});

test('is found for addresses as for servers, and of one moment all count', () => {
  const three = ['203.0.113.1', '203.0.113.2', '203.0.113.3'].map((ip) => seen(5, { ip }));

  assert.is(lastMet({ counts: 'addresses', least: 3, within: 0 }, three)?.at, 5);
  assert.is(
    lastMet({ counts: 'addresses', least: 2, within: 9 }, [seen(1), seen(2, { server: 'web2' })]),
    undefined,
  );
});

/** The most that can follow one another, by trying all ways. */
function mostInTurn(sightings: readonly Sighting[]): number {
  return Math.max(
    0,
    ...sightings.map(
      (first) =>
        1 +
        mostInTurn(
          sightings.filter(
            (next) =>
              next !== first &&
              next.since >= first.end &&
              next.since >= first.since &&
              next.end > first.since,
          ),
        ),
    ),
  );
}

test('of bans of one server and jail counts the most that can follow one another', () => {
  const any = fc.uniqueArray(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 8 })), {
    maxLength: 6,
    selector: ([since]) => since,
  });
  fc.assert(
    fc.property(any, fc.integer({ min: 2, max: 6 }), (spans, least) => {
      const sightings = spans.map(([since, length]) => seen(since, { end: since + length }));

      const met = lastMet({ counts: 'bans', least, within: 1000 }, sightings);

      assert.is(met !== undefined, mostInTurn(sightings) >= least);
    }),
  );
});

test('of bans adds up what several servers and jails began', () => {
  const sightings = [seen(1), seen(2), seen(1, { jail: 'web' }), seen(3, { server: 'web2' })];

  assert.equal(
    [3, 4].map((least) => lastMet({ counts: 'bans', least, within: 10 }, sightings)?.at),
    [3, undefined],
  );
});

test.run();
