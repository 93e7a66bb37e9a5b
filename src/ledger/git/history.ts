/** Reads the history of claims out of the patches of commits: it holds by whatever hand a commit was made. */
import { contains, FULL_PREFIX, netOf, parseNet, type Net } from '../../domain/net.ts';
import type { Commit } from './commit-log.ts';
import { claimKey, type Claim } from '../../claims/claim.ts';
import { peerOf } from '../../domain/names.ts';
import { decodeClaims } from '../store/codec.ts';
import type { ListChange } from '../notes.ts';
import { diffStates, type ClaimChange } from '../../claims/diff.ts';
import { allClaims, EMPTY_STATE, formerShardOf, makeShard, shardOf, type State } from '../../claims/state.ts';

/** What a commit did to what is claimed. */
interface ClaimHistory {
  readonly changes: readonly ClaimChange[];
  /** What operators of peers lifted. */
  readonly lifts: readonly Lift[];
}

/** What a peer's operator lifted: the claims that it lifts are held as they are, and count no more. */
export interface Lift {
  readonly ip: Net;
  /** Such as `fw2/local`. */
  readonly server: string;
  /** As {@link liftWords} takes it. */
  readonly jail: string;
}

/** The lines of a commit's message that tell of repairs of the firewall, also as earlier versions told of them. */
export function repairLinesOf({ body }: Pick<Commit, 'body'>): readonly string[] {
  return body.filter((line) => /^(?:drift|repaired): /.test(line));
}

/** The lines of a commit's message that tell what became of lists. */
export function listLinesOf({ body }: Pick<Commit, 'body'>): readonly string[] {
  return body.filter((line) => readListLine(line) !== undefined);
}

/** What {@link listLine} said. */
export function readListLine(line: string): ListChange | undefined {
  const [, name, before, after, sha256] =
    /^list ([a-z0-9][a-z0-9._-]*): ([\d,]+) -> ([\d,]+) entries(?:, sha256 ([0-9a-f]+))?$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const count = (text = ''): number => Number(text.replaceAll(',', ''));
  return { name, before: count(before), after: count(after), sha256 };
}

/**
 * The lines of one commit that tell of the policy; where a net is named, of what it holds and of what holds it alone.
 */
export function policyLinesOn(lines: readonly string[], ip: Net | undefined): readonly string[] {
  return lines.filter((line) => {
    const about = /^policy: (?:ban|deny|end|and) ([^\s:]\S*?)(?::? |$)/.exec(line)?.[1];
    if (about === undefined || ip === undefined) return about !== undefined;
    const net = parseNet(about);
    return net !== undefined && isAbout(net, ip);
  });
}

/** True for an address or net that is inside of `ip`, or around it. */
export function isAbout(net: Net, ip: Net): boolean {
  return contains(net, ip) || contains(ip, net);
}

/**
 * For git: only the commits that changed a line about this address or net; else it would print every change of the
 * shards. These are lines with it, with what is inside it, and with any net, of which only some are around it: whoever
 * reads the commits holds them to {@link isAbout}. What only begins or ends like the address is another.
 */
export function diffAbout(ip: Net): readonly string[] {
  const single = `${ip.text.replaceAll('.', '\\.')}($|[^0-9a-f:.])`;
  const own = ip.prefix === FULL_PREFIX[ip.family] ? single : beginningOf(ip);
  const pattern = `(^|[^0-9a-f.])(${own}|[0-9a-f:.]+/[0-9])`;
  return ['--regexp-ignore-case', '-G', pattern, '--', ...filesAbout(ip)];
}

/** For git log: what finds all commits about it; undefined for a net so wide that nearly every commit may be. */
export function selectAbout(ip: Net): readonly (readonly string[])[] | undefined {
  if (ip.prefix < REGION_PREFIX[ip.family]) return undefined;
  return [diffAbout(ip), ['--grep=^policy: ']];
}

/** How the text of everything inside a net begins, by whatever hand; a group of zeros may be left out in the text. */
function beginningOf({ family, text, prefix }: Net): string {
  const isIpv4 = family === 'ipv4';
  const [mark, bits] = isIpv4 ? ['\\.', 8] : [':', 16];
  const whole = text.split(isIpv4 ? '.' : ':').slice(0, Math.floor(prefix / bits));
  const end = isIpv4 ? -1 : whole.findIndex((group) => group === '' || group === '0');
  const known = end === -1 ? whole : whole.slice(0, end);
  return known.length === 0 ? '[0-9a-f:]' : known.map((part) => `0*${part}${mark}`).join('');
}

/** The files that may hold it, what is inside it, and the nets around it, also where earlier versions had them. */
function filesAbout(ip: Net): readonly string[] {
  if (ip.prefix < REGION_PREFIX[ip.family]) return FOLDERS.map((folder) => `${folder}/${ip.family}`);
  const [address = ''] = ip.text.split('/');
  const around = Array.from({ length: REGION_PREFIX[ip.family] }, (_, prefix) =>
    netOf(`${address}/${prefix}`),
  );
  const shards = new Set([ip, ...around].flatMap((net) => [shardOf(net), formerShardOf(net)]));
  return FOLDERS.flatMap((folder) => Array.from(shards, (shard) => `${folder}/${shard}.yaml`));
}

/** Of claims: this firewall's and peers'. */
export const FOLDERS = ['claims', 'peers'];

/** A net of so many bits is in one region, and so are all inside it. */
const REGION_PREFIX = { ipv4: 8, ipv6: 48 } as const;

/** What the patch of a commit says, by whatever hand it was made. */
export function claimsIn({ time, patch }: Pick<Commit, 'time' | 'patch'>): ClaimHistory {
  // git cuts the fraction: what ended within that second had ended.
  const [before, after] = [stateOf(patch, '-'), stateOf(patch, '+')];
  return { changes: diffStates(before, after, time + 999), lifts: newLifts(before, after) };
}

function newLifts(before: State, after: State): readonly Lift[] {
  return Array.from(allClaims(after)).filter(({ ip, server, jail, bans, unbanned }) => {
    if (bans.length > 0 || unbanned === undefined || peerOf(server) === undefined) return false;
    const known = before.shards.get(shardOf(ip))?.claims.get(claimKey({ ip, server, jail }));
    return known?.unbanned !== unbanned;
  });
}

/** The claims on one side of the diff, as a state. */
function stateOf(lines: readonly string[], sign: '-' | '+'): State {
  const shards = new Map<string, Map<string, Claim>>();
  for (const line of lines) {
    if (!line.startsWith(`${sign}- `)) continue;
    const decoded = decodeClaims(line.slice(1));
    for (const claim of decoded.kind === 'decoded' ? decoded.items : []) {
      const name = shardOf(claim.ip);
      const shard = shards.get(name) ?? new Map<string, Claim>();
      shards.set(name, shard.set(claimKey(claim), claim));
    }
  }
  return {
    ...EMPTY_STATE,
    shards: new Map(Array.from(shards, ([name, claims]) => [name, makeShard(claims)])),
  };
}
