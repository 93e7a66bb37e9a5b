/**
 * Where a claim is from, found from the name that is kept with it: a server, an operator, what stood on the firewall
 * before banspool came, a rule of escalation, or a peer's server or operator. Whatever differs between them is told
 * here, and asked of here.
 */
import { ADOPTED, claimantBehind, ESCALATION, OPERATOR, SERVER_NAME } from './names.ts';

interface Origin {
  readonly kind: 'server' | 'operator' | 'adopted' | 'escalation' | 'peer';
  /** True when it sends files: there may be a folder of its name in the spool. */
  readonly isSender: boolean;
  /** True when it may use the keys of operators, and has wider limits unless the policy names it. */
  readonly isTrusted: boolean;
  /** True when its unbans lift what others claim; what it claims itself is not lifted so. */
  readonly liftsOthers: boolean;
  /** True when its claims are held against the limits of the policy. */
  readonly isLimited: boolean;
}

/** The origin that has this name. */
export function originOf(name: string): Origin {
  if (!name.includes('/')) return RESERVED.get(name) ?? SERVER;
  return name.endsWith(OPERATOR_OF_PEER) ? PEER_OPERATOR : PEER;
}

/** The names that no server can have. */
export function reservedNames(): readonly string[] {
  return [...RESERVED.keys()];
}

/** True when a server can have this name. */
export function isServerName(name: string): boolean {
  return SERVER_NAME.test(name) && originOf(name).kind === 'server';
}

/** True when a folder of this name in the spool is one that files are read from. */
export function isSenderName(name: string): boolean {
  return SERVER_NAME.test(name) && originOf(name).isSender;
}

const SERVER: Origin = {
  kind: 'server',
  isSender: true,
  isTrusted: false,
  liftsOthers: false,
  isLimited: true,
};

/** A server behind a peer. */
const PEER: Origin = { ...SERVER, kind: 'peer', isSender: false };

const PEER_OPERATOR: Origin = { ...PEER, liftsOthers: true };

const OPERATOR_OF_PEER = claimantBehind('', OPERATOR);

/** What nobody says. */
const UNSAID = { isSender: false, isTrusted: false, liftsOthers: false, isLimited: false };

const RESERVED: ReadonlyMap<string, Origin> = new Map([
  [OPERATOR, { kind: 'operator', isSender: true, isTrusted: true, liftsOthers: true, isLimited: true }],
  [ADOPTED, { kind: 'adopted', ...UNSAID }],
  [ESCALATION, { kind: 'escalation', ...UNSAID }],
]);
