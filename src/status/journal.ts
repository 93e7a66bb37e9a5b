/** Tells the log what a pass did: nothing when it did nothing. */
import { changeText } from '../ledger/commit-message.ts';
import { originOf } from '../domain/origin.ts';
import { refusalText } from '../domain/refusals.ts';
import { countText, numberText } from '../domain/words.ts';
import type { Refused } from '../spool/reject.ts';
import { messageWithMend } from '../system/error.ts';
import type { Log } from '../system/log.ts';
import { isHarmless, type Problem } from '../domain/conditions.ts';
import type { Pass } from '../pass/pass.ts';
import type { PassObserver } from '../pass/observer.ts';

/** Lines of one kind a pass: a flood in the spool must not become a flood in the journal. */
const MAX_LINES = 20;

/** Reasons to refuse files of one server that have a line each. */
const MAX_REASONS = 3;

/** What was wrong until now. */
interface Known {
  /** As the last pass found it. */
  readonly passProblems: readonly Problem[];
  /** The same with what is wrong between passes. */
  readonly problems: readonly Problem[];
}

/**
 * To be told of a pass before whoever keeps what is `known`: of problems, those that are new and those that are over.
 */
export class Journal implements PassObserver {
  readonly #log: Log;
  readonly #known: Known;

  constructor(log: Log, known: Known) {
    this.#log = log;
    this.#known = known;
  }

  passed(pass: Pass): void {
    logPass(this.#log, pass, this.#known.passProblems);
  }

  failed(error: unknown): void {
    const message = messageWithMend(error);
    if (!this.#known.problems.some((problem) => problem.message === message)) this.#log.error(message);
  }
}

function logPass(log: Log, pass: Pass, known: readonly Problem[]): void {
  say(pass.claimChanges, (change) => changeText(change), log.info);
  const adopted = pass.claimChanges.filter(
    ({ kind, server }) => kind === 'banned' && originOf(server).kind === 'adopted',
  );
  if (adopted.length > 0)
    log.info(
      `adopted ${countText(adopted.length, 'ban')} found on the firewall, each for 7 days or until a server unbans it`,
    );
  say(pass.policyLines, (line) => line, log.info);
  for (const { line } of pass.repairs) log.warn(line);
  say(refusedLines(pass.refused), (line) => line, log.warn);
  say(pass.warnings, (warning) => warning, log.warn);
  const isKnown = (problem: Problem): boolean => known.some(({ message }) => message === problem.message);
  const fresh = pass.problems.filter((problem) => !isKnown(problem));
  // As status has it: what leaves that at exit 0 is no error.
  const isWarning = ({ condition, reason }: Problem): boolean => isHarmless(condition, reason);
  const lineOf = ({ condition, message }: Problem): string => `${condition} is false: ${message}`;
  say(
    fresh.filter((problem) => !isWarning(problem)),
    lineOf,
    log.error,
  );
  say(fresh.filter(isWarning), lineOf, log.warn);
  const stillFalse = new Set(pass.problems.map(({ condition }) => condition));
  const over = new Set(
    known.map(({ condition }) => condition).filter((condition) => !stillFalse.has(condition)),
  );
  say([...over], (condition) => `${condition} is true again`, log.info);
}

/** In a flood there are many passes, each with many of one server: what was refused for the same reason is one line. */
function refusedLines(refused: readonly Refused[]): readonly string[] {
  const byServer = groupBy(refused, ({ server }) => server);
  return Array.from(byServer).flatMap(([server, all]) => {
    const reasons = Array.from(groupBy(all, ({ refusal }) => refusalText(refusal))).slice(0, MAX_REASONS);
    const told = reasons.reduce((sum, [, { length }]) => sum + length, 0);
    const lines = reasons.flatMap(([reason, [first, ...more]]) => {
      if (first === undefined) return [];
      const rest = more.length > 0 ? `, and ${numberText(more.length)} more` : '';
      return [`refused ${server}/${first.name}: ${reason}${rest}`];
    });
    return told === all.length
      ? lines
      : [...lines, `refused ${numberText(all.length - told)} more files from ${server} for other reasons`];
  });
}

function groupBy<T>(all: readonly T[], keyOf: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group === undefined) groups.set(keyOf(each), [each]);
    else group.push(each);
  }
  return groups;
}

/** Only what is written is put into words: of a hundred thousand bans, that takes as long as enforcing them. */
function say<T>(all: readonly T[], lineOf: (each: T) => string, write: (line: string) => void): void {
  for (const each of all.slice(0, MAX_LINES)) write(lineOf(each));
  if (all.length > MAX_LINES) write(`and ${countText(all.length - MAX_LINES, 'more line')} of that kind`);
}
