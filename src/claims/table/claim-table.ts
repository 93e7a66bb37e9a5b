/**
 * The claims of a shard, by key, as compact as a million of them need: ordinary ones as columns of numbers, all others
 * (IPv6, networks, tombstones, several bans, a reason) as they are. A table never changes. A claim is made when it is
 * asked for: of the same one two objects may be handed out, which are alike.
 */
import { FULL_PREFIX } from '../../domain/net.ts';
import { parseIpv4 } from '../../domain/ipv4.ts';
import { placeOf } from '../../lists/table/sorted-numbers.ts';
import { textOf4 } from '../../lists/text-of.ts';
import type { Claim } from '../claim.ts';
import { areSameColumns, changeColumns, NO_COLUMNS, type Columns } from './columns.ts';
import { rowOf, type Row, type Saying } from './saying.ts';

/** By claimKey. */
export type Claims = ReadonlyMap<string, Claim>;

interface CountOfSaying {
  readonly saying: Saying;
  readonly claims: number;
  readonly newest: number;
}

const NOWHERE = -1;
const NOBODY: Saying = { server: '', jail: '' };

export class ClaimTable implements Claims {
  readonly columns: Columns;
  readonly others: Claims;

  private constructor(columns: Columns, others: Claims) {
    this.columns = columns;
    this.others = others;
  }

  /** The same claims, in a table. */
  static of(claims: Claims): ClaimTable {
    return claims instanceof ClaimTable ? claims : EMPTY_TABLE.with(claims);
  }

  /** Of columns, and of claims that are no rows, by key; none of them is in both. */
  static from(columns: Columns, others: Claims): ClaimTable {
    return new ClaimTable(columns, others);
  }

  static empty(): ClaimTable {
    return new ClaimTable(NO_COLUMNS, new Map());
  }

  get size(): number {
    return this.columns.addresses.length + this.others.size;
  }

  get(key: string): Claim | undefined {
    const row = this.#rowOf(key);
    return row === NOWHERE ? this.others.get(key) : this.claimAt(row);
  }

  has(key: string): boolean {
    return this.#rowOf(key) !== NOWHERE || this.others.has(key);
  }

  /** True for the key of an ordinary claim. */
  hasRow(key: string): boolean {
    return this.#rowOf(key) !== NOWHERE;
  }

  forEach(look: (claim: Claim, key: string, claims: Claims) => void): void {
    for (const [key, claim] of this.entries()) look(claim, key, this);
  }

  *keys(): Generator<string, undefined> {
    for (let row = 0; row < this.columns.addresses.length; row += 1) yield this.keyAt(row);
    yield* this.others.keys();
    return undefined;
  }

  *values(): Generator<Claim, undefined> {
    for (let row = 0; row < this.columns.addresses.length; row += 1) yield this.claimAt(row);
    yield* this.others.values();
    return undefined;
  }

  *entries(): Generator<[string, Claim], undefined> {
    for (let row = 0; row < this.columns.addresses.length; row += 1)
      yield [this.keyAt(row), this.claimAt(row)];
    yield* this.others.entries();
    return undefined;
  }

  [Symbol.iterator](): Generator<[string, Claim], undefined> {
    return this.entries();
  }

  /** What one server claims. */
  *ofServer(server: string): Generator<Claim, undefined> {
    const { said, sayings } = this.columns;
    const isIts = sayings.map((saying) => saying.server === server);
    if (isIts.includes(true))
      for (let row = 0; row < said.length; row += 1)
        if (isIts[said[row] ?? 0] === true) yield this.claimAt(row);
    for (const claim of this.others.values()) if (claim.server === server) yield claim;
    return undefined;
  }

  /** How many ordinary claims each saying has, and when the newest of them was heard. */
  *counts(): Generator<CountOfSaying, undefined> {
    const { said, sayings, heard } = this.columns;
    const counts = sayings.map((saying) => ({ saying, claims: 0, newest: -Infinity }));
    for (let row = 0; row < said.length; row += 1) {
      const count = counts[said[row] ?? 0];
      if (count === undefined) continue;
      count.claims += 1;
      count.newest = Math.max(count.newest, heard[row] ?? 0);
    }
    yield* counts;
    return undefined;
  }

  /** What those claim of whom it is true. */
  ofServers(isIt: (server: string) => boolean): ClaimTable {
    const are = this.columns.sayings.map(({ server }) => isIt(server));
    const rows = are.every((each) => each)
      ? this
      : are.some((each) => each)
        ? this.keep(({ server }) => {
            const isKept = isIt(server);
            return () => isKept;
          })
        : new ClaimTable(NO_COLUMNS, this.others);
    const gone = Array.from(this.others).filter(([, { server }]) => !isIt(server));
    return rows.with(gone.map(([key]) => [key, undefined]));
  }

  /** True where both hold the same; of claims that are no rows, where they are the same objects. */
  isSame({ columns, others }: ClaimTable): boolean {
    if (!areSameColumns(this.columns, columns) || this.others.size !== others.size) return false;
    for (const [key, claim] of others) if (this.others.get(key) !== claim) return false;
    return true;
  }

  /** Of an ordinary claim. */
  sayingAt(row: number): Saying {
    const { said, sayings } = this.columns;
    return sayings[said[row] ?? 0] ?? NOBODY;
  }

  keyAt(row: number): string {
    const { server, jail } = this.sayingAt(row);
    return `${textOf4(this.columns.addresses[row] ?? 0)} ${server} ${jail}`;
  }

  claimAt(row: number): Claim {
    const { addresses, since, until, heard } = this.columns;
    const { server, jail, details } = this.sayingAt(row);
    const address = addresses[row] ?? 0;
    const ban = { heard: heard[row] ?? 0, since: since[row] ?? 0, until: until[row] ?? 0 };
    const claim = {
      ip: { family: 'ipv4', text: textOf4(address), prefix: FULL_PREFIX.ipv4, bits: address | 0 },
      ...{ server, jail, bans: [ban] },
    } as const;
    return details === undefined ? claim : { ...claim, details: { said: ban.heard, ...details } };
  }

  /**
   * Those ordinary claims of which it is true, and all others; `keepOf` tells it for a saying. The same table where
   * all of them stay.
   */
  keep(keepOf: (saying: Saying) => (until: number, heard: number) => boolean): ClaimTable {
    const { said, sayings, until, heard } = this.columns;
    const tests = sayings.map(keepOf);
    const dropped = new Set<number>();
    for (let row = 0; row < said.length; row += 1)
      if (tests[said[row] ?? 0]?.(until[row] ?? 0, heard[row] ?? 0) === false) dropped.add(row);
    if (dropped.size === 0) return this;
    return new ClaimTable(changeColumns(this.columns, { dropped, added: [] }), this.others);
  }

  /** With these in place of what was known by their keys; undefined for those that go. */
  with(changes: Iterable<readonly [key: string, claim: Claim | undefined]>): ClaimTable {
    const dropped = new Set<number>();
    const added: Row[] = [];
    const others = new Map(this.others);
    let hasChanged = false;
    for (const [key, claim] of changes) {
      hasChanged = true;
      const old = this.#rowOf(key);
      if (old !== NOWHERE) dropped.add(old);
      const row = claim === undefined ? undefined : rowOf(claim);
      if (row !== undefined) added.push(row);
      if (row !== undefined || claim === undefined) others.delete(key);
      else others.set(key, claim);
    }
    return hasChanged ? new ClaimTable(changeColumns(this.columns, { dropped, added }), others) : this;
  }

  #rowOf(key: string): number {
    const behind = key.indexOf(' ');
    const address = parseIpv4(key, 0, behind);
    if (address === undefined) return NOWHERE;
    const { addresses } = this.columns;
    for (let row = placeOf(addresses, address >>> 0); addresses[row] === address >>> 0; row += 1) {
      const { server, jail } = this.sayingAt(row);
      const isIt =
        key.length === behind + server.length + jail.length + 2 &&
        key.startsWith(server, behind + 1) &&
        key.endsWith(jail) &&
        key.charAt(behind + 1 + server.length) === ' ';
      if (isIt) return row;
    }
    return NOWHERE;
  }
}

const EMPTY_TABLE = ClaimTable.empty();
