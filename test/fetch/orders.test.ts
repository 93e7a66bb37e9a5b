import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeOrders, encodeOrders, ordersOf } from '../../src/fetch/orders.ts';
import { readPolicy } from '../../src/policy/policy.ts';

const test = suite('what the fetcher is told');

const POLICY = `
lists:
  - { name: drop, file: drop.txt }
  - { name: level1, url: "https://lists.example.org/level1?key=1", every: 6h, max: 1000, format: jsonl, ca: /etc/ca.pem, note: x }
  - { name: other, url: "http://lists.example.org/", insecure: true }
`;

test('is which lists come from the network, with no more than it needs', () => {
  const read = readPolicy(POLICY);
  assert.is(read.kind, 'policy');
  const orders = ordersOf(read.kind === 'policy' ? read.policy.lists : []);

  const level1 = { name: 'level1', url: 'https://lists.example.org/level1?key=1', every: 21_600, max: 1000 };
  const other = { name: 'other', url: 'http://lists.example.org/', every: 43_200, max: 200_000 };
  assert.equal(orders, [{ ...level1, format: 'jsonl', ca: '/etc/ca.pem' }, other]);
  assert.equal(decodeOrders(encodeOrders(orders)), orders);
});

test('leads to no other file, and nowhere but to a web server', () => {
  const order = { name: 'a', url: 'https://a/', every: 300, max: 1 };
  for (const wrong of [
    { name: '../a' },
    { name: 'a.json' },
    { url: 'file:///etc/passwd' },
    { every: 0 },
    { max: 'x' },
  ])
    assert.is(decodeOrders(JSON.stringify({ version: 1, lists: [{ ...order, ...wrong }] })), undefined);
  for (const text of ['', '{}', '{"version":2,"lists":[]}']) assert.is(decodeOrders(text), undefined, text);
});

test.run();
