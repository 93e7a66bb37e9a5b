/** The files that the program is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram, type Ran } from '../support/run-program.ts';

const test = suite('the files of the program');

const PROGRAM = join(import.meta.dirname, '../../banspool.js');

/** Runs it on this Node, which says that it is another. */
async function runOn(version: string): Promise<Ran> {
  const claim = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  return runProgram([process.execPath, '--import', `data:text/javascript,${claim}`, PROGRAM, '--version']);
}

test('say on a Node that is too old which one they need, and nothing else', async () => {
  for (const version of ['18.20.8', '20.18.3']) {
    const ran = await runOn(version);

    assert.equal(ran, {
      code: 1,
      stdout: '',
      stderr:
        `banspool: error: this is Node ${version}, and banspool needs 20.19 or newer\n` +
        `banspool: hint: install a newer Node, or name one: /path/to/node ${PROGRAM}\n`,
    });
  }
  for (const version of ['20.19.0', '22.1.0']) assert.is((await runOn(version)).code, 0);
});

test('are texts of one byte a character: V8 keeps them, and twice as much for a single wider character', () => {
  for (const name of ['banspool-controller.js', 'banspool-commands.js']) {
    const text = readFileSync(join(PROGRAM, '..', name), 'utf8');

    assert.equal(text.match(/.{0,30}[^\u0000-\u00ff].{0,30}/g) ?? [], []);
  }
});

test.run();
