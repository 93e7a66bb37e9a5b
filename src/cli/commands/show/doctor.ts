/** `banspool doctor`: can this machine do it; each line with its fix. */
import type { Config } from '../../../config/config.ts';
import { diagnose } from '../../../doctor/diagnose.ts';
import { diagnoseGate } from '../../../doctor/diagnose-gate.ts';
import { about, type Finding, type SubjectFinding } from '../../../domain/finding.ts';
import { printable } from '../../../domain/printable.ts';
import { realGate } from '../../../access/real-gate.ts';
import { stateOwner } from '../../../ledger/state-owner.ts';
import type { World } from '../../../world/world.ts';
import { askAnewAs } from '../../../system/processes/act-anew.ts';
import { BanspoolError } from '../../../system/error.ts';
import { isRoot } from '../../../system/host.ts';
import { realIdentity } from '../../../system/user.ts';
import { newCommand, type AddCommand } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { json, paint, type Io } from '../../io.ts';
import { loadConfig, ownerToActAs, worldOf } from '../../open-world.ts';

export const addDoctor: AddCommand = (program, context) => {
  newCommand(program, 'doctor', 'check this machine, and print each problem with its fix')
    .option('--json', 'print JSON')
    .action(async (options: { config: string; json?: boolean }) => {
      const findings = await findAll(context.io, await loadConfig(context.io, options.config));
      if (isAsked()) json(context.io, { findings });
      else if (options.json === true) json(context.io, { findings: findings.map(asJson) });
      else for (const finding of findings) show(context.io, finding);
      context.exitCode = findings.some(({ level }) => level === 'bad') ? EXIT.failed : EXIT.done;
    });
};

function asJson({ level, subject, what, mend }: SubjectFinding): Readonly<Record<string, unknown>> {
  return { level, subject, text: what, fix: mend ?? null };
}

/** What another user may not do is nothing that is wrong with the machine. */
async function refuseOthers(world: World): Promise<void> {
  if (isRoot()) return;
  const owner = await stateOwner(world);
  if (owner === undefined || owner.isCaller) return;
  throw new BanspoolError(
    'refused',
    'doctor needs the permissions of the controller, which this user lacks',
    {
      hint: owner.uid === 0 ? 'run it as root' : `run it as root, or as ${owner.name}`,
    },
  );
}

async function findAll(io: Io, config: Config): Promise<readonly SubjectFinding[]> {
  const found = await findAsOwner(io, config);
  // What stands at the door is root's own, and sshd tells only root.
  return isAsked() ? found : [...found, ...about('access', await diagnoseGate(realGate(config)))];
}

/** True of the process that {@link findAsOwner} asks: its answer is for no person. */
function isAsked(): boolean {
  return realIdentity() !== undefined;
}

async function findAsOwner(io: Io, config: Config): Promise<readonly SubjectFinding[]> {
  const owner = ownerToActAs(config);
  if (owner !== undefined) {
    const { exitCode, stdout } = await askAnewAs(owner, io.given);
    // It has said why.
    if (stdout === '') process.exit(exitCode);
    return (JSON.parse(stdout) as { findings: readonly SubjectFinding[] }).findings;
  }
  const world = worldOf(io, config);
  await refuseOthers(world);
  return diagnose(world);
}

const SIGNS = {
  good: ['green', 'good'],
  warn: ['yellow', 'warn'],
  bad: ['red', 'bad '],
} as const;

function show(io: Io, { level, what, mend }: Finding): void {
  const [style, word] = SIGNS[level];
  io.out(`${paint(io, style, word)}  ${printable(what)}\n`);
  if (mend !== undefined) io.out(`      ${paint(io, 'dim', `fix: ${mend}`)}\n`);
}
