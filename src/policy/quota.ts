/**
 * What servers hold, held against what they may hold. An intent is asked about before it is folded, and is counted
 * once it is accepted, so that the next one is held against what there will be: never more than what is counted here.
 */
import type { Intent, SnapshotIntent } from '../intent/intent.ts';
import { liftName } from '../domain/names.ts';
import type { Refusal } from '../domain/refusals.ts';
import type { Net } from '../domain/net.ts';
import type { Census, Holding } from './census.ts';
import type { State } from '../claims/state.ts';
import { limitsOf, MAX_JAILS, widestOf } from './limits.ts';
import type { Limits } from './limit-schemas.ts';
import type { Policy } from './policy.ts';

interface QuotaOptions {
  readonly state: State;
  readonly policy: Policy;
  /** Remembers what it counted of shards that are in more than one state. */
  readonly census: Census;
}

export class Quota {
  readonly #options: QuotaOptions;
  readonly #accounts = new Map<string, Account>();

  constructor({ state, policy, census }: QuotaOptions) {
    this.#options = { state, policy, census };
  }

  /** What the server will hold with what was accepted. */
  holdingOf(server: string): Holding {
    return this.#accountOf(server).holding;
  }

  /** True when the server will ban exactly this address or network in the jail. */
  holds(server: string, jail: string, ip: Net): boolean {
    const accepted = this.#accountOf(server).accepted.get(jail);
    if (accepted?.addresses.has(ip.text) === true) return true;
    if (accepted?.isWhole === true) return false;
    const { state, census } = this.#options;
    return census.isHeld({ ip, server, jail }, state);
  }

  /** Why the intent goes beyond what the server may say; undefined when it does not. */
  refusalOf(server: string, intent: Intent): Refusal | undefined {
    const { limits, holding } = this.#accountOf(server);
    const { jail } = intent;
    if (intent.intent === 'unban') {
      if (this.holds(server, jail, intent.ip) || holding.tombstones < limits.claims) return undefined;
      return { code: 'too-many-unbans', server, ip: intent.ip.text, most: limits.claims };
    }
    if (limits.jails !== undefined && !limits.jails.includes(jail)) {
      return { code: 'jail-not-listed', server, jail, jails: limits.jails };
    }
    if (!holding.jails.has(jail) && holding.jails.size >= MAX_JAILS) {
      return { code: 'too-many-jails', server, most: MAX_JAILS };
    }
    switch (intent.intent) {
      case 'ban':
      case 'prolong': {
        const more = this.holds(server, jail, intent.ip) ? 0 : 1;
        return tooWide(intent.ip, limits, server) ?? tooMany(holding.claims + more, limits, server);
      }
      case 'snapshot': {
        const wide = intent.bans
          .map(({ ip }) => tooWide(ip, limits, server))
          .find((refusal) => refusal !== undefined);
        return wide ?? this.#tooManyListed(server, intent);
      }
      case 'start':
      case 'reload':
      case 'stop':
      case 'flush':
        return undefined;
    }
  }

  /** Counts what an intent will add. */
  accept(server: string, intent: Intent): void {
    const { jail, time } = intent;
    const inJail = this.#accountOf(server).holding.inJail(jail);
    switch (intent.intent) {
      case 'ban':
      case 'prolong':
        this.#claim(server, jail, intent.ip);
        inJail.newest = Math.max(inJail.newest, time);
        return;
      case 'unban':
        this.#remember(server, liftName(jail, intent.of), intent.ip);
        return;
      case 'snapshot':
        // As tooManyListed counts it, or what is accepted next would be held against something else.
        if (intent.adds !== true && time > inJail.newest) this.#replace(server, intent);
        else for (const { ip } of intent.bans) this.#claim(server, jail, ip);
        inJail.newest = Math.max(inJail.newest, time);
        return;
      case 'start':
      case 'reload':
      case 'stop':
      case 'flush':
        return;
    }
  }

  /**
   * A snapshot that is newer than all that was heard of its jail ends whatever it does not list. Of one that is not,
   * something stands beside what it lists: it is held to the sum, or it would be a way round the limit.
   */
  #tooManyListed(server: string, { jail, time, bans, adds }: SnapshotIntent): Refusal | undefined {
    const more = bans.filter(({ ip }) => !this.holds(server, jail, ip)).length;
    if (more === 0) return undefined;
    const { limits, holding } = this.#accountOf(server);
    const { claims: ended = 0, newest = -Infinity } = holding.jails.get(jail) ?? {};
    const isWhole = adds !== true && time > newest;
    return tooMany(holding.claims + (isWhole ? bans.length - ended : more), limits, server);
  }

  #claim(server: string, jail: string, ip: Net): void {
    if (this.holds(server, jail, ip)) return;
    const { holding, accepted } = this.#accountOf(server);
    const inJail = accepted.get(jail);
    if (inJail === undefined) accepted.set(jail, { addresses: new Set([ip.text]), isWhole: false });
    else inJail.addresses.add(ip.text);
    holding.inJail(jail).claims += 1;
    holding.claims += 1;
  }

  #remember(server: string, lift: string, ip: Net): void {
    const { holding, unbanned } = this.#accountOf(server);
    const key = `${ip.text} ${lift}`;
    if (unbanned.has(key) || this.holds(server, lift, ip)) return;
    unbanned.add(key);
    holding.tombstones += 1;
  }

  /** The jail will hold what the snapshot lists, and nothing else. */
  #replace(server: string, { jail, bans }: SnapshotIntent): void {
    const { holding, accepted } = this.#accountOf(server);
    const inJail = holding.inJail(jail);
    const addresses = new Set(bans.map(({ ip }) => ip.text));
    accepted.set(jail, { addresses, isWhole: true });
    holding.claims += addresses.size - inJail.claims;
    inJail.claims = addresses.size;
  }

  #accountOf(server: string): Account {
    let account = this.#accounts.get(server);
    if (account === undefined) {
      const { state, policy, census } = this.#options;
      const holding = census.holdingOf(server, state);
      account = { limits: limitsOf(server, policy), holding, accepted: new Map(), unbanned: new Set() };
      this.#accounts.set(server, account);
    }
    return account;
  }
}

interface Account {
  readonly limits: Limits;
  readonly holding: Holding;
  /** By jail. */
  readonly accepted: Map<string, Accepted>;
  /** Address and jail of unbans that are about to be remembered. */
  readonly unbanned: Set<string>;
}

/** What is about to be claimed in a jail. */
interface Accepted {
  readonly addresses: Set<string>;
  /** True when a snapshot among it ends what the state holds beside it. */
  readonly isWhole: boolean;
}

function tooWide(ip: Net, limits: Limits, server: string): Refusal | undefined {
  const widest = widestOf(ip, limits);
  if (ip.prefix >= widest) return undefined;
  return { code: 'too-wide', server, ip: ip.text, widest };
}

function tooMany(claims: number, limits: Limits, server: string): Refusal | undefined {
  if (claims <= limits.claims) return undefined;
  return { code: 'too-many-claims', server, claims, most: limits.claims };
}
