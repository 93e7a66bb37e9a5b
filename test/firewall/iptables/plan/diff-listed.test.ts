/** What `ipset list` printed, held against what a set should hold. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { regionOf, type Family } from '../../../../src/domain/net.ts';
import type { Members } from '../../../../src/desired/members.ts';
import { diffListed } from '../../../../src/firewall/iptables/plan/diff-listed.ts';
import { timeoutFor } from '../../../../src/firewall/iptables/plan/timeout.ts';
import { netIn } from '../../../support/arbitraries.ts';
import { membersIn } from '../../../../src/firewall/iptables/observed/listing-reader.ts';

const test = suite('the difference to a listing');

const NOW = 1_700_000_000_000;

const until = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }).map((seconds) => NOW + seconds * 1000),
  fc.constant(Infinity),
);

/** Wanted ends by address, and of some of these what is listed: seconds left. Others are listed and not wanted. */
const world = fc.constantFrom<Family>('ipv4', 'ipv6').chain((family) => {
  const nets = fc.uniqueArray(
    netIn(family).map(({ text }) => text),
    { maxLength: 20 },
  );
  return nets.chain((texts) =>
    fc.record({
      family: fc.constant(family),
      entries: fc.tuple(
        ...texts.map((text) =>
          fc.record({
            text: fc.constant(text),
            wanted: fc.option(until, { nil: undefined }),
            left: fc.option(fc.constantFrom<'fit' | number>('fit', 0, 7, 1_000_000), { nil: undefined }),
          }),
        ),
      ),
    }),
  );
});

test('is what turns the one into the other, and says nothing of what is as it should be', () => {
  fc.assert(
    fc.property(world, ({ family, entries }) => {
      const listed = new Map<string, number>();
      for (const { text, wanted, left } of entries)
        if (left !== undefined) listed.set(text, left === 'fit' ? timeoutFor(wanted ?? NOW, NOW) : left);
      const wanted = new Map(
        entries.flatMap((each) => (each.wanted === undefined ? [] : [[each.text, each.wanted]])),
      );
      const lines = Array.from(listed, ([text, left]) => `${text} timeout ${left}\n`).join('');

      const diff = diffListed({ family, members: membersIn(lines), at: NOW }, membersOf(family, wanted));

      const said = [...(diff?.added ?? []), ...(diff?.refreshed ?? [])];
      for (const text of diff?.removed ?? []) assert.ok(listed.delete(text), text);
      for (const { text } of diff?.added ?? []) assert.not(listed.has(text), text);
      for (const { text } of diff?.refreshed ?? []) assert.ok(listed.has(text), text);
      for (const { text, timeout } of said) listed.set(text, timeout);
      assert.equal([...listed.keys()].sort(), [...wanted.keys()].sort());
      for (const { text, left, wanted: end } of entries)
        if (left === 'fit' && end !== undefined)
          assert.not(
            said.some((each) => each.text === text),
            text,
          );
      for (const { text, timeout } of said) assert.is(timeout, timeoutFor(wanted.get(text) ?? NaN, NOW));
    }),
  );
});

test('knows an IPv6 address that ipset prints with a dotted quad', () => {
  const wanted = membersOf('ipv6', new Map([['::102:304', Infinity]]));

  const diff = diffListed({ family: 'ipv6', members: membersIn('::1.2.3.4 timeout 0\n'), at: NOW }, wanted);

  assert.equal(diff, { added: [], removed: [], refreshed: [] });
});

test('cannot be told where a line says more than an address and its time', () => {
  const odd = [
    '10.0.0.1',
    '10.0.0.1 nomatch timeout 7',
    '10.0.0.1 timeout 7 comment "x"',
    '10.0.0.1 timeout ',
  ];

  for (const line of odd)
    assert.is(
      diffListed({ family: 'ipv4', members: membersIn(`${line}\n`), at: NOW }, new Map()),
      undefined,
      line,
    );
});

function membersOf(family: Family, ends: ReadonlyMap<string, number>): Members {
  const parts = new Map<string, Map<string, number>>();
  for (const [text, end] of ends) {
    const region = regionOf(family, text);
    parts.set(region, (parts.get(region) ?? new Map<string, number>()).set(text, end));
  }
  return parts;
}

test.run();
