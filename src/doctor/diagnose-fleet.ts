/**
 * Checks the fleet of this firewall: its key and folders, the mover, and each peer. In: config, policy, and a preview
 * of a pass. Out: a finding for each; none without a fleet.
 */
import { join } from 'node:path';
import type { FleetConfig } from '../config/config.ts';
import type { Finding } from '../domain/finding.ts';
import { fingerprintOf, type PublicKey } from '../domain/public-key.ts';
import { agoText, countText } from '../domain/words.ts';
import type { PeerReport } from '../fleet/listener.ts';
import { ownKey } from '../fleet/own-key.ts';
import { isSilent, mendOfSilence, mendOfTrouble, troubleText } from '../fleet/peer-problems.ts';
import { readPolicyFile } from '../ledger/policy-files.ts';
import { stateOwner } from '../ledger/state-owner.ts';
import { preview, type Preview } from '../pass/preview.ts';
import type { Policy } from '../policy/policy.ts';
import { access } from '../system/files/access.ts';
import { owned } from '../system/files/owned.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { World } from '../world/world.ts';
import { moverFindings } from './diagnose-mover.ts';

/** Every finding about the fleet. */
export async function fleetFindings(world: World): Promise<readonly Finding[]> {
  const { fleet } = world.config;
  if (fleet === undefined) return unheardFindings(world);
  // If the preview fails, another finding has the reason.
  const found = await preview(world, { firewall: false }).catch(() => undefined);
  const allowed = found?.judgement.allowed;
  const own = await ownKeyFindings(world, fleet);
  return [
    ...own.findings,
    ...folderFindings(fleet, (await stateOwner(world))?.name ?? 'root'),
    ...(fleet.engine === 'folder' ? [] : await moverFindings(world, { fleet, allowed })),
    ...(found === undefined ? [] : peersFindings(found, { fleet, own: own.key, now: world.now() })),
    ...(found === undefined ? [] : await strangerFindings(world, fleet, found.inputs.policy)),
  ];
}

/** Peers in the policy, but no fleet in the config. */
async function unheardFindings(world: World): Promise<readonly Finding[]> {
  const read = await readPolicyFile(world);
  const count = read.kind === 'policy' ? read.policy.peers.size : 0;
  if (count === 0) return [];
  const what = `policy.yaml has ${countText(count, 'peer')}, but the config has no fleet: their bans do not count`;
  return [{ level: 'warn', what, mend: 'add to the config: fleet: { name: NAME }' }];
}

interface OwnKeyFindings {
  readonly findings: readonly Finding[];
  readonly key: PublicKey | undefined;
}

async function ownKeyFindings(world: World, { key: path, name }: FleetConfig): Promise<OwnKeyFindings> {
  const found = owned.look(path);
  const bad = (what: string, mend: string): Finding => ({ level: 'bad', what, mend });
  const only = (finding: Finding): OwnKeyFindings => ({ findings: [finding], key: undefined });
  if (found === undefined)
    return only(bad(`${path}, the signing key of ${name}, is missing`, 'banspool peers key'));
  const owner = await stateOwner(world);
  if (owner !== undefined && found.uid !== owner.uid)
    return only(
      bad(`${path} does not belong to ${owner.name}, who signs with it`, `chown ${owner.name}: ${path}`),
    );
  if ((found.mode & 0o077) !== 0)
    return only(
      bad(`${path} can be read by other users: such a user can publish as ${name}`, `chmod 600 ${path}`),
    );
  try {
    const { key } = await ownKey(world, path, name);
    return { findings: [{ level: 'good', what: `${path}: the key of ${name}, ${fingerprintOf(key)}` }], key };
  } catch (error) {
    const hint = error instanceof BanspoolError ? error.hint : undefined;
    return only(bad(messageOf(error), hint ?? `move ${path} away, and run banspool peers key`));
  }
}

function folderFindings({ folder }: FleetConfig, owner: string): readonly Finding[] {
  const found = access(join(folder, 'out'), 'write');
  // A pass creates the folder.
  const out = found === 'missing' && access(folder, 'write') !== 'allowed' ? 'forbidden' : found;
  const incoming = access(join(folder, 'in'), 'read');
  const findings: Finding[] = [];
  if (out === 'forbidden' || out === 'read-only')
    findings.push({
      ...{ level: 'bad', what: `${folder}/out cannot be written: banspool publishes nothing` },
      mend:
        out === 'read-only'
          ? 'make its file system writable'
          : `mkdir -p ${folder}/out && chown -R ${owner}: ${folder}/out`,
    });
  if (incoming === 'forbidden')
    findings.push({
      ...{ level: 'bad', what: `${folder}/in cannot be read: no publication of a peer is taken in` },
      mend: `chmod -R a+rX ${folder}/in`,
    });
  return findings;
}

interface Circumstances {
  readonly fleet: FleetConfig;
  readonly own: PublicKey | undefined;
  readonly now: number;
}

function peersFindings(
  { inputs: { policy }, peers: { reports } }: Preview,
  { fleet, own, now }: Circumstances,
): readonly Finding[] {
  if (policy.peers.size === 0) {
    const mend = 'run banspool peers key on another firewall, and here banspool peers add NAME --key FILE';
    return [{ level: 'warn', what: `${fleet.name} has no peer`, mend }];
  }
  const names = new Map<string, string>();
  if (own !== undefined) names.set(own.base64, `${fleet.name}, this firewall itself`);
  return Array.from(policy.peers, ([peer, { key }]): Finding => {
    const other = names.get(key.base64);
    names.set(key.base64, peer);
    if (peer === fleet.name) {
      const what = `policy.yaml names ${peer}, this firewall itself, as a peer`;
      return { level: 'bad', what, mend: `banspool peers remove ${peer}` };
    }
    if (other !== undefined) {
      const mend = `run banspool peers key on ${peer}, and here banspool peers add ${peer} --key FILE`;
      return { level: 'bad', what: `${peer} has the same key in policy.yaml as ${other}`, mend };
    }
    return peerFinding(reports.find((each) => each.peer === peer) ?? { peer }, now);
  });
}

/** More than clocks differ that NTP sets, and more than a publication takes to arrive. */
const AHEAD_MS = 60_000;
const BEHIND_MS = 5 * 60_000;

function peerFinding(
  { peer, published, trouble, lag = 0 }: Partial<PeerReport> & Pick<PeerReport, 'peer'>,
  now: number,
): Finding {
  if (trouble !== undefined) {
    const level = MILD.has(trouble.code) ? 'warn' : 'bad';
    return { level, what: `${peer}: ${troubleText(trouble)}`, mend: mendOfTrouble(trouble, peer) };
  }
  if (published === undefined)
    return { level: 'warn', what: `${peer}: not heard yet`, mend: mendOfSilence(peer) };
  const what = `${peer}: last published ${agoText(published, now)}`;
  if (isSilent(published, now)) return { level: 'warn', what, mend: mendOfSilence(peer) };
  const mend = `compare timedatectl on ${peer} and here`;
  if (lag < -AHEAD_MS) {
    const ahead = `${peer}: its clock is ${Math.round(-lag / 1000)} s ahead of this one`;
    return { level: 'warn', what: ahead, mend };
  }
  if (lag > BEHIND_MS) {
    const late = `${peer}: its last publication came ${Math.round(lag / 60_000)} min late: its clock is behind, or the line was down`;
    return { level: 'warn', what: late, mend };
  }
  return { level: 'good', what };
}

/** Troubles that end without the operator, or that the operator of the peer has to fix. */
const MILD: ReadonlySet<string> = new Set(['missing', 'incomplete', 'replayed', 'beyond-limits']);

/** Publications of firewalls that are not peers. */
async function strangerFindings(
  { files }: World,
  { folder, name: self, engine }: FleetConfig,
  { peers }: Policy,
): Promise<readonly Finding[]> {
  const names = await files.names(join(folder, 'in')).catch(() => []);
  const strangers = names.filter((each) => !each.startsWith('.') && !peers.has(each) && each !== self);
  if (strangers.length === 0) return [];
  const what = `${folder}/in has publications of ${strangers.join(', ')}, which policy.yaml does not name: they do not count`;
  const name = strangers.length === 1 ? strangers[0] : 'NAME';
  const source = engine === 'git' ? `delete the branch fw/${name}/claims on the hub` : 'stop the copies';
  const mend = `banspool peers add ${name} --key FILE, or ${source} and remove ${folder}/in/${name}`;
  return [{ level: 'warn', what, mend }];
}
