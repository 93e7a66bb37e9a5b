/**
 * What the enforced claims of one region (see regionOf) ask for, by jail. A portion never changes: where a region's
 * claims stay as they are the same object is handed on, and whatever was made of it is still good.
 */
import { PartDraft } from './member-part.ts';
import type { Part } from './members.ts';
import { FULL_PREFIX, regionOf, type Family, type Net } from '../domain/net.ts';

/** A claim that the policy lets count. */
export interface EnforcedClaim {
  readonly ip: Net;
  /** What is dropped for it, where that is not what it claims. */
  readonly dropped?: Net;
  readonly jail: string;
  readonly ports: string;
  readonly protocols: string;
  /** Milliseconds since 1970; absent or Infinity for no end. */
  readonly until?: number;
}

/** By jail. */
export type Portion = ReadonlyMap<string, JailPortion>;

export interface JailPortion {
  /** What is dropped. */
  readonly members: Part;
  /** Those of them that are no hosts: a net that is allowed may lie inside. */
  readonly wide: readonly Net[];
  /** `PROTOCOLS PORTS`, as claimed: thousands of claims share a handful. */
  readonly scopes: ReadonlySet<string>;
  /** How many different addresses and networks are claimed: more than members where some share a network. */
  readonly claimed: number;
  /** Of what is claimed, what is dropped for it where that is a wider member. */
  readonly droppedFor: ReadonlyMap<string, string>;
}

/** The portion of claims that are all of one region; `nameOf` tells the jail that each is desired in. */
export function portionOf<C extends EnforcedClaim>(
  claims: Iterable<C>,
  nameOf: (claim: C) => string = ({ jail }) => jail,
): Portion {
  const draft = new PortionDraft();
  for (const claim of claims) draft.in(nameOf(claim)).add(claim);
  return draft.portion();
}

/** A portion while it is filled. */
export class PortionDraft {
  readonly #jails = new Map<string, JailDraft>();

  /** What the jail has of it, which is nothing at first. */
  in(jail: string): JailDraft {
    let own = this.#jails.get(jail);
    if (own === undefined) {
      own = new JailDraft();
      this.#jails.set(jail, own);
    }
    return own;
  }

  portion(): Portion {
    return new Map(Array.from(this.#jails, ([jail, own]) => [jail, own.portion()]));
  }
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Of one jail, claim by claim. */
class JailDraft {
  readonly #members = new PartDraft();
  readonly #wide: Net[] = [];
  readonly #scopes = new Set<string>();
  #claimed = 0;
  #droppedFor: Map<string, string> | undefined;
  /** Members that nobody claims as they are. */
  #unclaimed: Set<string> | undefined;

  add({ ip, dropped = ip, ports, protocols, until = Infinity }: EnforcedClaim): void {
    const { text } = dropped;
    // Of several claims the last to end counts.
    const isNew = this.#members.add(dropped, until);
    if (isNew && dropped.prefix < FULL_PREFIX[dropped.family]) this.#wide.push(dropped);
    this.#scopes.add(scopeText({ ports, protocols }));
    if (dropped === ip) {
      if (isNew || this.#unclaimed?.delete(text) === true) this.#claimed += 1;
      return;
    }
    if (isNew) (this.#unclaimed ??= new Set()).add(text);
    this.#droppedFor ??= new Map();
    if (!this.#droppedFor.has(ip.text)) this.#claimed += 1;
    this.#droppedFor.set(ip.text, text);
  }

  /** The same for a claim of a host of IPv4, by its 32 bits, that is of a scope of this jail. */
  addHost(address: number, until: number): void {
    if (this.#members.addHost(address, until)) this.#claimed += 1;
  }

  addScope(scope: Pick<EnforcedClaim, 'ports' | 'protocols'>): void {
    this.#scopes.add(scopeText(scope));
  }

  portion(): JailPortion {
    return {
      members: this.#members.part(),
      wide: this.#wide,
      scopes: this.#scopes,
      claimed: this.#claimed,
      droppedFor: this.#droppedFor ?? NONE,
    };
  }
}

function scopeText({ ports, protocols }: Pick<EnforcedClaim, 'ports' | 'protocols'>): string {
  return `${protocols} ${ports}`;
}

/** The portions of one family, by region. */
export function portionsOf(claims: Iterable<EnforcedClaim>, family: Family): ReadonlyMap<string, Portion> {
  const byRegion = new Map<string, EnforcedClaim[]>();
  for (const each of claims) {
    if (each.ip.family !== family) continue;
    const region = regionOf(family, each.ip.text);
    const known = byRegion.get(region);
    if (known === undefined) byRegion.set(region, [each]);
    else known.push(each);
  }
  return new Map(Array.from(byRegion, ([region, all]) => [region, portionOf(all)]));
}
