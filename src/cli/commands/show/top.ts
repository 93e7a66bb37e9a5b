/** `banspool top`: what is going on, live on a terminal, or once as text. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Charset } from '../../../top/cells.ts';
import { makeFrame } from '../../../top/frame.ts';
import { plainText } from '../../../top/line.ts';
import { makeScreen } from '../../../top/screen.ts';
import type { SeenBans } from '../../../top/seen.ts';
import { Sight } from '../../../top/sight.ts';
import { Top } from '../../../top/top.ts';
import { FIRST_VIEW } from '../../../top/view.ts';
import { savedRulesConditions } from '../../../status/saved-rules-conditions.ts';
import { BanspoolError } from '../../../system/error.ts';
import { hostName } from '../../../system/host.ts';
import { Terminal } from '../../../system/terminal/terminal.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { zoneOf, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { SeenBansReader } from '../../top/read-seen-bans.ts';

interface TopOptions {
  readonly config: string;
  readonly once?: boolean;
  readonly utc?: boolean;
}

export const addTop: AddCommand = (program, context) => {
  withUtc(newCommand(program, 'top', 'show what is going on, live: verdict, bans, packets, servers, events'))
    .option('--once', 'print it once as text, and exit')
    .addHelpText('after', '\nKeys: q quits, and ? shows the others. It needs a terminal; --once needs none.')
    .action(async (options: TopOptions) => {
      const { io } = context;
      if (options.once !== true) requireTerminal(io);
      const world = await openOwnersWorld(io, options.config);
      const sight = new Sight(world, {
        ...{ zone: zoneOf(io, options), host: hostName().split('.')[0] ?? '' },
        conditions: await savedRulesConditions(world),
      });
      const reader = new SeenBansReader(world);
      if (options.once === true) {
        sight.bans = await reader.read();
        printOnce(io, sight);
      } else await showLive(io, sight, reader);
    });
};

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

async function showLive(io: Io, sight: Sight, reader: SeenBansReader): Promise<void> {
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
    const reading = readAgain(reader, ending.signal, (bans) => {
      sight.bans = bans;
      shown.refresh();
    });
    await Promise.race([shown.run(), reading]);
  } finally {
    ending.abort();
    terminal.close();
  }
}

const SHORTEST_REST_MS = 5_000;

/** How many times as long as reading took it is not read again: 2 % of a processor. */
const REST = 50;

async function readAgain(
  reader: SeenBansReader,
  signal: AbortSignal,
  read: (bans: SeenBans) => void,
): Promise<never> {
  for (;;) {
    const startedAt = performance.now();
    const bans = await reader.read();
    const took = performance.now() - startedAt;
    read(bans);
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
