/** `banspool peers add`: adds a firewall to the policy as a peer, or replaces its key. */
import { fingerprintOf, parsePublicKey, type PublicKey } from '../../../domain/public-key.ts';
import { knownOwnKey } from '../../../fleet/own-key.ts';
import { policyPath } from '../../../ledger/policy-paths.ts';
import { putPeer } from '../../../policy/edit-peers.ts';
import type { Policy } from '../../../policy/policy.ts';
import { BanspoolError } from '../../../system/error.ts';
import { firewallOf } from '../../arguments.ts';
import { newCommand, type AddCommand } from '../../command.ts';
import { editPolicy } from '../../policy/edit-policy.ts';
import { nextPassText } from '../../next-pass.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { readGivenText } from '../../read-given-text.ts';
import type { World } from '../../../world/world.ts';

export const addPeersAdd: AddCommand = (group, { io }) => {
  newCommand(
    group,
    'add <name>',
    'add a firewall to the policy as a peer: its bans count here; or replace the key of a peer',
  )
    .requiredOption(
      '--key <file>',
      'the file with the output of banspool peers key there, - for standard input',
    )
    .action(async (name: string, options: { config: string; key: string }) => {
      const peer = firewallOf(name);
      // Read as the caller: the owner of the state may not be able to.
      const key = keyOf(await readGivenText(io, options.key, WHERE_FROM), options.key);
      const world = await openOwnersWorld(io, options.config);
      const { fleet } = world.config;
      await refuseItself(world, peer, key);
      let before: PublicKey | undefined;
      const change = (text: string, { peers }: Policy): string => {
        before = peers.get(peer)?.key;
        if (before?.base64 === key.base64) return text;
        refuseOthersKey(peers, key);
        return putPeer(text, peer, key);
      };
      const isEdited = await editPolicy(world, { change, did: `add the peer ${peer}`, env: io.env });
      if (!isEdited) io.err(`banspool: ${peer} is a peer already, with this key; nothing was changed\n`);
      else {
        const instead = before === undefined ? '' : ` in place of ${fingerprintOf(before)}`;
        const next = nextPassText(world, 'takes in its bans');
        io.err(`banspool: ${peer} is a peer in ${policyPath(world)}, with the key ${fingerprintOf(key)}`);
        io.err(`${instead}; ${next}\n`);
      }
      if (fleet === undefined)
        io.err(`banspool: warning: its bans do not count until ${options.config} has a fleet\n`);
    });
};

const WHERE_FROM = 'run on the other firewall: banspool peers key; then copy its output here';

async function refuseItself(world: World, peer: string, key: PublicKey): Promise<void> {
  const { fleet } = world.config;
  if (fleet === undefined) return;
  if (fleet.name === peer)
    throw new BanspoolError('usage', `${peer} is the name of this firewall itself`, {
      hint: 'use the name in the config of the other firewall (fleet, name)',
    });
  const own = await knownOwnKey(world, fleet.key);
  if (own?.base64 === key.base64)
    throw new BanspoolError('usage', `the key ${fingerprintOf(key)} is that of this firewall itself`, {
      hint: WHERE_FROM,
    });
}

/** If two firewalls have one key, each can publish as the other. */
function refuseOthersKey(peers: Policy['peers'], key: PublicKey): void {
  for (const [other, { key: known }] of peers)
    if (known.base64 === key.base64)
      throw new BanspoolError('usage', `the key ${fingerprintOf(key)} is that of the peer ${other}`, {
        hint: `${WHERE_FROM}; if ${other} has a new name, run banspool peers remove ${other} first`,
      });
}

function keyOf(text: string, file: string): PublicKey {
  const parsed = parsePublicKey(text);
  if (parsed.kind === 'key' && parsed.key.type === 'ssh-ed25519') return parsed.key;
  const reason =
    parsed.kind === 'key' ? `a key of type ${parsed.key.type} is not ssh-ed25519` : parsed.reason;
  throw new BanspoolError('usage', `--key: ${file}: ${reason}`, {
    hint: WHERE_FROM,
  });
}
