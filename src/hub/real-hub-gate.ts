/** What a hub touches as it is, for the program; tests hand in their own. */
import { join } from 'node:path';
import { makeAccounts } from '../system/accounts.ts';
import { takeLock } from '../system/files/lock.ts';
import { owned } from '../system/files/owned.ts';
import { HOME } from '../system/home.ts';
import { run } from '../system/processes/run.ts';
import { callerIdentity, callerName } from '../system/user.ts';
import type { HubGate } from './hub.ts';

/** As it is. */
export function realHubGate(): HubGate {
  return {
    ...{ run, accounts: makeAccounts(run), owned, takeLock },
    ...{ caller: callerIdentity(), callerName: callerName(), scripts: join(HOME, 'action.d/hub') },
  };
}
