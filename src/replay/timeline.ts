/**
 * What counted of each address and from when to when: made from lines of claims that came and went. An address whose
 * claims change is given away up to then, so that only what stands now, and nothing of what was, is held. Pure.
 */
import type { Net } from '../domain/net.ts';
import { claimKey, type Claim } from '../claims/claim.ts';
import { liveClaims, type LiveClaim } from '../claims/live.ts';
import { EMPTY_STATE, makeShard, shardOf, type HeardPeer, type State } from '../claims/state.ts';

/** A claim that counted from then to then, in milliseconds since 1970, whatever a policy says of it. */
export interface Piece {
  readonly live: LiveClaim;
  readonly from: number;
  readonly to: number;
}

interface Line {
  readonly claim: Claim;
  readonly key: string;
  /** The file that it stands in. */
  readonly path: string;
}

interface Standing {
  readonly ip: Net;
  lines: readonly Line[];
  /** What was before is given away. */
  from: number;
}

type Take = (piece: Piece) => void;

/** A line came, another came in its place, or it went. */
type OnChange = (before: Claim | undefined, after: Claim | undefined, time: number) => void;

export class Timeline {
  readonly #standing = new Map<string, Standing>();
  readonly #take: Take;
  readonly #onChange: OnChange;
  readonly #peers = new Map<string, HeardPeer>();

  constructor(take: Take, onChange: OnChange = () => undefined) {
    this.#take = take;
    this.#onChange = onChange;
  }

  /** What is known of a peer from now on. */
  hear(name: string, peer: HeardPeer): void {
    this.#peers.set(name, peer);
  }

  /** A line that came, in place of one about the same; false where it was there. */
  add(claim: Claim, path: string, time: number): boolean {
    const key = claimKey(claim);
    const standing = this.#touch(claim.ip, time);
    const before = standing.lines.find((line) => line.key === key);
    standing.lines = [...standing.lines.filter((line) => line !== before), { claim, key, path }];
    this.#onChange(before?.claim, claim, time);
    return before === undefined;
  }

  /** A line that went; one that has come in another file stays. False for one that is not known. */
  remove(key: string, path: string, time: number): boolean {
    const address = key.slice(0, key.indexOf(' '));
    const standing = this.#standing.get(address);
    const line = standing?.lines.find((each) => each.key === key);
    if (standing === undefined || line === undefined) return false;
    if (line.path !== path) return true;
    this.#touch(standing.ip, time);
    standing.lines = standing.lines.filter((each) => each !== line);
    this.#onChange(line.claim, undefined, time);
    if (standing.lines.length === 0) this.#standing.delete(address);
    return true;
  }

  /** Removes what stands in such files, but for these keys. */
  keep(keys: ReadonlySet<string>, isMeant: (path: string) => boolean, time: number): void {
    const gone: Line[] = [];
    for (const { lines } of this.#standing.values())
      for (const line of lines) if (isMeant(line.path) && !keys.has(line.key)) gone.push(line);
    for (const { key, path } of gone) this.remove(key, path, time);
  }

  /** Gives away all that is left, up to the end. */
  finish(time: number): void {
    for (const standing of this.#standing.values()) this.#give(standing, time);
  }

  #touch(ip: Net, time: number): Standing {
    let standing = this.#standing.get(ip.text);
    if (standing === undefined) {
      standing = { ip, lines: [], from: time };
      this.#standing.set(ip.text, standing);
    } else if (time > standing.from) this.#give(standing, time);
    return standing;
  }

  /** What a claim comes to changes where one of its bans ends, and nowhere else. */
  #give(standing: Standing, to: number): void {
    const { lines, from } = standing;
    standing.from = to;
    const ends = lines.flatMap(({ claim }) => claim.bans.map(({ until }) => until));
    const inside = Array.from(new Set(ends.filter((end) => end > from && end < to))).sort((a, b) => a - b);
    if (!ends.some((end) => end > from)) return;
    const state = this.#stateOf(standing);
    for (const [index, start] of [from, ...inside].entries())
      for (const live of liveClaims(state, start)) this.#take({ live, from: start, to: inside[index] ?? to });
  }

  /** Lifts are about one address, so that its lines alone say what counts of it. */
  #stateOf({ ip, lines }: Standing): State {
    const shard = makeShard(new Map(lines.map(({ claim, key }) => [key, claim])));
    return { ...EMPTY_STATE, shards: new Map([[shardOf(ip), shard]]), peers: this.#peers };
  }
}
