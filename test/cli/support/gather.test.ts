import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cutToFit, gather } from '../../../src/cli/support/gather.ts';
import type { Part } from '../../../src/cli/support/parts.ts';
import { BanspoolError } from '../../../src/system/error.ts';
import { run, type Run } from '../../../src/system/processes/run.ts';

const test = suite('what is gathered');

async function gathered(parts: readonly Part[], how: Run = run): ReturnType<typeof gather> {
  return gather(parts, { run: how, owner: undefined, beginning: () => undefined });
}

test('is what programs say, with their errors and how they end', async () => {
  const { texts, failures } = await gathered([
    { file: 'a.txt', argv: ['sh', '-c', 'echo out; echo err >&2; exit 3'] },
    { file: 'b.json', argv: ['sh', '-c', 'echo out; echo err >&2'] },
    { file: 'c.txt', argv: ['echo', 'one'], isSection: true },
    { file: 'c.txt', argv: ['echo', 'two'], isSection: true },
  ]);

  assert.equal(Object.fromEntries(texts), {
    'a.txt': 'out\nerr\n[exit code 3]\n',
    'b.json': 'out\n',
    'c.txt': '$ one\none\n$ two\ntwo\n'.replaceAll('$ ', '$ echo '),
  });
  assert.is(failures.size, 0);
});

test('says of each program that failed, hangs or is not there why, and goes on', async () => {
  const hanging: Run = async (program, args, options) => {
    if (program !== 'hang') return run(program, args, options);
    assert.is(options?.timeoutMs, 10_000);
    throw new BanspoolError('command-timeout', 'hang did not end within 10 s');
  };
  const { texts, failures } = await gathered(
    [
      { file: 'a.txt', argv: ['no-such-program'] },
      { file: 'b.txt', argv: ['hang'] },
      { file: 'c.txt', argv: ['sh', '-c', 'echo why >&2; exit 1'] },
      { file: 'd.yaml', argv: ['cat', '/nowhere'], isOptional: true },
      { file: 'e.txt', argv: ['echo', 'last'] },
    ],
    hanging,
  );

  assert.equal(Object.fromEntries(texts), {
    'a.txt': 'not there: no-such-program is not installed\n',
    'b.txt': 'not there: hang did not end within 10 s\n',
    'c.txt': 'not there: why\n',
    'e.txt': 'last\n',
  });
  assert.equal([...failures.keys()], ['a.txt', 'b.txt', 'c.txt']);
});

test('has nothing that a terminal obeys, whatever names files have', async () => {
  const { texts } = await gathered([
    { file: 'a.txt', argv: ['printf', '%b', 'a\\tb\\033[31m\\0302\\0233\\r\u202ec\\n'] },
    { file: 'a.yaml', argv: ['printf', '%b', 'a: b\\rc\\n'] },
  ]);

  assert.is(texts.get('a.txt'), 'a\tb [31m   c\n');
  assert.is(texts.get('a.yaml'), 'a: b\rc\n');
});

test('has no secrets', async () => {
  const { texts } = await gathered([{ file: 'a.txt', argv: ['echo', 'password: hunter2'] }]);

  assert.is(texts.get('a.txt'), 'password: [removed]\n');
});

test('is cut at the end of a line to 1 MiB, and says so', () => {
  const line = `${'é'.repeat(50)}\n`;
  const cut = cutToFit(line.repeat(20_000));

  assert.ok(Buffer.byteLength(cut) <= 1024 * 1024);
  assert.match(cut, /\né{50}\n… cut here, of 2020000 bytes\n$/);
  assert.is(cutToFit(line), line);
  assert.is(cutToFit('x'.repeat(2_000_000)), '… cut here, of 2000000 bytes\n');
});

test.run();
