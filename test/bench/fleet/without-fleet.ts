/** What `fleet:` in the config costs one ban: two controllers side by side, one without it, in turns. */
import { setTimeout as delay } from 'node:timers/promises';
import { banText, unbanText } from '../../support/intent-text.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { ATTACKER, type Attacker } from '../attacker.ts';
import { figureOf, type Figure } from '../figure.ts';
import { cpuOf } from './cpu.ts';
import { joinFleet } from './listener-site.ts';

const ROUNDS = 40;

export async function withoutFleet(attacker: Attacker): Promise<readonly Figure[]> {
  await using alone = await Sandbox.open({ config: { chainPrefix: 'alone-' } });
  await using member = await Sandbox.open();
  await joinFleet(member, 'fw1', { chainPrefix: 'member-' });
  const sides = [
    { sandbox: alone, controller: await alone.startController(), times: [] as number[], cpu: [] as number[] },
    {
      sandbox: member,
      controller: await member.startController(),
      times: [] as number[],
      cpu: [] as number[],
    },
  ] as const;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { sandbox, controller, times, cpu } of sides) {
      const before = cpuOf(controller.pid);
      await attacker.heard();
      const droppedAt = performance.now();
      sandbox.drop('web1', banText(ATTACKER, { protocol: 'all', ports: 'all' }));
      times.push((await attacker.silenced()) - droppedAt);
      sandbox.drop('web1', unbanText(ATTACKER));
      // Long enough to publish both: that is done once a second at the most.
      await delay(1_200);
      cpu.push(cpuOf(controller.pid) - before);
    }
  }
  const [{ times: bare, cpu: bareCpu }, { times, cpu }] = sides;
  return [
    figureOf('one ban, with fleet in the config', times, {
      bare: { what: 'without', samples: bare },
      goal: { words: '1.1 times', most: { ratio: 1.1 } },
    }),
    figureOf('a ban and an unban in 1.2 s, time of the processor', cpu, {
      bare: { what: 'without', samples: bareCpu },
    }),
  ];
}
