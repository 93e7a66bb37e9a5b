/**
 * Judges the claims region by region, and again only where something changed: what one ban costs does not depend on how
 * many there are. Nothing is kept of single claims but what the firewall has to hold.
 */
import { portionOf, type Portion } from '../desired/portion.ts';
import type { Family } from '../net/net.ts';
import { judge, type Circumstances, type Judgement } from '../policy/judge.ts';
import { liveClaimsIn } from '../state/live.ts';
import type { Shard, State } from '../state/state.ts';

export interface Judged extends Pick<Judgement, 'deny' | 'allowed' | 'nextChange'> {
  /** What is enforced, by family and region. */
  readonly portions: Readonly<Record<Family, ReadonlyMap<string, Portion>>>;
  /** Different addresses in different jails, and denied nets. */
  readonly bans: number;
  /** Live ones, enforced or not. */
  readonly claims: number;
  /** Those of them that are not. */
  readonly ignored: number;
}

interface JudgedRegion {
  readonly shard: Shard;
  readonly portion: Portion;
  readonly bans: number;
  readonly claims: number;
  readonly ignored: number;
  /** Good from then until that moment, by the wall clock, which may be set back. */
  readonly from: number;
  readonly nextChange: number;
}

export class RegionJudge {
  #regions = new Map<string, JudgedRegion>();
  #grounds = '';
  #policy: Circumstances['policy'] | undefined;
  #servers: State['servers'] | undefined;
  #scopes = '';

  /** Judges all claims that live. */
  judge(state: State, circumstances: Circumstances): Judged {
    const { deny, allowed, nextChange } = judge([], circumstances);
    this.#forgetUnless(circumstances.policy, [
      ...allowed.map(({ net, source }) => `${net.text} ${source}`),
      this.#scopesOf(state),
    ]);
    const portions = { ipv4: new Map<string, Portion>(), ipv6: new Map<string, Portion>() };
    const regions = new Map<string, JudgedRegion>();
    let bans = deny.length;
    let claims = 0;
    let ignored = 0;
    let next = nextChange;
    for (const [name, shard] of state.shards) {
      const region = this.#judgeRegion(name, shard, { state, circumstances });
      regions.set(name, region);
      if (region.portion.size > 0)
        portions[name.startsWith('ipv4/') ? 'ipv4' : 'ipv6'].set(name, region.portion);
      bans += region.bans;
      claims += region.claims;
      ignored += region.ignored;
      next = Math.min(next, region.nextChange);
    }
    this.#regions = regions;
    return { portions, deny, allowed, bans, claims, ignored, nextChange: next };
  }

  #judgeRegion(
    name: string,
    shard: Shard,
    { state, circumstances }: { state: State; circumstances: Circumstances },
  ): JudgedRegion {
    const { now } = circumstances;
    const known = this.#regions.get(name);
    const isGood =
      known?.shard === shard && known.from <= now && now < known.nextChange && now < shard.nextEnd;
    if (isGood) return known;
    const { enforced, ignored, nextChange } = judge(liveClaimsIn(shard, state, now), circumstances);
    const portion = portionOf(enforced);
    let bans = 0;
    for (const { members } of portion.values()) bans += members.size;
    const claims = enforced.length + ignored.length;
    return { shard, portion, bans, claims, ignored: ignored.length, from: now, nextChange };
  }

  /** Whatever a judgement rests on beside the claims themselves. */
  #forgetUnless(policy: Circumstances['policy'], grounds: readonly string[]): void {
    const text = grounds.join('\n');
    if (policy === this.#policy && text === this.#grounds) return;
    this.#policy = policy;
    this.#grounds = text;
    this.#regions.clear();
  }

  /** What jails say of ports, which is what their claims are about. */
  #scopesOf({ servers }: State): string {
    if (servers === this.#servers) return this.#scopes;
    const lines: string[] = [];
    for (const [server, jails] of servers) {
      for (const [jail, { scope }] of jails) {
        if (scope !== undefined)
          lines.push(`${server} ${jail} ${scope.said} ${scope.ports} ${scope.protocols}`);
      }
    }
    this.#servers = servers;
    this.#scopes = lines.sort().join('\n');
    return this.#scopes;
  }
}
