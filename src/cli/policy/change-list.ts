/** What `banspool allow` and `banspool deny` do: a network into that list of policy.yaml, or out of it. */
import { suppose, type Preview } from '../../pass/preview.ts';
import { policyPath } from '../../ledger/policy-paths.ts';
import { readTrialFile } from '../../ledger/policy-files.ts';
import type { Net } from '../../domain/net.ts';
import { printable } from '../../domain/printable.ts';
import { timeText, type Zone } from '../../domain/words.ts';
import { endOfEntry, inlineEntry, putNet, takeNet, type NetList } from '../../policy/edit-nets.ts';
import type { Policy, PolicyNet } from '../../policy/policy.ts';
import { BanspoolError } from '../../system/error.ts';
import type { World } from '../../world/world.ts';
import { addressOf, lengthOf } from '../arguments.ts';
import { refuseLockout } from '../guards/lockout.ts';
import { refuseUndropped } from '../guards/refuse-undropped.ts';
import { zoneOf, type Io } from '../io.ts';
import { nextPassText } from '../next-pass.ts';
import { openOwnersWorld } from '../open-world.ts';
import { previewWithWarnings } from '../preview-with-warnings.ts';
import { planEdit, type PlannedEdit } from './edit-policy.ts';
import { effectsOf } from './list-effects.ts';
import { writePolicy } from './write-policy.ts';

export interface ListOptions {
  readonly config: string;
  readonly for?: string;
  readonly note?: string;
  readonly remove?: boolean;
  readonly confirm?: string;
  readonly force?: boolean;
  readonly utc?: boolean;
}

/** What was asked for, checked. */
interface Asked {
  readonly list: NetList;
  readonly net: Net;
  /** As it was typed. */
  readonly typed: string;
  readonly isRemoval: boolean;
  readonly note: string | undefined;
  readonly until: number;
  readonly force: boolean;
  /** Until when it is tried; undefined where it is for good. */
  readonly triedUntil: number | undefined;
}

/** Carries out one of the commands. */
export async function changeList(
  io: Io,
  { list, typed }: Pick<Asked, 'list' | 'typed'>,
  options: ListOptions,
): Promise<void> {
  const zone = zoneOf(io, options);
  refuseMixture(options);
  const lengths = [options.for, options.confirm].map((text, index) =>
    text === undefined ? undefined : lengthOf(index === 0 ? '--for' : '--confirm', text),
  );
  const [length, trial] = lengths;
  const net = addressOf(typed);
  const note = options.note === undefined ? undefined : noteOf(options.note);
  const world = await openOwnersWorld(io, options.config);
  const now = world.now();
  const asked: Asked = {
    ...{ list, net, typed, note, isRemoval: options.remove === true, force: options.force === true },
    until: length === undefined ? Infinity : endOfEntry(now + length),
    triedUntil: trial === undefined ? undefined : now + trial,
  };
  if (!asked.force && !asked.isRemoval) refuseWide(asked);
  const found = await previewWithWarnings(world, io, { firewall: false });
  if (asked.triedUntil !== undefined) await refuseSecondTrial(world, zone);
  const planned = await planEdit(world, (text, policy) => edited(text, asked, { policy, world }));
  const { policy } = found.inputs;
  if (planned === undefined) {
    tellNothing(io, asked, { world, policy, zone });
    return;
  }
  await refuseHarm(io, asked, { world, found, planned });
  await write(world, io, { asked, planned });
  tell(io, asked, { world, zone, policy, planned });
  const effects = effectsOf(asked, {
    before: found.judgement,
    after: suppose(world, found, { policy: planned.policy }),
  });
  for (const text of effects) io.err(`banspool: ${text}\n`);
}

function refuseMixture({ remove, for: length, note }: ListOptions): void {
  if (remove !== true || (length === undefined && note === undefined)) return;
  throw new BanspoolError('usage', '--remove takes neither --for nor --note', {
    hint: 'without --remove they change the entry',
  });
}

/** Ample for who reads it in a line of `why`. */
const MOST_LETTERS = 200;

function noteOf(text: string): string {
  const isPlain = printable(text) === text && text.trim() === text && text !== '';
  if (isPlain && text.length <= MOST_LETTERS) return text;
  throw new BanspoolError('usage', `--note: ${JSON.stringify(text)} cannot be a note`, {
    hint: `use 1 to ${MOST_LETTERS} printable characters in one line`,
  });
}

/** As wide as an operator may ban. */
const WIDEST = { ipv4: 8, ipv6: 16 } as const;

function refuseWide({ net, list }: Asked): void {
  const widest = WIDEST[net.family];
  if (net.prefix >= widest) return;
  throw new BanspoolError('refused', `${net.text} is wider than /${widest}`, {
    hint: `use --force to ${list} so many addresses`,
  });
}

/** What is tried would go back to a policy that somebody else tries. */
async function refuseSecondTrial(world: World, zone: Zone): Promise<void> {
  const tried = await readTrialFile(world);
  if (tried === undefined || tried.until <= world.now()) return;
  throw new BanspoolError('refused', `another policy is on trial until ${timeText(tried.until, zone)}`, {
    hint: 'run banspool confirm to keep it, or wait; without --confirm this command changes both policies',
  });
}

function edited(
  text: string,
  { list, net, isRemoval, note, until }: Asked,
  { policy, world }: { readonly policy: Policy; readonly world: World },
): string {
  const known = policy[list].filter((each) => each.net.text === net.text);
  if (isRemoval && known.length === 0) return text;
  const [first] = known;
  const entry = { net, note: note ?? first?.note, until };
  if (!isRemoval && known.length === 1 && first?.until === until && first.note === entry.note) return text;
  const done = isRemoval ? takeNet(text, list, net) : putNet(text, list, entry);
  if (done !== undefined) return done;
  throw new BanspoolError('refused', `banspool cannot edit ${policyPath(world)} in the form that it has`, {
    hint: isRemoval
      ? `nothing was changed; remove the entry of ${net.text} below ${list}: by hand`
      : `nothing was changed; add below ${list}: by hand: - ${inlineEntry(entry)}`,
  });
}

interface Plan {
  readonly world: World;
  readonly found: Preview;
  readonly planned: PlannedEdit;
}

async function refuseHarm(io: Io, asked: Asked, { world, found, planned }: Plan): Promise<void> {
  const { list, net, typed, isRemoval, force, triedUntil } = asked;
  if (list === 'deny' && !isRemoval) refuseUndropped({ ip: net }, typed, { found, world, force });
  const what = list === 'deny' ? `a denial of ${net.text}` : `the policy without ${net.text}`;
  const after = suppose(world, found, { policy: planned.policy });
  await refuseLockout(world, io, {
    ...{ what, before: found.judgement, after },
    ...{ force, isTried: triedUntil !== undefined },
  });
}

async function write(
  world: World,
  io: Io,
  { asked, planned }: { readonly asked: Asked; readonly planned: PlannedEdit },
): Promise<void> {
  const { list, net, isRemoval, triedUntil } = asked;
  const did = `${isRemoval ? 'no longer ' : ''}${list} ${net.text}`;
  const { text, tried } = planned;
  const written = triedUntil === undefined ? { text, tried } : { tried: { until: triedUntil, text } };
  await writePolicy(world, { ...written, did, env: io.env });
}

interface Outcome {
  readonly world: World;
  readonly zone: Zone;
  /** In force before. */
  readonly policy: Policy;
}

const DONE = { allow: 'allowed', deny: 'denied' } as const;

function tell(
  io: Io,
  { list, net, isRemoval, triedUntil }: Asked,
  { world, zone, policy, planned }: Outcome & { readonly planned: PlannedEdit },
): void {
  const path = policyPath(world);
  const entryIn = (entries: readonly PolicyNet[]): PolicyNet | undefined =>
    entries.find((each) => each.net.text === net.text);
  const [old, now] = [entryIn(policy[list]), entryIn(planned.policy[list])];
  const where =
    triedUntil !== undefined ? 'on trial' : isRemoval ? `by ${path}` : `by ${path} line ${now?.line ?? 1}`;
  const is = isRemoval ? `is no longer ${DONE[list]}` : `is ${DONE[list]}${endText(now, zone)}`;
  const instead = isRemoval || old === undefined ? '' : ` (before: ${entryText(old, zone)})`;
  const next = nextPassText(world, 'enforces it');
  io.err(`banspool: ${net.text} ${is} ${where}${instead}; ${next}\n`);
  if (triedUntil !== undefined)
    io.err(
      `banspool: hint: banspool confirm keeps it; otherwise the old policy is restored at ${timeText(triedUntil, zone)}\n`,
    );
  else if (planned.tried !== undefined && planned.tried.until > world.now())
    io.err('banspool: the policy that is on trial is changed too\n');
}

function tellNothing(io: Io, { list, net, isRemoval }: Asked, { world, policy, zone }: Outcome): void {
  const known = policy[list].find((each) => each.net.text === net.text);
  const path = policyPath(world);
  io.err(
    isRemoval
      ? `banspool: ${path} has no entry of ${net.text} in ${list}; nothing was changed\n`
      : `banspool: ${net.text} is ${DONE[list]} already${endText(known, zone)} by ${path} line ${known?.line ?? 1}; nothing was changed\n`,
  );
}

function endText(entry: PolicyNet | undefined, zone: Zone): string {
  const until = entry?.until ?? Infinity;
  return until === Infinity ? '' : ` until ${timeText(until, zone)}`;
}

/** What an entry was before: `until …, office`, `no end`. */
function entryText(entry: PolicyNet, zone: Zone): string {
  const end = endText(entry, zone).trim() || 'no end';
  return entry.note === undefined ? end : `${end}, ${printable(entry.note)}`;
}
