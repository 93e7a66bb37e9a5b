/** `banspool list`: what is banned, by whom, until when. */
import { listBans, type ListedBan } from '../../text/list-bans.ts';
import { whyIgnoredText } from '../../../policy/why-ignored.ts';
import { portsText, timeText } from '../../../domain/words.ts';
import { newCommand, type AddCommand } from '../../command.ts';
import { columns, json, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { previewWithWarnings } from '../../preview-with-warnings.ts';

export const addList: AddCommand = (program, context) => {
  newCommand(program, 'list', 'list bans: address, jail, ports, servers that claim it, since, until')
    .option('--json', 'print JSON')
    .action(async (options: { config: string; json?: boolean }) => {
      const { io } = context;
      const world = await openOwnersWorld(io, options.config);
      const { judgement } = await previewWithWarnings(world, io, { firewall: false });
      const bans = listBans(judgement, world.config.chainPrefix);
      if (options.json === true) {
        const ignored = judgement.ignored.map(({ claim, why }) => ({
          ip: claim.ip.text,
          jail: claim.jail,
          server: claim.server,
          why: whyIgnoredText(why),
        }));
        json(io, { bans, ignored });
      } else show(io, bans);
    });
};

function show(io: Io, bans: readonly ListedBan[]): void {
  if (bans.length === 0) return;
  const rows = bans.map(({ ip, jail, protocol, ports, claims }) => {
    const ends = claims.map(({ until }) => until);
    const last = ends.includes(null)
      ? 'until unbanned'
      : timeText(Math.max(...ends.map((end) => Date.parse(end ?? ''))));
    const begins = claims.flatMap(({ since }) => (since === null ? [] : [Date.parse(since)]));
    const first = begins.length === 0 ? '-' : timeText(Math.min(...begins));
    const servers = claims.map(({ server }) => server).join(', ');
    return [ip, jail, shorten(protocol, ports), servers, first, last];
  });
  io.out(columns(io, ['ADDRESS', 'JAIL', 'PORTS', 'SERVERS', 'SINCE', 'UNTIL'], rows));
}

/** Wide enough for what jails usually name; --json has the rest. */
const MAX_PORTS = 30;

function shorten(protocols: string, ports: string): string {
  if (ports.length <= MAX_PORTS) return portsText(protocols, ports);
  const kept = ports.slice(0, MAX_PORTS).replace(/,[^,]*$/, '');
  return `${portsText(protocols, kept)} and ${ports.split(',').length - kept.split(',').length} more`;
}
