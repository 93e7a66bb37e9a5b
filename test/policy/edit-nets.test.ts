import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { endOfEntry, inlineEntry, putNet, takeNet } from '../../src/policy/edit-nets.ts';
import { readPolicy, type Policy } from '../../src/policy/policy.ts';

const test = suite('a network in the text of the policy');

const TEMPLATE = readFileSync(join(import.meta.dirname, '../../../state/policy.yaml'), 'utf8');
const OFFICE = { net: netOf('192.0.2.0/24'), note: 'office', until: Infinity };
const GUEST = { net: netOf('2001:db8::/64'), note: undefined, until: Date.UTC(2027, 0, 1, 13, 30) };

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(`${JSON.stringify(read.mistakes)}: ${text}`);
  return read.policy;
}

/** Lists, without lines. */
function listsOf(text: string): unknown {
  const { allow, deny } = policyOf(text);
  return [allow, deny].map((list) => list.map(({ net, note, until }) => [net.text, note, until]));
}

/** Both, or the text that could not be edited. */
function must(edited: string | undefined, text: string): string {
  if (edited === undefined) throw new Error(`not edited:\n${text}`);
  return edited;
}

test('is a line of the list, below the others', () => {
  const first = must(putNet(TEMPLATE, 'allow', OFFICE), TEMPLATE);
  const second = must(putNet(first, 'allow', GUEST), first);

  assert.is(first, TEMPLATE.replace('allow:\n', 'allow:\n  - { net: 192.0.2.0/24, note: office }\n'));
  assert.is(
    second,
    first.replace('office }\n', 'office }\n  - { net: 2001:db8::/64, until: 2027-01-01T13:30:00Z }\n'),
  );
  assert.is(takeNet(must(takeNet(second, 'allow', OFFICE.net), second), 'allow', GUEST.net), TEMPLATE);
});

test('that is there already has its end and note changed in its place', () => {
  const text = `allow:
  - net: 192.0.2.0/24   # Anna
    # until she is back
    until: 2027-02-01
    note: office
deny: [ { net: 2001:db8::/64 } ]
`;

  assert.is(
    putNet(text, 'allow', { ...OFFICE, note: 'a, b' }),
    text.replace('    until: 2027-02-01\n', '').replace('note: office', 'note: "a, b"'),
  );
  assert.is(
    putNet(text, 'deny', { ...GUEST, note: 'gone' }),
    text.replace('2001:db8::/64', '2001:db8::/64, note: gone, until: 2027-01-01T13:30:00Z'),
  );
});

test('that is there twice is there once afterwards, and is taken out wholly', () => {
  const text = 'deny:\n  - { net: 192.0.2.0/24, until: 2027-01-01 }\n  - { net: 192.0.2.99/24 }\n';

  assert.is(putNet(text, 'deny', OFFICE), 'deny:\n  - { net: 192.0.2.0/24, note: office }\n');
  assert.is(takeNet(text, 'deny', OFFICE.net), 'deny:\n');
});

test('is put into every form that a policy has, and taken out of it', () => {
  const entry = '{ net: 192.0.2.0/24, note: office }';
  for (const [text, edited] of [
    ['# mine\n', `# mine\nallow:\n  - ${entry}\n`],
    ['# mine\n{}\n', `# mine\nallow:\n  - ${entry}\n`],
    ['{}', `allow:\n  - ${entry}`],
    ['{} # mine\n', `{allow: [${entry}]} # mine\n`],
    ['{ deny: [] }\n', `{ allow: [${entry}], deny: [] }\n`],
    ['{ allow: , deny: [] }\n', `{ allow: [${entry}], deny: [] }\n`],
    ['deny: []', `deny: []\nallow:\n  - ${entry}`],
    ['deny: []\n...\n', `deny: []\nallow:\n  - ${entry}\n...\n`],
    ['  deny: []\n', `  deny: []\n  allow:\n    - ${entry}\n`],
    ['allow: null # none\n', `allow: [${entry}] # none\n`],
    ['allow: # none\r\ndeny:\r\n', `allow: # none\r\n  - ${entry}\r\ndeny:\r\n`],
    ['allow: []\n', `allow: [${entry}]\n`],
    ['allow: [{ net: ::1 }] # c\n', `allow: [${entry}, { net: ::1 }] # c\n`],
    ['allow: [\n  { net: ::1 } # c\n]\n', `allow: [\n  ${entry},\n  { net: ::1 } # c\n]\n`],
    ['allow:\n-\n  net: ::1\n  # c\n', `allow:\n-\n  net: ::1\n- ${entry}\n  # c\n`],
    ['? allow\n: - net: ::1\n', `? allow\n: - net: ::1\n  - ${entry}\n`],
  ] as const) {
    assert.is(putNet(text, 'allow', OFFICE), edited, text);
    const left = must(takeNet(edited, 'allow', OFFICE.net), edited);
    assert.equal(listsOf(left), listsOf(text), text);
    if (/allow:(?! null| ,)/.test(text)) assert.is(left, text);
  }
});

/** Texts of policies as people write them, with comments wherever there may be some. */
const comment = fc.constantFrom('', '', ' # a', ' #  { net: 10.0.0.1 }, [x]: "');
const lines = fc.constantFrom('', '', '\n', '# a line: [ {\n', '      # deeper\n');
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.tuple(fc.ipV4(), fc.nat(32)).map(([ip, prefix]) => `${ip}/${prefix}`),
);
const note = fc.constantFrom(
  undefined,
  'x',
  'a, b',
  '# no',
  "it's",
  'a: b',
  'true',
  '12',
  '日本',
  '"',
  '- {',
);
const until = fc.constantFrom(undefined, '2027-01-31', '2027-01-31T13:30:00Z');
const fields = fc.record({ net: address, note, until });
type Fields = typeof fields extends fc.Arbitrary<infer T> ? T : never;

function pairs({ net, note: said, until: end }: Fields): readonly string[] {
  return [
    `net: ${JSON.stringify(net)}`,
    ...(said === undefined ? [] : [`note: ${JSON.stringify(said)}`]),
    ...(end === undefined ? [] : [`until: ${end}`]),
  ];
}

const blockEntry = fc.tuple(fields, comment, lines, fc.boolean()).map(([entry, behind, above, isFlow]) => {
  const [first = '', ...others] = pairs(entry);
  return isFlow
    ? `${above}  - { ${pairs(entry).join(', ')} }${behind}\n`
    : `${above}  -   ${first}${behind}\n${others.map((pair) => `      ${pair}${behind}\n`).join('')}`;
});

const list = fc.oneof(
  fc
    .tuple(comment, fc.array(blockEntry, { maxLength: 3 }))
    .map(([head, each]) => `${head}\n${each.join('')}`),
  fc
    .tuple(fc.array(fields, { maxLength: 3 }), comment, fc.boolean(), fc.boolean())
    .map(([each, behind, isSpread, hasComma]) => {
      const items = each.map((entry) => `{ ${pairs(entry).join(', ')} }`);
      const comma = hasComma && items.length > 0 ? ',' : '';
      if (!isSpread) return ` [ ${items.join(' , ')} ${comma}]${behind}\n`;
      return ` [${behind}\n    ${items.join(`,${behind}\n    `)}${comma}${behind}\n  ]\n`;
    }),
);

const policyText = fc
  .tuple(lines, list, lines, list, fc.constantFrom('both', 'deny'), fc.constantFrom('\n', '\r\n'))
  .map(([above, allow, between, deny, keys, eol]) => {
    const one = keys === 'both' ? `allow:${allow}` : '';
    const text = `${above}${one}${between}limits: { default: { claims: 5 } } # l\ndeny:${deny}`;
    return text.replaceAll('\n', eol);
  })
  .filter((text) => readPolicy(text).kind === 'policy');

const entryToPut = fc.record({
  net: address.map((text) => netOf(text)),
  note,
  until: fc.constantFrom(Infinity, Date.UTC(2027, 0, 31, 13, 30)),
});

/** As they are written here: net, note, until. */
const MOST_LINES_OF_ENTRY = 3;

/** Lines of the text between what it begins and what it ends like the other. */
function linesTouched(text: string, edited: string): number {
  const [old, now] = [text.split('\n'), edited.split('\n')];
  const same = (one: string[], other: string[]): number => one.findIndex((line, at) => line !== other[at]);
  const head = same(old, now);
  if (head === -1) return 0;
  const tail = same(old.slice(head).reverse(), now.slice(head).reverse());
  return tail === -1 ? 0 : old.length - head - tail;
}

test('is in the policy that is read then, every other line is as it was, and without it the text is again', () => {
  fc.assert(
    fc.property(policyText, entryToPut, fc.constantFrom('allow', 'deny'), (text, entry, where) => {
      const before = policyOf(text)[where];
      const known = before.filter(({ net }) => net.text === entry.net.text).length;
      const edited = must(putNet(text, where, entry), text);

      const found = policyOf(edited)[where].filter(({ net }) => net.text === entry.net.text);
      assert.equal(
        found.map((each) => [each.note, each.until]),
        [[entry.note, entry.until]],
      );
      assert.is.not(known === 1 && linesTouched(text, edited) > MOST_LINES_OF_ENTRY, true, text);
      if (known > 0) return;
      assert.ok(linesTouched(text, edited) <= 1, text);
      // A key that was not there stays.
      const eol = text.includes('\r') ? '\r\n' : '\n';
      const empty = text.includes(`${where}:`) ? text : `${text}${where}:${eol}`;
      assert.is(must(takeNet(edited, where, entry.net), edited), empty);
    }),
    { numRuns: 150 },
  );
});

test('that is taken out leaves all others, with their notes and ends', () => {
  fc.assert(
    fc.property(policyText, fc.nat(), (text, nth) => {
      const { deny } = policyOf(text);
      const gone = deny[nth % Math.max(1, deny.length)];
      if (gone === undefined) return;

      const left = must(takeNet(text, 'deny', gone.net), text);

      const rest = deny.filter(({ net }) => net.text !== gone.net.text);
      const bare = (each: (typeof deny)[number]): unknown => [each.net.text, each.note, each.until];
      assert.equal(policyOf(left).deny.map(bare), rest.map(bare));
      assert.equal(policyOf(left).allow.map(bare), policyOf(text).allow.map(bare));
    }),
    { numRuns: 80 },
  );
});

test('ends at a whole second, and stands in one line as YAML needs it', () => {
  assert.equal([endOfEntry(1_000), endOfEntry(1_001)], [1_000, 2_000]);
  assert.is(
    inlineEntry({ ...GUEST, note: 'a, b' }),
    '{ net: 2001:db8::/64, note: "a, b", until: 2027-01-01T13:30:00Z }',
  );
});

test.run();
