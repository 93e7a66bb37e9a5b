/**
 * Takes over what another tool banned, by the way of every ban of an operator: files in the spool, of the server
 * `local`, which the next passes take in. Nothing is written where one of them would be refused.
 */
import { IMPORT_JAIL, OPERATOR } from '../../domain/names.ts';
import { originOf } from '../../domain/origin.ts';
import { countText, numberText } from '../../domain/words.ts';
import type { ListFormat } from '../../lists/list-format.ts';
import { suppose, type Preview } from '../../pass/preview.ts';
import { limitsOf } from '../../policy/limits.ts';
import type { Judgement } from '../../policy/judge.ts';
import { BanspoolError } from '../../system/error.ts';
import type { World } from '../../world/world.ts';
import { jailOf, lengthOf, reasonOf } from '../arguments.ts';
import { refuseLockout } from '../guards/lockout.ts';
import { refuseUnknownJail } from '../guards/refuse-unknown-jail.ts';
import type { Io } from '../io.ts';
import { findRunning, nextPassText } from '../next-pass.ts';
import { openOwnersWorld } from '../open-world.ts';
import { previewWithWarnings } from '../preview-with-warnings.ts';
import { showAmount } from '../progress.ts';
import { readGivenText, readGivenTime } from '../read-given-text.ts';
import { waitUntilAllEnforced, writeIntent, type Written } from '../write-intent.ts';
import { leftOutLines, plannedLine, readLine, unreadLines } from './import-lines.ts';
import { planImport, type PlannedImport } from './plan-import.ts';
import { readBanned, type Banned } from './read-banned.ts';

export interface ImportOptions {
  readonly config: string;
  readonly format?: ListFormat;
  readonly for: string;
  readonly jail: string;
  readonly note?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly wait: boolean;
}

/** A list that names no end is of people whom nobody remembers in a year. */
export const DEFAULT_IMPORT_LENGTH = '7d';

/** Imports it, and says what came of it. */
export async function importFile(io: Io, file: string, options: ImportOptions): Promise<void> {
  const length = options.for === 'never' ? Infinity : lengthOf('--for', options.for);
  const jail = jailOf(options.jail);
  const note = options.note === undefined ? undefined : reasonOf(options.note);
  // As who calls: the owner of the state may not read it.
  const text = await readGivenText(io, file);
  const writtenAt = await readGivenTime(io, file, Date.now());
  const world = await openOwnersWorld(io, options.config);
  const now = world.now();
  const found = await previewWithWarnings(world, io, { firewall: false });
  const { policy } = found.inputs;
  const banned = readBanned(text, {
    ...{ format: options.format, length, now, madeAt: Math.floor(Math.min(writtenAt, now)) },
    ...{ allowed: found.judgement.allowed, limits: limitsOf(OPERATOR, policy) },
  });
  refuseEmpty(file, banned);
  if (options.force !== true && jail !== IMPORT_JAIL) refuseUnknownJail(jail, found);
  const planned = planImport([...banned.bans.values()], { jail, note, now, state: found.state, policy });
  tell(io, [readLine(file, banned), ...leftOutLines(banned)]);
  for (const line of unreadLines(banned.reading.unread)) io.err(`banspool: warning: ${line}\n`);
  warnOfFamilies(io, world, banned);
  tell(io, [plannedLine(planned, jail)]);
  const after = suppose(world, found, { intents: planned.batches });
  await refuseLockout(world, io, {
    ...{ what: 'this import', before: found.judgement, after },
    ...{ force: options.force === true, isTried: false },
  });
  if (options.dryRun === true) tell(io, ['nothing was written: this is a dry run']);
  else await carryOut(io, { world, planned, banned, jail, isAwaited: options.wait, found });
}

function refuseEmpty(file: string, { reading }: Banned): void {
  const [first] = reading.unread.examples;
  if (reading.entries > 0 || reading.unread.count === 0) return;
  const line = first === undefined ? '' : `: line ${first.line} is ${JSON.stringify(first.text)}`;
  throw new BanspoolError('refused', `${file} has no address that can be read${line}`, {
    hint: 'name its format with --format; nothing was imported',
  });
}

interface Errand {
  readonly world: World;
  readonly found: Preview;
  readonly planned: PlannedImport;
  readonly banned: Banned;
  readonly jail: string;
  readonly isAwaited: boolean;
}

async function carryOut(io: Io, errand: Errand): Promise<void> {
  const { world, planned, banned, jail, isAwaited } = errand;
  const written: Written[] = [];
  for (const batch of planned.batches) written.push(await writeIntent(world, batch));
  const isRunning = findRunning(world).status === 'True';
  if (written.length === 0) tell(io, [enforcedLine(errand.found.judgement, banned, jail)]);
  else if (!isAwaited || !isRunning)
    tell(io, [`${countText(planned.count, 'ban')} in the spool; ${nextPassText(world, 'enforces them')}`]);
  else tell(io, [enforcedLine(await awaited(io, written, errand), banned, jail)]);
  if (banned.bans.size > 0)
    io.err(
      `banspool: hint: to lift them again: banspool unban --all --yes --server ${OPERATOR} --jail ${jail}\n`,
    );
}

async function awaited(io: Io, written: readonly Written[], { world, planned }: Errand): Promise<Judgement> {
  let left = written.length;
  const part = (): string =>
    numberText(Math.round((planned.count * (written.length - left)) / written.length));
  const done = showAmount(io, () => `${part()} of ${countText(planned.count, 'ban')} taken in`);
  return waitUntilAllEnforced(world, written, (now) => (left = now)).finally(done);
}

function enforcedLine({ enforced }: Judgement, { bans }: Banned, jail: string): string {
  const own = enforced.filter(
    (claim) => originOf(claim.server).kind === 'operator' && claim.jail === jail && bans.has(claim.ip.text),
  );
  return `${numberText(own.length)} of ${numberText(bans.size)} are enforced`;
}

function warnOfFamilies(io: Io, { config }: World, { bans }: Banned): void {
  const left = Array.from(bans.values()).filter(({ ip }) => !config.families.includes(ip.family));
  const [first] = left;
  if (first !== undefined)
    io.err(
      `banspool: warning: the config does not list ${first.ip.family} in families: ${countText(left.length, 'ban')} will drop nothing\n`,
    );
}

function tell(io: Io, lines: readonly string[]): void {
  for (const line of lines) io.err(`banspool: ${line}\n`);
}
