import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyProgram } from '../../src/cli/empty-program.ts';
import { runWords } from '../../src/cli/run-words.ts';
import type { CommandContext } from '../../src/cli/command.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { HeardIo } from './heard-io.ts';

const test = suite('words of a program');

test('run the command that they name, and end with its exit code or that of its error', async () => {
  const io = new HeardIo();
  const makeProgram = (context: CommandContext) =>
    emptyProgram(context)
      .addCommand(
        emptyProgram(context)
          .name('end')
          .action(() => void (context.exitCode = 5)),
      )
      .addCommand(
        emptyProgram(context)
          .name('fail')
          .action(() => {
            throw new BanspoolError('locked', 'somebody holds it', { hint: 'wait' });
          }),
      );

  const codes = [await runWords(makeProgram, ['end'], io), await runWords(makeProgram, ['fail'], io)];

  assert.equal(codes, [5, 11]);
  assert.is(io.stderr, 'banspool: error: somebody holds it\nbanspool: hint: wait\n');
});

test.run();
