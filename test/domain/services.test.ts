import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseServices } from '../../src/domain/services.ts';

const services = suite('services');

services('names and aliases of /etc/services are known, in any case', () => {
  const read = parseServices('# comment\ncustomd\t\t4711/tcp\tCustom other # mine\ncustomd 4711/udp\n');

  const numbers = ['customd', 'custom', 'other', 'mine'].map((name) => read.get(name));

  assert.equal(numbers, [4711, 4711, 4711, undefined]);
});

services('the first line of a name counts, as it does for getservbyname', () => {
  const read = parseServices('twice 1000/tcp\ntwice 2000/udp\n');

  assert.is(read.get('twice'), 1000);
});

services("a machine without /etc/services knows the names of fail2ban's own jails", () => {
  const read = parseServices('');

  const numbers = ['ssh', 'http', 'https', 'smtp', 'submissions', 'sieve'].map((name) => read.get(name));

  assert.equal(numbers, [22, 80, 443, 25, 465, 4190]);
});

services('what the machine says of a name goes before what is built in', () => {
  const read = parseServices('ssh 2222/tcp\n');

  assert.is(read.get('ssh'), 2222);
});

services('lines that are no service are passed over', () => {
  const read = parseServices(
    '\n   \n#only\nname\nname port/tcp\nbig 70000/tcp\nlong 123456/tcp\nno 22\ngood 7/tcp\n',
  );

  const numbers = ['name', 'big', 'long', 'no', 'good'].map((name) => read.get(name));

  assert.equal(numbers, [undefined, undefined, undefined, undefined, 7]);
});

services.run();
