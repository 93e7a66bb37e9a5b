/** The kind of data plane that rules of iptables and sets of ipset are. */
import type { DataplaneKind } from '../dataplane-kind.ts';
import { diagnose } from './diagnose.ts';
import { IptablesDataplane } from './iptables-dataplane.ts';
import { findLeftovers } from './leftovers.ts';
import { findTraps } from './find-traps.ts';
import { SPELLING } from './spelling.ts';

export const IPTABLES: DataplaneKind = {
  open: ({ config, now }, tools, family) => new IptablesDataplane(tools, { family, config, now }),
  findLeftovers,
  findTraps,
  diagnose,
  spelling: SPELLING,
};
