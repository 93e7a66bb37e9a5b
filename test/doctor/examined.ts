/** A machine for doctor to look at, and what it has against it. */
import { mkdirSync } from 'node:fs';
import { diagnose } from '../../src/doctor/diagnose.ts';
import type { World } from '../../src/world/world.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import type { Sandbox } from '../support/sandbox.ts';

/** What is not good, with its mend. */
export async function complaintsOf(world: World): Promise<readonly string[]> {
  const findings = await diagnose(world);
  return findings
    .filter(({ level }) => level !== 'good')
    .map(({ level, what, mend }) => `${level} ${what} | ${mend ?? ''}`);
}

/** A world whose firewall saw a pass, with one server. */
export async function openWorld(sandbox: Sandbox): Promise<World> {
  mkdirSync(sandbox.rejected);
  sandbox.drop('web1', 'intent: start\njail: sshd\ntime: 1795330538\n...\n');
  const world = worldOf(sandbox);
  await makePass(world);
  return world;
}

/** All that the controller writes to is nobody's, as it is banspool's under systemd. */
export async function openOfNobody(sandbox: Sandbox): Promise<World> {
  const world = await openWorld(sandbox);
  await outputOf(['chown', '-R', 'nobody:', sandbox.folder]);
  return world;
}
