/** Entries in plain lines: the fast way reads a policy as the yaml package does, or is not taken. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPolicy, readPolicyByParser } from '../../src/policy/policy.ts';
import { cutPlainEntries } from '../../src/yaml/plain-entries.ts';

const plainEntries = suite('plain entries');

plainEntries('are cut out of the text, each with its line', () => {
  const text = `# ours
allow:
  - { net: 192.0.2.1 }
deny: # for ever
  # the first
  - { net: 198.51.100.0/24, note: abuse desk gone, until: 2027-01-01 }

  - { net: "2001:db8::", note: "it, too" } # yes
limits: {}
`;
  const taken: unknown[] = [];

  const cut = cutPlainEntries(text, 'deny', (fields, line) => taken.push([line, fields]) > 0);

  assert.equal(taken, [
    [6, { net: '198.51.100.0/24', note: 'abuse desk gone', until: '2027-01-01' }],
    [8, { net: '2001:db8::', note: 'it, too' }],
  ]);
  const rest = '# ours\nallow:\n  - { net: 192.0.2.1 }\ndeny: # for ever\nlimits: {}\n';
  assert.equal(cut, { rest, keyLine: 4, lines: 4 });
});

plainEntries('are left to the package where one of them is refused, or is more than a line', () => {
  for (const text of [
    'deny:\n  - { net: 192.0.2.1 }\n  - { net: 192.0.2.2, net: 192.0.2.3 }\n',
    'deny:\n  - { net: 192.0.2.1 }\n  - net: 192.0.2.2\n    note: x\n',
    'deny:\n  - { net: 192.0.2.1 }\n   - { net: 192.0.2.2 }\n',
    'deny:\n  - { net: 192.0.2.1 }\n- { net: 192.0.2.2 }\n',
    'deny:\n  - { net: 10 }\n',
    'deny:\n',
    'allow:\n  - { net: 192.0.2.1 }\n',
  ])
    assert.is(
      cutPlainEntries(text, 'deny', () => true),
      undefined,
      text,
    );
  assert.is(
    cutPlainEntries('deny:\n  - { net: 192.0.2.1 }\n', 'deny', () => false),
    undefined,
  );
});

const NETS = ['192.0.2.1', '198.51.100.0/24', '2001:db8::7', '2001:db8::/32', '"2001:db8::"', '192.0.2.9/24'];
const NO_NETS = [
  '2001:db8::',
  '::1',
  '10',
  '1.5',
  '1e5',
  '0x1f',
  'true',
  '192.0.2.1.',
  '',
  '"x',
  '&a 192.0.2.1',
];
const NOTES = [
  'office',
  'abuse desk gone',
  '"it, too: # yes"',
  "'one'",
  'é',
  'a:b',
  'http://x/y',
  'x (y)',
  'null',
];
const ODD = [
  'a: b',
  'a #b',
  'a, b',
  '*a',
  '"a\\n"',
  'No',
  '-',
  '1',
  '2027-01-01',
  '{}',
  '[x]',
  'a  b',
  '"',
  'a}',
];
const UNTIL = ['2027-01-01', '2027-01-01T13:30:00Z', '2027-13-01', 'soon', '2027'];
const LINES = [
  ...[
    'allow:',
    'allow: []',
    '  - { net: 192.0.2.7 }',
    'limits: {}',
    'deny:',
    'deny: []',
    'deny: # x',
    'Deny:',
  ],
  ...[
    '',
    '   ',
    '# x',
    '  # x',
    '...',
    '---',
    '[]',
    '{}',
    '"x"',
    '- x',
    '  x',
    '{ allow: [ { net: 192.0.2.7, note: "x',
  ],
  ...[
    '" } ] }',
    'aggregate6: 64',
    'aggregate6: 1',
    'x',
    'x:',
    '\t',
    '? x',
    'deny :',
    '"deny":',
    '  deny:',
    '%YAML 1.2',
  ],
];

plainEntries('whatever the policy is, it is read as the package reads it, with the same mistakes', () => {
  const rarely = <T>(often: readonly T[], seldom: readonly T[]): fc.Arbitrary<T> =>
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...often) },
      { weight: 1, arbitrary: fc.constantFrom(...seldom) },
    );
  const entry = fc
    .tuple(
      rarely(
        ['  - { net: '],
        ['- { net: ', '  - {net: ', '   - { net: ', '  - { no: ', '  - { net:', '  - net: '],
      ),
      rarely(NETS, NO_NETS),
      rarely(
        [''],
        UNTIL.map((each) => `, until: ${each}`),
      ),
      fc.oneof(
        fc.constant(''),
        rarely(NOTES, ODD).map((each) => `, note: ${each}`),
      ),
      rarely([' }', ' } # x'], ['}', ' }x', ' }  ', ' }#x', ' }\r', '', ', }', ' }, { net: 192.0.2.8 }']),
    )
    .map((parts) => parts.join(''));
  const others = fc.array(fc.constantFrom(...LINES), { maxLength: 3 });
  const text = fc
    .tuple(
      others,
      fc.constantFrom('deny:', 'deny: # x'),
      fc.array(entry, { minLength: 1, maxLength: 3 }),
      others,
    )
    .map(([before, key, entries, after]) => [...before, key, ...entries, ...after, ''].join('\n'));
  let taken = 0;

  fc.assert(
    fc.property(text, (each) => {
      if (cutPlainEntries(each, 'deny', () => true) !== undefined) taken += 1;
      if (each.trim() !== '') assert.equal(readPolicy(each), readPolicyByParser(each), each);
    }),
    { numRuns: 1_000 },
  );

  assert.ok(taken > 100, String(taken));
});

plainEntries.run();
