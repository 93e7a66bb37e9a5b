/** A program that stands by, by small stand-ins for one: whatever becomes of it, a question ends, and is never lost. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  StandingProgram,
  type Answer,
  type Question,
} from '../../../src/system/processes/standing-program.ts';
import { eventually } from '../../support/eventually.ts';
import { outputOf } from '../../support/run-program.ts';
import { StandIns } from '../../support/stand-ins.ts';

interface Context {
  standIns: StandIns;
  /** Its program is found under this name. */
  open: (script: string, options?: { name?: string; limitMs?: number }) => StandingProgram;
  programs: StandingProgram[];
}

const test = suite<Context>('a program that stands by');

test.before.each((context) => {
  const standIns = new StandIns();
  context.standIns = standIns;
  context.programs = [];
  context.open = (script, { name = 'stand-in', limitMs = 60_000 } = {}) => {
    standIns.install(name, script);
    const program = new StandingProgram({
      ...{ file: name, args: [], greeting: () => asking('hello'), limitMs },
    });
    context.programs.push(program);
    return program;
  };
});

test.after.each(({ standIns, programs }) => {
  for (const program of programs) program.close();
  standIns[Symbol.dispose]();
});

/** Is answered by the same word, in a line of its own. */
function asking(word: string): Question {
  return {
    text: `${word}\n`,
    look: ({ stdout }) =>
      stdout === `${word}\n` ? 'answer' : `${word}\n`.startsWith(stdout) ? 'unfinished' : 'wrong',
  };
}

/** Asks until it stands by. */
async function untilAsked(program: StandingProgram, word: string): Promise<Answer> {
  return eventually(async () => {
    const answer = await program.ask(asking(word));
    assert.is.not(answer.kind, 'unasked');
    return answer;
  });
}

const pidOf = (answer: Answer): number => (answer.kind === 'unasked' ? 0 : answer.pid);

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('is woken by the first question, and answers those after it in the same process', async ({ open }) => {
  const program = open('exec cat');

  const first = await program.ask(asking('first'));
  const second = await untilAsked(program, 'second');
  const third = await program.ask(asking('third'));

  assert.is(first.kind, 'unasked');
  assert.equal([second.kind, third.kind], ['answered', 'answered']);
  assert.is(pidOf(second), pidOf(third));
  assert.equal(third.kind === 'answered' && third.said, { stdout: 'third\n', stderr: '' });
});

test('is not asked while it is being asked', async ({ open }) => {
  const program = open('exec cat');
  await untilAsked(program, 'first');

  const [one, other] = await Promise.all([program.ask(asking('one')), program.ask(asking('other'))]);

  assert.equal([one.kind, other.kind], ['answered', 'unasked']);
});

const ENDS: Readonly<Record<string, readonly [kind: Answer['kind'], script: string]>> = {
  'a failure': ['failed', 'read h; echo $h; read q; echo no >&2; exit 3'],
  'an end as if all were well': ['unknown', 'read h; echo $h; read q; exit 0'],
  'a signal that kills': ['unknown', 'read h; echo $h; read q; kill -9 $$'],
  'another answer': ['unknown', 'read h; echo $h; read q; echo nonsense; exec cat'],
  'a closed pipe': ['unknown', 'read h; echo $h; exec <&-; exec sleep 1000'],
  'half an answer': ['unknown', 'read h; echo $h; read q; printf que; exec sleep 1000'],
  'a signal that stops': ['unknown', 'read h; echo $h; read q; kill -STOP $$; exec cat'],
};

test('is gone within the limit when it gives no answer, and another stands by later', async (context) => {
  const seen = await Promise.all(
    Object.entries(ENDS).map(async ([name, [, script]]) => {
      const program = context.open(script, { name, limitMs: 1_000 });
      const answer = await untilAsked(program, 'question');
      const next = await program.ask(asking('question'));
      context.standIns.install(name, 'exec cat');
      const later = await untilAsked(program, 'later');
      return [name, answer.kind, isThere(pidOf(answer)), next.kind, later.kind];
    }),
  );

  assert.equal(
    seen,
    Object.entries(ENDS).map(([name, [kind]]) => [name, kind, false, 'unasked', 'answered']),
  );
});

test('that does not answer the first thing it is asked is asked nothing else', async ({ open, standIns }) => {
  const log = join(standIns.folder, 'log');
  const program = open(`read h; echo begun >>${log}; exec cat >/dev/null`, { limitMs: 50 });

  await eventually(async () => {
    assert.is((await program.ask(asking('question'))).kind, 'unasked');
    assert.is(readFileSync(log, 'utf8'), 'begun\nbegun\n');
  });
});

test('makes place for another once it has answered after its file was replaced', async ({
  open,
  standIns,
}) => {
  const program = open('exec cat');
  const before = await untilAsked(program, 'before');
  standIns.install('stand-in', 'exec cat; # of a newer package');

  const between = await program.ask(asking('between'));
  const after = await untilAsked(program, 'after');

  assert.is(between.kind, 'answered');
  assert.is.not(pidOf(after), pidOf(before));
  await eventually(() => {
    assert.not.ok(isThere(pidOf(before)));
  });
});

test('is gone once it is closed', async ({ open }) => {
  const program = open('exec cat');
  const { kind, ...answer } = await untilAsked(program, 'question');

  program.close();

  assert.is(kind, 'answered');
  assert.is((await program.ask(asking('question'))).kind, 'unasked');
  await eventually(() => {
    assert.not.ok(isThere('pid' in answer ? answer.pid : 0));
  });
});

test('lets the process end that asks it nothing', async () => {
  const module = new URL('../../../src/system/processes/standing-program.js', import.meta.url).href;
  const script = `
    const { StandingProgram } = await import(${JSON.stringify(module)});
    const look = ({ stdout }) => stdout.length > 0 ? 'answer' : 'unfinished';
    const question = { text: 'x\\n', look };
    const program = new StandingProgram({ file: 'cat', args: [], greeting: () => question });
    while ((await program.ask(question)).kind === 'unasked') await new Promise((go) => setTimeout(go, 10));
    console.log('asked');`;

  const said = await outputOf([process.execPath, '--input-type=module', '-e', script]);

  assert.is(said, 'asked\n');
});

test.run();
