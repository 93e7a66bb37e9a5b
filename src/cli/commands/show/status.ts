/** `banspool status`: whether the firewall holds what it should, and if not, why. */
import type { Config } from '../../../config/config.ts';
import { observeText } from '../../../config/mode.ts';
import { printable } from '../../../domain/printable.ts';
import { savedRulesConditions } from '../../../status/saved-rules-conditions.ts';
import type { ExportStatus, UnconfirmedStatus } from '../../../status/status-record.ts';
import { listText } from '../../../sources/lists/list-view.ts';
import type { World } from '../../../world/world.ts';
import type { Status } from '../../../status/assess-status.ts';
import { findStatus } from '../../../status/find-status.ts';
import { agoText, countText, numberText, timeText, type Zone } from '../../../domain/words.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { columns, json, paint, zoneOf, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';

export const addStatus: AddCommand = (program, context) => {
  withUtc(
    newCommand(program, 'status', 'show whether the firewall matches the desired state, and if not, why'),
  )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit code 0: no problem; 5: not converged; 1: converged, but with another problem.' +
        '\nIt shows the result of the last pass; banspool plan reads the firewall itself.',
    )
    .action(async (options: { config: string; json?: boolean; utc?: boolean }) => {
      const world = await openOwnersWorld(context.io, options.config);
      const seen = await savedRulesConditions(world);
      const { status } = findStatus(world, { seen, countingMs: COUNTING_MS });
      warnOfOtherMode(context.io, world.config, status);
      if (options.json === true) json(context.io, { ...status });
      else show(context.io, status, { world, zone: zoneOf(context.io, options) });
      context.exitCode = status.converged ? (status.healthy ? EXIT.done : EXIT.failed) : EXIT.notConverged;
    });
};

/** A health check answers in a second. */
const COUNTING_MS = 300;

function triedText({ what, until }: UnconfirmedStatus, now: number, zone: Zone): string {
  const end = Date.parse(until);
  return end > now
    ? `${what}: undone at ${timeText(end, zone)} unless banspool confirm keeps it`
    : `${what}: expired at ${timeText(end, zone)}; the next pass undoes it`;
}

/** The controller goes on with the config that it read last. */
function warnOfOtherMode(io: Io, { mode }: Config, status: Status): void {
  if (status.lastPass === null || status.mode === mode) return;
  io.err(
    `banspool: warning: the config says mode: ${mode}, and the last pass had mode: ${status.mode}; systemctl reload banspool makes the controller read it\n`,
  );
}

interface Seen {
  readonly world: World;
  readonly zone: Zone;
}

function show(io: Io, status: Status, { world: { now: clock }, zone }: Seen): void {
  const now = clock();
  const word = status.converged ? paint(io, 'green', 'converged') : paint(io, 'red', 'not converged');
  const isObserving = status.mode === 'observe';
  if (isObserving) io.out(`${paint(io, 'yellow', observeText(status.bans))}\n`);
  const counts = [
    ...(isObserving ? [] : [countText(status.bans, 'ban')]),
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
  for (const each of status.exports) io.out(`export      ${exportText(each, now)}\n`);
  for (const list of status.lists) io.out(`list        ${listText(list, now)}\n`);
  for (const { type, reason, message } of status.conditions.filter(
    (condition) => condition.status === 'False',
  )) {
    io.out(`${paint(io, 'yellow', type)} is false (${reason}): ${printable(message)}\n`);
  }
  for (const tried of status.unconfirmed) io.out(`tried       ${triedText(tried, now, zone)}\n`);
  if (status.servers.length > 0) {
    const rows = status.servers.map(
      ({ name, lastHeard, intents, refused, discarded, waiting, moreWaiting }) => [
        name,
        lastHeard === null ? 'never' : agoText(Date.parse(lastHeard), now),
        numberText(intents),
        discarded > 0 ? `${numberText(refused)} (${numberText(discarded)} discarded)` : numberText(refused),
        `${waiting}${moreWaiting ? '+' : ''}`,
      ],
    );
    io.out(`\n${columns(io, ['SERVER', 'LAST HEARD', 'INTENTS', 'REFUSED', 'WAITING'], rows)}`);
  }
  showRefused(io, status, now);
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

/** An age is of the last change: one that nothing changed of is as old, and good. */
function exportText({ file, format, entries, changedAt }: ExportStatus, now: number): string {
  if (entries === null || changedAt === null) return `${file} (${format}): never written`;
  const count = countText(entries, 'entry', 'entries');
  return `${file} (${format}): ${count}, changed ${agoText(Date.parse(changedAt), now)}`;
}

/** More are a flood, and its newest tell what it is of. */
const SHOWN_REFUSED = 5;

/** How many are kept of a server, and the newest, with what it was refused for; then how to see all. */
function showRefused(io: Io, { servers }: Status, now: number): void {
  const found = servers
    .flatMap(({ kept, lastRefused }) => (lastRefused === null ? [] : [{ kept, ...lastRefused }]))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (found.length === 0) return;
  const rows = found
    .slice(0, SHOWN_REFUSED)
    .map(({ kept, path, at, reason }) => [
      kept === null ? '1+' : numberText(kept),
      printable(path),
      agoText(Date.parse(at), now),
      printable(reason),
    ]);
  io.out(`\n${columns(io, ['KEPT', 'LAST REFUSED', 'WHEN', 'REASON'], rows)}`);
  if (found.length > rows.length) io.out(`and ${countText(found.length - rows.length, 'more server')}\n`);
  io.out('banspool refused shows each file with its reason, and what to do\n');
}
