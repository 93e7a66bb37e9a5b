import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Machine } from '../../src/pass/machine.ts';

const machine = suite('what only this machine knows');

machine('names of ports are read again by a full pass alone, and addresses by each', () => {
  let [names, address] = ['ssh 22/tcp', '192.0.2.1'];
  const keeper = new Machine({ servicesText: () => names, ownAddresses: () => [address, 'no address'] });
  const read = (isFull: boolean): unknown => {
    const { services, ownAddresses } = keeper.read({ isFull });
    return [services.get('ssh'), ownAddresses.map(({ text }) => text)];
  };

  const first = read(false);
  [names, address] = ['ssh 2222/tcp', '192.0.2.2'];
  const quick = read(false);
  const full = read(true);

  assert.equal(first, [22, ['192.0.2.1']]);
  assert.equal(quick, [22, ['192.0.2.2']]);
  assert.equal(full, [2222, ['192.0.2.2']]);
});

machine.run();
