/** `banspool doctor`: can this machine do it; each line with its mend. */
import { diagnose } from '../controller/diagnose.ts';
import { diagnoseGate } from '../controller/diagnose-gate.ts';
import type { Finding } from '../controller/finding.ts';
import { realGate } from '../controller/real-world.ts';
import { stateOwner } from '../controller/state-owner.ts';
import type { World } from '../controller/world.ts';
import { thisProgram } from '../system/act-anew.ts';
import { actAsRoot, canChangeIds, realIdentity } from '../system/act-as.ts';
import { BanspoolError } from '../system/error.ts';
import { isRoot } from '../system/host.ts';
import { newCommand, type AddCommand } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { json, paint, type Io } from './io.ts';
import { loadConfig, ownersWorld } from './open-world.ts';

export const addDoctor: AddCommand = (program, context) => {
  newCommand(program, 'doctor', 'tell whether this machine can do it; each line with its mend')
    .option('--json', 'answer in JSON')
    .action(async (options: { config: string; json?: boolean }) => {
      const findings =
        context.io.env[ONLY_GATE] === undefined
          ? await findAll(context.io, options.config)
          : await diagnoseGate(realGate(await loadConfig(options.config)));
      if (options.json === true) json(context.io, { findings });
      else for (const finding of findings) show(context.io, finding);
      context.exitCode = findings.some(({ level }) => level === 'bad') ? EXIT.failed : EXIT.done;
    });
};

/** What another user may not do is nothing that is wrong with the machine. */
async function refuseOthers(world: World): Promise<void> {
  if (isRoot()) return;
  const owner = await stateOwner(world);
  if (owner === undefined || owner.isCaller) return;
  throw new BanspoolError(
    'refused',
    'doctor looks with the rights of the controller, and this user has others',
    {
      hint: owner.uid === 0 ? 'run it as root' : `run it as root, or as ${owner.name}`,
    },
  );
}

/** Has the rest left out, by a process that acts as somebody else and cannot be root again. */
const ONLY_GATE = 'BANSPOOL_ONLY_GATE';

async function findAll(io: Io, path: string): Promise<readonly Finding[]> {
  const world = await ownersWorld(io, await loadConfig(path));
  await refuseOthers(world);
  const found = await diagnose(world);
  // What stands at the door is root's own, and sshd tells only root.
  if (realIdentity() !== undefined && !canChangeIds()) return [...found, ...(await gateByRoot(world, path))];
  if (isRoot()) actAsRoot();
  return [...found, ...(await diagnoseGate(realGate(world.config)))];
}

/** Programs that such a process starts are root's. */
async function gateByRoot({ run }: World, path: string): Promise<readonly Finding[]> {
  const [node = '', ...program] = thisProgram();
  const { stdout, stderr } = await run(node, [...program, 'doctor', '--json', '--config', path], {
    env: { [ONLY_GATE]: '1' },
  });
  if (stdout === '')
    throw new BanspoolError('command-failed', `doctor cannot look as root: ${stderr.trim()}`);
  return (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;
}

const SIGNS = {
  good: ['green', 'good'],
  warn: ['yellow', 'warn'],
  bad: ['red', 'bad '],
} as const;

function show(io: Io, { level, what, mend }: Finding): void {
  const [style, word] = SIGNS[level];
  io.out(`${paint(io, style, word)}  ${what}\n`);
  if (mend !== undefined) io.out(`      ${paint(io, 'dim', `mend: ${mend}`)}\n`);
}
