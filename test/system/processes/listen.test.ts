import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listen } from '../../../src/system/processes/listen.ts';
import { eventually } from '../../support/eventually.ts';

interface Context {
  folder: string;
  close: () => void;
  lines: string[];
  ends: string[];
}

const test = suite<Context>('a program that is listened to');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'banspool-listen-'));
  [context.lines, context.ends, context.close] = [[], [], () => undefined];
});

test.after.each(({ folder, close }) => {
  close();
  rmSync(folder, { recursive: true });
});

function start(context: Context, file: string, ...args: readonly string[]): void {
  const { lines, ends } = context;
  const heard = (line: string): unknown => lines.push(line);
  const ended = (why: string): unknown => ends.push(why);
  context.close = listen(file, args, { heard, ended }).close;
}

test('is heard line by line while it runs, however it is cut', async (context) => {
  const go = join(context.folder, 'go');
  start(
    context,
    'sh',
    '-c',
    `printf 'one\\ntw'; while ! [ -e ${go} ]; do sleep 0.01; done; printf 'o\\n'; exec sleep 1000`,
  );

  await eventually(() => {
    assert.equal(context.lines, ['one']);
  });
  writeFileSync(go, '');
  await eventually(() => {
    assert.equal(context.lines, ['one', 'two']);
  });

  assert.equal(context.ends, []);
});

test('is started again when it ended, and tells each time what it said last', async (context) => {
  start(context, 'sh', '-c', 'echo started; printf "no\\r\\nroute\\r\\n" >&2; exit 3');

  await eventually(() => {
    assert.ok(context.ends.length >= 2);
  });

  assert.equal(context.lines.slice(0, 2), ['started', 'started']);
  assert.equal(context.ends.slice(0, 2), ['no; route', 'no; route']);
});

test('tells its exit code, its signal, or that there is none such, where it said nothing', async (context) => {
  const whyOf = async (file: string, ...args: readonly string[]): Promise<string | undefined> => {
    context.ends = [];
    start(context, file, ...args);
    const why = await eventually(() => {
      assert.is(context.ends.length, 1);
      return context.ends[0];
    });
    context.close();
    return why;
  };

  assert.is(await whyOf('sh', '-c', 'exit 3'), 'sh ended (3)');
  assert.is(await whyOf('sh', '-c', 'kill -KILL $$'), 'sh ended (SIGKILL)');
  assert.match((await whyOf('/nowhere/program')) ?? '', 'ENOENT');
});

test('ends when nobody listens any more, tells nothing of that, and is not started again', async (context) => {
  const left = join(context.folder, 'left');
  start(context, 'sh', '-c', `trap 'touch ${left}; exit' TERM; echo $$; while :; do sleep 0.01; done`);
  const pid = await eventually(() => {
    assert.is(context.lines.length, 1);
    return Number(context.lines[0]);
  });

  context.close();
  await eventually(() => {
    assert.ok(existsSync(left) && !existsSync(`/proc/${pid}`));
  });

  assert.equal([context.lines.length, context.ends], [1, []]);
});

test('is not started again either where it had ended before', async (context) => {
  start(context, 'sh', '-c', 'echo x');
  await eventually(() => {
    assert.is(context.ends.length, 1);
  });
  context.close();
  const other: Context = { ...context, lines: [], ends: [] };
  start(other, 'sh', '-c', 'echo x');
  // Both wait equally long: when this one is there again, the first had its time too.
  await eventually(() => {
    assert.ok(other.lines.length >= 2);
  });
  other.close();

  assert.equal(context.lines, ['x']);
});

test.run();
