/** `banspool peers add`: from now on the bans of another firewall count here. */
import { fingerprintOf, parsePublicKey, type PublicKey } from '../../../domain/public-key.ts';
import type { FleetConfig } from '../../../config/config.ts';
import { policyPath } from '../../../ledger/policy-paths.ts';
import { putPeer } from '../../../policy/edit-peers.ts';
import { BanspoolError } from '../../../system/error.ts';
import { serverOf } from '../../arguments.ts';
import { newCommand, type AddCommand } from '../../command.ts';
import { editPolicy } from '../../edit-policy.ts';
import { nextPassText } from '../../next-pass.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { readGivenText } from '../../read-given-text.ts';

export const addPeersAdd: AddCommand = (group, { io }) => {
  newCommand(group, 'add <name>', 'add a firewall to the policy as a peer: its bans count here')
    .requiredOption('--key <file>', 'what banspool peers key prints there, - for standard input')
    .action(async (name: string, options: { config: string; key: string }) => {
      const peer = peerOf(name);
      // As who calls: the owner of the state may not read it.
      const key = keyOf(await readGivenText(io, options.key), options.key);
      const world = await openOwnersWorld(io, options.config);
      const { fleet } = world.config;
      refuseItself(fleet, peer);
      const isEdited = await editPolicy(world, (text, { peers }) =>
        peers.get(peer)?.key.base64 === key.base64 ? text : putPeer(text, peer, key),
      );
      if (!isEdited) io.err(`banspool: ${peer} is a peer already, with this key; nothing was changed\n`);
      else {
        const next = nextPassText(world, 'hears it');
        io.err(
          `banspool: ${peer} is a peer in ${policyPath(world)}, with the key ${fingerprintOf(key)}; ${next}\n`,
        );
      }
      if (fleet === undefined)
        io.err(`banspool: warning: nothing is heard of it until ${options.config} has a fleet\n`);
    });
};

/** Of the name a folder is made, and the beginning of each of its claimants. */
function peerOf(name: string): string {
  if (name !== 'default') return serverOf(name);
  throw new BanspoolError('usage', '"default" cannot be the name of a peer', {
    hint: 'in policy.yaml it names the limits of all peers',
  });
}

function refuseItself(fleet: FleetConfig | undefined, peer: string): void {
  if (fleet?.name !== peer) return;
  throw new BanspoolError('usage', `${peer} is the name of this firewall itself`, {
    hint: 'name the other firewall as its own config does (fleet, name)',
  });
}

function keyOf(text: string, file: string): PublicKey {
  const parsed = parsePublicKey(text);
  if (parsed.kind === 'key' && parsed.key.type === 'ssh-ed25519') return parsed.key;
  const reason =
    parsed.kind === 'key' ? `a key of type ${parsed.key.type} is not ssh-ed25519` : parsed.reason;
  throw new BanspoolError('usage', `--key: ${file}: ${reason}`, {
    hint: 'run on the other firewall: banspool peers key; then copy its output here',
  });
}
