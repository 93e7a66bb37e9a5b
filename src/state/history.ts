/** Reads the history of claims out of `git log -p`: it holds by whatever hand a commit was made. */
import type { Net } from '../net/net.ts';
import { claimKey, type Claim } from './claim.ts';
import { decodeClaims } from './codec.ts';
import { diffStates, type ClaimChange } from './diff.ts';
import { EMPTY_STATE, formerShardOf, makeShard, shardOf, type State } from './state.ts';

export interface HistoryEntry {
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly author: string;
  readonly changes: readonly ClaimChange[];
}

/** For git log: one record a commit, and of the files only the lines that changed. */
export const HISTORY_ARGS = ['log', '--no-color', '--format=%x00%H%x01%ct%x01%an', '-p', '-U0'] as const;

/** For git log: the commits that tell of repairs of the firewall. */
export const REPAIRS_ARGS = [
  'log',
  '--no-color',
  '--format=%x00%H%x01%ct%x01%b',
  '--grep=^drift: ',
  // As earlier versions told of them.
  '--grep=^repaired: ',
] as const;

/** For git log: the commits that tell what an edit of the policy lifted and dropped. */
export const POLICY_ARGS = ['log', '--no-color', '--format=%x00%H%x01%ct%x01%b', '--grep=^policy: '] as const;

/** The lines of one commit that tell of the policy, of this address alone where one is named. */
export function policyLinesOn(lines: readonly string[], ip: Net | undefined): readonly string[] {
  return lines.filter((line) => {
    const about = /^policy: (?:ban|deny|end|and) ([^\s:]\S*?)(?::? |$)/.exec(line)?.[1];
    return about !== undefined && (ip === undefined || about === ip.text);
  });
}

/**
 * For git log: only the commits that changed a line with this address; else it would print every change of the shard. The
 * address stands with quotes, as we write it, or without, as a person may; what only begins or ends like it is another.
 */
export function argsAbout(ip: Net): readonly string[] {
  const pattern = `(^|[^0-9a-f.])${ip.text.replaceAll('.', '\\.')}($|[^0-9a-f:.])`;
  const shards = new Set([shardOf(ip), formerShardOf(ip)]);
  return [
    '--regexp-ignore-case',
    '-G',
    pattern,
    '--',
    ...Array.from(shards, (shard) => `claims/${shard}.yaml`),
  ];
}

export interface Repair {
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly lines: readonly string[];
}

/** Newest first. */
export function parseRepairs(log: string): readonly Repair[] {
  return log
    .split('\0')
    .slice(1)
    .map((text) => {
      const [commit = '', seconds = '0', body = ''] = text.split('\x01');
      const lines = body.split('\n').filter((line) => line !== '');
      return { commit, time: Number(seconds) * 1000, lines };
    });
}

/** Newest first, as git gives it; commits that changed no ban are left out. */
export function parseHistory(log: string): readonly HistoryEntry[] {
  return log
    .split('\0')
    .slice(1)
    .map(parseCommit)
    .filter(({ changes }) => changes.length > 0);
}

function parseCommit(text: string): HistoryEntry {
  const [head = '', ...lines] = text.split('\n');
  const [commit = '', seconds = '0', author = ''] = head.split('\x01');
  const time = Number(seconds) * 1000;
  const changes = diffStates(stateOf(lines, '-'), stateOf(lines, '+'), time);
  return { commit, time, author, changes };
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
