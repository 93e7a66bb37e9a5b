/** What is measured of fleets, by name, in order. */
import { Attacker } from '../attacker.ts';
import type { Scenario } from '../scenarios.ts';
import { firstByGit } from './first-by-git.ts';
import { firstSync } from './first-sync.ts';
import { hubDelay, polledDelay } from './hub-delay.ts';
import { manyClaims, oneBanMore } from './many-claims.ts';
import { silentPoll } from './silent-poll.ts';
import { valkeyDelay } from './valkey-delay.ts';
import { withoutFleet } from './without-fleet.ts';

export const FLEET: Readonly<Record<string, Scenario>> = {
  'fleet-bell': withAttacker(hubDelay),
  'fleet-polled': withAttacker(polledDelay),
  'fleet-valkey': withAttacker(valkeyDelay),
  'fleet-hub': silentPoll,
  'fleet-first-folder': firstSync,
  'fleet-first-git': firstByGit,
  'fleet-claims': manyClaims,
  'fleet-ban-more': withAttacker(oneBanMore),
  'fleet-without': withAttacker(withoutFleet),
};

function withAttacker(measure: (attacker: Attacker) => ReturnType<Scenario>): Scenario {
  return async () => {
    await using attacker = await Attacker.start();
    return await measure(attacker);
  };
}
