/** The interface of an engine for the loop of the mover. An engine only knows how to reach the hub. */

export interface Mover {
  /** Pushes the publication to the hub if it changed; false if `out` is incomplete, as while it is written. */
  readonly push: () => Promise<boolean>;
  /** Writes the publications of other firewalls to `in/NAME`; pushes again what the hub lost. */
  readonly fetch: () => Promise<void>;
}

/** A connection over which the hub tells that another firewall published. It only says "fetch". */
interface BellLine {
  readonly close: () => void;
}

export interface Ringing {
  readonly heard: () => void;
  /** Called with the reason when the connection ends; the engine opens it again. */
  readonly ended: (why: string) => void;
}

export interface Engine extends Mover {
  /** Undefined if the engine has no bell. */
  readonly openBell: (ringing: Ringing) => BellLine | undefined;
  readonly close: () => void;
}
