/** `banspool top`: what is going on, live on a terminal, or once as text. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Charset } from '../../../top/cells.ts';
import { makeFrame } from '../../../top/frame.ts';
import { plainText } from '../../../top/line.ts';
import { makeScreen } from '../../../top/screen.ts';
import type { SeenBans } from '../../../top/seen.ts';
import { Sight } from '../../../top/sight.ts';
import { Top } from '../../../top/top.ts';
import { withRates } from '../../../top/with-rates.ts';
import { FIRST_VIEW } from '../../../top/view.ts';
import { savedRulesConditions } from '../../../status/saved-rules-conditions.ts';
import { BanspoolError } from '../../../system/error.ts';
import { hostName } from '../../../system/host.ts';
import { Terminal } from '../../../system/terminal/terminal.ts';
import { Option } from 'commander';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { zoneOf, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { readSeenBans, readSeenBansApart } from '../../top/read-seen-bans.ts';

interface TopOptions {
  readonly config: string;
  readonly once?: boolean;
  /** For a process of top itself. */
  readonly bans?: boolean;
  readonly utc?: boolean;
}

export const addTop: AddCommand = (program, context) => {
  withUtc(newCommand(program, 'top', 'show what is going on, live: verdict, bans, packets, servers, events'))
    .option('--once', 'print it once as text, and exit')
    .addOption(new Option('--bans', 'print the bans as JSON').hideHelp())
    .addHelpText('after', '\nKeys: q quits, and ? shows the others. It needs a terminal; --once needs none.')
    .action(async (options: TopOptions) => {
      const { io } = context;
      const { once = false, bans = false } = options;
      if (!once && !bans) requireTerminal(io);
      const world = await openOwnersWorld(io, options.config);
      if (bans) {
        io.out(`${JSON.stringify(await readSeenBans(world))}\n`);
        return;
      }
      const sight = new Sight(world, {
        ...{ zone: zoneOf(io, options), host: hostName().split('.')[0] ?? '' },
        conditions: await savedRulesConditions(world),
      });
      if (once) {
        sight.bans = await readSeenBans(world);
        printOnce(io, sight);
        return;
      }
      await showLive(io, sight, async (count) =>
        count > MANY_BANS ? readSeenBansApart(world, options.config) : readSeenBans(world),
      );
      // A reading that is under way is not waited for.
      process.exit();
    });
};

/** To read more takes as long as somebody who presses a key notices. */
const MANY_BANS = 1_000;

/** Reads so many bans. */
type ReadBans = (count: number) => Promise<SeenBans>;

/** A terminal that knows no way to write at a place is no screen. */
function requireTerminal({ env }: Io): void {
  const { TERM = 'dumb' } = env;
  if (TERM === 'dumb' || TERM === '')
    throw new BanspoolError('usage', `the terminal "${TERM}" cannot show a live view`, {
      hint: 'banspool status, or banspool top --once, prints once what is to be seen',
    });
}

const ONCE = { columns: 80, rows: 24 };

function printOnce(io: Io, sight: Sight): void {
  const screen = makeScreen(sight.look(), FIRST_VIEW, ONCE.rows);
  const { lines } = makeFrame(screen, { ...ONCE, charset: charsetOf(io), view: FIRST_VIEW });
  const texts = lines.slice(0, -1).map((line) => plainText(line).trimEnd());
  io.out(`${texts.join('\n').trimEnd()}\n`);
}

async function showLive(io: Io, sight: Sight, readBans: ReadBans): Promise<void> {
  const look = { charset: charsetOf(io), color: io.color };
  let top: Top | undefined;
  const terminal = Terminal.open({
    key: (key) => {
      top?.key(key);
    },
    anew: () => {
      top?.anew();
    },
  });
  const ending = new AbortController();
  try {
    const shown = new Top({ terminal, look, see: () => sight.look() });
    top = shown;
    const read = async (): Promise<void> => {
      sight.bans = withRates(await readBans(sight.banCount), sight.bans);
      shown.refresh();
    };
    const reading = readAgain(read, ending.signal);
    await Promise.race([shown.run(), reading]);
  } finally {
    ending.abort();
    terminal.close();
  }
}

const SHORTEST_REST_MS = 5_000;

/** How many times as long as reading took it is not read again: 2 % of a processor. */
const REST = 50;

async function readAgain(read: () => Promise<void>, signal: AbortSignal): Promise<never> {
  for (;;) {
    const startedAt = performance.now();
    await read();
    const took = performance.now() - startedAt;
    await delay(Math.max(SHORTEST_REST_MS, REST * took), undefined, { signal });
  }
}

/** The console of a machine has few characters, and a locale that is not UTF-8 has none of those. */
function charsetOf({ env }: Io): Charset {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return env['TERM'] !== 'linux' && /utf-?8/i.test(locale ?? '') ? 'utf8' : 'ascii';
}
