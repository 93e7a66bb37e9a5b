import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openAlertsParser } from '../../../src/lists/formats/crowdsec-alerts.ts';
import { Tokenizer } from '../../../src/lists/formats/tokenizer.ts';
import { exampleList, readList } from '../examples.ts';

const alerts = suite('alerts of CrowdSec');

alerts('name the address of each decision, the scenario, and how long it lasts', () => {
  const seen = readList(exampleList('decisions-json.txt'));

  assert.equal(seen.told, [
    ['203.0.113.7', { reason: 'crowdsecurity/telnet-bf', left: 10_380_949 }],
    ['198.51.100.0/24', { reason: `manual 'ban' from 'web1'`, left: 604_799_000 }],
  ]);
  assert.equal(seen.unread.examples, [{ line: 2, text: 'captcha Ip:203.0.113.8' }]);
});

alerts('may be decisions themselves, as the API gives them', () => {
  const decision = {
    duration: '1m0s',
    origin: 'CAPI',
    scenario: 'Müller',
    scope: 'ip',
    type: 'ban',
    value: '::7',
  };

  assert.equal(readList(JSON.stringify([decision])).told, [['::7', { reason: 'Müller', left: 60_000 }]]);
});

/** Of each decision whether it is one that counts; undefined where the text is none. */
function meaningsOf(text: string): readonly string[] | undefined {
  const meanings: string[] = [];
  const parser = openAlertsParser((meaning) =>
    meanings.push(typeof meaning === 'string' ? meaning : 'entry'),
  );
  const tokenizer = new Tokenizer(parser.take);
  tokenizer.write(text);
  return tokenizer.end() && parser.isWhole() ? meanings : undefined;
}

alerts('without decisions are none, and nothing else that has a value is one', () => {
  const source = { scope: 'Ip', value: '203.0.113.7' };
  const event = { meta: [{ key: 'type', value: 'ban' }], source };

  assert.equal(meaningsOf('[]'), []);
  assert.equal(meaningsOf(JSON.stringify([{ decisions: null }, { decisions: [] }])), []);
  assert.equal(meaningsOf(JSON.stringify([{ decisions: [], source, events: [event, event] }])), []);
});

alerts('have decisions that are not understood', () => {
  const odd = [
    { scope: 'Ip', value: 7, type: 'ban' },
    { value: '203.0.113.7', type: 'ban' },
    { type: 'ban', value: '203.0.113.7', scope: 'Ip', simulated: true },
  ];

  assert.equal(meaningsOf(JSON.stringify([{ decisions: odd }])), ['unread', 'unread', 'unread']);
});

for (const text of [
  ...[
    '',
    '{}',
    'null',
    '[',
    '[{"decisions":',
    "[{'decisions': []}]",
    '[{"a":1}]',
    '[1,2]',
    '[]]',
    '[] []',
    '[}',
  ],
  ...[
    '[{"decisions":[]]',
    '[{"decisions":[nil]}]',
    '[{"decisions"::[]}]',
    `[{"decisions":${'['.repeat(40)}${']'.repeat(40)}}]`,
    '["x"]',
  ],
])
  alerts(`are not what ${text.slice(0, 30) || 'no text'} is`, () => {
    assert.is(meaningsOf(text), undefined);
  });

alerts.run();
