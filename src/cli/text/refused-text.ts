/** What to do about refused files: by the codes that they were refused with, each way once. */
import type { Refusal } from '../../domain/refusals.ts';

interface Refused {
  readonly server: string;
  readonly code: string | undefined;
}

/** One sentence for each way, without a full stop, that names the servers. */
export function refusedHints(files: readonly Refused[]): readonly string[] {
  const servers = new Map<Way, Set<string>>();
  for (const { server, code } of files) {
    const way = code !== undefined && code in WAYS ? WAYS[code as Refusal['code']] : 'form';
    const known = servers.get(way) ?? new Set();
    servers.set(way, known.add(server));
  }
  return Array.from(servers, ([way, names]) => HINTS[way](namesText([...names])));
}

/** What helps. */
type Way = 'limit' | 'name' | 'transfer' | 'form';

const HINTS: Readonly<Record<Way, (servers: string) => string>> = {
  limit: (servers) =>
    `to allow it, change limits in policy.yaml; the next snapshot of ${servers} then brings the ban again`,
  name: (servers) => `find what else than banspool-send writes into the spool of ${servers}`,
  transfer: (servers) => `a transfer was interrupted; banspool-send on ${servers} sends the ban again`,
  form: (servers) =>
    `update banspool-send on ${servers}, or correct the program that writes these files: see banspool-intent(5)`,
};

const WAYS: Readonly<Record<Refusal['code'], Way>> = {
  'wrong-name': 'name',
  odd: 'name',
  incomplete: 'transfer',
  'not-utf8': 'form',
  'control-character': 'form',
  'too-long': 'form',
  'no-ban': 'form',
  'too-deep': 'form',
  'too-many-indicators': 'form',
  'not-yaml': 'form',
  'not-a-mapping': 'form',
  directive: 'form',
  alias: 'form',
  anchor: 'form',
  tag: 'form',
  'odd-key': 'form',
  'forbidden-key': 'form',
  'missing-field': 'form',
  'wrong-field': 'form',
  'jail-not-listed': 'limit',
  'too-many-jails': 'limit',
  'too-wide': 'limit',
  'too-many-claims': 'limit',
  'too-many-unbans': 'limit',
};

/** Beyond them a count tells. */
const MOST_NAMES = 5;

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
