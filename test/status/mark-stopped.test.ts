import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { markStopped } from '../../src/status/mark-stopped.ts';
import { statusPath } from '../../src/status/chronicle.ts';
import { writeStatusFile } from '../../src/system/files/status-file.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { RECORD } from './record.ts';

const stopping = suite('the last word of a controller');

stopping('is that it was stopped, and when; of another state it says nothing', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox, { now: () => Date.UTC(2026, 10, 22) });
  const write = (state: string): void => {
    writeStatusFile(statusPath(world.config), JSON.stringify({ ...RECORD, state }));
  };
  write('/another');
  markStopped(world);
  const ofAnother = sandbox.status();
  write(sandbox.state);

  markStopped(world);

  const { controller, stoppedAt, bans } = sandbox.status();
  assert.equal([ofAnother.stoppedAt, ofAnother.controller], [null, RECORD.controller]);
  assert.equal([controller, stoppedAt, bans], [null, '2026-11-22T00:00:00.000Z', RECORD.bans]);
});

stopping.run();
