import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { openGit } from '../../../src/mover/git/open-git.ts';
import type { Listen } from '../../../src/system/processes/listen.ts';
import { fleetOf, inboxOf, moverSuite, MOVER_WORLD, publish, type Context } from '../mover-suite.ts';

const engine = moverSuite('the engine git');

const RINGING = { heard: () => undefined, ended: () => undefined };

/** The engine as a firewall has it, and what it began to listen to. */
function open(context: Context, name: string, remote = context.hub) {
  const listened: string[] = [];
  const listen: Listen = (file, words) => {
    listened.push([file, ...words.slice(-2)].join(' '));
    return { close: () => listened.push('closed') };
  };
  return { ...openGit(MOVER_WORLD, { fleet: fleetOf(context, name), remote, listen }), listened };
}

engine('pushes and fetches over the remote that it is given', async (context) => {
  const published = publish(fleetOf(context, 'fw1'), 1, { 'ipv4/203.yaml': 'a\n' });
  const [one, other] = [open(context, 'fw1'), open(context, 'fw2')];

  const untouched = existsSync(join(context.folder, 'fw1/mover'));
  await one.push();
  await other.fetch();

  assert.is(untouched, false);
  assert.equal(inboxOf(fleetOf(context, 'fw2'), 'fw1'), published);
});

engine('has a bell behind ssh, and none in a folder', (context) => {
  const [near, far] = [open(context, 'fw1'), open(context, 'fw2', 'ssh://hub@firewall/srv/fleet.git')];

  const none = near.openBell(RINGING);
  far.openBell(RINGING)?.close();

  assert.equal([none, near.listened, far.listened], [undefined, [], ['ssh hub@firewall bell', 'closed']]);
});

engine.run();
