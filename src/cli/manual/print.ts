/** `node print.js man|bash|zsh|fish`: prints the manual page or a completion. The packages are built with it. */
import { Given } from '../../system/given.ts';
import { makeProgram } from '../program.ts';
import { packageVersion } from '../version-line.ts';
import { bashCompletion } from './bash.ts';
import { describe, type Entry } from './entry.ts';
import { fishCompletion } from './fish.ts';
import { manPage } from './man-page.ts';
import { zshCompletion } from './zsh.ts';

const silent = (): void => undefined;
const io = { out: silent, err: silent, color: false, isTerminal: false, env: {}, given: new Given({}) };
const program = makeProgram({ io, exitCode: 0 });
const entry = describe(program);

const KINDS: Readonly<Record<string, (entry: Entry) => string>> = {
  man: (each) => manPage(each, packageVersion()),
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const render = KINDS[process.argv[2] ?? ''];
if (render === undefined) {
  process.stderr.write(`usage: print.js ${Object.keys(KINDS).join('|')}\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(render(entry));
}
