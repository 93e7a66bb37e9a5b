/** Tells the log what a pass did: nothing when it did nothing. */
import { changeText } from '../report/commit-message.ts';
import { countText } from '../report/words.ts';
import type { Log } from '../system/log.ts';
import type { Pass, Problem } from './pass.ts';

/** Lines of one kind a pass: a flood in the spool must not become a flood in the journal. */
const MAX_LINES = 20;

/** Writes it down; of problems, those that were not there before, `known`, and those that are over. */
export function logPass(log: Log, pass: Pass, known: readonly Problem[]): void {
  say(pass.claimChanges.map(changeText), log.info);
  for (const line of pass.repairs) log.warn(`drift ${line}`);
  say(
    pass.refused.map(({ server, name, reason }) => `refused ${server}/${name}: ${reason}`),
    log.warn,
  );
  say(pass.warnings, log.warn);
  const isKnown = (problem: Problem): boolean => known.some(({ message }) => message === problem.message);
  say(
    pass.problems
      .filter((problem) => !isKnown(problem))
      .map(({ condition, message }) => `${condition} is false: ${message}`),
    log.error,
  );
  const stillFalse = new Set(pass.problems.map(({ condition }) => condition));
  const over = new Set(
    known.map(({ condition }) => condition).filter((condition) => !stillFalse.has(condition)),
  );
  say(
    [...over].map((condition) => `${condition} is true again`),
    log.info,
  );
}

function say(lines: readonly string[], write: (line: string) => void): void {
  for (const line of lines.slice(0, MAX_LINES)) write(line);
  if (lines.length > MAX_LINES) write(`and ${countText(lines.length - MAX_LINES, 'more line')} of that kind`);
}
