/** `run-fixture NAME`: runs one file of fixtures/ as the runner would, and passes its output on while it runs. */
import { join } from 'node:path';
import { testFile } from './find-test-files.ts';
import { runTestFile } from './run-test-file.ts';

const ROOT = join(import.meta.dirname, '../../..');

await runTestFile(testFile(ROOT, `test/runner/fixtures/${process.argv[2] ?? ''}.ts`), 60_000, {
  heard: (text) => {
    process.stdout.write(text);
  },
});
