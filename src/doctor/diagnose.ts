/** Looks at the machine as a pass would need it, and names a mend for whatever it lacks. */
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Family } from '../domain/net.ts';
import { isSenderName, reservedNames } from '../domain/origin.ts';
import { sweep } from '../spool/sweep.ts';
import { EMPTY_STATE } from '../claims/state.ts';
import { access } from '../system/files/access.ts';
import { isRoot } from '../system/host.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { adoptUnclaimed, familiesToAdopt } from '../pass/beginning.ts';
import { fleetFindings } from './diagnose-fleet.ts';
import { messageFindings } from './diagnose-messages.ts';
import { firewallFindings } from './diagnose-firewall.ts';
import { listFindings } from './diagnose-lists.ts';
import { lockoutFindings } from './diagnose-lockouts.ts';
import { ownerFindings } from './diagnose-owner.ts';
import { about, type Finding, type SubjectFinding } from '../domain/finding.ts';
import { findDetachedHead } from '../ledger/detached-head.ts';
import { gitOfOwner } from '../ledger/git-of-owner.ts';
import { Ledger } from '../ledger/ledger.ts';
import { stateOwner } from '../ledger/state-owner.ts';
import { missingText } from '../ledger/whole.ts';
import type { StateRepository } from '../ledger/git/git.ts';
import { lastGoodPolicy } from '../ledger/policy-in-git.ts';
import { readPolicyFile } from '../ledger/policy-files.ts';
import { policyPath } from '../ledger/policy-paths.ts';
import { mendOfGit } from '../ledger/mend-of-git.ts';
import { mendOfFolder, mendOfSpool, mendOfStranger } from '../spool/mend-of-folder.ts';
import type { World } from '../world/world.ts';

/** Every finding, in the order in which a pass would meet them. */
export async function diagnose(world: World): Promise<readonly SubjectFinding[]> {
  const git = await gitFinding(world);
  return [
    ...about('node', [nodeFinding()]),
    ...about('git', [git]),
    ...about('firewall', await firewallFindings(world)),
    ...about('folders', await folderFindings(world)),
    ...about('owner', await ownerFindings(world)),
    ...about('state', await stateFindings(world, { hasGit: git.level === 'good' })),
    ...about('lockout', await lockoutFindings(world)),
    ...about('lists', await listFindings(world)),
    ...about('fleet', await fleetFindings(world)),
    ...about('messages', await messageFindings(world)),
  ];
}

/** package.json, engines. */
const LEAST_NODE = [20, 19] as const;

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const what = `Node ${process.versions.node}`;
  return isEnough
    ? { level: 'good', what }
    : { level: 'bad', what, mend: `install Node ${LEAST_NODE.join('.')} or later` };
}

async function gitFinding({ run }: World): Promise<Finding> {
  try {
    const { stdout } = await run('git', ['--version']);
    return { level: 'good', what: stdout.trim() };
  } catch (error) {
    return { level: 'bad', what: messageOf(error), mend: 'apt install git' };
  }
}

async function folderFindings(world: World): Promise<readonly Finding[]> {
  const { config, spoolFiles } = world;
  const { servers, strangers, closed, isMissing } = sweep(config.spool, spoolFiles);
  const { name: owner = 'root' } = (await stateOwner(world)) ?? {};
  const writable = (name: string, path: string): Finding => folderFinding(name, path, owner);
  const findings: Finding[] = [
    spoolFinding(config),
    ...[...servers, ...closed].sort().map((name) => writable(`server ${name}`, join(config.spool, name))),
    ...((await isLost(world)) ? [] : [writable('state', config.state)]),
    writable('rejected', config.rejected),
    writable('runtime', config.runtime),
  ];
  if (!isMissing && servers.length + closed.length === 0) {
    const mend = `run mkdir ${config.spool}/NAME for each server`;
    findings.push({ level: 'warn', what: 'no server has a folder in the spool', mend });
  }
  for (const name of strangers) {
    findings.push({
      level: 'warn',
      what: `"${name}" in the spool is not a valid server name`,
      mend: `${mendOfStranger(config, name)}; a name is 1-63 characters of a-z 0-9 . - ; ${takenNames()}`,
    });
  }
  return findings;
}

/** `"adopted" is taken`: what is reserved, and no sender's. */
function takenNames(): string {
  const names = reservedNames().filter((name) => !isSenderName(name));
  return `${names.map((name) => `"${name}"`).join(', ')} ${names.length > 1 ? 'are' : 'is'} taken`;
}

/** We write to the servers' folders alone, and not to the spool itself: what was taken in is removed from them. */
function spoolFinding(config: Config): Finding {
  const { spool } = config;
  const found = access(spool, 'read');
  if (found === 'allowed') return { level: 'good', what: `spool: ${spool} can be read` };
  const mend = isRoot() ? mendOfSpool(config) : 'run doctor as root';
  return found === 'missing'
    ? { level: 'warn', what: `spool: ${spool} does not exist yet`, mend }
    : { level: 'bad', what: `spool: ${spool} cannot be read`, mend };
}

/** Whether a state is missed there: to make an empty folder for it would bring none back. */
async function isLost(world: World): Promise<boolean> {
  if (access(world.config.state, 'write') !== 'missing') return false;
  return (await lossFinding(new Ledger(world).history.requireState())) !== undefined;
}

/** Of a folder that the owner of the state writes to. */
function folderFinding(name: string, path: string, owner: string): Finding {
  const found = access(path, 'write');
  if (found === 'allowed') return { level: 'good', what: `${name}: ${path} can be written` };
  if (found === 'missing') {
    return {
      level: 'warn',
      what: `${name}: ${path} does not exist yet`,
      mend: 'banspool creates it if it has permission; otherwise run mkdir',
    };
  }
  const what = `${name}: ${path} cannot be written${found === 'read-only' ? ': its file system is read-only' : ''}`;
  return { level: 'bad', what, mend: isRoot() ? mendOfFolder(path, owner, found) : 'run doctor as root' };
}

async function stateFindings(world: World, { hasGit }: { hasGit: boolean }): Promise<readonly Finding[]> {
  const ledger = new Ledger(world);
  const { store, repository, history } = ledger;
  const lost = await lossFinding(history.requireState());
  if (lost !== undefined) return [lost];
  const adoption = await adoptionFindings(world, ledger);
  const gone = await history.loss();
  if (gone === undefined && !(await history.exists()))
    return [
      ...adoption,
      {
        level: 'warn',
        what: 'there is no state yet',
        mend: 'the first pass creates it: systemctl start banspool-reconcile.service',
      },
    ];
  const findings: Finding[] = [
    ...adoption,
    ...(gone === undefined ? [] : [{ level: 'bad' as const, ...gone }]),
  ];
  // That git is not there is a finding already, and the reason for all that it cannot tell.
  const hasAnswers = hasGit && gone === undefined;
  const asked = hasAnswers
    ? await repository.missingFiles().catch((error: unknown): string => messageOf(error))
    : [];
  const missing = typeof asked === 'string' ? [] : asked;
  const canAsk = hasAnswers && typeof asked !== 'string';
  const setBack = !canAsk ? undefined : await lossFinding(history.requireDescent());
  if (setBack !== undefined) findings.push(setBack);
  const loaded = await store.load();
  const damages = loaded.kind === 'damaged' ? loaded.damages : [];
  const losses = [
    ...(missing.length > 0 ? [{ files: missing, what: missingText(missing) }] : []),
    ...damages.map(({ file, line, message }) => ({
      files: [file],
      what: `${file} line ${line}: ${message}`,
    })),
  ];
  for (const { files, what } of losses)
    findings.push({ level: 'bad', what, mend: await gitOfOwner(world, await repository.takeBack(files)) });
  if (losses.length === 0) findings.push({ level: 'good', what: 'the state can be read' });
  if (!missing.includes('policy.yaml')) findings.push(await policyFinding(world, repository));
  if (typeof asked === 'string') {
    const what = `cannot tell whether a state file is missing: ${asked}`;
    findings.push({ level: 'bad', what, mend: await mendOfGit(world, ledger) });
  } else if (hasAnswers) findings.push(await repositoryFinding(world, ledger));
  return findings;
}

async function policyFinding(world: World, repository: StateRepository): Promise<Finding> {
  const path = policyPath(world);
  const policy = await readPolicyFile(world);
  if (policy.kind === 'unreadable') {
    const takeBack = await gitOfOwner(world, 'checkout HEAD -- policy.yaml');
    const mend = `move ${path} away, and restore the last one: ${takeBack}`;
    return { level: 'bad', what: `policy.yaml cannot be read: ${policy.failure}`, mend };
  }
  if (policy.kind === 'policy') return { level: 'good', what: 'policy.yaml can be read' };
  const [mistake] = policy.mistakes;
  const what = `policy.yaml line ${mistake?.line ?? 1}: ${mistake?.message ?? ''}`;
  const good = await lastGoodPolicy(repository).catch(() => undefined);
  if (good === undefined) return { level: 'bad', what, mend: `fix ${path}; banspool check shows all` };
  const takeBack = await gitOfOwner(world, `checkout ${good.commit} -- policy.yaml`);
  const mend = `fix ${path} (banspool check shows all), or restore the last good one: ${takeBack}`;
  return { level: 'bad', what, mend };
}

/** What a first start cannot adopt, or not yet. */
async function adoptionFindings(world: World, ledger: Ledger): Promise<readonly Finding[]> {
  const { families } = await familiesToAdopt(world, ledger);
  if (families.length === 0) return [];
  const now = world.now();
  const adoption = world
    .openFirewall()
    .then((tools) => adoptUnclaimed(world, { state: EMPTY_STATE, tools, now, families }));
  const pending = await adoption.then(
    (found) => found.pending,
    // A firewall that cannot be read is a finding already.
    () => new Map<Family, unknown>(),
  );
  return Array.from(pending, ([family, error]) => badFinding(error, `${family}: `));
}

function badFinding(error: unknown, before = ''): Finding {
  const hint = error instanceof BanspoolError ? error.hint : undefined;
  const what = `${before}${messageOf(error)}`;
  return { level: 'bad', what, ...(hint !== undefined && { mend: hint }) };
}

/** What stops a pass before it reads the state, with what a pass says to do. */
async function lossFinding(looking: Promise<void>): Promise<Finding | undefined> {
  return looking.then(
    () => undefined,
    (error: unknown) => badFinding(error),
  );
}

async function headFinding(world: World, { head }: Ledger['repository']): Promise<Finding> {
  const detached = await findDetachedHead(world, head);
  return detached === undefined
    ? { level: 'good', what: 'git can read the state' }
    : { level: 'bad', ...detached };
}

async function repositoryFinding(world: World, ledger: Ledger): Promise<Finding> {
  const { repository } = ledger;
  try {
    await repository.read(['rev-parse', '--verify', 'HEAD^{commit}']);
    if (await repository.hasWholeIndex()) return await headFinding(world, repository);
    const what = `${join(repository.folder, '.git/index')} is corrupt: git cannot tell which files the repository contains`;
    const mend = `the next pass rebuilds it; or run: ${await gitOfOwner(world, 'read-tree HEAD')}`;
    return { level: 'bad', what, mend };
  } catch (error) {
    return { level: 'bad', what: messageOf(error), mend: await mendOfGit(world, ledger) };
  }
}
