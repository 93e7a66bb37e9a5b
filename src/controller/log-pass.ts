/** Tells the log what a pass did: nothing when it did nothing. */
import { changeWords } from '../report/change-words.ts';
import { changeText } from '../report/commit-message.ts';
import { countText } from '../report/words.ts';
import type { Log } from '../system/log.ts';
import type { Pass, Problem } from './pass.ts';

/** Lines of one kind a pass: a flood in the spool must not become a flood in the journal. */
const MAX_LINES = 20;

/** Writes it down; a problem that stood in the last pass too, as `known`, was told of then. */
export function logPass(log: Log, pass: Pass, known: readonly Problem[]): void {
  const told = new Set(known.map(({ message }) => message));
  say(pass.claimChanges.map(changeText), log.info);
  for (const { family, changes } of pass.drift) {
    say(
      changes.map((change) => `drift repaired: ${family}: ${changeWords(change)}`),
      log.warn,
    );
  }
  say(
    pass.refused.map(({ server, name, reason }) => `refused ${server}/${name}: ${reason}`),
    log.warn,
  );
  say(pass.warnings, log.warn);
  const news = pass.problems.filter(({ message }) => !told.has(message));
  say(
    news.map(({ condition, message }) => `${condition} is false: ${message}`),
    log.error,
  );
}

function say(lines: readonly string[], write: (line: string) => void): void {
  for (const line of lines.slice(0, MAX_LINES)) write(line);
  if (lines.length > MAX_LINES) write(`and ${countText(lines.length - MAX_LINES, 'more line')} of that kind`);
}
