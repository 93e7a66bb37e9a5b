import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatIntent } from '../../src/intent/format.ts';
import { parseIntent, type ParsedIntent } from '../../src/intent/parse.ts';
import { netOf } from '../../src/domain/net.ts';
import { parseServices } from '../../src/domain/services.ts';
import { anyIntent } from '../support/arbitraries.ts';

const intents = suite('format intent');

const services = parseServices('');

const parse = (text: string, { operator } = { operator: false }): ParsedIntent =>
  parseIntent(Buffer.from(text), { services, operator });

intents('whatever a sender can say is read back as it was written', () => {
  fc.assert(
    fc.property(anyIntent(), (intent) => {
      // Port 0 is the one that is read otherwise: as all ports.
      fc.pre(!('ports' in intent) || !/(^|,)0(,|$)/.test(intent.ports ?? ''));
      assert.equal(parse(formatIntent(intent)), { kind: 'intent', intent, warnings: [] });
    }),
    { numRuns: 500 },
  );
});

intents('what an operator says of a ban that he tries is read back as it was said', () => {
  const time = 1_795_330_538_000;
  for (const ifConfirmed of [time + 600_000, Infinity]) {
    const ban = {
      intent: 'ban',
      jail: 'manual',
      ip: netOf('203.0.113.7'),
      time,
      until: time + 60_000,
    } as const;
    const intent = { ...ban, ifConfirmed, reason: 'he said: "no"' };

    assert.equal(parse(formatIntent(intent), { operator: true }), { kind: 'intent', intent, warnings: [] });
  }
});

intents.run();
