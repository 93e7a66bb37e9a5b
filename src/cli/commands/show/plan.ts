/** `banspool plan`: what a pass would change and why. */
import type { FamilyPreview } from '../../../pass/preview.ts';
import { stateOwner } from '../../../ledger/state-owner.ts';
import type { World } from '../../../world/world.ts';
import { isSetChange, type Change, type Line, type SetChange } from '../../../firewall/change.ts';
import { DATAPLANE } from '../../../firewall/open-dataplane.ts';
import { reasonsOf, reasonText, type Reason, type Reasons } from '../../text/explain.ts';
import { reasonFields } from '../../text/reason-fields.ts';
import { printable } from '../../../domain/printable.ts';
import { countText, numberText, type Zone } from '../../../domain/words.ts';
import { BanspoolError } from '../../../system/error.ts';
import { refusalText } from '../../../domain/refusals.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { commandOfOwner } from '../../command-of-owner.ts';
import { EXIT } from '../../exit-codes.ts';
import { json, paint, zoneOf, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { previewWithWarnings } from '../../preview-with-warnings.ts';
import { showProgress } from '../../progress.ts';

export const addPlan: AddCommand = (program, context) => {
  withUtc(newCommand(program, 'plan', 'show what a pass would change, and why, without changing anything'))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit code 0: nothing to change; 3: changes.')
    .action(async (options: { config: string; json?: boolean; utc?: boolean }) => {
      const { io } = context;
      const world = await openOwnersWorld(io, options.config);
      const done = showProgress(io, 'reading');
      const found = await previewWithWarnings(world, io).finally(done);
      const reasons = reasonsOf({ ...found, prefix: world.config.chainPrefix, spelling: DATAPLANE.spelling });
      const changes = found.families.flatMap((family) => changesOf(family, reasons));
      const refused = found.intake.refused.map(({ server, entry, refusal }) => ({
        server,
        name: entry.name,
        code: refusal.code,
        reason: refusalText(refusal),
      }));
      if (found.intake.more)
        io.err('banspool: warning: the spool contains more files than plan reads: passes will change more\n');
      if (options.json === true) json(io, { changes: changes.map(fieldsOf), refused });
      else {
        for (const { server, name, reason } of refused)
          io.err(`banspool: warning: ${server}/${printable(name)} would be refused: ${reason}\n`);
        show(io, { changes, zone: zoneOf(io, options), command: await passCommand(world, options.config) });
      }
      context.exitCode = changes.length > 0 ? EXIT.changes : EXIT.done;
    });
};

interface Shown {
  readonly family: string;
  readonly kind: Change['kind'];
  readonly chain: string;
  readonly added: readonly ShownLine[];
  readonly removed: readonly ShownLine[];
}

interface ShownLine {
  /** Or the member of a set. */
  readonly rule: string;
  readonly why: Reason | undefined;
}

/** As --json has it. */
function fieldsOf({ added, removed, ...change }: Shown): Readonly<Record<string, unknown>> {
  const lines = (some: readonly ShownLine[]): readonly unknown[] =>
    some.map(({ rule, why }) => ({ rule, why: why === undefined ? null : reasonFields(why) }));
  return { ...change, added: lines(added), removed: lines(removed) };
}

function changesOf(family: FamilyPreview, reasons: Reasons): readonly Shown[] {
  if (family.kind === 'unreadable') {
    throw new BanspoolError('command-failed', `${family.family}: ${family.reason}`, {
      hint: 'banspool doctor shows what is missing on this machine',
    });
  }
  const unwanted = (chain: string, printed: string) => ({
    rule: printed,
    why: reasons.againstRule(chain, printed),
  });
  const wanted = (chain: string, rule: Line) => ({
    rule: rule.text,
    why: reasons.forRule(chain, rule),
  });
  return family.plan.changes.map((change): Shown => {
    if (isSetChange(change)) return setLine(family.family, change, reasons);
    const { kind, chain } = change;
    const base = { family: family.family, kind, chain, added: [], removed: [] };
    switch (change.kind) {
      case 'create':
        return { ...base, added: change.rules.map((rule) => wanted(chain, rule)) };
      case 'rewrite':
        return {
          ...base,
          added: change.difference.added.map((rule) => wanted(chain, rule)),
          removed: change.difference.removed.map((rule) => unwanted(chain, rule)),
        };
      case 'insert':
        return { ...base, added: [wanted(chain, change.rule)] };
      case 'delete':
      case 'delete-handle':
        return { ...base, removed: [unwanted(chain, change.printed)] };
      case 'remove':
        return { ...base, removed: removedRules(family, chain).map((rule) => unwanted(chain, rule)) };
    }
  });
}

/** `chain` is then the name of the set. */
function setLine(family: string, change: SetChange, reasons: Reasons): Shown {
  const { kind } = change;
  const base = { family, kind, added: [], removed: [] };
  const wanted = (set: string) => (member: { readonly text: string }) => ({
    rule: member.text,
    why: reasons.forMember(set, member.text),
  });
  switch (change.kind) {
    case 'make-set': {
      const { name, members } = change.set;
      return { ...base, chain: name, added: members.map(wanted(name)) };
    }
    case 'change-set': {
      const { set, added, removed, refreshed } = change;
      return {
        ...base,
        chain: set,
        added: [...added, ...refreshed].map(wanted(set)),
        removed: removed.map((text) => ({ rule: text, why: reasons.againstMember(set, text) })),
      };
    }
    case 'destroy-set':
      return { ...base, chain: change.set };
  }
}

function removedRules(family: FamilyPreview, chain: string): readonly string[] {
  return family.kind === 'read' ? family.dataplane.rulesIn(family.observed, chain) : [];
}

const SET_HEADS: Readonly<Record<SetChange['kind'], string>> = {
  'make-set': 'new set',
  'change-set': 'set',
  'destroy-set': 'set removed',
};

const HEADS: Readonly<Record<Change['kind'], string>> = {
  create: 'new chain',
  rewrite: 'chain rewritten',
  insert: '',
  delete: '',
  'delete-handle': '',
  remove: 'chain removed',
  ...SET_HEADS,
};

/** The command that makes the pass: not as root's, where the state is another's. */
async function passCommand(world: World, configPath: string): Promise<string> {
  const owner = await stateOwner(world);
  if (owner === undefined || owner.isCaller) return 'banspool reconcile';
  return commandOfOwner(owner, 'reconcile', configPath);
}

interface Told {
  readonly changes: readonly Shown[];
  readonly zone: Zone;
  /** That applies them. */
  readonly command: string;
}

function show(io: Io, { changes: lines, zone, command }: Told): void {
  const lineText = (sign: string, { rule, why }: ShownLine, color: 'red' | 'green'): string => {
    const words = why === undefined ? '' : reasonText(why, zone);
    return `  ${paint(io, color, `${sign} ${printable(rule)}`)}  ${paint(io, 'dim', words)}\n`;
  };
  if (lines.length === 0) {
    io.out('nothing to change\n');
    return;
  }
  let place = '';
  for (const { family, kind, chain, added, removed } of lines) {
    const head = `${family} ${chain}${HEADS[kind] === '' ? '' : `  ${HEADS[kind]}`}`;
    if (head !== place) io.out(`${paint(io, 'bold', head)}\n`);
    place = head;
    for (const line of removed) io.out(lineText('-', line, 'red'));
    for (const line of added) io.out(lineText('+', line, 'green'));
  }
  io.out(`\n${totals(lines)}; to apply: ${command}\n`);
}

/** `1 rule to add, 1 to remove`, and the same of members of sets where there are any. */
function totals(lines: readonly Shown[]): string {
  const isSet = ({ kind }: Shown): boolean => kind in SET_HEADS;
  const total = (what: string, some: readonly Shown[]): string => {
    const [added, removed] = (['added', 'removed'] as const).map((side) =>
      some.reduce((sum, line) => sum + line[side].length, 0),
    );
    return `${countText(added ?? 0, what)} to add, ${numberText(removed ?? 0)} to remove`;
  };
  const [sets, chains] = [lines.filter(isSet), lines.filter((line) => !isSet(line))];
  return [
    ...(chains.length > 0 ? [total('rule', chains)] : []),
    ...(sets.length > 0 ? [total('set member', sets)] : []),
  ].join('; ');
}
