/** Prints a jump as iptables would, in whichever of its forms: somebody else may have made it otherwise than we do. */

export interface PrintedJump {
  readonly target: string;
  /** It does not come back from there. */
  readonly isGoto: boolean;
  /** As iptables calls it in a rule; all without. */
  readonly protocol?: string;
  /** `22,80:90`; all of the protocol without. */
  readonly ports?: string;
  /** The ports are told by multiport, and not by the match of the protocol itself. */
  readonly isMultiport?: boolean;
}

/** The words behind the name of the chain that it stands in. */
export function jumpWords({ target, isGoto, protocol, ports, isMultiport }: PrintedJump): string {
  const to = `${isGoto ? '-g' : '-j'} ${target}`;
  if (protocol === undefined) return to;
  if (ports === undefined) return `-p ${protocol} ${to}`;
  const match = isMultiport === true ? '-m multiport --dports' : `-m ${protocol} --dport`;
  return `-p ${protocol} ${match} ${ports} ${to}`;
}
