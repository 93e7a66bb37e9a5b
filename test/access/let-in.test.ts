import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { letIn, listLetIn } from '../../src/access/let-in.ts';
import { gateWith } from '../support/fake-gate.ts';

const door = suite('the door');

for (const transport of ['rsync', 'scp'] as const) {
  door(`does nothing for a server that is let in by ${transport} once more as it was`, async () => {
    const gate = await gateWith(transport);

    assert.equal(await letIn(gate, { server: 'web1' }), []);
    assert.equal(gate.closed, []);
  });
}

door('opens for no server that has no key yet and brings none', async () => {
  const gate = await gateWith('rsync');

  const error = await letIn(gate, { server: 'web2' }).catch((thrown: unknown) => thrown);

  assert.match(String(error), '"web2" has no key yet');
  assert.equal((await listLetIn(gate)).length, 1);
});

door('keeps the key of a server that changes from rsync to scp', async () => {
  const gate = await gateWith('rsync');
  const [before] = await listLetIn(gate);

  await letIn(gate, { server: 'web1', transport: 'scp' });

  assert.equal(await listLetIn(gate), [{ ...before, transport: 'scp' }]);
});

door.run();
