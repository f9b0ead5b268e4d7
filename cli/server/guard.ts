// Who may speak to the loopback server: the window it opened, on its own address, and nobody else.
// Decides on headers alone, before any body is read.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits. */
const SECRET_BYTES = 32;
export const COOKIE = 'osteon';
/** The one address that answers without the secret. Nothing that could lead on from it, like "/open/../images". */
const LINK = /^\/open\/[\w-]+$/;

/** What a request shows of itself. `hosts`: every Host header as it came. */
export interface Knock {
  method: string;
  path: string;
  hosts: string[];
  origin: string | null;
  fetchSite: string | null;
  cookie: string | null;
  authorization: string | null;
}

export type Verdict = { ok: true } | { ok: false; status: 401 | 403 | 421; why: string };

export class Guard {
  readonly #secret = randomBytes(SECRET_BYTES).toString('base64url');
  #links = new Set<string>();
  #address = '';

  /** `127.0.0.1:port`, known once the server listens. */
  set address(address: string) {
    this.#address = address;
  }

  get secret(): string {
    return this.#secret;
  }

  /** A link that works once: opening it gives the window its cookie. */
  newLink(): string {
    const code = randomBytes(SECRET_BYTES).toString('base64url');
    this.#links.add(hash(code));
    return `http://${this.#address}/open/${code}`;
  }

  /** Whether the code of a link is good; it is used up by asking. */
  redeem(code: string): boolean {
    return this.#links.delete(hash(code));
  }

  judge(knock: Knock): Verdict {
    // A whole address in the request line would stand for the Host; only a proxy sends one.
    if (!knock.path.startsWith('/') || knock.hosts.length !== 1 || knock.hosts[0] !== this.#address) {
      return { ok: false, status: 421, why: 'this address is not served here' };
    }
    if (knock.origin !== null && knock.origin !== `http://${this.#address}`) {
      return { ok: false, status: 403, why: 'requests from other pages are not answered' };
    }
    if (!siteAllowed(knock)) {
      return { ok: false, status: 403, why: 'requests from other sites are not answered' };
    }
    if (knock.method === 'GET' && LINK.test(knock.path)) return { ok: true };
    if (!this.#knows(knock)) return { ok: false, status: 401, why: 'open Osteon with the link it printed' };
    if (knock.method !== 'GET' && knock.origin === null && knock.authorization === null) {
      return { ok: false, status: 403, why: 'requests that change something must say where they come from' };
    }
    return { ok: true };
  }

  #knows({ cookie, authorization }: Knock): boolean {
    const bearer = authorization?.startsWith('Bearer ') ? authorization.slice(7) : null;
    return same(bearer, this.#secret) || same(cookieValue(cookie), this.#secret);
  }
}

/** Browsers say where a request was made; a link typed or clicked outside the browser is "none". */
function siteAllowed({ fetchSite, method }: Knock): boolean {
  if (fetchSite === null || fetchSite === 'same-origin') return true;
  return fetchSite === 'none' && method === 'GET';
}

function cookieValue(header: string | null): string | null {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=');
    if (name === COOKIE) return value ?? null;
  }
  return null;
}

/** Compares in constant time; hashes first, so that the length tells nothing either. */
function same(given: string | null, secret: string): boolean {
  return given !== null && timingSafeEqual(Buffer.from(hash(given)), Buffer.from(hash(secret)));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
