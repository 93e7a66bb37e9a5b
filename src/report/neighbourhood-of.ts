/** What is told of one banned address beside its count: who bans it, since when, and what else is banned around it. */
import type { Claim } from '../claims/claim.ts';
import { ClaimTable } from '../claims/table/claim-table.ts';
import type { Shard } from '../claims/state.ts';
import { jailNamesOf } from '../desired/jail-name.ts';
import type { Conclusion } from '../desired/conclude.ts';
import { contains, netOf, parseNet, regionOf, type Net } from '../domain/net.ts';
import type { BanLine } from './report.ts';
import { claimsOf, memberFor, type ConcludedRegion, type Moment } from './standing.ts';

interface Neighbourhood extends Pick<BanLine, 'servers' | 'since'> {
  readonly net: string;
  readonly inNet: number;
}

/** The network around an address: that of a site, as providers hand them out. */
const AROUND = { ipv4: 24, ipv6: 48 } as const;

/** Looks up one ban, and how many addresses in the network around it are banned too. */
export function neighbourhoodOf(
  { ip, jail }: Pick<BanLine, 'ip' | 'jail'>,
  conclusion: Conclusion,
  moment: Moment,
): Neighbourhood {
  const address = netOf(ip);
  const around = aroundOf(address);
  const region = conclusion.regions.get(regionOf(address.family, ip));
  const near = region && onlyThose(region, (claim) => contains(around, claim.ip));
  const claims = near === undefined ? [] : Array.from(claimsOf(near, moment));
  // What is dropped may be a network around what is claimed.
  const own = claims.filter(
    (claim) =>
      jailNamesOf(claim).includes(jail) && near !== undefined && memberFor(near.portion, claim) === ip,
  );
  return {
    servers: own.length === 0 ? [jail] : own.map(({ server }) => server),
    since: own.length === 0 ? undefined : Math.max(...own.map(({ since }) => since)),
    net: around.text,
    inNet: new Set(claims.map((claim) => claim.ip.text)).size,
  };
}

function aroundOf(address: Net): Net {
  const prefix = AROUND[address.family];
  if (address.prefix <= prefix) return address;
  return parseNet(`${address.text.replace(/\/.*/, '')}/${prefix}`) ?? address;
}

/** The region with those claims alone. */
function onlyThose(concluded: ConcludedRegion, isWanted: (claim: Claim) => boolean): ConcludedRegion {
  const only = (shard: Shard): Shard => {
    const claims = new Map<string, Claim>();
    for (const [key, claim] of shard.claims) if (isWanted(claim)) claims.set(key, claim);
    return { ...shard, claims: ClaimTable.of(claims) };
  };
  const { own, given } = concluded.region;
  return { ...concluded, region: { own: own && only(own), given: given.map(only) } };
}
