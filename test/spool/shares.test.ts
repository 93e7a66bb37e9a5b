import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Shares } from '../../src/spool/shares.ts';

const sharing = suite('shares of reading');

/** Who is read, one file after the other, when a file of a server takes so many milliseconds. */
function order(shares: Shares, costs: Readonly<Record<string, number>>, files: number): string {
  const read = Array.from({ length: files }, () => {
    const server = shares.next(Object.keys(costs)) ?? '';
    shares.charge(server, costs[server] ?? 0);
    return server;
  });
  return read.join(' ');
}

sharing('servers whose files cost the same are read in turns', () => {
  assert.is(order(new Shares(), { web1: 2, web2: 2, mail: 2 }, 6), 'web1 web2 mail web1 web2 mail');
});

sharing('a server whose files are dear is read less often', () => {
  assert.is(order(new Shares(), { odd: 20, web1: 5 }, 7), 'odd web1 web1 web1 web1 odd web1');
});

sharing('whoever joins a crowd is read first, and has nothing to make up for', () => {
  const shares = new Shares();
  shares.charge('flood1', 40);
  shares.charge('flood2', 42);

  shares.attend(['flood1', 'flood2', 'web1'], new Set(['flood1', 'flood2']));

  assert.is(order(shares, { flood1: 5, flood2: 5, web1: 5 }, 4), 'web1 flood1 flood2 web1');
});

sharing('what was read of a server with nothing left to read is forgotten', () => {
  const shares = new Shares();
  shares.charge('web1', 40);
  shares.charge('web2', 10);

  shares.attend(['web1', 'web2'], new Set(['web2']));

  assert.is(shares.next(['web1', 'web2']), 'web1');
});

sharing('nobody pays for a pause of this process', () => {
  const shares = new Shares();
  shares.charge('web1', 10_000);
  shares.charge('web2', 49);

  assert.is(order(shares, { web1: 1, web2: 10 }, 3), 'web2 web1 web1');
});

sharing('of nobody is nobody next', () => {
  assert.is(new Shares().next([]), undefined);
});

sharing.run();
