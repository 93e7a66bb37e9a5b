import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Flows } from '../../src/firewall/end-flows.ts';
import type { World } from '../../src/world/world.ts';

const flows = suite('end flows');

flows(
  'asks for a flowtable first and then in full passes alone, and without one for nothing else',
  async () => {
    const ran: string[] = [];
    const run: World['run'] = (file, args) => {
      ran.push([file, ...args].join(' '));
      return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', pid: 1 });
    };
    const keeper = new Flows();

    const counts: number[] = [];
    for (const kind of ['quick', 'quick', 'full', 'quick'] as const) {
      assert.equal(await keeper.end({ run }, { kind, changes: [], enforced: new Map() }), []);
      counts.push(ran.length);
    }

    assert.equal(counts, [1, 1, 2, 2]);
    assert.equal([...new Set(ran)], ['nft list flowtables']);
  },
);

flows('goes once by what was looked up ahead', async () => {
  let looks = 0;
  const run: World['run'] = () => {
    looks += 1;
    return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', pid: 1 });
  };
  const keeper = new Flows();

  await keeper.look({ run });
  for (let pass = 0; pass < 2; pass += 1)
    await keeper.end({ run }, { kind: 'full', changes: [], enforced: new Map() });

  assert.is(looks, 2);
});

flows.run();
