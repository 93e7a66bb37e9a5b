/**
 * Checks the mover of a fleet: its unit, its ssh key or password, its contact with the hub, and whether a ban could cut
 * off the hub. In: contact.json, and the mover's files as far as the owner of the state sees them. Out: findings.
 */
import { join } from 'node:path';
import type { FleetConfig } from '../config/config.ts';
import type { Finding } from '../domain/finding.ts';
import { contains, parseNet, type Net } from '../domain/net.ts';
import { agoText } from '../domain/words.ts';
import { moverSilence, readContact } from '../fleet/contact.ts';
import { policyPath } from '../ledger/policy-paths.ts';
import { remoteOf } from '../mover/git/ssh-line.ts';
import { ownerOf } from '../system/files/owner.ts';
import { owned } from '../system/files/owned.ts';
import { hubTrouble } from '../system/processes/tool-words.ts';
import type { World } from '../world/world.ts';

interface Circumstances {
  readonly fleet: FleetConfig;
  /** The networks that no ban drops; undefined if they are unknown. */
  readonly allowed: readonly { readonly net: Net }[] | undefined;
}

const UNIT = 'banspool-fleet';

/** Every finding about the mover. */
export async function moverFindings(world: World, circumstances: Circumstances): Promise<readonly Finding[]> {
  const { fleet } = circumstances;
  const host = hostOf(fleet);
  const unit = await unitFinding(world);
  return [
    ...(unit === undefined ? [] : [unit]),
    await contactFinding(world, { fleet, isEnabled: unit === undefined || unit.level === 'good' }),
    ...(host === undefined ? [] : await secretFindings(world, fleet)),
    ...(host === undefined ? [] : await hubFindings(world, { ...circumstances, host })),
  ];
}

/** Undefined if the hub is a folder on this machine. */
function hostOf({ engine, remote = '' }: FleetConfig): string | undefined {
  if (engine === 'valkey') return new URL(remote).hostname.replace(/^\[|\]$/g, '');
  return remoteOf(remote).host?.replace(/^.*@/, '');
}

/** Undefined if the machine does not run systemd. */
async function unitFinding({ files, run }: World): Promise<Finding | undefined> {
  if (files.stamp('/run/systemd/system') === undefined) return undefined;
  const { exitCode } = await run('systemctl', ['is-enabled', '--quiet', `${UNIT}.service`]);
  if (exitCode === 0) return { level: 'good', what: `${UNIT}.service is enabled` };
  const what = `${UNIT}.service is not enabled: the mover does not start with the machine`;
  return { level: 'warn', what, mend: `systemctl enable --now ${UNIT}` };
}

async function contactFinding(
  world: World,
  { fleet, isEnabled }: { readonly fleet: FleetConfig; readonly isEnabled: boolean },
): Promise<Finding> {
  const contact = await readContact(world.files, fleet.folder);
  const now = world.now();
  const silence = moverSilence(contact, { folder: fleet.folder, now });
  if (silence !== undefined) {
    const restart = `systemctl restart ${UNIT}; if it fails, journalctl -u ${UNIT} shows the reason`;
    const mend = isEnabled ? restart : `systemctl enable --now ${UNIT}`;
    return { level: 'bad', what: silence, mend };
  }
  const { at = now, failure } = contact ?? {};
  if (failure === undefined) return { level: 'good', what: `the hub was reached ${agoText(at, now)}` };
  return { level: 'bad', what: `the hub is not reached: ${failure}`, mend: mendOf(failure, fleet) };
}

function mendOf(failure: string, fleet: FleetConfig): string {
  const trouble = hubTrouble(failure);
  const { port } = remoteOf(fleet.remote ?? '');
  const name = hostOf(fleet) ?? '';
  if (trouble === 'key-refused')
    return `copy ${fleet.identity}.pub to the hub, and run there: banspool hub add ${fleet.name} --key FILE`;
  if (trouble === 'dropped')
    return `check that banspool hub list on the hub has ${fleet.name}: sshd drops connections for a while after it refused a key`;
  if (trouble === 'host-changed') {
    const known = port === undefined ? name : `'[${name}]:${port}'`;
    return `if the hub has a new host key, run ${asMover(`ssh-keygen -R ${known} -f ${knownHosts(fleet)}`)}`;
  }
  if (trouble === 'password-refused')
    return `correct the password in ${fleet.password}, or that of the user on the server`;
  if (trouble === 'name-unknown') return 'correct remote in the config, or the name server of this machine';
  return 'check that the hub runs, and that this machine reaches it';
}

/** A command as the account of the mover, for root: the account has no shell. */
function asMover(command: string): string {
  return `runuser -u ${UNIT} -- ${command}`;
}

function knownHosts({ folder }: FleetConfig): string {
  return join(folder, 'mover/known_hosts');
}

/** A file that only the mover may read, its meaning, and how to create it. */
interface Secret {
  readonly path: string;
  readonly what: string;
  readonly mend: string;
}

function secretsOf({ engine, identity, password, certificate, remote = '' }: FleetConfig): readonly Secret[] {
  if (engine === 'git') {
    const mend = asMover(`ssh-keygen -q -t ed25519 -N '' -f ${identity}`);
    return [{ path: identity, what: 'the ssh key of the mover', mend }];
  }
  const hasUser = new URL(remote).username !== '';
  return [
    ...(hasUser
      ? [{ path: password, what: 'the password of the mover', mend: `write it to ${password}` }]
      : []),
    ...(certificate === undefined
      ? []
      : [
          {
            path: certificate,
            what: 'the certificate of the mover',
            mend: 'correct certificate in the config',
          },
        ]),
  ];
}

const GROUP_READS = 0o040;
const OTHERS = 0o007;
const GROUP_AND_OTHERS = 0o077;

/**
 * Each file must belong to the mover, which is the owner of its folder. ssh uses no key that another user can read. A
 * password may also belong to root, if the group of the mover can read it.
 */
async function secretFindings({ run }: World, fleet: FleetConfig): Promise<readonly Finding[]> {
  const folder = join(fleet.folder, 'mover');
  const mover = await ownerOf(folder, run);
  const group = fleet.engine === 'git' ? undefined : owned.look(folder)?.gid;
  return secretsOf(fleet).flatMap(({ path, what, mend }): readonly Finding[] => {
    const found = owned.look(path);
    if (found === undefined) return [{ level: 'bad', what: `${what}, ${path}, is missing`, mend }];
    const findings: Finding[] = [];
    const isOfGroup = found.gid === group && (found.mode & GROUP_READS) !== 0;
    if (mover !== undefined && found.uid !== mover.uid && !isOfGroup) {
      const foreign = `${path} does not belong to ${mover.name}, who logs in to the hub with it`;
      findings.push({ level: 'bad', what: foreign, mend: `chown ${mover.name}: ${path}` });
    }
    if ((found.mode & (isOfGroup ? OTHERS : GROUP_AND_OTHERS)) !== 0) {
      const refused = fleet.engine === 'git' ? ', and ssh does not use such a key' : '';
      const open = `${path} can be read by other users${refused}`;
      findings.push({ level: 'bad', what: open, mend: `chmod 600 ${path}` });
    }
    return findings.length > 0 ? findings : [{ level: 'good', what: `${path}: ${what}` }];
  });
}

interface Hub extends Circumstances {
  readonly host: string;
}

/** A ban also drops the answers of the hub. */
async function hubFindings(world: World, { fleet, allowed, host }: Hub): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  if (fleet.engine === 'git' && world.files.stamp(knownHosts(fleet)) === undefined)
    findings.push({
      level: 'good',
      what: `the host key of ${host} is not known yet: the first connection accepts it`,
    });
  const { stdout } = await world.run('getent', ['ahosts', host]);
  const addresses = [...new Set(stdout.split('\n').map((line) => line.split(' ')[0] ?? ''))].filter(
    (text) => parseNet(text) !== undefined,
  );
  if (addresses.length === 0) {
    const mend = 'correct remote in the config, or the name server of this machine';
    return [...findings, { level: 'bad', what: `${host}, the hub in remote, has no address`, mend }];
  }
  if (allowed === undefined) return findings;
  const open = addresses.filter((text) => {
    const net = parseNet(text);
    return net !== undefined && !allowed.some((each) => contains(each.net, net));
  });
  if (open.length === 0) return [...findings, { level: 'good', what: `no ban can drop the hub, ${host}` }];
  const what = `a ban of ${open.join(' or ')} would cut this firewall off from the hub, ${host}`;
  const lines = open.map((net) => `- { net: "${net}", note: hub }`).join(' and ');
  return [...findings, { level: 'warn', what, mend: `add to allow in ${policyPath(world)}: ${lines}` }];
}
