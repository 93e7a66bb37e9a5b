import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Firewall } from '../../src/firewall/firewall.ts';
import { openSources } from '../../src/sources/open-sources.ts';
import { UnfiledRules } from '../../src/sources/unfiled-rules.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const opening = suite('the list of sources');

opening('has what stands on the firewall and is in no file', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);

  const sources = openSources(world, new Firewall(world));

  assert.ok(sources.some((source) => source instanceof UnfiledRules));
});

opening.run();
