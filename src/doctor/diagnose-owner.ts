/**
 * Whether all that a pass writes to is the owner's of the state: root could write there all the same, and would not
 * see.
 */
import { dirname, join } from 'node:path';
import { foreignEntries, isForeign, isOpenToAll } from '../system/files/foreign-entries.ts';
import type { Owner } from '../system/files/owner.ts';
import type { Finding } from '../domain/finding.ts';
import { stateOwner } from '../ledger/state-owner.ts';
import type { World } from '../world/world.ts';

/**
 * Of state, rejected and runtime folder; nothing below these is looked at, since a root's pass leaves traces in them.
 */
export async function ownerFindings(world: World): Promise<readonly Finding[]> {
  const owner = await stateOwner(world);
  if (owner === undefined) return [];
  const { state, rejected, runtime, metrics } = world.config;
  const found = [
    ownerFinding(owner, entriesOfState(state, owner), `chown -R ${owner.name}: ${state}`),
    ownerFinding(owner, foreignEntries(rejected, owner), `chown -R ${owner.name}: ${rejected}`),
    // Not all of the folder: without a runtime of its own it is the one that the state stands in, with others' files.
    ...[runtime, join(runtime, 'status.json'), metrics].map((path) =>
      ownerFinding(owner, isForeign(path, owner) ? [path] : [], `chown ${owner.name}: ${path}`),
    ),
    openFinding(state),
  ].filter((finding) => finding !== undefined);
  if (found.length > 0) return found;
  return [{ level: 'good', what: `state, rejected and runtime belong to ${owner.name}` }];
}

/** Of a state made by an earlier version: it holds who was banned by whom, and the policy. */
function openFinding(state: string): Finding | undefined {
  const ways = [state, dirname(state)];
  if (!ways.every((path) => isOpenToAll(path))) return undefined;
  return {
    level: 'warn',
    what: `${state} is readable by every user of this machine`,
    mend: `chmod 750 ${state}`,
  };
}

/** People's own files at the top, such as policy.yaml, need no more than to be readable. */
function entriesOfState(state: string, owner: Owner): readonly string[] {
  const written = [
    '.git',
    'claims',
    'claims/ipv4',
    'claims/ipv6',
    'peers',
    'peers/ipv4',
    'peers/ipv6',
    'seen',
    'seen/ipv4',
    'seen/ipv6',
    'servers',
  ];
  return [
    ...[state].filter((path) => isForeign(path, owner)),
    ...written.flatMap((name) => foreignEntries(join(state, name), owner)),
  ];
}

function ownerFinding(owner: Owner, foreign: readonly string[], mend: string): Finding | undefined {
  const [first, ...others] = [...new Set(foreign)];
  if (first === undefined) return undefined;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const verb = others.length > 0 ? 'do' : 'does';
  return {
    level: 'bad',
    what: `${first}${more} ${verb} not belong to ${owner.name}, who cannot write there`,
    mend,
  };
}
