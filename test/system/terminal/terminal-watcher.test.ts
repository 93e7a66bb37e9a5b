/** What is left of a terminal whose program is killed outright, on real terminals. */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../../support/eventually.ts';
import { Pty } from '../../support/pty.ts';
import { outputOf } from '../../support/run-program.ts';

const test = suite('system/terminal-watcher');

const USER = `${process.execPath} ${join(import.meta.dirname, '../../support/terminal-user.js')}`;
const LEAVE = '\u001b[?7h\u001b[0m\u001b[?25h\u001b[?1049l';

async function told(pty: Pty, pattern: RegExp): Promise<readonly string[]> {
  return eventually(() => {
    const found = pattern.exec(pty.output);
    if (found === null) throw new Error(`not told ${String(pattern)}: ${JSON.stringify(pty.output)}`);
    return found.slice(1);
  });
}

test('the screen is left, and settings that a shell has changed since stay', async () => {
  await using pty = new Pty(`tty; ${USER}; read -r line; stty -a`);
  await told(pty, /80x24/);
  pty.type('a');
  const [pid] = await told(pty, /key:a:pid:(\d+)/);
  const [path = ''] = await told(pty, /(\/dev\/pts\/\d+)/);
  await outputOf(['stty', '-F', path, 'echo', 'icanon', 'erase', '^H']);

  process.kill(Number(pid), 'SIGKILL');

  await eventually(() => {
    assert.ok(pty.output.includes(LEAVE));
  });
  pty.type('\n');
  await told(pty, /erase = \^H/);
});

test('nothing is written where the program had given the terminal back before', async () => {
  await using pty = new Pty(`set -m; ${USER}; echo "code:$?"; kill -KILL %1; wait %1; echo "end:$?"`);
  await told(pty, /80x24/);

  pty.type('s');

  assert.is(await pty.ended, 0);
  assert.match(pty.output, /code:14\d[^]*end:\d/);
  assert.is(pty.output.split(LEAVE).length, 2, pty.output);
});

test.run();
