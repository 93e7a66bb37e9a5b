/** The commander program: every command with its arguments and options. Manual and completions are made of it too. */
import { Command } from 'commander';
import { addAccept } from './commands/accept.ts';
import { addAllow } from './commands/allow.ts';
import { addBan } from './commands/ban.ts';
import { addCheck } from './commands/check.ts';
import { addComplete } from './commands/complete.ts';
import type { CommandContext } from './command.ts';
import { addConfirm } from './commands/confirm.ts';
import { addDeny } from './commands/deny.ts';
import { addDoctor } from './commands/show/doctor.ts';
import { addFetch } from './commands/fetch.ts';
import { addFleet } from './commands/fleet.ts';
import { addHistory } from './commands/show/history.ts';
import { addHub } from './commands/hub.ts';
import { addImport } from './commands/import.ts';
import { addList } from './commands/show/list.ts';
import { addNotify } from './commands/notify.ts';
import { addPeers } from './commands/peers.ts';
import { addPlan } from './commands/show/plan.ts';
import { addPolicy } from './commands/policy.ts';
import { addReport } from './commands/show/report.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addReplay } from './commands/show/replay.ts';
import { addRefused } from './commands/show/refused.ts';
import { addRun } from './commands/run.ts';
import { addServer } from './commands/server.ts';
import { addStatus } from './commands/show/status.ts';
import { addSupport } from './commands/show/support.ts';
import { addTop } from './commands/show/top.ts';
import { addUnban } from './commands/unban.ts';
import { addWhy } from './commands/show/why.ts';
import { versionLine } from './version-line.ts';

/** A program that speaks to `context.io` and throws instead of exiting. */
export function makeProgram(context: CommandContext): Command {
  const program = new Command('banspool')
    .description('Central fail2ban: the firewall drops the addresses that servers ban.')
    .version(versionLine())
    .exitOverride()
    .configureOutput({ writeOut: context.io.out, writeErr: context.io.err, outputError: () => undefined })
    .showHelpAfterError(false)
    .addHelpText('after', HELP_EXIT_CODES);
  for (const add of COMMANDS) add(program, context);
  return program;
}

const COMMANDS = [
  addRun,
  addReconcile,
  addPlan,
  addStatus,
  addTop,
  addList,
  addBan,
  addUnban,
  addImport,
  addAllow,
  addDeny,
  addPolicy,
  addConfirm,
  addWhy,
  addHistory,
  addReplay,
  addRefused,
  addReport,
  addCheck,
  addDoctor,
  addSupport,
  addAccept,
  addServer,
  addFleet,
  addPeers,
  addHub,
  addNotify,
  addFetch,
  addComplete,
] as const;

const HELP_EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 usage or config, 3 plan found changes, 4 damaged state,
5 not converged, 11 locked by another process, 130 interrupted.
Every command takes --config FILE (default /etc/banspool/config.yaml) and --help.`;
