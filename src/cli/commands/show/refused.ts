/** `banspool refused [SERVER]`: the files that were refused, when and why, where they lie, and what to do. */
import { printable } from '../../../domain/printable.ts';
import { isSenderName } from '../../../domain/origin.ts';
import { countText, numberText, timeText, type Zone } from '../../../domain/words.ts';
import { findRefusedFiles, type RefusedFile } from '../../../spool/find-refused-files.ts';
import { readRecord } from '../../../status/chronicle.ts';
import { BanspoolError } from '../../../system/error.ts';
import type { World } from '../../../world/world.ts';
import { quote } from '../../../yaml/expected.ts';
import { isoTime } from '../../../yaml/time.ts';
import { countOf } from '../../arguments.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { json, paint, zoneOf, type Io } from '../../io.ts';
import { openOwnersWorld, requireAccess } from '../../open-world.ts';
import { refusedHints } from '../../text/refused-text.ts';

interface Options {
  readonly config: string;
  readonly limit?: string;
  readonly json?: boolean;
  readonly utc?: boolean;
}

const DEFAULT_LIMIT = 20;

export const addRefused: AddCommand = (program, { io }) => {
  withUtc(
    newCommand(
      program,
      'refused [server]',
      'show refused files, newest first: when, why, where they are kept, and what to do',
    ),
  )
    .option('--limit <files>', `show at most this many files (default: ${DEFAULT_LIMIT})`)
    .option('--json', 'print JSON')
    .action(async (server: string | undefined, options: Options) => {
      if (server !== undefined) refuseNoName(server);
      const limit = options.limit === undefined ? DEFAULT_LIMIT : countOf('--limit', options.limit, 'files');
      const world = await openOwnersWorld(io, options.config);
      const { rejected } = world.config;
      await requireAccess(world, rejected);
      const found = findRefusedFiles(world.rejectedFiles, { rejected, server, limit });
      const servers = countsOf(found.kept, world, server);
      const told = { ...found, servers, server, rejected };
      for (const reason of found.unreadable) io.err(`banspool: warning: ${reason}\n`);
      if (options.json === true) showJson(io, told);
      else show(io, told, zoneOf(io, options));
    });
};

function refuseNoName(server: string): void {
  if (isSenderName(server)) return;
  throw new BanspoolError('usage', `${quote(server)} is not a valid server name`, {
    hint: 'banspool status lists the servers',
  });
}

interface Counts {
  readonly server: string;
  readonly kept: number;
  /** Since the last reboot, as the controller counts. */
  readonly discarded: number;
}

function countsOf(
  kept: ReadonlyMap<string, number>,
  { config }: Pick<World, 'config'>,
  server: string | undefined,
): readonly Counts[] {
  const discarded = new Map(readRecord(config)?.servers.map((each) => [each.name, each.discarded]));
  const names = [...new Set([...kept.keys(), ...discarded.keys()])].sort();
  return names
    .filter((name) => server === undefined || name === server)
    .map((name) => ({ server: name, kept: kept.get(name) ?? 0, discarded: discarded.get(name) ?? 0 }))
    .filter((counts) => counts.kept + counts.discarded > 0);
}

interface Told {
  readonly files: readonly RefusedFile[];
  readonly servers: readonly Counts[];
  /** That was asked for. */
  readonly server: string | undefined;
  readonly rejected: string;
}

function showJson(io: Io, { files, servers }: Told): void {
  const refused = files.map(({ server, file, path, isThere, at, code, reason }) => ({
    ...{ server, file, at: isoTime(at), code: code ?? null, reason, path, kept: isThere },
  }));
  json(io, { refused, servers });
}

function show(io: Io, told: Told, zone: Zone): void {
  const { files, server, servers } = told;
  for (const each of files) showFile(io, each, zone);
  const total = servers.reduce((sum, { kept }) => sum + kept, 0);
  if (total > files.length)
    io.err(
      `banspool: hint: these are the newest ${files.length} of ${numberText(total)}; --limit N shows more\n`,
    );
  for (const { server: name, discarded } of servers)
    if (discarded > 0)
      io.err(
        `banspool: ${countText(discarded, 'older file')} of ${name} made room for newer ones and ${discarded === 1 ? 'is' : 'are'} gone\n`,
      );
  if (files.length === 0) {
    io.err(`banspool: no refused file${server === undefined ? '' : ` of ${server}`} is kept\n`);
    return;
  }
  for (const hint of refusedHints(files)) io.err(`banspool: hint: ${hint}\n`);
  const [{ path } = { path: '' }] = files;
  io.err(`banspool: hint: to read a file: cat -v ${path}; to remove it: rm ${path}*\n`);
}

function showFile(io: Io, { server, path, isThere, at, code, reason }: RefusedFile, zone: Zone): void {
  const what = code === undefined ? '' : `  ${code}`;
  io.out(`${timeText(at, zone)}  ${paint(io, 'bold', printable(server))}${printable(what)}\n`);
  io.out(`  ${printable(reason)}\n`);
  const gone = isThere ? '' : ' (too large: only the reason is kept, in the file of this name with .reason)';
  io.out(`  ${paint(io, 'dim', `${printable(path)}${gone}`)}\n`);
}
