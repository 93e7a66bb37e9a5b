/** `banspool peers remove`: removes a peer from the policy; the next pass removes its claims and lifts. */
import { forgetPeers } from '../../../claims/hear.ts';
import { countText } from '../../../domain/words.ts';
import { policyPath } from '../../../ledger/policy-paths.ts';
import { suppose } from '../../../pass/preview.ts';
import { Census } from '../../../policy/census.ts';
import { takePeer } from '../../../policy/edit-peers.ts';
import { BanspoolError } from '../../../system/error.ts';
import { newCommand, type AddCommand } from '../../command.ts';
import { editPolicy } from '../../policy/edit-policy.ts';
import { refuseLockout } from '../../guards/lockout.ts';
import { nextPassText } from '../../next-pass.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { previewWithWarnings } from '../../preview-with-warnings.ts';

export const addPeersRemove: AddCommand = (group, { io }) => {
  newCommand(
    group,
    'remove <name>',
    'remove a peer from the policy; the next pass removes its claims and lifts',
  ).action(async (name: string, { config }: { config: string }) => {
    const world = await openOwnersWorld(io, config);
    const found = await previewWithWarnings(world, io, { firewall: false });
    const isEdited = await editPolicy(world, {
      change: (text) => takePeer(text, name),
      ...{ did: `remove the peer ${name}`, env: io.env },
    });
    if (!isEdited)
      throw new BanspoolError('refused', `${policyPath(world)} has no peer "${name}"`, {
        hint: 'banspool peers lists the peers',
      });
    const { claims, tombstones } = new Census().holdingOfPeer(name, found.inputs.state);
    const gone = `${countText(claims, 'claim')} and ${countText(tombstones, 'lift')}`;
    const next =
      claims + tombstones === 0
        ? 'it has no claims and no lifts here'
        : nextPassText(world, `removes its ${gone}`);
    io.err(`banspool: ${name} is removed from the peers; ${next}\n`);
    // The bans that its operator lifted are enforced again.
    const left = { ...found, state: forgetPeers(found.state, (peer) => peer !== name) };
    const lockout = {
      what: 'the end of its lifts',
      before: found.judgement,
      after: suppose(world, left, {}),
    };
    await refuseLockout(world, io, { ...lockout, force: true, isTried: false });
  });
};
