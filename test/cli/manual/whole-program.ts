/** All that the manual and the completions are made of. */
import { UTC } from '../../../src/domain/words.ts';
import type { Io } from '../../../src/cli/io.ts';
import { join } from 'node:path';
import { describe, type Entry } from '../../../src/cli/manual/entry.ts';
import { makeProgram } from '../../../src/cli/program.ts';
import { Given } from '../../../src/system/given.ts';
import { outputOf } from '../../support/run-program.ts';

/** Of the program as it is. */
export function wholeProgram(): Entry {
  const silent = (): void => undefined;
  const io: Io = {
    ...{ out: silent, err: silent, color: false, isTerminal: false, width: undefined },
    ...{ zone: UTC, env: {}, given: new Given({}) },
  };
  return describe(makeProgram({ io, exitCode: 0 }));
}

/** What the sender of this clone says of itself. */
export async function sendHelp(): Promise<string> {
  return outputOf([join(import.meta.dirname, '../../../../action.d/banspool-send'), '--help']);
}

/** A program of no command, described so. */
export function described(description: string): Entry {
  const option = { flags: '--all', long: '--all', description, takes: 'nothing' } as const;
  const command = { words: ['try'], usage: 'try', description, options: [option], remark: '', children: [] };
  return { words: [], usage: '', description, options: [option], remark: description, children: [command] };
}
