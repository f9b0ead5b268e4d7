// Films as the viewer needs them: stored values and how to read them, fetched by URL and kept up to a number of bytes.
// Must not know how films are drawn.
import type { PixelDescription } from '#api/images.ts';

export type StoredValues = Uint8Array | Uint16Array | Int16Array;

const kinds = { uint8: Uint8Array, uint16: Uint16Array, int16: Int16Array };

export interface Film {
  url: string;
  description: PixelDescription;
  /** Row by row; bytes are little-endian, as are all computers Osteon runs on. */
  values: StoredValues;
  /** Entries of the VOI table that the description describes. */
  table: Uint16Array | null;
}

/** A film that could not be shown: what happened and what to do, as the core said it. */
export class FilmTrouble extends Error {
  readonly code: string;
  readonly next: string;

  constructor(code: string, message: string, next: string) {
    super(message);
    this.code = code;
    this.next = next;
  }
}

type Fetch = (url: string) => Promise<Response>;

/** Fetches the stored values of a film; throws FilmTrouble. */
export async function fetchFilm(url: string, get: Fetch = (address) => fetch(address)): Promise<Film> {
  const response = await get(url).catch(() => {
    throw new FilmTrouble('NOT_ANSWERING', 'Osteon does not answer, so the film cannot be shown.', 'Open it again.');
  });
  if (!response.ok) throw await troubleIn(response);
  const header = response.headers.get('x-pixels');
  if (!header) throw incomplete();
  const description = JSON.parse(decodeURIComponent(header)) as PixelDescription;
  return { url, description, ...parted(await response.arrayBuffer(), description) };
}

/** Stored values, and the VOI table that follows them. */
function parted(bytes: ArrayBuffer, { width, height, type, table }: PixelDescription): Pick<Film, 'values' | 'table'> {
  const kind = kinds[type];
  const end = width * height * kind.BYTES_PER_ELEMENT;
  if (bytes.byteLength !== end + 2 * (table?.entries ?? 0)) throw incomplete();
  // A copy: 16-bit values may begin at even bytes only.
  return { values: new kind(bytes, 0, width * height), table: table && new Uint16Array(bytes.slice(end)) };
}

function incomplete(): FilmTrouble {
  return new FilmTrouble('FILM_INCOMPLETE', 'The film did not arrive whole, so it is not shown.', 'Open it again.');
}

async function troubleIn(response: Response): Promise<FilmTrouble> {
  const said = (await response.json().catch(() => ({}))) as { code?: string; message?: string; next?: string };
  return new FilmTrouble(
    said.code ?? 'INTERNAL',
    said.message ?? 'The film cannot be shown.',
    said.next ?? 'Open it again; the file itself is untouched.',
  );
}

/** Films looked at lately or soon, oldest use first out once their bytes go over a limit. */
export class FilmStore {
  #get: (url: string) => Promise<Film>;
  #limitBytes: number;
  #dropped: (url: string) => void;
  /** In order of use. */
  #kept = new Map<string, Film>();
  #coming = new Map<string, Promise<Film>>();
  #bytes = 0;
  #wish = 0;

  /** `dropped` is told which film was let go. */
  constructor(
    get: (url: string) => Promise<Film>,
    limitBytes: number,
    dropped: (url: string) => void = () => undefined,
  ) {
    this.#get = get;
    this.#limitBytes = limitBytes;
    this.#dropped = dropped;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The film if it is here already; counts as a use. */
  take(url: string): Film | undefined {
    const film = this.#kept.get(url);
    if (film) {
      this.#kept.delete(url);
      this.#kept.set(url, film);
    }
    return film;
  }

  /** The film, fetched where it is not here; asking twice fetches once. */
  async load(url: string): Promise<Film> {
    const here = this.take(url);
    if (here) return here;
    const coming = this.#coming.get(url) ?? this.#fetch(url);
    return coming;
  }

  /**
   * Fetches films that will probably be looked at next, one after the other, until other films are wished for.
   * `ready` is told of each one that is here. Failures show when a film is opened.
   */
  async prefetch(urls: string[], ready: (film: Film) => void = () => undefined): Promise<void> {
    const wish = ++this.#wish;
    for (const url of urls) {
      const film = this.#kept.get(url) ?? (await this.load(url).catch(() => undefined));
      if (wish !== this.#wish) return;
      if (film) ready(film);
    }
  }

  #fetch(url: string): Promise<Film> {
    const coming = this.#get(url)
      .then((film) => {
        this.#keep(film);
        return film;
      })
      .finally(() => this.#coming.delete(url));
    this.#coming.set(url, coming);
    return coming;
  }

  #keep(film: Film): void {
    this.#kept.set(film.url, film);
    this.#bytes += film.values.byteLength;
    for (const [url, old] of this.#kept) {
      if (this.#bytes <= this.#limitBytes || url === film.url) break;
      this.#kept.delete(url);
      this.#bytes -= old.values.byteLength;
      this.#dropped(url);
    }
  }
}
