/** `banspool report`: the page with charts, made now, or where the one of the controller is. */
import { conclude } from '../../../desired/conclude.ts';
import { agoText } from '../../../domain/words.ts';
import { eachDrops, uncountedChains } from '../../../firewall/drops.ts';
import { lookedAt } from '../../../pass/preview.ts';
import { reportPath } from '../../../report/report-path.ts';
import { savedRulesConditions } from '../../../status/saved-rules-conditions.ts';
import { findStatus } from '../../../status/find-status.ts';
import { BanspoolError, messageOf } from '../../../system/error.ts';
import { HANDED_OVER } from '../../../system/given.ts';
import { writeGiven } from '../../../system/host.ts';
import { askAnewAs } from '../../../system/processes/act-anew.ts';
import type { World } from '../../../world/world.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { zoneOf, type Io } from '../../io.ts';
import { loadConfig, ownersWorld, ownerToActAs, requireAccess } from '../../open-world.ts';
import { previewWithWarnings } from '../../preview-with-warnings.ts';
import { showProgress } from '../../progress.ts';

interface ReportOptions {
  readonly config: string;
  readonly out?: string;
  readonly utc?: boolean;
}

export const addReport: AddCommand = (program, context) => {
  withUtc(newCommand(program, 'report', 'show what is banned, and by whom, as an HTML page with charts'))
    .option('--out <file>', 'write the page, as of now, into this file')
    .addHelpText(
      'after',
      '\nThe controller writes the page each minute; on a terminal, banspool report shows where it is.' +
        '\nElsewhere it prints the page as of now: banspool report >page.html.',
    )
    .action(async (options: ReportOptions) => {
      const { io } = context;
      const config = await loadConfig(io, options.config);
      const owner = ownerToActAs(config);
      if (owner !== undefined && options.out !== undefined) {
        // Root writes where root may, and looks as the owner.
        const { exitCode, stdout } = await askAnewAs(owner, io.given);
        if (exitCode === 0) await write(io, options.out, stdout);
        context.exitCode = exitCode;
        return;
      }
      const world = await ownersWorld(io, config);
      await requireAccess(world);
      const isAsked = io.env[HANDED_OVER] !== undefined;
      if (options.out === undefined && io.width !== undefined) tellPlace(io, world);
      else if (options.out === undefined || isAsked) io.out(await makePage(world, io, options));
      else await write(io, options.out, await makePage(world, io, options));
    });
};

async function write(io: Io, path: string, page: string): Promise<void> {
  if (path === '-') {
    io.out(page);
    return;
  }
  await writeGiven(path, page).catch((error: unknown) => {
    throw new BanspoolError('io', `cannot write ${path}: ${messageOf(error)}`, { cause: error });
  });
}

/** Of the page that the controller writes. */
function tellPlace(io: Io, { config, files, now }: World): void {
  const path = reportPath(config);
  const writtenAt = files.modified(path);
  if (writtenAt === undefined)
    throw new BanspoolError('io', `there is no page in ${path}`, {
      hint: 'the controller writes it (systemctl start banspool); banspool report --out FILE makes one now',
    });
  io.out(`${path}  written ${agoText(writtenAt, now())}\n`);
  io.err('banspool: hint: open it in a browser, or make a copy as of now: banspool report --out FILE\n');
}

async function makePage(world: World, io: Io, { utc = false }: ReportOptions): Promise<string> {
  const { gatherPage, Counts } = await import('../../../report/gather.ts');
  const done = showProgress(io, 'reading');
  const found = await previewWithWarnings(world, io).finally(done);
  const { status } = findStatus(world, { seen: await savedRulesConditions(world), countingMs: COUNTING_MS });
  const looked = lookedAt(found);
  const { inputs, state, peers } = found;
  const grounds = {
    ...{ zone: zoneOf(io, { utc }), isRenewed: false, status, state, peers: peers.reports },
    conclusion: conclude(state, { ...inputs, now: world.now() }),
    drops: looked.length === 0 ? undefined : eachDrops(looked),
    uncounted: uncountedChains(looked),
  };
  const turn = (): Promise<void> => Promise.resolve();
  return (await gatherPage(world, grounds, { counts: new Counts(), turn })).join('');
}

/** Of files that wait in the spool; more are counted as "and more". */
const COUNTING_MS = 300;
