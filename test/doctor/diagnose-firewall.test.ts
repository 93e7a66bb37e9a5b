/** What doctor says of the firewall. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BanspoolError } from '../../src/system/error.ts';
import type { World } from '../../src/world/world.ts';
import { Sandbox } from '../support/sandbox.ts';
import { complaintsOf, openWorld } from './examined.ts';

const doctor = suite('doctor');

doctor('without iptables says so once, and what to install', async () => {
  await using sandbox = await Sandbox.open();
  const openFirewall: World['openFirewall'] = async () =>
    Promise.reject(new BanspoolError('command-missing', 'iptables is not installed'));

  const complaints = await complaintsOf({ ...(await openWorld(sandbox)), openFirewall });

  assert.equal(complaints, ['bad iptables is not installed | apt install iptables']);
});

doctor('without nft tells how long drift stays', async () => {
  await using sandbox = await Sandbox.open({ config: { interval: '60s' } });
  const world = await openWorld(sandbox);
  const run: World['run'] = async (file, ...rest) =>
    file === 'nft'
      ? Promise.reject(new BanspoolError('command-missing', 'nft is not installed'))
      : world.run(file, ...rest);

  const complaints = await complaintsOf({ ...world, run });

  assert.equal(complaints, [
    'warn nft is not installed: changes by other programs are detected every 60 s | apt install nftables',
  ]);
});

doctor.run();
