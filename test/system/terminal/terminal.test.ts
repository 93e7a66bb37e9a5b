/** On real terminals: whatever ends the program, the terminal is as it was, and so is the screen. */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../../support/eventually.ts';
import { Pty } from '../../support/pty.ts';
import { outputOf, runProgram } from '../../support/run-program.ts';

const test = suite('system/terminal');

const USER = `${process.execPath} ${join(import.meta.dirname, '../../support/terminal-user.js')}`;

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[0m\u001b[?25h\u001b[?1049l';

/**
 * Says the terminal's settings, has the program use it, and says them again: of who is killed outright once they are
 * as before, since another process sees to that, and nobody waits for it.
 */
function use(): Pty {
  const restored = 'until [ $code != 137 ] || [ "$(stty -g)" = "$before" ]; do sleep 0.05; done';
  return new Pty(
    `tty; stty -g; before=$(stty -g); ${USER}; code=$?; echo "code:$code"; ${restored}; stty -g; echo over`,
  );
}

/** Waits until the terminal was told that, and returns what the groups of the pattern found. */
async function told(pty: Pty, pattern: RegExp): Promise<readonly string[]> {
  return eventually(() => {
    const found = pattern.exec(pty.output);
    if (found === null) throw new Error(`not told ${String(pattern)}: ${JSON.stringify(pty.output)}`);
    return found.slice(1);
  });
}

/** The pid of the program. */
async function pidOf(pty: Pty): Promise<number> {
  await told(pty, /80x24/);
  pty.type('a');
  const [pid] = await told(pty, /key:a:pid:(\d+)/);
  return Number(pid);
}

/** What was written after the screen was left; fails where the settings are not as they were. */
async function leftAsItWas(pty: Pty): Promise<string> {
  await told(pty, /over\r\n/);
  const settings = pty.output.match(/[0-9a-f]+(:[0-9a-f]+){20,}/g) ?? [];
  assert.is(settings.length, 2, pty.output);
  assert.is(settings[0], settings[1]);
  assert.ok(pty.output.includes(ENTER));
  const end = pty.output.lastIndexOf(LEAVE);
  assert.ok(end > pty.output.lastIndexOf(ENTER), pty.output);
  return pty.output.slice(end + LEAVE.length);
}

test('is taken as a whole, tells each key, and is left as it was', async () => {
  await using pty = use();
  await pidOf(pty);
  pty.type('b\u001b[B\u0003');
  await told(pty, /key:b:.*key:down:.*key:c:/s);

  pty.type('q');

  assert.match(await leftAsItWas(pty), /code:0/);
});

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGKILL', 137],
] as const)
  test(`is as it was after ${signal}, by which the program ends`, async () => {
    await using pty = use();
    const pid = await pidOf(pty);

    process.kill(pid, signal);

    const after = await leftAsItWas(pty);
    assert.match(after + pty.output, `code:${code}`);
  });

test('is as it was when the program throws, which is then told on it', async () => {
  await using pty = use();
  await pidOf(pty);

  pty.type('x');

  assert.match(await leftAsItWas(pty), /Error: thrown at x[^]*code:1/);
});

test('tells its size when it changes', async () => {
  await using pty = use();
  await pidOf(pty);
  const [path = ''] = await told(pty, /(\/dev\/pts\/\d+)/);

  await outputOf(['stty', '-F', path, 'rows', '50', 'cols', '132']);

  await told(pty, /132x50[^]*anew/);
  pty.type('q');
  await leftAsItWas(pty);
});

test("is the shell's while the program is suspended, and then drawn anew", async () => {
  // Job control, as a person has it.
  await using pty = new Pty(
    `set -m; tty; stty -g; ${USER}; echo "code:$?"; stty -g; echo stopped; fg; echo over`,
  );
  await pidOf(pty);

  pty.type('s');
  await told(pty, /code:14[0-9][^]*stopped/);
  await told(pty, /anew/);
  pty.type('q');

  await told(pty, /over\r\n/);
  const settings = pty.output.match(/[0-9a-f]+(:[0-9a-f]+){20,}/g) ?? [];
  assert.is(settings[0], settings[1]);
  assert.equal([pty.output.split(ENTER).length, pty.output.split(LEAVE).length], [3, 3]);
});

test('goes on where no shell is there to have it stopped', async () => {
  await using pty = new Pty(`exec ${USER}`);
  await pidOf(pty);

  pty.type('s');
  await told(pty, /anew/);
  pty.type('b');

  await told(pty, /key:b:/);
});

test('is refused where standard output is none, or no key can be pressed', async () => {
  const piped = await runProgram(['sh', '-c', `${USER} | cat`]);
  const alone = await runProgram([
    'setsid',
    '-w',
    'script',
    '-qfec',
    `setsid -w ${USER} </dev/null`,
    '/dev/null',
  ]);

  assert.match(piped.stderr, 'standard output is not a terminal');
  assert.match(alone.stdout, 'there is no terminal to read them from');
});

test.run();
