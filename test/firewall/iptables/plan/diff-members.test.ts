import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Part } from '../../../../src/desired/members.ts';
import { diffMembers } from '../../../../src/firewall/iptables/plan/diff-members.ts';
import { timeoutFor } from '../../../../src/firewall/iptables/plan/timeout.ts';

const test = suite('the difference of members');

const NOW = 1_700_000_000_000;

const anyMembers = fc
  .dictionary(
    fc.constantFrom('ipv4/10', 'ipv4/192', 'ipv4/203'),
    fc.dictionary(fc.constantFrom('1', '2', '3', '4'), fc.constantFrom(NOW + 60_000, NOW + 90_000, Infinity)),
  )
  .map(
    (parts) =>
      new Map(
        Object.entries(parts).map(([region, part]) => [
          region,
          new Map(Object.entries(part).map(([text, until]) => [`${region}/${text}`, until])),
        ]),
      ),
  );

test('turns the one into the other, and says nothing of who is the same in both', () => {
  fc.assert(
    fc.property(anyMembers, anyMembers, (before, after) => {
      const held = new Map([...before.values()].flatMap((part) => [...part]));
      const wanted = new Map([...after.values()].flatMap((part) => [...part]));

      const { added, removed, refreshed } = diffMembers(before, after, NOW);

      assert.equal(removed.toSorted(), [...held.keys()].filter((text) => !wanted.has(text)).sort());
      assert.equal(added.toSorted(byText), toSet([...wanted].filter(([text]) => !held.has(text))));
      assert.equal(
        refreshed.toSorted(byText),
        toSet([...wanted].filter(([text, until]) => held.has(text) && held.get(text) !== until)),
      );
    }),
  );
});

test('looks at no part that is the same object', () => {
  const same: Part = new Proxy(new Map<string, number>(), {
    get: () => {
      throw new Error('it was looked at');
    },
  });

  const diff = diffMembers(new Map([['ipv4/10', same]]), new Map([['ipv4/10', same]]), NOW);

  assert.equal(diff, { added: [], removed: [], refreshed: [] });
});

interface Said {
  readonly text: string;
  readonly timeout: number;
}

function byText(one: Said, other: Said): number {
  return one.text < other.text ? -1 : 1;
}

function toSet(ends: readonly (readonly [string, number])[]): readonly Said[] {
  return ends.map(([text, until]) => ({ text, timeout: timeoutFor(until, NOW) })).sort(byText);
}

test.run();
