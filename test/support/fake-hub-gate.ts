/** A hub's machine in memory: FakeGate's accounts and files, with scripts to put into the repository. */
import type { Hub, HubGate } from '../../src/hub/hub.ts';
import { makeHub } from '../../src/hub/make-hub.ts';
import { FakeGate } from './fake-gate.ts';

export const HUB_FOLDER = '/srv/fleet.git';

const SCRIPTS = '/usr/lib/banspool/action.d/hub';
const ROOT = { uid: 0, gid: 0 };

export class FakeHubGate extends FakeGate implements HubGate {
  caller: HubGate['caller'] = ROOT;
  callerName = 'root';
  readonly scripts = SCRIPTS;

  constructor() {
    super();
    for (const name of ['door', 'update', 'post-receive'])
      this.owned.write(`${SCRIPTS}/${name}`, `#!/bin/sh\n# ${name}\n`, { ...ROOT, mode: 0o755 });
  }
}

/** One with a hub, made by root. */
export async function gateWithHub(): Promise<{ readonly gate: FakeHubGate; readonly hub: Hub }> {
  const gate = new FakeHubGate();
  const { hub } = await makeHub(gate, { folder: HUB_FOLDER, replace: false });
  return { gate, hub };
}
