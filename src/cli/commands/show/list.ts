/** `banspool list`: what is banned, by whom, until when, and what that dropped. */
import { Option } from 'commander';
import { DropTable } from '../../../pass/drop-table.ts';
import type { Preview } from '../../../pass/preview.ts';
import { readCounters } from '../../../pass/read-counters.ts';
import { NOTHING_ENFORCED, type Mode } from '../../../config/mode.ts';
import { FAMILIES, type Family } from '../../../domain/net.ts';
import { countText } from '../../../domain/words.ts';
import { whyIgnoredText } from '../../../policy/why-ignored.ts';
import { listText, viewLists } from '../../../sources/lists/list-view.ts';
import { isRoot } from '../../../system/host.ts';
import { run, type Run } from '../../../system/processes/run.ts';
import type { World } from '../../../world/world.ts';
import { addressOf, countOf } from '../../arguments.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { refuseUnknownNames } from '../../guards/refuse-unknown-jail.ts';
import { json, paint, zoneOf, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { previewWithWarnings } from '../../preview-with-warnings.ts';
import { banCsv, banTable, plainLines, totalLines, wideTable } from '../../text/ban-forms.ts';
import { codedJson } from '../../text/coded-json.ts';
import { banAsJson, listBans, placeOf, type Ban, type DropsOf } from '../../text/list-bans.ts';
import { isNarrowed, isWanted, selectBans, sortBans, SORTS } from '../../text/select-bans.ts';
import type { Sort, Wanted } from '../../text/select-bans.ts';

const FORMS = ['table', 'wide', 'plain', 'csv', 'json'] as const;

interface Options {
  readonly config: string;
  readonly jail?: readonly string[];
  readonly server?: readonly string[];
  readonly family?: Family;
  readonly sort: Sort;
  readonly limit?: string;
  readonly output: (typeof FORMS)[number];
  readonly json?: boolean;
  readonly utc?: boolean;
}

export const addList: AddCommand = (program, context) => {
  withUtc(
    newCommand(
      program,
      'list [addresses...]',
      'list bans: address, jail, ports, servers that claim it, since, until, packets dropped; for an address include networks that contain it, for a network addresses inside it',
    ),
  )
    .option('--jail <jail>', 'list only bans in this jail; may be given again', collect)
    .option('--server <server>', 'list only bans that this server claims; may be given again', collect)
    .addOption(new Option('--family <family>', 'list only this family').choices(FAMILIES))
    .addOption(new Option('--sort <key>', 'order').choices(SORTS).default('ip'))
    .option('--limit <bans>', 'list at most this many')
    .addOption(new Option('-o, --output <form>', 'form of the list').choices(FORMS).default('table'))
    .option('--json', 'the same as -o json')
    .addHelpText('after', HELP)
    .action(async (addresses: readonly string[], options: Options) => {
      const { io } = context;
      const wanted: Wanted = {
        ...{ nets: addresses.map(addressOf), jails: options.jail ?? [], servers: options.server ?? [] },
        family: options.family,
      };
      const limit = options.limit === undefined ? Infinity : countOf('--limit', options.limit, 'bans');
      const world = await openOwnersWorld(io, options.config, { run: impatient });
      const found = await previewWithWarnings(world, io, { firewall: false });
      refuseUnknownNames(wanted, { world, found });
      const all = listBans(found.judgement, world.config.chainPrefix);
      const chosen = selectBans(all, wanted);
      const dropsOf = await findDrops(world, io, found);
      const { mode } = world.config;
      if (mode === 'observe')
        io.err(`banspool: warning: ${NOTHING_ENFORCED}, and the bans are those that would be\n`);
      const bans = sortBans(chosen, options.sort, dropsOf).slice(0, limit);
      show(io, options, { ...{ found, mode, wanted, all, chosen, bans, dropsOf }, now: world.now() });
    });
};

const HELP = `
Sort keys: ip; since, the newest first; until, the first to end first; packets, the most dropped first.
Forms: table; wide, with dates, bytes, failures and reasons; csv, with a head; json; and for scripts plain: the fields
address, jail, protocol, ports, servers, since, until, packets, bytes and what is dropped, with a tab between them and -
for none. An address with (/64) is dropped with that network, whose packets are counted.
On a terminal the table leaves out columns that do not fit, PORTS first, then SINCE, PACKETS, SERVERS, JAIL and UNTIL,
and ends with totals. Packets are counted by the firewall, which only root may ask.
With --utc the table has dates in UTC. Times in plain, csv and json are always in UTC.`;

function collect(name: string, names: readonly string[] = []): readonly string[] {
  return [...names, name];
}

/** A list is of use without counters: nobody waits for the programs of a firewall that hang. */
const PATIENCE_MS = 5_000;

const impatient: Run = async (file, args, options) =>
  run(file, args, file === 'git' ? options : { timeoutMs: PATIENCE_MS, ...options });

/** Who may not ask the firewall has the rest of the list. */
async function findDrops(world: World, io: Io, found: Preview): Promise<DropsOf> {
  // What stands there while nothing is enforced is not ours.
  if (!isRoot() || world.config.mode === 'observe') return () => undefined;
  const { looked, unread } = await readCounters(world, found);
  for (const why of unread) io.err(`banspool: warning: packets are not known: ${why}\n`);
  const table = new DropTable(looked);
  return (ban) => table.of(placeOf(ban));
}

interface Found {
  readonly found: Preview;
  readonly mode: Mode;
  readonly wanted: Wanted;
  readonly all: readonly Ban[];
  /** Those that are asked for. */
  readonly chosen: readonly Ban[];
  /** Those of them that are shown, in order. */
  readonly bans: readonly Ban[];
  readonly dropsOf: DropsOf;
  readonly now: number;
}

function show(io: Io, { output, sort, utc, json: asJson = false }: Options, listed: Found): void {
  const { chosen, bans, dropsOf, now } = listed;
  const form = asJson ? 'json' : output;
  if (form === 'json') showJson(io, listed);
  else if (form === 'csv') io.out(banCsv(bans, dropsOf));
  else if (form === 'plain') showLines(io, plainLines(bans, dropsOf));
  else if (bans.length === 0) tellOfNone(io, listed);
  else if (form === 'wide') showTable(io, wideTable(bans, { dropsOf, now, zone: zoneOf(io, { utc }) }));
  else {
    const { width } = io;
    const zone = utc === true ? zoneOf(io, { utc }) : undefined;
    showTable(io, banTable(bans, { dropsOf, now, zone, sort, width }));
    if (width !== undefined) showLines(io, totalLines(chosen, { shown: bans.length, width }));
  }
  if (form === 'table' || form === 'wide') showLists(io, listed);
}

/** A line each: a list has up to a million networks. */
function showLists(io: Io, { found, wanted, now }: Found): void {
  const { inputs, conclude } = found;
  if (inputs.lists.length === 0 || isNarrowed(wanted)) return;
  const lines = viewLists(inputs.lists, conclude().lists).map((view) => `list ${listText(view, now)}`);
  io.out(lines.map((line) => `${line}\n`).join(''));
}

function showTable(io: Io, [head = '', ...lines]: readonly string[]): void {
  showLines(io, [paint(io, 'dim', head), ...lines]);
}

function showLines(io: Io, lines: readonly string[]): void {
  io.out(lines.map((line) => `${line}\n`).join(''));
}

function showJson(io: Io, { found, mode, wanted, chosen, bans, dropsOf }: Found): void {
  const ignored = found.judgement.ignored
    .filter(({ claim: { ip, jail, server } }) => isWanted({ net: ip, jail, servers: [server] }, wanted))
    .map(({ claim, why }) => ({
      ...{ ip: claim.ip.text, jail: claim.jail, server: claim.server },
      why: codedJson(why, whyIgnoredText(why)),
    }));
  const listed = bans.map((ban) => banAsJson(ban, dropsOf(ban)));
  const lists = viewLists(found.inputs.lists, found.conclude().lists);
  json(io, { mode, bans: listed, total: chosen.length, ignored, lists });
}

function tellOfNone(io: Io, { found, wanted, all }: Found): void {
  if (isNarrowed(wanted) && all.length > 0) {
    io.err(`banspool: no ban matches; ${countText(all.length, 'ban')} in all\n`);
    return;
  }
  const ignored = found.judgement.ignored.length;
  const more = ignored === 0 ? '' : `; ${countText(ignored, 'claim')} not enforced: banspool list -o json`;
  io.err(`banspool: nothing is banned${more}\n`);
}
