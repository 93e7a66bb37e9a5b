/**
 * From files in the spool to intents that may be folded. Everybody's bans wait for the end of a reading and for all
 * that follows from it, so it is bounded, its time is shared among the servers, and whoever had nothing waiting until
 * now comes before a flood, also before one that is being read.
 */
import type { Ahead } from './ahead/ahead.ts';
import type { Inbox } from './inbox.ts';
import type { SpoolEntry } from '../system/files/spool-files.ts';
import { SpoolReader, type ReadIntent, type ReaderOptions } from './spool-reader.ts';
import type { World } from '../world/world.ts';

export type SpoolInbox = Inbox<ReadIntent['value']>;

export interface Intake extends Pick<
  SpoolReader,
  'sent' | 'files' | 'refused' | 'warnings' | 'banArrivals' | 'waited' | 'forbidden'
> {
  /** When a file that still grows will have stood still for too long; Infinity when there is none. */
  readonly nextGiveUp: number;
  /** Temporary files in the servers' folders. */
  readonly strays: ReadonlyMap<string, readonly SpoolEntry[]>;
  /** True when there is no spool, or none that may be read. */
  readonly isMissing: boolean;
  /** Folders in the spool that are no server's. */
  readonly strangers: readonly string[];
  /** Servers whose folder cannot be read. */
  readonly closed: readonly string[];
  readonly servers: readonly string[];
  /** True when files were left. */
  readonly more: boolean;
  /** True when a crowd was left alone for the sake of somebody else. */
  readonly hasYielded: boolean;
}

export interface IntakeOptions extends Omit<ReaderOptions, 'growing'> {
  readonly budget: ReadBudget;
  readonly inbox: SpoolInbox;
  /** What is enforced already: it is read first, whatever the budget. */
  readonly ahead: Ahead;
}

/** When to stop reading and enforce what was read: everybody's bans wait for that. */
export interface ReadBudget {
  readonly milliseconds: number;
  /**
   * After so many bans in snapshots of one server its other files wait. A list is cheap to read, and dear to fold,
   * enforce and save, which comes after the reading: the time alone lets one server hold up the others' bans for many
   * seconds.
   */
  readonly listedByServer: number;
  /** True where another pass follows at once: then a flood waits for it when somebody else has something to say. */
  readonly yields?: boolean;
}

/** Some thousand intents; what follows from them takes about as long again. */
export const READ_BUDGET: ReadBudget = { milliseconds: 50, listedByServer: 10_000, yields: true };

/**
 * Where nothing can be taken out of the spool each reading finds it all again, and has to come to the end of it:
 * nobody's ban is to wait behind what stays.
 */
export const STUCK_BUDGET: ReadBudget = { milliseconds: 2_000, listedByServer: Infinity };

/**
 * Where nothing was taken, since files without an end or closed ones were read, the next reading comes to what is
 * behind.
 */
export const IDLE_BUDGET: ReadBudget = { ...STUCK_BUDGET, yields: true };

/** All that waits, but for a flood: somebody waits for the answer, and no pass does. */
export const PREVIEW_BUDGET: ReadBudget = { milliseconds: 20_000, listedByServer: 100_000 };

/** Where somebody beside a flood speaks, passes are to be short. */
const CONTENDED_SHARE = 0.25;
/**
 * Where nobody does, and somebody who begins to is seen at once, they are to be few: each judges, saves and lists again
 * much that the one before it did.
 */
const ALONE_SHARE = 4;

/** How often somebody is looked for while a flood is read: as long as a ban takes otherwise. */
const PEEK_MS = 5;
/** Looking takes at the most this share of the time. */
const PEEK_SHARE = 0.1;

/** Reads what waits until all is read or the budget is spent. Changes no file. */
export function takeIn(world: World, options: IntakeOptions): Intake {
  const { inbox, budget, now } = options;
  inbox.growing.expire(now);
  const found = inbox.sweep();
  const { isMissing, strays, strangers, closed, servers } = found;
  const waiting = options.ahead.without(found.waiting);
  const names = [...waiting.keys()];
  inbox.shares.attend(names, inbox.crowd);
  const fresh = names.filter((server) => !inbox.crowd.has(server));
  const crowd = names.filter((server) => inbox.crowd.has(server));
  const known = inbox.takeAside();
  const reading = new BudgetedRead(world, options, known);
  const mayYield = budget.yields === true && !inbox.hasYielded;
  const rests = inbox.isResting;

  /** The reading that counts: the files of one that ended early are read again by a later pass. */
  let final = reading;
  let hasYielded = true;
  let unread: Iterable<string>;
  if (crowd.length > 0 && (rests || (mayYield && fresh.length > 0))) {
    unread = [...crowd, ...reading.read(new Map(fresh.map((server) => [server, waiting.get(server) ?? []])))];
    inbox.setAside(known);
    if (!rests) inbox.yielded(true);
    else if (fresh.length > 0) inbox.yielded(inbox.hasYielded);
  } else {
    const idle = mayYield ? servers.filter((server) => !waiting.has(server)) : [];
    const inOrder = new Map([...fresh, ...crowd].map((server) => [server, waiting.get(server) ?? []]));
    // A newcomer that came with the flood is read first, and is not to wait for more of it.
    const mayBeAlone = mayYield && !inbox.isContended;
    unread = reading.read(inOrder, { idle, ...(mayBeAlone && { fresh: new Set(fresh) }) });
    hasYielded = reading.newcomers.size > 0;
    inbox.yielded(hasYielded);
    if (hasYielded) {
      inbox.setAside(reading.reader.parsed);
      final = new BudgetedRead(world, options, known);
      unread = [...names, ...final.read(reading.newcomers)];
    }
  }
  inbox.crowd = new Set(unread);
  inbox.hasReadCrowd = !hasYielded;
  const { sent, files, refused, warnings, banArrivals, waited, forbidden } = final.reader;
  inbox.took(files);
  const { nextGiveUp } = inbox.growing;
  return {
    ...{ sent, files, refused, warnings, banArrivals, waited, forbidden, nextGiveUp },
    ...{ isMissing, strays, strangers, closed, servers, more: inbox.crowd.size > 0, hasYielded },
  };
}

type Waiting = ReadonlyMap<string, readonly SpoolEntry[]>;

interface Others {
  /** Servers that had nothing waiting. */
  readonly idle?: readonly string[];
  /** Who had nothing waiting at the last reading; undefined where somebody beside a flood spoke lately. */
  readonly fresh?: ReadonlySet<string>;
}

/** One reading within a budget. */
class BudgetedRead {
  readonly reader: SpoolReader;
  /** Who had nothing waiting before, and for whose sake the reading ended. */
  newcomers: Waiting = new Map();
  readonly #options: IntakeOptions;

  constructor(world: World, options: IntakeOptions, known: ReadonlyMap<string, ReadIntent>) {
    this.reader = new SpoolReader(world, { ...options, growing: options.inbox.growing }, known);
    this.#options = options;
    for (const { server, entry, enforcedAt } of options.ahead.files)
      this.reader.read(server, entry, enforcedAt);
  }

  /** Returns whose files are not all read; ends early when one of the idle has something to say. */
  read(waiting: Waiting, { idle = [], fresh }: Others = {}): ReadonlySet<string> {
    const { budget, inbox } = this.#options;
    const unread = new Map(Array.from(waiting.keys(), (server) => [server, 0]));
    const ordered = new Map(Array.from(waiting, ([name, list]) => [name, inbox.growing.order(name, list)]));
    const full = new Set<string>();
    let at = performance.now();
    const share = budget.yields === true && inbox.isContended ? CONTENDED_SHARE : 1;
    const deadline = at + budget.milliseconds * share;
    let longest = fresh === undefined ? deadline : at + budget.milliseconds * ALONE_SHARE;
    let nextPeek = at + PEEK_MS;
    for (;;) {
      const server = inbox.shares.next(unread.keys());
      // What follows from a list takes longer than to read it.
      if (server === undefined || at > (this.reader.listed.size > 0 ? deadline : longest)) break;
      const entries = ordered.get(server)?.entries ?? [];
      const index = unread.get(server) ?? 0;
      const [entry] = entries.slice(index, index + 1);
      if (entry !== undefined) this.reader.read(server, entry);
      if (index + 1 >= entries.length) {
        unread.delete(server);
        if (fresh?.has(server) === true) longest = deadline;
      } else if ((this.reader.listed.get(server) ?? 0) < budget.listedByServer) unread.set(server, index + 1);
      else {
        full.add(server);
        unread.delete(server);
      }
      const before = at;
      at = performance.now();
      inbox.shares.charge(server, at - before);
      if (idle.length === 0 || at < nextPeek) continue;
      this.newcomers = inbox.peek(idle);
      if (this.newcomers.size > 0) break;
      const peeked = performance.now();
      nextPeek = peeked + Math.max(PEEK_MS, (peeked - at) / PEEK_SHARE);
      at = peeked;
    }
    // A half file that did not change holds nothing new to read.
    const isLeft = ([server, index]: readonly [string, number]): boolean =>
      index < (ordered.get(server)?.others ?? 0);
    return new Set([
      ...Array.from(unread)
        .filter(isLeft)
        .map(([server]) => server),
      ...full,
    ]);
  }
}
