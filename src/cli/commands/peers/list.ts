/** `banspool peers list`: the publication of this firewall, and a line for each peer. */
import { agoText, countText, numberText } from '../../../domain/words.ts';
import { newDefaultCommand, type AddCommand } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { findFleet } from '../../find-fleet.ts';
import { columns, json, paint, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { previewWithWarnings } from '../../preview-with-warnings.ts';
import type { ListedPeer } from '../../text/list-peers.ts';

type FoundFleet = Awaited<ReturnType<typeof findFleet>>;

export const addPeersList: AddCommand = (group, context) => {
  newDefaultCommand(group, 'list', 'list the peers: when they published, what they claim, what is wrong')
    .option('--json', 'answer in JSON')
    .action(async (options: { config: string; json?: boolean }) => {
      const { io } = context;
      const world = await openOwnersWorld(io, options.config);
      const found = await previewWithWarnings(world, io, { firewall: false });
      const fleet = await findFleet(world, found);
      if (options.json === true) json(io, { ...fleet });
      else if (fleet.name === null) tellConfig(io, options.config);
      else {
        showOwn(io, fleet, world.now());
        showPeers(io, fleet, world.now());
      }
      if (fleet.conditions.length > 0) context.exitCode = EXIT.failed;
    });
};

function tellConfig(io: Io, path: string): void {
  io.err('banspool: this firewall shares no bans: the config has no fleet\n');
  io.err(`banspool: hint: name this firewall in ${path}, and run systemctl reload banspool:\n`);
  io.err('fleet:\n  name: fw1\n');
}

function showOwn(io: Io, { name, published, conditions }: FoundFleet, now: number): void {
  const said =
    published === null
      ? 'has published nothing yet'
      : `published ${agoText(Date.parse(published.at), now)} (sequence ${published.sequence}): ` +
        `${countText(published.claims, 'claim')}, ${countText(published.lifts, 'lift')}`;
  io.out(`${name} ${said}\n`);
  // The line of a peer shows its own trouble.
  for (const { type, reason, message } of conditions.filter((each) => !each.type.startsWith('Peers')))
    io.out(`${paint(io, 'yellow', type)} is false (${reason}): ${message}\n`);
}

function showPeers(io: Io, { peers }: FoundFleet, now: number): void {
  if (peers.length === 0) {
    io.err('banspool: no firewall is a peer yet\n');
    io.err(`banspool: hint: run banspool peers key there, and here banspool peers add NAME --key FILE\n`);
    return;
  }
  const rows = peers.map((peer) => rowOf(peer, now));
  io.out(
    `\n${columns(io, ['PEER', 'LAST HEARD', 'LAG', 'CLAIMS', 'ENFORCED', 'REFUSED', 'LIFTS', 'TROUBLE'], rows)}`,
  );
}

function rowOf(peer: ListedPeer, now: number): readonly string[] {
  const { name, heard, lag, claims, enforced, refused, lifts, trouble } = peer;
  const ago = heard === null ? 'never' : agoText(Date.parse(heard), now);
  return [name, ago, lagText(lag), ...[claims, enforced, refused, lifts].map(numberText), trouble ?? '-'];
}

/** `0.4 s`; `-12.0 s` if the clock of the peer is ahead. */
function lagText(lag: number | null): string {
  return lag === null ? '-' : `${lag.toFixed(1)} s`;
}
