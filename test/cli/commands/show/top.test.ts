/** `top` on the real program: on a terminal, and as text. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../../../support/intent-text.ts';
import { eventually } from '../../../support/eventually.ts';
import { Pty } from '../../../support/pty.ts';
import { runProgram } from '../../../support/run-program.ts';
import { Sandbox } from '../../../support/sandbox.ts';
import { ScreenShown } from '../../../support/screen-shown.ts';

const top = suite('top on the real program');

function startTop(sandbox: Sandbox, env: NodeJS.ProcessEnv = {}): Pty {
  return new Pty(`${sandbox.command('top').join(' ')}; echo "code:$?"`, env);
}

/** Waits until the screen shows that, and returns all of it. */
async function shown(pty: Pty, pattern: RegExp): Promise<string> {
  return eventually(() => {
    const screen = new ScreenShown();
    screen.write(pty.output);
    assert.match(screen.text, pattern);
    return screen.text;
  });
}

top('follows what the controller does, and says within seconds that it was killed', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  await using pty = startTop(sandbox, { NO_COLOR: '1' });
  await shown(pty, /^ converged {2}0 bans, 0 claims .*checked .*\n bans a minute/);
  sandbox.drop('web1', banText('198.51.100.7', { failures: 5, reason: '"\\e[2Jcleared?"' }));
  const banned = await shown(pty, /banned +198\.51\.100\.7 in sshd by web1 until .*, 5 failures/);
  const killedAt = Date.now();
  await controller.stop('SIGKILL');

  const killed = await shown(pty, /^ not converged/);
  pty.type('q');

  assert.match(banned, /1 ban, 1 claim/);
  assert.match(banned, /1 this minute/);
  assert.match(killed, /ControllerRunning is false \(Ended\): the controller \(pid \d+\) was killed/);
  assert.ok(Date.now() - killedAt < 30_000);
  await eventually(() => {
    assert.match(pty.output, 'code:0');
  });
  assert.not.match(pty.output, /\u001b\[[0-9;]*m(?<!\u001b\[0m)/);
});

top('filters and shows one table as keys say, and the bans that it then has read', async () => {
  await using sandbox = await Sandbox.open();
  for (const ip of ['198.51.100.7', '203.0.113.9']) sandbox.drop('web1', banText(ip));
  await sandbox.cli('reconcile');
  await using pty = startTop(sandbox);
  await shown(pty, /203\.0\.113\.9 +sshd +web1 +0/);

  pty.type('2/198.51\r');

  const filtered = await shown(pty, /filter: 198\.51$/);
  assert.match(filtered, /198\.51\.100\.7 +sshd +web1 /);
  assert.not.match(filtered, /203\.0\.113\.9|SERVER +LAST/);
  assert.match(filtered, /1 match/);
});

top('once prints text, without a terminal and without colours', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.cli('reconcile');

  const { code, stdout, stderr } = await sandbox.cli('top', '--once');

  assert.equal([code, stderr], [0, '']);
  assert.match(stdout, /^ converged {2}1 ban, 1 claim .*\n bans a minute/);
  assert.match(stdout, /198\.51\.100\.7 +sshd +web1 +0 +-\n/);
  assert.match(stdout, /web1 +(now|\d+ s ago) +0 +0 +1\n/);
  assert.not.match(stdout, /\u001b|q quit/);
});

top('is refused with a hint where no screen can be drawn', async () => {
  await using sandbox = await Sandbox.open();

  const piped = await runProgram(sandbox.command('top'), { env: { TERM: 'xterm' } });
  const dumb = await runProgram(sandbox.command('top'), { env: { TERM: 'dumb' } });

  assert.equal([piped.code, dumb.code, piped.stdout, dumb.stdout], [2, 2, '', '']);
  assert.match(
    piped.stderr,
    'error: standard output is not a terminal\nbanspool: hint: banspool top --once prints',
  );
  assert.match(
    dumb.stderr,
    'error: the terminal "dumb" cannot show a live view\nbanspool: hint: banspool status',
  );
});

top.run();
