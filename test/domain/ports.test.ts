import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  formatPorts,
  multiportChunks,
  parsePorts,
  PortUnion,
  unionPorts,
  type Ports,
} from '../../src/domain/ports.ts';
import { parseServices } from '../../src/domain/services.ts';
import { portSet } from '../support/arbitraries.ts';

const ports = suite('ports');

const services = parseServices('');

const written = (text: string): string => {
  const parsed = parsePorts(text, services);
  return parsed.kind === 'ports' ? formatPorts(parsed.ports) : `bad: ${parsed.word}`;
};

ports('numbers, names and ranges of both spellings become sorted numbers', () => {
  const results = [
    'ssh',
    'http,https',
    '2222, SSH ,80',
    '8000-8010,22',
    '8000:8010',
    '22,22',
    '0',
    '00080',
  ].map(written);

  assert.equal(results, ['22', '80,443', '22,80,2222', '22,8000:8010', '8000:8010', '22', '0', '80']);
});

ports('ranges that overlap become one', () => {
  const results = ['20:30,25:40', '20:30,22', '22:22', '1:10,5:6,10:20'].map(written);

  assert.equal(results, ['20:40', '20:30', '22', '1:20']);
});

ports('the whole range is all ports, as is the word', () => {
  const results = ['0:65535', '1:65535', 'all', '22,all', '1:40000,30000:65535', '0,1:65535'].map(written);

  assert.equal(results, Array<string>(6).fill('all'));
});

ports('a word that is no port is handed back', () => {
  const results = [
    '',
    'sshd',
    '22,nope',
    '65536',
    '30:20',
    '22:',
    '-1',
    '22 80',
    '1:2:3',
    '0x16',
    '２２',
  ].map(written);

  assert.equal(
    results,
    ['', 'sshd', 'nope', '65536', '30:20', '22:', '-1', '22 80', '1:2:3', '0x16', '２２'].map(
      (word) => `bad: ${word}`,
    ),
  );
});

ports('written ports are read back as themselves', () => {
  fc.assert(
    fc.property(portSet, (set) => {
      assert.equal(parsePorts(formatPorts(set), services), { kind: 'ports', ports: set });
    }),
  );
});

ports('a union holds exactly the ports of both', () => {
  const holds = (set: Ports, port: number): boolean =>
    set === 'all' || set.some(([first, last]) => first <= port && port <= last);

  fc.assert(
    fc.property(portSet, portSet, fc.nat(200), (a, b, port) => {
      const union = unionPorts(a, b);

      assert.is(holds(union, port), holds(a, port) || holds(b, port));
      assert.equal(unionPorts(b, a), union);
      assert.equal(unionPorts(union, b), union);
    }),
    { numRuns: 500 },
  );
});

ports('the order in which ports are united does not matter', () => {
  fc.assert(
    fc.property(portSet, portSet, portSet, (a, b, c) => {
      assert.equal(unionPorts(unionPorts(a, b), c), unionPorts(a, unionPorts(b, c)));
    }),
  );
});

ports('the union of many is what uniting them one by one gives', () => {
  fc.assert(
    fc.property(fc.array(portSet, { minLength: 1, maxLength: 6 }), (sets) => {
      const union = new PortUnion();
      for (const set of sets) union.add(set);

      assert.equal(union.ports(), sets.reduce(unionPorts));
    }),
  );
});

ports('40 ports take three multiport matches', () => {
  const parsed = parsePorts(Array.from({ length: 40 }, (_, index) => 1000 + 2 * index).join(','), services);
  const chunks = parsed.kind === 'ports' && parsed.ports !== 'all' ? multiportChunks(parsed.ports) : [];

  assert.equal(
    chunks.map((chunk) => chunk.length),
    [15, 15, 10],
  );
});

ports('a range that needs two slots does not go into the last one', () => {
  const parsed = parsePorts(
    `${Array.from({ length: 14 }, (_, index) => index * 10).join(',')},500:600`,
    services,
  );
  const chunks = parsed.kind === 'ports' && parsed.ports !== 'all' ? multiportChunks(parsed.ports) : [];

  assert.equal(
    chunks.map((chunk) => formatPorts(chunk)),
    ['0,10,20,30,40,50,60,70,80,90,100,110,120,130', '500:600'],
  );
});

ports('no multiport match has more than 15 slots, and no port is lost between them', () => {
  fc.assert(
    fc.property(portSet, (set) => {
      if (set === 'all') return;
      const chunks = multiportChunks(set);

      for (const chunk of chunks) {
        const slots = chunk.reduce((sum, [first, last]) => sum + (first === last ? 1 : 2), 0);
        assert.ok(slots >= 1 && slots <= 15);
      }
      assert.equal(chunks.flat(), set);
    }),
  );
});

ports.run();
