import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_IMPORT_LENGTH } from '../../../src/cli/import/import-file.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('the options of import');

test('are told with what each has where it is not given', async () => {
  await using sandbox = await Sandbox.open();

  const { stdout } = await sandbox.cli('import', '--help');

  assert.match(stdout, `(default: "${DEFAULT_IMPORT_LENGTH}")`);
  assert.match(stdout, '(default: "imported")');
  assert.match(stdout, '"crowdsec"');
});

test.run();
