/** Whatever is killed, and before whichever of its effects: nothing is lifted, and then all is as without that. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../src/system/processes/run.ts';
import { iptablesRules } from '../support/firewall.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText } from '../support/intent-text.ts';
import { MovedFleet } from '../support/moved-fleet.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Stopping } from '../support/stopping.ts';

const crashes = suite('a fleet of which parts are killed');

const ipOf = (index: number): string => `203.0.113.${index + 1}`;
const ruleOf = (index: number): string => `-A fw2-sshd -s ${ipOf(index)}/32 -j DROP`;

/** Of the addresses up to that one, those that the second firewall drops. */
async function dropped(upTo: number): Promise<readonly number[]> {
  const rules = new Set(await iptablesRules());
  return Array.from({ length: upTo + 1 }, (_, index) => index).filter((index) => rules.has(ruleOf(index)));
}

crashes('holds all after a mover was killed before any of its effects', async () => {
  await using fleet = await MovedFleet.open(['fw1', 'fw2']);
  const names = ['fw1', 'fw2'];
  let [isOver, lifted, steps] = [false, 0, 0];

  for (; !isOver; steps++) {
    fleet.at('fw1').drop('web1', banText(ipOf(steps)));
    await fleet.pass('fw1');
    const dying = new Stopping(steps, run);
    for (const name of names) fleet.restartMover(name, dying);
    for (const name of names) await fleet.move(name);
    isOver = !dying.isStopped;
    await fleet.pass('fw2');
    lifted += steps - (await dropped(steps - 1)).length;
    for (const name of names) fleet.restartMover(name);
    for (const name of names) await fleet.move(name);
    await fleet.pass('fw2');
    assert.is((await dropped(steps)).length, steps + 1, `after ${steps} steps`);
  }

  assert.ok(steps > 8, `only ${steps} steps`);
  assert.is(lifted, 0);
});

crashes(
  'holds all after a controller that publishes or hears was killed before any of its effects',
  async () => {
    await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
    await fleet.exchange('fw1', 'fw2');
    let [isOver, lifted, steps] = [false, 0, 0];
    const isKilledIn = async (name: string): Promise<boolean> => {
      const dying = new Stopping(steps, run);
      await makePass(worldOf(fleet.at(name), dying)).catch(() => undefined);
      return dying.isStopped;
    };

    for (; !isOver; steps++) {
      fleet.at('fw1').drop('web1', banText(ipOf(steps)));
      const isFirstKilled = await isKilledIn('fw1');
      await fleet.carry('fw1', 'fw2');
      isOver = !(await isKilledIn('fw2')) && !isFirstKilled;
      lifted += steps - (await dropped(steps - 1)).length;
      await makePass(worldOf(fleet.at('fw1')));
      await fleet.carry('fw1', 'fw2');
      await makePass(worldOf(fleet.at('fw2')));
      assert.is((await dropped(steps)).length, steps + 1, `after ${steps} steps`);
    }

    assert.ok(steps > 8, `only ${steps} steps`);
    assert.is(lifted, 0);
  },
);

crashes.run();
