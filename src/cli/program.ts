/** The commander program: every command with its arguments and options. Manual and completions are made of it too. */
import type { Command } from 'commander';
import { addAccept } from './commands/accept.ts';
import { addAllow } from './commands/allow.ts';
import { addBan } from './commands/ban.ts';
import { addCheck } from './commands/check.ts';
import { addComplete } from './commands/complete.ts';
import type { CommandContext } from './command.ts';
import { addConfirm } from './commands/confirm.ts';
import { addDeny } from './commands/deny.ts';
import { addDoctor } from './commands/show/doctor.ts';
import { emptyProgram } from './empty-program.ts';
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

/** The program with all its commands. */
export function makeProgram(context: CommandContext): Command {
  const program = emptyProgram(context);
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
