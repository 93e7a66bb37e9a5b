import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('allow');

test('puts a network into its list, says so once, and takes it out again', async () => {
  await using sandbox = await Sandbox.open();
  const text = '# mine\nallow:  # here\n';
  sandbox.writePolicy(text);
  const textNow = (): string => readFileSync(join(sandbox.state, 'policy.yaml'), 'utf8');

  const put = await sandbox.cli('allow', '2001:DB8::1/48', '--note', 'office');
  const edited = textNow();
  const again = await sandbox.cli('allow', '2001:db8::/48');
  const taken = await sandbox.cli('allow', '2001:db8::/48', '--remove');

  assert.equal([put.code, again.code, taken.code], [0, 0, 0]);
  assert.is(edited, `${text}  - { net: 2001:db8::/48, note: office }\n`);
  assert.match(again.stderr, 'already by');
  assert.is(textNow(), text);
});

test.run();
