import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openCrowdsecParser } from '../../../src/lists/formats/crowdsec.ts';
import { exampleList, readList } from '../examples.ts';

const crowdsec = suite('a line of CrowdSec');

crowdsec('names an address or a net, the scenario, and how long it lasts', () => {
  assert.equal(readList(exampleList('decisions.csv')).told, [
    ['203.0.113.7', { reason: 'crowdsecurity/telnet-bf', left: 10_380_949 }],
    ['198.51.100.0/24', { reason: `manual 'ban' from "web1", twice`, left: 604_799_000 }],
    ['2001:db8::7', { reason: 'crowdsecurity/ssh-bf', left: 0 }],
  ]);
});

crowdsec('is no ban where it asks for a captcha, is only simulated, or means a country', () => {
  const seen = readList(exampleList('decisions.csv'));

  assert.equal(
    seen.unread.examples.map(({ line }) => line),
    [5, 6, 7],
  );
});

crowdsec('is read in the order of fields that the heading tells', () => {
  const { told } = readList('id,source,ip,action,reason\n7,cscli,Ip:203.0.113.7,ban,by hand\n');

  assert.equal(told, [['203.0.113.7', { reason: 'by hand' }]]);
});

for (const line of [
  ...['1,crowdsec,203.0.113.7,x,ban', '1,crowdsec,Ip:203.0.113.7', '1,crowdsec,Ip:example.org,x,ban', '"'],
  ...[
    '1,"crowdsec,Ip:203.0.113.7,x,ban',
    '1,"crowdsec"x,Ip:203.0.113.7,x,ban',
    '1,crowdsec,AS:64500,x,ban',
    ',',
  ],
])
  crowdsec(`${line} is not understood`, () => {
    assert.is(openCrowdsecParser()(line), 'unread');
  });

crowdsec.run();
