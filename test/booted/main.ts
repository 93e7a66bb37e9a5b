/** `npm run test:system`: boots machines and lives through a year with them. Takes some minutes, and root. */
import { join } from 'node:path';
import { testFile } from '../runner/find-test-files.ts';
import { runTestFile } from '../runner/run-test-file.ts';
import { eventually } from '../support/eventually.ts';
import { endWithThisProcess, killCgroup, makeCgroup, removeCgroup } from './cgroup.ts';

const ROOT = join(import.meta.dirname, '../../..');

const TIME_LIMIT_MS = 12 * 60_000;

/** Until all that was killed is gone. */
const STOP_MS = 20_000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    process.exit(130);
  });
}

// A machine's PID 1 outlives the program that started it, so each is put where it can be found.
const cgroup = makeCgroup();
endWithThisProcess(cgroup);
process.env['BANSPOOL_CGROUP'] = cgroup;
const killAll = (): void => {
  killCgroup(cgroup);
};
process.on('exit', killAll);
const run = await runTestFile(testFile(ROOT, 'test/booted/life.ts'), TIME_LIMIT_MS, { writable: [cgroup] });
process.off('exit', killAll);
killAll();
await eventually(() => {
  removeCgroup(cgroup);
}, STOP_MS);
console.log(run.output);
for (const reason of run.reasons) console.log(`FAIL  ${run.name}: ${reason}`);
console.log(`${run.passed} passed, ${run.failed} failed`);
process.exitCode = run.failed === 0 ? 0 : 1;
