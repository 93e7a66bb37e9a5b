/**
 * Finds words for a command line: in the files of the state and the names of the spool, without git, the firewall or
 * the lock. It reads plain files and follows no links, so that root may run it on what another account owns.
 */
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { SERVER_NAME } from '../../domain/names.ts';
import { isServerName } from '../../domain/origin.ts';
import { policyPath } from '../../ledger/policy-paths.ts';
import { readPolicy } from '../../policy/policy.ts';
import { namesNow, readPlainNow } from '../../system/files/read-now.ts';
import { claimsIn, jailsIn } from './claim-lines.ts';
import type { WordKind } from './word-kinds.ts';

/** A shard of claims at 100,000 bans has 100 KB; what is much larger is no file to wait for. */
const MOST_BYTES = 8 * 1024 * 1024;

type Folders = Pick<Config, 'spool' | 'state'>;

/** Words that may begin with `prefix`, in any order and more than once; of what cannot be read none. */
export function findWords(
  { spool, state }: Folders,
  { kind, prefix, now }: { readonly kind: WordKind; readonly prefix: string; readonly now: number },
): readonly string[] {
  switch (kind) {
    case 'addresses':
      return claimTexts(state, prefix).flatMap((text) => Array.from(claimsIn(text, now), ({ ip }) => ip));
    case 'claimants': {
      const claiming = claimTexts(state).flatMap((text) =>
        Array.from(claimsIn(text, now), ({ claimant }) => claimant),
      );
      return [...servers(spool, state), ...claiming];
    }
    case 'servers':
      return servers(spool, state).filter(isServerName);
    case 'jails': {
      const claimed = claimTexts(state).flatMap((text) =>
        Array.from(claimsIn(text, now), ({ jail }) => jail),
      );
      return [...serverTexts(state).flatMap(jailsIn), ...claimed];
    }
    case 'peers': {
      const read = readPolicy(readPlainNow(policyPath({ config: { state } }), MOST_BYTES) ?? '');
      return read.kind === 'policy' ? [...read.policy.peers.keys()] : [];
    }
  }
}

/** Those that have a folder in the spool, or jails in the state. */
function servers(spool: string, state: string): readonly string[] {
  const known = namesNow(join(state, 'servers')).map((name) => name.replace(/\.yaml$/, ''));
  return [...namesNow(spool), ...known].filter((name) => SERVER_NAME.test(name));
}

function serverTexts(state: string): readonly string[] {
  return namesNow(join(state, 'servers')).flatMap(
    (name) => readPlainNow(join(state, 'servers', name), MOST_BYTES) ?? [],
  );
}

/** The shards in which an address that begins so may stand. */
function claimTexts(state: string, prefix = ''): readonly string[] {
  return ['claims', 'peers'].flatMap((folder) =>
    (['ipv4', 'ipv6'] as const).flatMap((family) => {
      const path = join(state, folder, family);
      const names = namesNow(path).filter((name) => name.endsWith('.yaml') && mayHold(family, name, prefix));
      return names.flatMap((name) => readPlainNow(join(path, name), MOST_BYTES) ?? []);
    }),
  );
}

/** IPv4 stands in the file of its first number; a file of IPv6 has a name that does not tell. */
function mayHold(family: 'ipv4' | 'ipv6', name: string, prefix: string): boolean {
  if (family === 'ipv6') return !prefix.includes('.') && /^[\da-f:]*(?:\/\d*)?$/i.test(prefix);
  if (!/^[\d./]*$/.test(prefix)) return false;
  const [first = ''] = prefix.split(/[./]/);
  return prefix === first ? name.startsWith(first) : name === `${first}.yaml`;
}
