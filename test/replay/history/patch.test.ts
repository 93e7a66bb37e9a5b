import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { changesIn } from '../../../src/replay/history/patch.ts';

const test = suite('replay/patch');

const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];

test('gives for each commit its files, with the lines that went and came', () => {
  const log = [
    `\0${A}`,
    'diff --git a/claims/ipv4/1.yaml b/claims/ipv4/1.yaml',
    'new file mode 100644',
    'index 0000000..1111111',
    '--- /dev/null',
    '+++ b/claims/ipv4/1.yaml',
    '@@ -0,0 +1,2 @@',
    '+- { "ip": "1.2.3.4" }',
    '+++ no head',
    'diff --git a/peers/heard.yaml b/peers/heard.yaml',
    '--- a/peers/heard.yaml',
    '+++ b/peers/heard.yaml',
    '@@ -1 +1 @@',
    '-- old',
    '+- new',
    '\\ No newline at end of file',
    `\0${B}`,
    '',
  ].join('\n');

  assert.equal(Array.from(changesIn(log)), [
    [
      A,
      [
        { path: 'claims/ipv4/1.yaml', removed: [], added: ['- { "ip": "1.2.3.4" }', '++ no head'] },
        { path: 'peers/heard.yaml', removed: ['- old'], added: ['- new'] },
      ],
    ],
    [B, []],
  ]);
  assert.equal(Array.from(changesIn('')), []);
});

test.run();
