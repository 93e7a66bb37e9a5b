/** What a lab asks of the agent in a host, and what comes back. */

export interface Target {
  readonly address: string;
  readonly port: number;
}

export type Request =
  /** Echoes whatever comes on this port, on all addresses. */
  | { readonly kind: 'listen'; readonly port: number }
  /** One new connection, and one line over it and back. */
  | ({ readonly kind: 'try'; readonly timeoutMs: number } & Target)
  /** New connections, one after the other is begun, until they come out as `wanted`. */
  | ({ readonly kind: 'watch'; readonly wanted: Outcome; readonly limitMs: number } & Target)
  /** A connection that stays open. */
  | ({ readonly kind: 'hold' } & Target)
  /** One line over the held connection and back. */
  | { readonly kind: 'talk'; readonly timeoutMs: number };

/** Silent: nothing came back in time. Refused: a RST or an ICMP error did. */
export type Outcome = 'answered' | 'silent' | 'refused';

export interface Reply {
  readonly id: number;
  readonly outcome?: Outcome;
  /** When it came to be so, in milliseconds since 1970 and fractions of one. */
  readonly at?: number;
  readonly error?: string;
}

export type Envelope = Request & { readonly id: number };
