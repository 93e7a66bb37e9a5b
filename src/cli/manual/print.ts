/**
 * `node print.js bash|zsh|fish` prints a completion. `print.js roff` turns pages of docs/man on standard input, with a
 * NUL between two of them, into man(7), and `print.js fill HELP` writes the parts of one anew, where HELP is what
 * banspool-send --help says. The packages and `npm run manual` are made with it.
 */
import { UTC } from '../../domain/words.ts';
import type { Io } from '../io.ts';
import { standardInput } from '../../system/host.ts';
import { Given } from '../../system/given.ts';
import { makeProgram } from '../program.ts';
import { packageVersion } from '../../system/package-version.ts';
import { bashCompletion } from './bash.ts';
import { describe } from './entry.ts';
import { fill } from './fill.ts';
import { fishCompletion } from './fish.ts';
import { makePart } from './parts.ts';
import { roffOf } from './roff.ts';
import { zshCompletion } from './zsh.ts';

const silent = (): void => undefined;
const io: Io = {
  ...{ out: silent, err: silent, color: false, isTerminal: false, width: undefined },
  ...{ zone: UTC, env: {}, given: new Given({}) },
};
const program = makeProgram({ io, exitCode: 0 });
const entry = describe(program);

const KINDS: Readonly<Record<string, () => string>> = {
  bash: () => bashCompletion(entry),
  zsh: () => zshCompletion(entry),
  fish: () => fishCompletion(entry),
  roff: () => {
    const version = packageVersion();
    return standardInput()
      .split('\0')
      .map((page) => roffOf(page, version))
      .join('\0');
  },
  fill: () =>
    fill(standardInput(), (words) => makePart(words, { program: entry, sendHelp: process.argv[3] ?? '' })),
};

const print = KINDS[process.argv[2] ?? ''];
if (print === undefined) {
  process.stderr.write(`usage: print.js ${Object.keys(KINDS).join('|')}\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(print());
}
