import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BanspoolError } from '../../../src/system/error.ts';
import type { World } from '../../../src/world/world.ts';
import { complaintsOf, openWorld } from '../../doctor/examined.ts';
import { worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';

const doctor = suite('doctor of iptables');

for (const [backend, complaints] of [
  ['rules', []],
  [
    'auto',
    ['warn ipset is not installed, but a chain of more than 1,000 bans needs a set | apt install ipset'],
  ],
  ['ipset', ['bad ipset is not installed, but every chain needs a set | apt install ipset']],
] as const) {
  doctor(`tells what a missing ipset means with backend: ${backend}`, async () => {
    await using sandbox = await Sandbox.open();
    const world = await openWorld(sandbox);
    sandbox.configure({ backend });
    const openFirewall: World['openFirewall'] = async () => ({
      ...(await world.openFirewall()),
      sets: { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' },
    });

    assert.equal(await complaintsOf(worldOf(sandbox, { openFirewall })), complaints);
  });
}

doctor('names a hook that is not there, and a family that cannot be read', async () => {
  await using sandbox = await Sandbox.open({ config: { hooks: '[INPUT, DOCKER-USER]' } });
  const world = await openWorld(sandbox);
  const openFirewall: World['openFirewall'] = async () => {
    const tools = await world.openFirewall();
    const list: typeof tools.list = (family) =>
      family === 'ipv6' ? Promise.reject(new BanspoolError('command-failed', 'broken')) : tools.list(family);
    return { ...tools, list };
  };

  const complaints = await complaintsOf(worldOf(sandbox, { openFirewall }));

  assert.equal(complaints, [
    'warn ipv4: the chain DOCKER-USER does not exist yet; its jumps are added when it appears | start the program that creates it, or remove it from hooks in the config',
    'bad ipv6: broken | or set families without ipv6',
  ]);
});

doctor('tells what keeps the table raw from being used, where it is to be', async () => {
  await using sandbox = await Sandbox.open();
  const world = await openWorld(sandbox);
  sandbox.configure({ early: 'true' });
  const openFirewall: World['openFirewall'] = async () => ({
    ...(await world.openFirewall()),
    sets: { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' },
    listRaw: (family) =>
      family === 'ipv6'
        ? Promise.reject(new BanspoolError('native-rules', 'holds native rules'))
        : Promise.resolve('-P PREROUTING ACCEPT\n'),
  });

  const complaints = await complaintsOf(worldOf(sandbox, { openFirewall }));

  assert.equal(complaints, [
    'warn ipv6: holds native rules, so nothing is dropped early | move native rules of the table raw to a table of their own, or set early: false',
    'warn ipset is not installed, but a chain of all ports (early: true) needs a set | apt install ipset',
  ]);
});

doctor.run();
