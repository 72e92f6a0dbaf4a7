/** Corbel's help on a host page. Load it with
 *  `<script async src="https://ORIGIN/widget/corbel.js" data-builder="acme"></script>`. */

/** A token that your server has signed, or a way to get one: it is asked for whenever the former
 *  has ended. Nothing (or "") is a guest. */
export type CorbelIdentity = string | ((reason: 'open' | 'expired') => string | null | Promise<string | null>);

export interface CorbelEvents {
  /** Somebody is known, and the help can be read. */
  ready: { role: 'owner' | 'admin' | 'pm' | 'field' | 'client' | 'vendor' | 'guest' };
  open: Record<string, never>;
  close: Record<string, never>;
  /** A ticket was sent. */
  ticket: { number: number };
  /** An article is being read. */
  article: { slug: string };
  /** The page's address has changed within your application. */
  page: { url: string };
  /** For you, not for your user: `reason` is short and stable, `message` says what to do. "ended":
   *  no further token came for somebody who was known; "unreachable": nothing answers at our address. */
  error: { reason: string; message: string };
}

export interface CorbelPrefill {
  subject?: string;
  body?: string;
  category?: string;
  severity?: string;
}

export interface CorbelApi {
  /** `from` gets the focus back when the help is closed. */
  open(from?: HTMLElement): void;
  close(): void;
  toggle(from?: HTMLElement): void;
  /** Another screen than the address says: an address, or the name of a screen; nothing: as it is. */
  page(urlOrKey?: string): void;
  /** Who is signed in; call it again when somebody else is. */
  identify(who: CorbelIdentity | null): void;
  /** Opens an article: its slug, or "language/slug". */
  show(article: string): void;
  /** Opens the form. */
  contact(filled?: CorbelPrefill): void;
  /** The answer takes the listener away again. */
  on<Name extends keyof CorbelEvents>(name: Name, listener: (detail: CorbelEvents[Name]) => void): () => void;
  off<Name extends keyof CorbelEvents>(name: Name, listener: (detail: CorbelEvents[Name]) => void): void;
}

/** Before the script is there: calls to make when it is, as in `Corbel.push(['identify', callback])`. */
export type CorbelQueue = Array<{ [Name in keyof CorbelApi]: [Name, ...Parameters<CorbelApi[Name]>] }[keyof CorbelApi]>;

declare global {
  // eslint-disable-next-line no-var
  var Corbel: CorbelApi;
  interface Window {
    Corbel: CorbelApi;
  }
}
