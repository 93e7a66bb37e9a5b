import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCrowdsecAlerts } from '../../../src/lists/formats/crowdsec-alerts.ts';
import { exampleList, readList } from '../examples.ts';

const alerts = suite('alerts of CrowdSec');

alerts('name the address of each decision, the scenario, and how long it lasts', () => {
  const seen = readList(exampleList('decisions-json.txt'));

  assert.equal(seen.told, [
    ['203.0.113.7', { reason: 'crowdsecurity/telnet-bf', left: 10_380_949 }],
    ['198.51.100.0/24', { reason: `manual 'ban' from 'web1'`, left: 604_799_000 }],
  ]);
  assert.is(seen.unread.examples[0]?.line, 2);
  assert.match(seen.unread.examples[0]?.text ?? '', '"duration":"3h59m0s"');
});

alerts('may be decisions themselves, as the API gives them', () => {
  const decision = {
    duration: '1m0s',
    origin: 'CAPI',
    scenario: 'x',
    scope: 'ip',
    type: 'ban',
    value: '203.0.113.7',
  };

  assert.equal(readList(JSON.stringify([decision])).told, [['203.0.113.7', { reason: 'x', left: 60_000 }]]);
});

alerts('without decisions are none, and what is no decision is not understood', () => {
  const meanings = (text: string): unknown => parseCrowdsecAlerts(text)?.map(({ meaning }) => meaning);

  assert.equal(meanings('[{"decisions":null},{"decisions":[]}]'), []);
  assert.equal(
    meanings('[{"decisions":[null,7,{}]},null,[],{"scope":"Ip","value":7,"type":"ban"}]'),
    Array(6).fill('unread'),
  );
});

for (const text of ['', '{}', 'null', '[', '[{"decisions":', "[{'sshd': []}]"])
  alerts(`are not what ${text || 'no text'} is`, () => {
    assert.is(parseCrowdsecAlerts(text), undefined);
  });

alerts.run();
