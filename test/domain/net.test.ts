import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  cidrText,
  compareNets,
  contains,
  halvesOf,
  joinHalves,
  netOf,
  parseNet,
  regionOf,
  widened,
  type Net,
} from '../../src/domain/net.ts';
import { anyNet, ipv4Text, ipv6Text } from '../support/arbitraries.ts';

const net = suite('net');

const textOf = (text: string): string | undefined => parseNet(text)?.text;

net('an address is written in one form, whatever form it came in', () => {
  const forms = [
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7/32', '203.0.113.7'],
    ['2001:DB8:0:0:0:0:0:7', '2001:db8::7'],
    ['2001:db8::7/128', '2001:db8::7'],
    ['2001:0db8:0000:0001:0001:0001:0001:0001', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ] as const;

  const written = forms.map(([form]) => textOf(form));

  assert.equal(
    written,
    forms.map(([, text]) => text),
  );
});

net('host bits of a network are cleared, as fail2ban does', () => {
  const written = ['203.0.113.7/24', '10.255.255.255/9', '2001:db8::ffff/120', '203.0.113.7/0'].map(textOf);

  assert.equal(written, ['203.0.113.0/24', '10.128.0.0/9', '2001:db8::ff00/120', '0.0.0.0/0']);
});

net('an IPv4-mapped IPv6 address is the IPv4 address that it stands for', () => {
  const written = ['::ffff:203.0.113.7', '::FFFF:cb00:7107', '::ffff:203.0.113.7/120', '::ffff:0:0/96'].map(
    textOf,
  );

  assert.equal(written, ['203.0.113.7', '203.0.113.7', '203.0.113.0/24', '0.0.0.0/0']);
});

net('an IPv6 address with a dotted end that is not mapped stays IPv6', () => {
  const written = ['::1.2.3.4', '::1.2.3.4/128', '::1.2.3.0/120', '::ffff:1.2.3.4/90'].map(textOf);

  assert.equal(written, ['::102:304', '::102:304', '::102:300/120', '::ffc0:0:0/90']);
});

net('what is no address is refused', () => {
  const wrong = [
    '',
    ' ',
    'localhost',
    'example.com',
    'deadbeef',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.04',
    '0x1.2.3.4',
    '1234567890',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '1.2.3.4\t',
    '1.2.3.4;id',
    '1.2.3.4,5.6.7.8',
    '1.2.3.4$(id)',
    '-j ACCEPT',
    '1.2.3.4 -j ACCEPT',
    '!1.2.3.4',
    '１.２.３.４',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/-1',
    '1.2.3.4/024',
    '1.2.3.4/255.255.255.0',
    '1.2.3.4/2４',
    '1.2.3.4/24/24',
    '1.2.3.4-1.2.3.9',
    '2001:db8::/129',
    '2001:db8:::7',
    '2001:db8::7%eth0',
    '[2001:db8::7]',
    '::ffff:01.2.3.4',
    '::1.2.3.256',
    'fe80::1%0/64',
    ':',
    ':::',
  ];

  const taken = wrong.filter((text) => parseNet(text) !== undefined);

  assert.equal(taken, []);
});

net('no text makes the parser throw', () => {
  const almost = fc.string({
    unit: fc.constantFrom(...Array.from('0123456789abcdefF:./% \n-')),
    maxLength: 50,
  });

  fc.assert(
    fc.property(fc.oneof(fc.string(), almost), (text) => {
      parseNet(text);
    }),
    { numRuns: 3000 },
  );
});

net('a written address is read back as itself', () => {
  fc.assert(
    fc.property(anyNet, (any) => {
      assert.equal(netOf(any.text), any);
      assert.equal(netOf(cidrText(any)), any);
    }),
    { numRuns: 2000 },
  );
});

net('an IPv6 address is written as every browser writes it', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const { family, text: written } = netOf(text);

      if (family === 'ipv6') assert.is(`[${written}]`, new URL(`http://[${text}]`).hostname);
    }),
    { numRuns: 1000 },
  );
});

net('two texts of one network are one network', () => {
  fc.assert(
    fc.property(ipv4Text, fc.nat(255), (text, last) => {
      const wide = netOf(`${text.split('/', 1)[0] ?? ''}/24`);
      const other = netOf(`${wide.text.split('.').slice(0, 3).join('.')}.${last}/24`);

      assert.equal(other, wide);
    }),
  );
});

net('a network contains itself and whatever is inside it, and nothing of the other family', () => {
  const inside = [
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.0.0.0/8', '10.255.255.255'],
    ['10.0.0.0/8', '10.1.0.0/16'],
    ['0.0.0.0/0', '203.0.113.7'],
    ['::/0', '2001:db8::1'],
    ['2001:db8::/32', '2001:db8:ffff::/48'],
  ] as const;
  const outside = [
    ['10.1.0.0/16', '10.0.0.0/8'],
    ['10.0.0.0/8', '11.0.0.0'],
    ['203.0.113.7', '203.0.113.8'],
    ['::/0', '203.0.113.7'],
    ['0.0.0.0/0', '::1'],
  ] as const;

  const contained = [...inside, ...outside].map(([outer, inner]) => contains(netOf(outer), netOf(inner)));

  assert.equal(contained, [...inside.map(() => true), ...outside.map(() => false)]);
});

net('containing is a partial order', () => {
  const nested = fc
    .tuple(fc.oneof(ipv4Text, ipv6Text), fc.nat(128), fc.nat(128))
    .map(([text, ...prefixes]) => {
      const [address = ''] = text.split('/');
      const full = address.includes(':') ? 128 : 32;
      return prefixes.map((prefix) => netOf(`${address}/${Math.min(prefix, full)}`)) as [
        ReturnType<typeof netOf>,
        ReturnType<typeof netOf>,
      ];
    });

  fc.assert(
    fc.property(nested, anyNet, ([a, b], other) => {
      assert.ok(contains(a, a));
      assert.is(contains(a, b) && contains(b, a), a.text === b.text);
      if (a.family === b.family) assert.ok(contains(a, b) || contains(b, a));
      if (contains(a, b) && contains(b, other)) assert.ok(contains(a, other));
    }),
    { numRuns: 1000 },
  );
});

net('networks are sorted by family, number and width', () => {
  const texts = ['2001:db8::/32', '10.0.0.1', '9.0.0.0/8', '10.0.0.0/8', '2001:db8::1', '10.0.0.0', '::1'];

  const sorted = texts.map(netOf).sort(compareNets);

  assert.equal(
    sorted.map(({ text }) => text),
    ['9.0.0.0/8', '10.0.0.0/8', '10.0.0.0', '10.0.0.1', '::1', '2001:db8::/32', '2001:db8::1'],
  );
});

net('the order of networks is total', () => {
  fc.assert(
    fc.property(anyNet, anyNet, anyNet, (a, b, c) => {
      assert.is(compareNets(a, b) === 0, a.text === b.text);
      assert.is(Math.sign(compareNets(a, b)) + Math.sign(compareNets(b, a)), 0);
      if (compareNets(a, b) < 0 && compareNets(b, c) < 0) assert.ok(compareNets(a, c) < 0);
    }),
    { numRuns: 500 },
  );
});

net('a rule has the prefix length of a host too', () => {
  const printed = ['203.0.113.7', '203.0.113.0/24', '2001:db8::7'].map((text) => cidrText(netOf(text)));

  assert.equal(printed, ['203.0.113.7/32', '203.0.113.0/24', '2001:db8::7/128']);
});

net('a region is the first octet of IPv4, and of IPv6 one of 256 that a /48 lies in as a whole', () => {
  const regions = [
    '203.0.113.7',
    '10.0.0.0/8',
    '2001:db8::7',
    '2001:db8:0:ffff::/64',
    '2001:db8:1::',
    '::1',
    '::/0',
  ];

  assert.equal(
    regions.map((text) => regionOf(text.includes(':') ? 'ipv6' : 'ipv4', netOf(text).text)),
    ['ipv4/203', 'ipv4/10', 'ipv6/94', 'ipv6/94', 'ipv6/95', 'ipv6/00', 'ipv6/00'],
  );
  fc.assert(
    fc.property(ipv6Text.map(netOf), ({ family, text, bits }) => {
      if (family === 'ipv4') return;
      const octets = [0, 8, 16, 24, 32, 40].map((at) => Number((BigInt(bits) >> BigInt(120 - at)) & 0xffn));
      const folded = octets.reduce((sum, octet) => sum ^ octet, 0);
      assert.is(regionOf(family, text), `ipv6/${folded.toString(16).padStart(2, '0')}`);
    }),
    {
      examples: ['::1:2:3:4:5:6', '::2:3:4:5:6', '1::2:3:4:5:6', '1:2::/32', '0:0:1::', '::ffff:0:0:0'].map(
        (text) => [netOf(text)] as [Net],
      ),
    },
  );
});

net(
  'a network that is widened is the one of that length that contains it, of the same region from /48 on',
  () => {
    fc.assert(
      fc.property(
        fc.oneof(ipv6Text, fc.constantFrom('::1:2:3:4:5:6', '1:2:3:4:5:6:7:8')),
        fc.integer({ min: 48, max: 127 }),
        (text, prefix) => {
          const inner = netOf(text);
          const wide = widened(inner, prefix);
          assert.is(wide.prefix, inner.family === 'ipv4' ? inner.prefix : Math.min(inner.prefix, prefix));
          assert.ok(contains(wide, inner));
          assert.equal(wide, netOf(wide.text));
          if (inner.prefix >= 48)
            assert.is(regionOf(wide.family, wide.text), regionOf(inner.family, inner.text));
        },
      ),
    );
    assert.equal(
      [widened(netOf('203.0.113.7'), 24).text, widened(netOf('10.0.0.0/8'), 24).text],
      ['203.0.113.0/24', '10.0.0.0/8'],
    );
  },
);

net('the halves of a network make it again, lower one first, and no other two do', () => {
  fc.assert(
    fc.property(anyNet, anyNet, (one, other) => {
      const [lower, upper] = halvesOf(one);

      if (lower === undefined || upper === undefined) assert.equal(halvesOf(one), []);
      else {
        assert.equal(
          [lower, upper].map(({ text }) => netOf(text)),
          [lower, upper],
        );
        assert.ok(contains(one, lower) && contains(one, upper) && compareNets(lower, upper) < 0);
        assert.equal([joinHalves(lower, upper), joinHalves(upper, lower)], [one, undefined]);
        assert.is(joinHalves(lower, lower), undefined);
      }
      const joined = joinHalves(one, other);
      if (joined !== undefined) assert.equal(halvesOf(joined), [one, other]);
    }),
  );
});

net.run();
