/**
 * The keeper of the spool: finds and reads what servers wrote, moves away what is refused, removes what was taken in,
 * and keeps each folder within its room. It remembers from pass to pass what saves work; all of it can be found
 * again.
 */
import { Ahead, type AheadFile } from './ahead/ahead.ts';
import { Rejector, type Refused } from './reject.ts';
import { access } from '../system/files/access.ts';
import { refusalText } from '../domain/refusals.ts';
import { messageOf } from '../system/error.ts';
import { callerName } from '../system/user.ts';
import { Bounds } from './bounds.ts';
import { Census } from '../policy/census.ts';
import { clearStrays } from './clear-strays.ts';
import { Inbox } from './inbox.ts';
import type { Problem } from '../domain/conditions.ts';
import type { ServerRecord } from './last-refused.ts';
import { mendOfFolder, mendOfTaking, withMend } from './mend-of-folder.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import { spoolProblems } from './spool-problems.ts';
import type { Sweep } from './sweep.ts';
import type { SentIntent } from '../claims/fold.ts';
import { SpoolReader, type ReaderOptions, type RefusedFile, type TakenFile } from './spool-reader.ts';
import {
  IDLE_BUDGET,
  STUCK_BUDGET,
  takeIn,
  type Intake,
  type IntakeOptions,
  type ReadBudget,
  type SpoolInbox,
} from './take-in.ts';
import type { World } from '../world/world.ts';

export interface Rejection {
  readonly moved: readonly Refused[];
  /** Still in the spool. */
  readonly stuck: readonly Refused[];
  readonly problems: readonly Problem[];
}

interface Ending {
  readonly kind: PassKind;
  readonly intake: Intake;
  readonly rejection: Rejection;
  /** `not yet`: what was taken in is saved by a later pass, which reads it again. */
  readonly removed: boolean | 'not yet';
  /** True where no other pass follows. */
  readonly isLast: boolean;
}

/** What was read before everything else is looked at. */
interface ReadAhead {
  readonly sent: readonly SentIntent[];
  readonly files: readonly Omit<AheadFile, 'enforcedAt'>[];
}

/** Of one file that is read ahead, in bytes: a long list is dear to enforce, and bans wait meanwhile. */
const MOST_AHEAD_BYTES = 4_096;

/** That many are ahead at the most: the next pass reads all of them, whatever its budget. */
const MOST_AHEAD = 64;

export interface Ended {
  /** Files, as SERVER/NAME, that could not be taken out: to be tried again with the rest. */
  readonly left: ReadonlySet<string>;
  /** True when not all was read, and another pass may find more. */
  readonly more: boolean;
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
}

export class Spool {
  readonly inbox: SpoolInbox;
  readonly rejector: Rejector;
  /** By name. */
  readonly servers = new Map<string, ServerRecord>();
  readonly #world: World;
  readonly #bounds: Bounds;
  /** What servers hold of each shard, counted once. */
  readonly #census = new Census();
  /** What is enforced, and not yet in the state. */
  readonly ahead = new Ahead();
  /** Set when what the last pass read stayed, where the next one finds it again, ahead of what came later. */
  #untilEnd: ReadBudget | undefined;

  constructor(world: World) {
    this.#world = world;
    const { config, spoolFiles, rejectedFiles } = world;
    this.inbox = new Inbox(config.spool, spoolFiles);
    this.rejector = new Rejector(config, spoolFiles, rejectedFiles);
    this.#bounds = new Bounds(world);
  }

  /** Reads what waits: to the end where nothing could be taken out before, so that it comes to what is behind. */
  read({ budget, ...options }: Omit<IntakeOptions, 'inbox' | 'census' | 'ahead'>): Intake {
    const own = { inbox: this.inbox, census: this.#census, ahead: this.ahead };
    return takeIn(this.#world, { ...options, ...own, budget: this.#untilEnd ?? budget });
  }

  /**
   * Reads what the watches told of, where that is little, lists no folder and changes nothing: a crowd has its turn
   * with the others, and what is refused is refused by the next reading.
   */
  readAhead(options: Omit<ReaderOptions, 'growing' | 'census'>): ReadAhead {
    const { hints, growing, crowd } = this.inbox;
    const reader = new SpoolReader(this.#world, { ...options, growing, census: this.#census }, new Map());
    const heard = hints.look();
    hints.clear();
    for (const { server, entry } of heard) {
      const isDear = entry.size > MOST_AHEAD_BYTES || this.ahead.size + reader.files.length >= MOST_AHEAD;
      if (isDear || crowd.has(server) || this.inbox.isTaken(server, entry.name)) continue;
      reader.read(server, entry);
    }
    return reader;
  }

  /** True where a pass has something to take in: what the last one had to leave waits for the next try. */
  hasNews(waiting: Sweep['waiting'], left: ReadonlySet<string>): boolean {
    const { isResting, crowd } = this.inbox;
    for (const [server, entries] of waiting) {
      if (isResting && crowd.has(server)) continue;
      if (entries.some(({ name }) => !left.has(`${server}/${name}`))) return true;
    }
    return false;
  }

  /** True where a pass has something to take in that no folder needs to be listed for, beside what was left. */
  isHeard(left: ReadonlySet<string>): boolean {
    const { hints, crowd } = this.inbox;
    return (
      this.ahead.size > 0 ||
      hints.look().some(({ server, entry }) => !crowd.has(server) && !left.has(`${server}/${entry.name}`))
    );
  }

  /** Moves refused files away; what cannot be moved stays, is refused again, and is a problem meanwhile. */
  reject(refused: readonly RefusedFile[]): Rejection {
    const moved: Refused[] = [];
    const stuck: Refused[] = [];
    const problems: Problem[] = [];
    for (const { server, entry, refusal } of refused) {
      const each = { server, name: entry.name, refusal };
      try {
        this.rejector.reject(entry, each, this.#world.now());
        const record = this.#recordOf(server);
        this.servers.set(server, { ...record, refused: record.refused + 1 });
        moved.push(each);
      } catch (error) {
        stuck.push(each);
        const what = `${server}/${entry.name} was refused (${refusalText(refusal)}) but cannot be moved: ${messageOf(error)}`;
        const message = withMend(what, mendOfTaking(this.#world.config, server, callerName()));
        problems.push({ condition: 'SpoolReadable', reason: 'CannotReject', message });
      }
    }
    return { moved, stuck, problems };
  }

  /** Removes what was taken in, but no file that was written again since; stops at the first that cannot be removed. */
  remove(files: readonly TakenFile[]): readonly Problem[] {
    const { config, spoolFiles, now } = this.#world;
    const counts = new Map<string, number>();
    const problems: Problem[] = [];
    for (const { server, entry, stamp } of files) {
      try {
        spoolFiles.remove(`${config.spool}/${server}`, entry, stamp);
      } catch (error) {
        const what = `${server}/${entry.name} was read but cannot be removed: ${messageOf(error)}`;
        const message = withMend(what, mendOfTaking(config, server, callerName()));
        problems.push({ condition: 'SpoolReadable', reason: 'CannotRemove', message });
        break;
      }
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
    for (const [server, count] of counts) {
      const record = this.#recordOf(server);
      this.servers.set(server, { ...record, intents: record.intents + count, lastHeard: now() });
    }
    return problems;
  }

  /** The end of a pass: what was taken out is forgotten, what overfills a folder goes, what is wrong is told. */
  end({ kind, intake, rejection, removed, isLast }: Ending): Ended {
    const taken = intake.files.map(({ server, entry: { name } }) => ({ server, name }));
    this.inbox.forget(removed === true ? [...rejection.moved, ...taken] : rejection.moved);
    // Where the state was edited meanwhile the next pass follows at once, and begins with them again.
    if (removed !== 'not yet') this.ahead.forgetRead();
    // Where all was taken in and nobody's transfer is under way, nothing is left to be too much.
    const isLeft = intake.more || intake.nextGiveUp !== Infinity || intake.strays.size > 0;
    this.#bounds.keep({ kind, isLeft, toTheEnd: isLast });
    const clearance = clearStrays(this.#world, kind === 'full' ? intake.strays : new Map());

    const hadEnd = this.#untilEnd !== undefined;
    this.#untilEnd = budgetAfter({ intake, rejection, removed });
    const left = removed === false ? [...taken, ...rejection.stuck] : rejection.stuck;
    return {
      left: new Set(left.map(({ server, name }) => `${server}/${name}`)),
      more: intake.more && !(hadEnd && this.#untilEnd !== undefined),
      warnings: clearance.warnings,
      problems: [
        ...rejection.problems,
        ...this.#rejectedProblems(intake.servers),
        ...clearance.problems,
        ...this.#bounds.problems,
        ...spoolProblems(intake, this.#world.config, callerName),
      ],
    };
  }

  /** True now and then where temporaries alone, for which there is no pass, may be too much. */
  isOverfull(strays: Intake['strays']): boolean {
    return this.#bounds.isOverfull(strays);
  }

  /**
   * What is wrong with the rejected folder itself, whether or not anything is refused now: nobody could read why. At
   * most one: what one server's part of the folder has, the others' have too.
   */
  #rejectedProblems(servers: readonly string[]): readonly Problem[] {
    for (const server of new Set([...servers, ...this.servers.keys()])) {
      const why = this.rejector.unreadable(server);
      if (why === undefined) continue;
      const { rejected } = this.#world.config;
      const closed = [rejected, `${rejected}/${server}`].find(
        (folder) => access(folder, 'read') === 'forbidden',
      );
      const what = `the rejected folder ${rejected} cannot be read: ${why}`;
      const message = withMend(what, closed && mendOfFolder(closed, callerName()));
      return [{ condition: 'SpoolReadable', reason: 'RejectedUnreadable', message }];
    }
    return [];
  }

  #recordOf(server: string): ServerRecord {
    return this.servers.get(server) ?? { intents: 0, refused: 0 };
  }
}

/** How long the next reading may be, where what this one read stays; undefined where something went. */
function budgetAfter({
  intake,
  rejection,
  removed,
}: Pick<Ending, 'intake' | 'rejection' | 'removed'>): ReadBudget | undefined {
  if (intake.files.length > 0) return removed === false ? STUCK_BUDGET : undefined;
  const isIdle = intake.more && !intake.hasYielded && rejection.moved.length === 0 && removed !== 'not yet';
  return isIdle ? IDLE_BUDGET : undefined;
}
