/** The access of a hub to the real system; tests use their own. */
import { join } from 'node:path';
import { makeAccounts } from '../system/accounts.ts';
import { takeLock } from '../system/files/lock.ts';
import { owned } from '../system/files/owned.ts';
import { HOME } from '../system/home.ts';
import { run } from '../system/processes/run.ts';
import { callerIdentity, callerName } from '../system/user.ts';
import type { HubGate } from './hub.ts';

/** The access to the real system. */
export function realHubGate(): HubGate {
  return {
    ...{ run, accounts: makeAccounts(run), owned, takeLock },
    ...{ caller: callerIdentity(), callerName: callerName(), scripts: join(HOME, 'action.d/hub') },
  };
}
