import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  allTrails,
  changeRegion,
  EMPTY_REGION,
  forgetBefore,
  joinRegion,
} from '../../../src/claims/seen/seen-region.ts';
import type { Trail } from '../../../src/claims/seen/trail.ts';
import { netOf } from '../../../src/domain/net.ts';

const regions = suite('sightings of a region');

const trail = (text: string, server: string, ...since: readonly number[]): Trail => ({
  ...{ ip: netOf(text), server, jail: 'sshd', unbans: [] },
  bans: since.map((time) => ({ since: time, until: time + 600_000 })),
});

const textOf = (trails: Iterable<Trail>): readonly string[] =>
  Array.from(trails, ({ ip, server, bans }) => `${ip.text} ${server} ${bans.length}`).sort();

regions('are joined where they are of one address, server and jail, and counted by server', () => {
  const lines = [
    trail('203.0.113.7', 'web1', 2000),
    trail('203.0.113.7', 'web1', 1000),
    trail('203.0.113.8', 'web2', 3000),
  ];

  const region = joinRegion([...lines, ...lines]);

  assert.equal(textOf(allTrails(region)), ['203.0.113.7 web1 2', '203.0.113.8 web2 1']);
  assert.equal(Object.fromEntries(region.sizes), { web1: 2, web2: 1 });
  assert.is(region.oldest, 1000);
});

regions('are counted anew where they change, and nothing is left of what is taken out', () => {
  const region = joinRegion([trail('203.0.113.7', 'web1', 1000), trail('203.0.113.8', 'web2', 2000)]);
  const [ip, other] = [netOf('203.0.113.7'), netOf('203.0.113.8')];

  const more = changeRegion(region, [{ ip, trails: [trail('203.0.113.7', 'web2', 500, 4000)] }]);
  const none = changeRegion(more, [
    { ip, trails: [] },
    { ip: other, trails: [] },
  ]);

  assert.equal([Object.fromEntries(more.sizes), more.oldest], [{ web2: 3 }, 500]);
  assert.is(none, EMPTY_REGION);
});

regions('that are too old to count are forgotten', () => {
  const region = joinRegion([trail('203.0.113.7', 'web1', 1000, 5000), trail('203.0.113.8', 'web2', 2000)]);

  const kept = forgetBefore(region, 2001);

  assert.equal([textOf(allTrails(kept)), kept.oldest], [['203.0.113.7 web1 1'], 5000]);
  assert.is(forgetBefore(region, 5001), EMPTY_REGION);
});

regions.run();
