/** The one file that the program is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram, type Ran } from '../support/run-program.ts';

const test = suite('the one file');

const PROGRAM = join(import.meta.dirname, '../../banspool.js');

/** Runs it on this Node, which says that it is another. */
async function runOn(version: string): Promise<Ran> {
  const claim = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  return runProgram([process.execPath, '--import', `data:text/javascript,${claim}`, PROGRAM, '--version']);
}

test('says on a Node that is too old which one it needs, and nothing else', async () => {
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

test('imports by name nothing that Node 18 lacks: such a Node would say that, and not what it needs', () => {
  const text = readFileSync(PROGRAM, 'utf8');

  const named = [...text.matchAll(/\bimport\s*\{([^}]*)\}\s*from\s*"(?:node:)?util"/g)].map(
    ([, names]) => names,
  );

  assert.ok(named.length > 0);
  assert.not.match(named.join(), /styleText|parseEnv|getCallSites/);
});

test('is a text of one byte a character: V8 keeps it, and twice as much of it with a single wider character', () => {
  const wide = readFileSync(PROGRAM, 'utf8').match(/.{0,30}[^\u0000-\u00ff].{0,30}/g) ?? [];

  assert.equal(wide, []);
});

test.run();
