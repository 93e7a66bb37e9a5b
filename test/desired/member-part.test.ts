/** Members in columns are what a map of them is. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diffMemberParts, diffTexts, PartDraft, type MemberPart } from '../../src/desired/member-part.ts';
import type { Part } from '../../src/desired/members.ts';
import { netOf } from '../../src/domain/net.ts';

const members = suite('a part of members');

const anyMembers = fc.array(
  fc.tuple(
    fc.constantFrom('203.0.113.7', '203.0.113.0', '203.0.113.0/24', '2001:db8::7', '255.255.255.255'),
    fc.constantFrom(5, 6, Infinity),
  ),
);

type Said = readonly (readonly [text: string, until: number])[];

function partOf(said: Said): MemberPart {
  const draft = new PartDraft();
  for (const [text, until] of said) draft.add(netOf(text), until);
  return draft.part();
}

function mapOf(said: Said): Map<string, number> {
  const map = new Map<string, number>();
  for (const [text, until] of said) map.set(text, Math.max(map.get(text) ?? 0, until));
  return map;
}

members('hold each with the latest of its ends, as a map would', () => {
  fc.assert(
    fc.property(anyMembers, (said) => {
      const [part, map] = [partOf(said), mapOf(said)];
      const seen = new Map<string, number>();
      part.forEach((until, text) => void seen.set(text, until));

      assert.is(part.size, map.size);
      assert.equal(new Map(part), map);
      assert.equal(seen, map);
      assert.equal([...part.keys()].sort(), [...map.keys()].sort());
      assert.equal([...part.values()].sort(), [...map.values()].sort());
      for (const [text, until] of map) assert.is(part.get(text), until);
      assert.is(part.has('203.0.113.9'), false);
      assert.is(part.get('203.0.113.007'), undefined);
    }),
  );
});

members('say of each whether it is new', () => {
  const draft = new PartDraft();

  const added = ['203.0.113.7', '203.0.113.7', '203.0.113.0/24', '203.0.113.0', '203.0.113.0/24'].map(
    (text) => draft.add(netOf(text), 5),
  );

  assert.equal(added, [true, false, true, true, false]);
});

members('differ as two maps of them do', () => {
  const told = (tell: typeof diffTexts, before: Part, after: Part): readonly string[] => {
    const lines: string[] = [];
    tell(before, after, {
      added: (text, until) => void lines.push(`+ ${text} ${until}`),
      removed: (text) => void lines.push(`- ${text}`),
      refreshed: (text, until) => void lines.push(`= ${text} ${until}`),
    });
    return lines.sort();
  };
  fc.assert(
    fc.property(anyMembers, anyMembers, (said, later) => {
      const parts = [partOf(said), partOf(later)] as const;

      const walked = told(
        (_, __, tell) => {
          diffMemberParts(...parts, tell);
        },
        ...parts,
      );

      assert.equal(walked, told(diffTexts, mapOf(said), mapOf(later)));
      assert.equal(walked, told(diffTexts, ...parts));
    }),
    { numRuns: 300 },
  );
});

members.run();
