/** What the loop of the mover asks of an engine, which knows how firewalls reach each other and nothing else. */

export interface Mover {
  /** Brings what was published to the hub, where that changed; false where it is not whole, as while it is written. */
  readonly push: () => Promise<boolean>;
  /** Puts what others published where the controller looks; publishes again what the hub lost. */
  readonly fetch: () => Promise<void>;
}

/** What the hub tells when another firewall published: it only says "fetch". */
interface BellLine {
  readonly close: () => void;
}

export interface Ringing {
  readonly heard: () => void;
  /** Why the line is lost; it is opened again by itself. */
  readonly ended: (why: string) => void;
}

export interface Engine extends Mover {
  /** Undefined where nothing can ring. */
  readonly openBell: (ringing: Ringing) => BellLine | undefined;
  readonly close: () => void;
}
