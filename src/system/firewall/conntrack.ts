/**
 * The connections that the kernel tracks, through the program conntrack, and the flowtables that take some past all
 * rules.
 */
import { commandFailed } from '../processes/command-failed.ts';
import type { Family } from '../../domain/net.ts';
import type { Run } from '../processes/run.ts';
import { foundNoFlows } from '../processes/tool-words.ts';

/** Whether there is a flowtable. Without nft nobody is here to tell, and hardly anybody to have made one. */
export async function hasFlowtable(run: Run): Promise<boolean> {
  const ran = await run('nft', ['list', 'flowtables']).catch(() => undefined);
  return ran !== undefined && /^\s+flowtable /m.test(ran.stdout);
}

/** A line for each flow that a flowtable took over; the kernel's whole list is read once, however few they are. */
export async function listOffloaded(run: Run, family: Family): Promise<string> {
  const ran = await run('conntrack', ['-L', '-f', family, '-u', 'OFFLOAD']);
  if (ran.exitCode !== 0) throw commandFailed('conntrack -L', ran);
  return ran.stdout;
}

interface FlowsOf {
  readonly family: Family;
  readonly side: 'source' | 'reply-source';
  readonly ip: string;
}

/** Ends the flows that the address began, or answers. That there are none any more is well: it exits with 1 then. */
export async function endFlowsOf(run: Run, { family, side, ip }: FlowsOf): Promise<void> {
  const ran = await run('conntrack', ['-D', '-f', family, side === 'source' ? '-s' : '-r', ip]);
  if (ran.exitCode !== 0 && !foundNoFlows(ran)) throw commandFailed('conntrack -D', ran);
}
