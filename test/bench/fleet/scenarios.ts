/** What is measured of fleets, by name, in order. */
import { modules, withAttacker, type Scenarios } from '../scenario.ts';
import { firstByGit } from './first-by-git.ts';
import { firstSync } from './first-sync.ts';
import { hubDelay, polledDelay } from './hub-delay.ts';
import { manyClaims, oneBanMore } from './many-claims.ts';
import { silentPoll } from './silent-poll.ts';
import { valkeyDelay } from './valkey-delay.ts';
import { withoutFleet } from './without-fleet.ts';

export const FLEET: Scenarios = {
  'fleet-bell': modules(withAttacker(hubDelay)),
  'fleet-polled': modules(withAttacker(polledDelay)),
  'fleet-valkey': modules(withAttacker(valkeyDelay)),
  'fleet-hub': modules(silentPoll),
  'fleet-first-folder': modules(firstSync),
  'fleet-first-git': modules(firstByGit),
  'fleet-claims': modules(manyClaims),
  'fleet-ban-more': modules(withAttacker(oneBanMore)),
  'fleet-without': modules(withAttacker(withoutFleet)),
};
