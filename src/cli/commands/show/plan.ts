/** `banspool plan`: what a pass would change and why, also if another policy were in force. */
import type { FamilyPreview, Preview } from '../../../pass/preview.ts';
import { stateOwner } from '../../../ledger/state-owner.ts';
import type { World } from '../../../world/world.ts';
import { lockouts, type Lockout } from '../../../policy/lockout.ts';
import { policyEffect, type PolicyEffect } from '../../../policy/effect/policy-effect.ts';
import { DATAPLANE } from '../../../firewall/open-dataplane.ts';
import { reasonsOf } from '../../text/explain.ts';
import { NOTHING_ENFORCED } from '../../../config/mode.ts';
import { printable } from '../../../domain/printable.ts';
import { countText } from '../../../domain/words.ts';
import { refusalText } from '../../../domain/refusals.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { commandOfOwner } from '../../command-of-owner.ts';
import { EXIT } from '../../exit-codes.ts';
import { json, paint, zoneOf, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { effectFields, effectLines, isNoEffect } from '../../plan/effect-text.ts';
import { countRemovals } from '../../plan/count-removals.ts';
import { changeFields, changesOf, type Shown } from '../../plan/planned-changes.ts';
import { planText } from '../../plan/plan-text.ts';
import { readSupposedPolicy } from '../../plan/read-supposed-policy.ts';
import { previewWithWarnings } from '../../preview-with-warnings.ts';
import { showProgress } from '../../progress.ts';

interface Options {
  readonly config: string;
  readonly policy?: string;
  readonly json?: boolean;
  readonly utc?: boolean;
}

export const addPlan: AddCommand = (program, context) => {
  withUtc(newCommand(program, 'plan', 'show what a pass would change, and why, without changing anything'))
    .option(
      '--policy <file>',
      'show what it would change if this policy were in force, and which bans that ends and begins; - reads standard input',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const { io } = context;
      const { policy: file } = options;
      const policy = file === undefined ? undefined : await readSupposedPolicy(io, file);
      if (file !== undefined && policy === undefined) {
        context.exitCode = EXIT.usage;
        return;
      }
      const world = await openOwnersWorld(io, options.config);
      const done = showProgress(io, 'reading');
      const found = await previewWithWarnings(world, io, { firewall: true, policy, enforcing: true }).finally(
        done,
      );
      const effect = file === undefined ? undefined : await effectOf(world, found, file);
      const changes = changesIn(world, found, effect === undefined ? [] : unreadableOf(found));
      await show(io, options, { world, found, changes, effect });
      const isSame = changes.length === 0 && (effect === undefined || isNoEffect(effect.bans));
      context.exitCode = isSame ? EXIT.done : EXIT.changes;
    });
};

const HELP = `
With --policy, reasons name lines of that file, and after "so far" those of the policy in force. Where the firewall
cannot be read, only bans are compared: those of that policy with those of the one in force.

Exit code 0: nothing to change; 2: the file has mistakes; 3: changes.`;

/** What the supposed policy makes of bans, and of who is logged in. */
interface Effect {
  readonly name: string;
  readonly bans: PolicyEffect;
  readonly lockouts: readonly Lockout[];
}

async function effectOf(world: World, { inForce, judgement }: Preview, file: string): Promise<Effect> {
  return {
    name: file === '-' ? 'this policy' : file,
    bans: policyEffect(inForce, judgement),
    lockouts: lockouts(await world.findSessions(), { before: inForce, after: judgement }),
  };
}

type Unreadable = Extract<FamilyPreview, { readonly kind: 'unreadable' }>;

function unreadableOf({ families }: Preview): readonly Unreadable[] {
  return families.flatMap((family) => (family.kind === 'unreadable' ? [family] : []));
}

/** What the plans of all families change, but for those that may be left out. */
function changesIn(world: World, found: Preview, without: readonly FamilyPreview[]): readonly Shown[] {
  const reasons = reasonsOf({ ...found, prefix: world.config.chainPrefix, spelling: DATAPLANE.spelling });
  return found.families
    .filter((family) => !without.includes(family))
    .flatMap((family) => changesOf(family, reasons));
}

interface Told {
  readonly world: World;
  readonly found: Preview;
  readonly changes: readonly Shown[];
  readonly effect: Effect | undefined;
}

async function show(io: Io, options: Options, { world, found, changes, effect }: Told): Promise<void> {
  const { intake } = found;
  const refused = intake.refused.map(({ server, entry, refusal }) => ({
    server,
    name: entry.name,
    code: refusal.code,
    reason: refusalText(refusal),
  }));
  if (intake.more)
    io.err('banspool: warning: the spool contains more files than plan reads: passes will change more\n');
  if (options.json === true) {
    const supposed = effect === undefined ? {} : { policy: supposedFields(effect, found) };
    json(io, { mode: world.config.mode, changes: changes.map(changeFields), refused, ...supposed });
    return;
  }
  for (const { server, name, reason } of refused)
    io.err(`banspool: warning: ${server}/${printable(name)} would be refused: ${reason}\n`);
  const zone = zoneOf(io, options);
  const isObserving = world.config.mode === 'observe';
  if (isObserving) tellOfMode(io, found, changes);
  if (effect === undefined) {
    const command = `to apply: ${await passCommand(world, options.config)}`;
    if (!isObserving || changes.length > 0) io.out(planText(io, changes, { zone, command }));
    return;
  }
  const unreadable = unreadableOf(found);
  for (const { family, reason } of unreadable)
    io.err(
      `banspool: warning: ${family}: only bans are compared, since the firewall cannot be read: ${reason}\n`,
    );
  if (unreadable.length < found.families.length) io.out(`${planText(io, changes, { zone, command: '' })}\n`);
  const [head = '', ...lines] = effectLines(effect.bans, effect.name, zone);
  io.out(`${[paint(io, 'bold', head), ...lines].join('\n')}\n`);
  for (const { text } of effect.lockouts)
    io.err(`banspool: warning: ${printable(effect.name)} drops ${printable(text)}\n`);
}

function supposedFields(
  { bans, lockouts: locked }: Effect,
  found: Preview,
): Readonly<Record<string, unknown>> {
  return {
    ...effectFields(bans),
    lockouts: locked.map(({ ip, by, text }) => ({
      ...{ ip: ip.text, net: by.net.text, line: by.line ?? null, text },
    })),
    unreadable: unreadableOf(found).map(({ family, reason }) => ({ family, text: reason })),
  };
}

/** Passes apply nothing of it, and take out what an earlier mode has left. */
function tellOfMode(io: Io, found: Preview, changes: readonly Shown[]): void {
  const what = changes.length > 0 ? ':' : ' nothing';
  io.out(`${paint(io, 'yellow', `${NOTHING_ENFORCED}; enforcing would change${what}`)}\n`);
  const removals = countRemovals(found);
  if (removals > 0)
    io.err(
      `banspool: warning: the next pass removes what banspool has on the firewall: ${countText(removals, 'change')}\n`,
    );
}

/** The command that makes the pass: not as root's, where the state is another's. */
async function passCommand(world: World, configPath: string): Promise<string> {
  if (world.config.mode === 'observe') return `set mode: enforce in ${configPath}`;
  const owner = await stateOwner(world);
  if (owner === undefined || owner.isCaller) return 'banspool reconcile';
  return commandOfOwner(owner, 'reconcile', configPath);
}
