/** What prerm writes down of the config, for a purge that comes when program and config are gone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../src/config/config.ts';
import { runProgram, type Ran } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the prefix that a purge goes by');

const SCRIPT = join(import.meta.dirname, '../../../action.d/read-prefix.sh');
const REMOVE_RULES = join(import.meta.dirname, '../../../.ci/stage/remove-rules.sh');

async function readPrefix(text: string): Promise<Ran> {
  await using sandbox = await Sandbox.open();
  const path = join(sandbox.folder, 'prefix.yaml');
  writeFileSync(path, text);
  return await runProgram(['sh', '-euc', '. "$1"; read_prefix "$2"', 'sh', SCRIPT, path]);
}

/** As the program reads it. */
function prefixOf(text: string): string | undefined {
  const read = readConfig(text);
  return read.kind === 'config' ? read.config.chainPrefix : undefined;
}

const WRITTEN = [
  'chainPrefix: ours-',
  'chainPrefix:    ours-   ',
  'chainPrefix: ours- # not fail2ban-',
  'chainPrefix: "ours-"',
  'chainPrefix: \'ours-\' # "x"',
  'chainPrefix : ours-',
  '"chainPrefix": ours-',
  "'chainPrefix' : 'ours-'",
  '  verdict: DROP\n  chainPrefix: ours-',
  '{ chainPrefix: ours- }',
  '{chainPrefix: ours-}',
  '{ "verdict": "DROP", "chainPrefix": "ours-", "hooks": ["INPUT"] }',
  '{\n  "chainPrefix":"ours-",\n  "verdict": "DROP"\n}',
  '# chainPrefix: theirs-\nverdict: DROP # chainPrefix: theirs-\nchainPrefix: ours-\r\ninterval: 60s',
];

for (const text of WRITTEN) {
  test(`is read where the config says ${JSON.stringify(text)}`, async () => {
    const { stdout, stderr } = await readPrefix(`${text}\n`);

    assert.equal([stdout, stderr], ['ours-\n', '']);
    assert.is(prefixOf(text), 'ours-');
  });
}

test('is none where the config sets none', async () => {
  for (const text of [
    '',
    'verdict: DROP\n',
    '#chainPrefix: x\n  # chainPrefix: y\nverdict: DROP # chainPrefix: z\n',
  ]) {
    assert.equal(await readPrefix(text).then(({ stdout, stderr }) => [stdout, stderr]), ['\n', ''], text);
    assert.is(prefixOf(text), 'fail2ban-');
  }
});

/** Each is YAML that the program understands, and sed does not. */
const UNREAD = [
  'chainPrefix:\n  ours-',
  'chainPrefix: &name ours-',
  'chainPrefix: "ours\\x2d"',
  '? chainPrefix\n: ours-',
  'chainPrefix: >-\n  ours-',
];

for (const text of UNREAD) {
  test(`is refused, and not guessed, where the config says ${JSON.stringify(text)}`, async () => {
    const { stdout, stderr } = await readPrefix(`${text}\n`);
    const removed = await runProgram([
      ...['sh', '-euc', '. "$1"; remove_rules "$2"', 'sh', REMOVE_RULES, stdout.trimEnd()],
    ]);

    assert.is(prefixOf(text), 'ours-');
    assert.match(stderr, /cannot read chainPrefix in .*; a purge leaves the rules/);
    assert.match(removed.stderr, /is not a valid chain prefix; rules stay/);
  });
}

test.run();
