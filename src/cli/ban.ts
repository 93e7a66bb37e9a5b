/** `banspool ban ADDRESS`: an operator's ban. */
import ms, { type StringValue } from 'ms';
import { allowedNets } from '../policy/judge.ts';
import { preview } from '../controller/preview.ts';
import type { BanIntent } from '../intent/intent.ts';
import { JAIL_NAME, OPERATOR_JAIL } from '../names/names.ts';
import { contains, parseNet, type Net } from '../net/net.ts';
import { untilText } from '../report/words.ts';
import { BanspoolError } from '../system/error.ts';
import type { World } from '../controller/world.ts';
import { newCommand, type AddCommand } from './command.ts';
import type { Io } from './io.ts';
import { openWorld } from './open-world.ts';
import { showProgress } from './progress.ts';
import { waitUntilEnforced, writeIntent } from './write-intent.ts';

interface Options {
  readonly config: string;
  readonly for?: string;
  readonly jail: string;
  readonly reason?: string;
  readonly wait?: boolean;
}

export const addBan: AddCommand = (program, context) => {
  newCommand(program, 'ban <address>', 'ban an address or network on all ports, as the server "local"')
    .option('--for <time>', 'how long, such as 90s, 2h or 30d (default: until unbanned)')
    .option('--jail <jail>', 'the jail whose chain it goes to', OPERATOR_JAIL)
    .option('--reason <text>', 'why, for people')
    .option('--wait', 'return only when the firewall enforces it')
    .action(async (address: string, options: Options) => {
      const { io } = context;
      const world = await openWorld(io, options.config);
      const intent = makeIntent(address, options, world.now());
      await warnIfAllowed(io, world, intent.ip);
      const written = await writeIntent(world, intent);
      if (options.wait !== true) {
        io.err(
          `banspool: ban of ${intent.ip.text} ${untilText(intent.until)} is in the spool; the next pass enforces it\n`,
        );
        return;
      }
      await waitUntilEnforced(world, written).finally(showProgress(io, 'waiting for the controller'));
      io.err(`banspool: ${intent.ip.text} is banned ${untilText(intent.until)}\n`);
    });
};

function makeIntent(address: string, options: Options, now: number): BanIntent {
  return {
    intent: 'ban',
    jail: jailOf(options.jail),
    ip: addressOf(address),
    protocols: 'all',
    ports: 'all',
    time: now,
    until: now + lengthOf(options.for),
    ...(options.reason !== undefined && { reason: options.reason }),
  };
}

/** An address from the command line. */
export function addressOf(text: string): Net {
  const net = parseNet(text);
  if (net !== undefined) return net;
  throw new BanspoolError('usage', `"${text}" is not an IPv4 or IPv6 address or CIDR`, {
    hint: 'host names are not looked up: name the address, such as 203.0.113.7 or 2001:db8::/64',
  });
}

/** A jail from the command line. */
export function jailOf(text: string): string {
  if (JAIL_NAME.test(text)) return text;
  throw new BanspoolError('usage', `"${text}" is not the name of a jail`, {
    hint: 'a jail is 1-64 of A-Z a-z 0-9 _ . - and begins with a letter or digit',
  });
}

function lengthOf(text: string | undefined): number {
  if (text === undefined) return Infinity;
  const milliseconds = /^[0-9]+$/.test(text) ? Number(text) * 1000 : ms(text as StringValue);
  if (Number.isFinite(milliseconds) && milliseconds > 0) return milliseconds;
  throw new BanspoolError('usage', `--for: "${text}" is not a time`, {
    hint: 'such as 600 (seconds), 90s, 2h or 30d',
  });
}

/** The ban would be noted and have no effect: better said here than found out later. */
async function warnIfAllowed(io: Io, world: World, ip: Net): Promise<void> {
  const { inputs } = await preview(world, { firewall: false });
  const inside = allowedNets(inputs.policy, inputs.ownAddresses, world.now()).find(({ net }) =>
    contains(net, ip),
  );
  if (inside === undefined) return;
  io.err(
    `banspool: warning: ${ip.text} will not be dropped: it is inside ${inside.net.text}, allowed by ${inside.source}\n`,
  );
}
