import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatIntent } from '../../src/intent/format.ts';
import { MAX_SECONDS } from '../../src/intent/fields.ts';
import { parseIntent, type ParsedIntent } from '../../src/intent/parse.ts';
import { netOf } from '../../src/domain/net.ts';
import { refusalText } from '../../src/domain/refusals.ts';
import { parseServices } from '../../src/domain/services.ts';
import { anyIntent } from '../support/arbitraries.ts';

const intents = suite('parse intent');

const services = parseServices('');

const parse = (text: string, { operator } = { operator: false }): ParsedIntent =>
  parseIntent(Buffer.from(text), { services, operator });

const reasonOf = (text: string): string => {
  const parsed = parse(text);
  return parsed.kind === 'refused' ? refusalText(parsed.refusal) : 'taken';
};

/** A good ban with some lines replaced, or taken out where the value is undefined. */
function banText(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const fields: Readonly<Record<string, string | undefined>> = {
    intent: 'ban',
    jail: 'sshd',
    ip: '203.0.113.7',
    time: '1795330538',
    bantime: '600',
    ...changes,
  };
  const lines = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${value}`],
  );
  return `${lines.join('\n')}\n...\n`;
}

intents('a ban as fail2ban has it is read', () => {
  const parsed = parse(
    banText({
      ports: 'ssh,2222',
      protocol: 'tcp,udp',
      time: '1795330538.25',
      failures: '5',
      restored: '0',
      reason: '"too many failures"',
    }),
  );

  assert.equal(parsed, {
    kind: 'intent',
    warnings: [],
    intent: {
      intent: 'ban',
      jail: 'sshd',
      ip: netOf('203.0.113.7'),
      time: 1_795_330_538_250,
      until: 1_795_331_138_250,
      ports: '22,2222',
      protocols: 'tcp,udp',
      failures: 5,
      reason: 'too many failures',
    },
  });
});

intents('a ban without a bantime, or with -1, lasts until the unban', () => {
  for (const bantime of [undefined, '-1', '-1.0']) {
    const parsed = parse(banText({ bantime }));

    assert.is(parsed.kind === 'intent' && 'until' in parsed.intent ? parsed.intent.until : 0, Infinity);
  }
});

intents('an unban says of whom and when, and nothing else', () => {
  const parsed = parse(banText({ intent: 'unban', ports: 'ssh' }));

  assert.equal(parsed.kind === 'intent' ? parsed.intent : parsed, {
    intent: 'unban',
    jail: 'sshd',
    ip: netOf('203.0.113.7'),
    time: 1_795_330_538_000,
  });
});

intents('a start or reload without ports says all ports of tcp: it is the whole setting of the jail', () => {
  for (const intent of ['start', 'reload'] as const) {
    const parsed = parse(banText({ intent, ip: undefined, bantime: undefined }));

    assert.equal(parsed.kind === 'intent' ? parsed.intent : parsed, {
      intent,
      jail: 'sshd',
      time: 1_795_330_538_000,
      ports: 'all',
      protocols: 'tcp',
    });
  }
});

intents('a protocol that cannot be read is all of them, with a warning', () => {
  const parsed = parse(banText({ protocol: 'tcp/udp' }));

  assert.is(
    parsed.kind === 'intent' && 'protocols' in parsed.intent ? parsed.intent.protocols : parsed.kind,
    'all',
  );
  assert.equal(parsed.kind === 'intent' ? parsed.warnings : [], [
    'protocol: "tcp/udp" is not all, tcp, udp, sctp, dccp, icmp or the number of one of these: read as all protocols',
  ]);
});

intents('more ports than the jumps of a chain can hold are kept as all ports', () => {
  const odd = (count: number): string => Array.from({ length: count }, (_, index) => 1 + 2 * index).join(',');
  const portsOf = (text: string): unknown => {
    const parsed = parse(text);
    return parsed.kind === 'intent' && 'ports' in parsed.intent ? parsed.intent.ports : parsed;
  };

  assert.is(portsOf(banText({ ports: odd(120) })), odd(120));
  for (const ports of [odd(121), Array.from({ length: 57 }, (_, i) => `${i * 10}:${i * 10 + 5}`).join(',')]) {
    assert.is(portsOf(banText({ ports })), 'all');
    assert.is(portsOf(banText({ intent: 'start', ip: undefined, bantime: undefined, ports })), 'all');
    assert.is(portsOf(`intent: snapshot\njail: sshd\ntime: 10\nports: ${ports}\nbans: []\n...\n`), 'all');
  }
});

intents('ports that cannot be read are all ports, with a warning, and the ban counts', () => {
  const kinds = [
    banText({ ports: 'ssh,sshd' }),
    banText({ ports: 'anyport' }),
    banText({ ports: '' }),
    banText({ ports: '22 80' }),
    'intent: snapshot\njail: sshd\ntime: 10\nports: zmweb\nbans: []\n...\n',
  ].map((text) => {
    const parsed = parse(text);
    return parsed.kind === 'intent' && 'ports' in parsed.intent
      ? [parsed.intent.ports, ...parsed.warnings]
      : parsed;
  });

  const warning = (word: string): string =>
    `ports: "${word}" is neither a port, a range a:b nor a name in /etc/services: read as all ports`;
  assert.equal(kinds, [['all', warning('sshd')], ['all'], ['all'], ['22,80'], ['all', warning('zmweb')]]);
});

intents('a snapshot may hold many bans, or none', () => {
  const none = parse('intent: snapshot\njail: sshd\ntime: 10\nbans: []\n...\n');
  const two = parse(
    'intent: snapshot\njail: sshd\ntime: 10\nports: 22\nbans:\n' +
      '  - { ip: 203.0.113.7, time: 5, bantime: 600 }\n  - ip: 2001:db8::7\n    time: 6\n...\n',
  );

  assert.equal(none.kind === 'intent' ? none.intent : none, {
    intent: 'snapshot',
    jail: 'sshd',
    time: 10_000,
    bans: [],
  });
  assert.equal(two.kind === 'intent' ? two.intent : two, {
    intent: 'snapshot',
    jail: 'sshd',
    time: 10_000,
    ports: '22',
    bans: [
      { ip: netOf('203.0.113.7'), time: 5000, until: 605_000 },
      { ip: netOf('2001:db8::7'), time: 6000, until: Infinity },
    ],
  });
});

intents('only an operator may unban in every jail at once, by naming none', () => {
  const text = banText({ intent: 'unban', jail: undefined, bantime: undefined });

  const byOperator = parse(text, { operator: true });

  assert.match(reasonOf(text), /^jail: missing/);
  assert.is(byOperator.kind === 'intent' ? byOperator.intent.jail : '', '*');
  assert.match(reasonOf(banText({ intent: 'unban', jail: '"*"' })), /^jail: "\*" is not a jail name/);
});

intents('only an operator may unban what one server claims, and what is claimed inside a network', () => {
  const lines = { jail: undefined, bantime: undefined, of: 'web1', within: 'true' };
  const text = banText({ intent: 'unban', ...lines });
  const byServer = parse(banText({ intent: 'unban', ...lines, jail: 'sshd' }));

  const byOperator = parse(text, { operator: true });

  assert.ok(byOperator.kind === 'intent' && byOperator.intent.intent === 'unban');
  assert.equal([byOperator.intent.of, byOperator.intent.within, byOperator.warnings], ['web1', true, []]);
  assert.equal(parse(formatIntent(byOperator.intent), { operator: true }), byOperator);
  assert.ok(byServer.kind === 'intent' && !('of' in byServer.intent) && !('within' in byServer.intent));
  assert.is(byServer.warnings.length, 2);
  for (const wrong of [{ of: 'WEB1' }, { within: 'maybe' }]) {
    const parsed = parse(banText({ intent: 'unban', ...lines, ...wrong }), { operator: true });
    assert.match(parsed.kind === 'refused' ? refusalText(parsed.refusal) : '', /^(of|within): "\w+" is not /);
  }
});

intents('an operator has to name the jail of a ban', () => {
  const parsed = parse(banText({ jail: undefined }), { operator: true });

  assert.match(parsed.kind === 'refused' ? refusalText(parsed.refusal) : '', /^jail: missing/);
});

intents('an address that is none is refused with what is expected, and never resolved', () => {
  for (const ip of ['example.com', 'localhost', '-j ACCEPT', '1.2.3.4;id', '$(id)', '1.2.3.4/255.0.0.0']) {
    assert.is(
      reasonOf(banText({ ip: `"${ip}"` })),
      `ip: "${ip}" is not an IPv4 or IPv6 address or CIDR (host names are never resolved)`,
    );
  }
});

intents("an address that is no host's is refused as such", () => {
  for (const ip of ['0.0.0.0', '0.0.0.0/32', '::', '::ffff:0.0.0.0']) {
    assert.is(reasonOf(banText({ ip: `"${ip}"` })), `ip: "${ip}" is the unspecified address`);
  }
});

intents('a value that is too large or too long is refused as such, with the most that there can be', () => {
  assert.is(
    reasonOf(banText({ time: '999999999999.5' })),
    'time: "999999999999.5" is too large: at most 99999999999 seconds',
  );
  assert.match(
    reasonOf(banText({ reason: 'r'.repeat(2_001) })),
    /^reason: "r+…" is longer than 2000 characters$/,
  );
  assert.is(parse(banText({ reason: 'r'.repeat(2_000), bantime: String(MAX_SECONDS) })).kind, 'intent');
});

intents('a ban of more seconds than can be counted is one of as many as can, also in a list', () => {
  const ends = [
    banText({ time: '10', bantime: '999999999999' }),
    banText({ time: '10', bantime: '9'.repeat(400) }),
    'intent: snapshot\njail: sshd\ntime: 10\nbans:\n  - { ip: 203.0.113.7, time: 10, bantime: 8639999999913600 }\n...\n',
  ].map((text) => {
    const parsed = parse(text);
    if (parsed.kind === 'refused') return refusalText(parsed.refusal);
    const { intent } = parsed;
    return intent.intent === 'snapshot' ? intent.bans[0]?.until : intent.intent === 'ban' && intent.until;
  });

  assert.equal(
    ends,
    Array.from({ length: 3 }, () => (10 + MAX_SECONDS) * 1000),
  );
});

intents('a value of the wrong type is refused with what is expected', () => {
  const texts = {
    'ip: ["1.2.3.4"] is not an IPv4 or IPv6 address': banText({ ip: '[1.2.3.4]' }),
    'ip: {"a":"b"} is not an IPv4 or IPv6 address': banText({ ip: '{ a: b }' }),
    'ip: missing; expected an IPv4 or IPv6 address': banText({ ip: undefined }),
    'ip: "" is not an IPv4 or IPv6 address': banText({ ip: '' }),
    'intent: missing; expected ban, prolong, unban': banText({ intent: undefined }),
    'intent: "allow" is not ban, prolong, unban': banText({ intent: 'allow' }),
    'intent: ["ban"] is not ban, prolong, unban': banText({ intent: '[ban]' }),
    'jail: missing; expected a jail name': banText({ jail: undefined }),
    'jail: "../etc" is not a jail name': banText({ jail: '../etc' }),
    'jail: "-X" is not a jail name': banText({ jail: '-X' }),
    'jail: "sshd\\n" is not a jail name': banText({ jail: '"sshd\\n"' }),
    'time: missing; expected a number of seconds since 1970': banText({ time: undefined }),
    'time: "1e9" is not a number of seconds since 1970': banText({ time: '1e9' }),
    'time: "-1" is not a number of seconds since 1970': banText({ time: '-1' }),
    'time: "Infinity" is not a number of seconds since 1970': banText({ time: 'Infinity' }),
    'bantime: "-2" is not a number of seconds, or -1': banText({ bantime: '-2' }),
    'bantime: "1d" is not a number of seconds, or -1': banText({ bantime: '1d' }),
    'ports: ["22"] is not a list of ports': banText({ ports: '[22]' }),
    'protocol: "tcp;id" is not tcp, udp, sctp': banText({ protocol: 'tcp;id' }),
    'protocol: "-j" is not tcp, udp, sctp': banText({ protocol: '-j' }),
    'failures: "many" is not a whole number': banText({ failures: 'many' }),
    'reason: {"a":"b"} is not a string': banText({ reason: '{ a: b }' }),
    'bans: missing; expected a list of { ip, time, bantime }': banText({ intent: 'snapshot' }),
    'bans: "x" is not a list of { ip, time, bantime }': banText({ intent: 'snapshot', bans: 'x' }),
    'bans.0: "x" is not { ip, time, bantime }': banText({ intent: 'snapshot', bans: '[x]' }),
    'bans.1.ip: "x" is not an IPv4': banText({
      intent: 'snapshot',
      bans: '[{ip: 1.2.3.4, time: 1}, {ip: x, time: 1}]',
    }),
  };

  for (const [reason, text] of Object.entries(texts)) {
    assert.ok(reasonOf(text).startsWith(reason), `${reasonOf(text)} for ${reason}`);
  }
});

intents('a text that is not plain YAML is refused, and says what it has', () => {
  const texts = {
    'an anchor (&x)': banText({ ip: '&x 203.0.113.7' }),
    'an alias (*x)': banText({ ip: '*x' }),
    'a tag (!!str)': banText({ ip: '!!str 203.0.113.7' }),
    'the key "__proto__"': banText({ __proto__x: 'x' }).replace('__proto__x', '__proto__'),
    'the control character 0x00 in line 3': banText({ ip: '203.0.113.7\0' }),
    'the control character 0x1b in line 2': banText({ jail: '\x1b[31msshd' }),
    'the control character 0x9b in line 2': banText({ jail: '\x9b31msshd' }),
    'not a mapping of keys to values': '- ban\n...\n',
    'not YAML: Map keys must be unique': banText().replace('...', 'ip: 198.51.100.1\n...'),
  };

  for (const [reason, text] of Object.entries(texts)) {
    const given = reasonOf(text).replace('tag:yaml.org,2002:', '!!').replace('(*name)', '(*x)');
    assert.is(given, reason);
  }
});

intents('bytes that are no UTF-8 are refused', () => {
  const parsed = parseIntent(Buffer.from(banText({ reason: 'caf\xe9' }), 'latin1'), {
    services,
    operator: false,
  });

  assert.equal(parsed, { kind: 'refused', refusal: { code: 'not-utf8' } });
});

intents('two intents in one file are refused: the first may be a cut one', () => {
  assert.match(reasonOf(banText() + banText()), /multiple documents/);
});

intents('keys of a newer sender are ignored with a warning', () => {
  const parsed = parse(banText({ colour: 'blue', bancount: '3' }));

  assert.is(parsed.kind, 'intent');
  assert.equal(parsed.kind === 'intent' ? parsed.warnings : [], [
    'the key "colour" is unknown and was ignored',
    'the key "bancount" is unknown and was ignored',
  ]);
});

intents(
  'whether fail2ban restored a ban is for people alone: whatever stands there, nothing is said of it',
  () => {
    for (const restored of ['0', '1', 'yes', '[a, b]', '{ a: b }']) {
      const parsed = parse(banText({ restored }));

      assert.equal(parsed, parse(banText()), restored);
    }
  },
);

intents('lines may end as they do on Windows, and the file may begin with a byte order mark', () => {
  const parsed = parse(`\ufeff${banText().replaceAll('\n', '\r\n')}`);

  assert.is(parsed.kind, 'intent');
});

intents('nothing in the text can name a server', () => {
  const parsed = parse(banText({ server: 'web2' }));

  assert.not('server' in (parsed.kind === 'intent' ? parsed.intent : {}));
});

intents('a reason is kept as one line that shows all that it holds', () => {
  const escaped = String.raw`"one\n\ttwo\e[31m \u202etrap \u2028three\u200b  "`;

  const parsed = parse(banText({ reason: escaped }));

  const reason = parsed.kind === 'intent' && 'reason' in parsed.intent ? parsed.intent.reason : '';
  assert.is(reason, 'one two [31m  trap  three');
});

intents('a long reason is cut, but never inside of a character', () => {
  for (const start of ['', 'x']) {
    const parsed = parse(banText({ reason: `"${start}${'\u{1f600}'.repeat(150)}"` }));

    const reason = parsed.kind === 'intent' && 'reason' in parsed.intent ? (parsed.intent.reason ?? '') : '';
    assert.is(reason, start + '\u{1f600}'.repeat(start === '' ? 100 : 99));
  }
});

intents('a refusal shows nothing that a terminal or a log would take for something else', () => {
  const hostile = String.raw`"\e[2J\x9b31m\u202e\u2028\n\0"`;
  const texts = [
    ...['intent', 'jail', 'ip', 'time', 'bantime', 'ports', 'protocol', 'failures'].map((key) =>
      banText({ [key]: hostile }),
    ),
    banText({ ip: '&\u202eanchor x' }),
    banText({ ip: '!\u202etag x' }),
    banText({ ip: `"${'\u{1f600}'.repeat(1000)}"` }),
    `&${'a'.repeat(8000)} x`,
  ];

  for (const text of texts) {
    assert.not.match(reasonOf(text), /[\p{C}\p{Zl}\p{Zp}]/u, JSON.stringify(text));
    assert.ok(reasonOf(text).length <= 300);
  }
});

intents('no text makes the parser throw, and none that is refused is without a reason', () => {
  const lineOf = (key: string): fc.Arbitrary<string> =>
    fc
      .oneof(
        fc.string({ maxLength: 20 }),
        fc.constantFrom('ban', 'snapshot', '203.0.113.7', '5', '[]', '{}', '&a', '*a'),
      )
      .map((value) => `${key}: ${value}\n`);
  const almost = fc
    .array(fc.constantFrom('intent', 'jail', 'ip', 'time', 'bantime', 'bans', 'ports', '...').chain(lineOf))
    .map((lines) => lines.join(''));

  fc.assert(
    fc.property(fc.oneof(almost, fc.string({ unit: 'binary', maxLength: 100 })), (text) => {
      assert.ok(reasonOf(text).length > 0);
    }),
    { numRuns: 500 },
  );
});

intents('no bytes make the parser throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.ok(parseIntent(bytes, { services, operator: false }).kind.length > 0);
    }),
    { numRuns: 500 },
  );
});

intents('a good intent with some bytes changed is taken or refused, never more', () => {
  const change = fc.tuple(
    fc.nat(200),
    fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[]&*!:-#\n"\''))),
  );

  fc.assert(
    fc.property(anyIntent(), fc.array(change, { minLength: 1, maxLength: 5 }), (intent, changes) => {
      const bytes = Buffer.from(formatIntent(intent));
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;

      assert.ok(parseIntent(bytes, { services, operator: false }).kind.length > 0);
    }),
    { numRuns: 500 },
  );
});

intents('a file of 8 KiB is judged within a second, whatever it holds', () => {
  const units = [
    '}',
    '&a ',
    '[',
    '{',
    '- ',
    '? ',
    'a: ',
    '"',
    'a:\n',
    '-\n',
    'a: &a [*a,*a]\n',
    '[]\n',
    '\u202e',
    ' ',
  ];
  const bombs = [
    ...units.map((unit) => unit.repeat(Math.floor(8192 / Buffer.byteLength(unit)))),
    banText({ ip: '['.repeat(4000) }),
    banText({ ip: `${'['.repeat(2000)}${']'.repeat(2000)}` }),
    banText({ ports: '1,'.repeat(3900) }),
    banText({ ports: Array.from({ length: 900 }, (_, index) => index * 3).join(',') }),
    banText({ reason: `"${'\\u202e'.repeat(1200)}"` }),
    Array.from({ length: 400 }, (_, index) => `a${index}: &a${index} [*a${index}]`).join('\n'),
  ];

  for (const bomb of bombs) {
    const startedAt = process.cpuUsage();
    const reason = reasonOf(bomb);
    const { user } = process.cpuUsage(startedAt);

    assert.ok(reason.length > 0);
    assert.ok(user < 1_000_000, `${user} µs for ${bomb.slice(0, 20)}`);
  }
});

intents.run();
