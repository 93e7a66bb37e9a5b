/** `banspool status`: whether the firewall holds what it should, and if not, why. */
import { statusPath } from '../controller/chronicle.ts';
import { preview } from '../controller/preview.ts';
import type { World } from '../controller/world.ts';
import { countBans } from '../policy/judge.ts';
import { assessStatus, type Status } from '../report/assess-status.ts';
import { parseStatusRecord } from '../report/status-record.ts';
import { agoText, countText, numberText } from '../report/words.ts';
import { sweep } from '../spool/sweep.ts';
import { access } from '../system/access.ts';
import { messageOf } from '../system/error.ts';
import { run, type Run } from '../system/run.ts';
import { readStatusFile } from '../system/status-file.ts';
import { newCommand, type AddCommand } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { columns, json, paint, type Io } from './io.ts';
import { openWorld } from './open-world.ts';

/** A health check must answer, also when iptables hangs. */
const COMMAND_MS = 5_000;

const briefly: Run = (file, args, options) => run(file, args, { ...options, timeoutMs: COMMAND_MS });

export const addStatus: AddCommand = (program, context) => {
  newCommand(program, 'status', 'tell whether the firewall holds what it should, and if not, why')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      '\nExit code 0: all is well; 5: not converged; 1: converged, but something else is wrong.',
    )
    .action(async (options: { config: string; json?: boolean }) => {
      const world = await openWorld(context.io, options.config, briefly);
      const status = await findStatus(world);
      if (options.json === true) json(context.io, { ...status });
      else show(context.io, status, world.now());
      context.exitCode = status.converged ? (status.healthy ? EXIT.done : EXIT.failed) : EXIT.notConverged;
    });
};

/** What the controller wrote down, held against what is there now. */
async function findStatus(world: World): Promise<Status> {
  const { config, spoolFiles } = world;
  const record = parseStatusRecord(readStatusFile(statusPath(config)));
  const { waiting } = sweep(config.spool, spoolFiles);
  const now = world.now();
  const options = {
    isReadOnly: access(config.state, 'write') === 'read-only',
    record: record?.state === config.state ? record : undefined,
    waiting,
    interval: config.interval,
    now,
  };
  try {
    const { families, judgement } = await preview(world);
    const live = {
      bans: countBans(judgement),
      claims: judgement.enforced.length + judgement.ignored.length,
      ignored: judgement.ignored.length,
      changes: families.reduce((sum, each) => sum + (each.kind === 'read' ? each.plan.changes.length : 0), 0),
      missingHooks: families.flatMap((each) =>
        each.kind === 'read' ? each.plan.missingHooks.map((hook) => `${each.family} ${hook}`) : [],
      ),
      unreadable: families.flatMap((each) =>
        each.kind === 'unreadable' ? [`${each.family}: ${each.reason}`] : [],
      ),
    };
    return assessStatus({ ...options, live });
  } catch (error) {
    return assessStatus({ ...options, failure: messageOf(error) });
  }
}

function show(io: Io, status: Status, now: number): void {
  const word = status.converged ? paint(io, 'green', 'converged') : paint(io, 'red', 'not converged');
  const counts = [
    countText(status.bans, 'ban'),
    countText(status.claims, 'claim'),
    ...(status.refused > 0 ? [`${countText(status.refused, 'file')} refused`] : []),
  ];
  io.out(`${word}  ${counts.join(', ')}\n`);
  const last = status.lastPass;
  if (last === null) io.out('last pass   none yet\n');
  else {
    const started = agoText(Date.parse(last.startedAt), now);
    io.out(`last pass   ${started}, took ${last.durationMs} ms, ${countText(last.changes, 'change')}\n`);
  }
  for (const { name, members, capacity } of status.sets) {
    const amounts = [members, capacity].map(numberText).join(' of ');
    io.out(`set         ${name}: ${amounts} members\n`);
  }
  for (const { type, reason, message } of status.conditions.filter(
    (condition) => condition.status === 'False',
  )) {
    io.out(`${paint(io, 'yellow', type)} is false (${reason}): ${message}\n`);
  }
  if (status.servers.length > 0) {
    const rows = status.servers.map(({ name, lastHeard, intents, refused, discarded, waiting }) => [
      name,
      lastHeard === null ? 'never' : agoText(Date.parse(lastHeard), now),
      numberText(intents),
      discarded > 0 ? `${refused} (${discarded} discarded)` : String(refused),
      String(waiting),
    ]);
    io.out(`\n${columns(io, ['SERVER', 'LAST HEARD', 'INTENTS', 'REFUSED', 'WAITING'], rows)}`);
  }
  const eventful = status.passes.filter((pass) => pass.changes > 0 || pass.problem !== null).slice(0, 5);
  if (eventful.length > 0) {
    const rows = eventful.map(({ startedAt, durationMs, intents, changes, drift, problem }) => [
      agoText(Date.parse(startedAt), now),
      `${durationMs} ms`,
      String(intents),
      String(changes),
      String(drift),
      problem ?? '',
    ]);
    io.out(`\n${columns(io, ['PASS', 'TOOK', 'INTENTS', 'CHANGES', 'DRIFT', 'PROBLEM'], rows)}`);
  }
}
