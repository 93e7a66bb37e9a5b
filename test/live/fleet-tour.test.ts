/** The lab with a fleet, as `npm run lab -- --fleet tour` plays it: set up by the commands of docs/fleet.md. */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from '../support/run-program.ts';

const test = suite('the lab with a fleet');

const LAB = join(import.meta.dirname, '../lab/main.js');

/** Of a machine on which everything else runs too. */
const TIME_LIMIT_MS = 600_000;

test('drops at both firewalls what one bans, lifts it at both, and joins what a cut line kept apart', async () => {
  const words = [process.execPath, '--enable-source-maps', LAB, '--fleet', 'tour'];

  const { code, stdout, stderr } = await runProgram(words, { timeLimitMs: TIME_LIMIT_MS });

  assert.is(code, 0, `${stdout}${stderr}`);
  assert.match(stdout, /\$ attack web2\n.*timed out[^]*\$ plug fw2/);
});

test.run();
