// Films on their way to the viewer: what arrives is what was stored, what fails says why, what is kept stays within its limit.
import { describe, expect, it } from 'vitest';
import type { PixelDescription } from '#api/images.ts';
import { FilmStore, FilmTrouble, fetchFilm } from '#renderer/viewer/films.ts';
import type { Film } from '#renderer/viewer/films.ts';

const description: PixelDescription = {
  width: 3,
  height: 1,
  bits: 16,
  type: 'uint16',
  slope: 1,
  intercept: 0,
  inverted: false,
  min: 1,
  max: 65_535,
  windows: [{ center: 1, width: 2, name: 'größer' }],
  windowFunction: 'linear',
  table: null,
  autoWindow: { center: 1, width: 2 },
  pixelSpacingMm: null,
  pixelSpacingSource: null,
};

function answer(body: ArrayBuffer, of: PixelDescription = description): Response {
  return new Response(body, { headers: { 'x-pixels': encodeURIComponent(JSON.stringify(of)) } });
}

describe('a film that is fetched', () => {
  it('keeps its 16 bits, little-endian, and its description', async () => {
    const bytes = Uint8Array.of(0x01, 0x00, 0x34, 0x12, 0xff, 0xff).buffer;
    const film = await fetchFilm('/film', () => Promise.resolve(answer(bytes)));
    expect([...film.values]).toEqual([1, 0x1234, 0xffff]);
    expect(film.description.windows[0]?.name).toBe('größer');
    const signed = await fetchFilm('/film', () => Promise.resolve(answer(bytes, { ...description, type: 'int16' })));
    expect(signed.values[2]).toBe(-1);
  });

  it('brings its table behind its values, wherever that begins', async () => {
    const table = { first: 0, bits: 12, entries: 2 };
    const bytes = Uint8Array.of(7, 8, 9, 0x01, 0x00, 0xff, 0x0f).buffer;
    const of: PixelDescription = { ...description, type: 'uint8', table };
    const film = await fetchFilm('/film', () => Promise.resolve(answer(bytes, of)));
    expect([...film.values]).toEqual([7, 8, 9]);
    expect(film.table).toEqual(Uint16Array.of(1, 4095));
    const short = fetchFilm('/film', () => Promise.resolve(answer(bytes.slice(0, 5), of)));
    await expect(short).rejects.toMatchObject({ code: 'FILM_INCOMPLETE' });
  });

  it('is not shown in part', async () => {
    const short = fetchFilm('/film', () => Promise.resolve(answer(new ArrayBuffer(4))));
    await expect(short).rejects.toMatchObject({ code: 'FILM_INCOMPLETE' });
    const odd = fetchFilm('/film', () => Promise.resolve(answer(new ArrayBuffer(5))));
    await expect(odd).rejects.toMatchObject({ code: 'FILM_INCOMPLETE' });
    const bare = fetchFilm('/film', () => Promise.resolve(new Response(new ArrayBuffer(6))));
    await expect(bare).rejects.toMatchObject({ code: 'FILM_INCOMPLETE' });
  });

  it('says what the core said when it cannot be decoded, and speaks for itself when nobody answers', async () => {
    const said = { code: 'FILM_CUT_SHORT', message: 'a.jpg breaks off early.', next: 'Fetch it again.' };
    const refused = fetchFilm('/film', () => Promise.resolve(Response.json(said, { status: 422 })));
    await expect(refused).rejects.toMatchObject(said);
    const silent = fetchFilm('/film', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(silent).rejects.toBeInstanceOf(FilmTrouble);
  });
});

describe('films that are kept', () => {
  const sized = (url: string, bytes: number): Film => ({
    url,
    description,
    values: new Uint8Array(bytes),
    table: null,
  });

  it('stay within the limit, the longest unused going first', async () => {
    const dropped: string[] = [];
    const store = new FilmStore(
      (url) => Promise.resolve(sized(url, 40)),
      100,
      (url) => dropped.push(url),
    );
    await store.load('a');
    await store.load('b');
    expect(store.take('a')?.url).toBe('a');
    await store.load('c');
    expect(dropped).toEqual(['b']);
    expect(store.bytes).toBe(80);
    expect(store.take('b')).toBeUndefined();
  });

  it('keep the newest even where it alone is over the limit', async () => {
    const store = new FilmStore((url) => Promise.resolve(sized(url, 400)), 100);
    await store.load('a');
    expect(store.take('a')).toBeDefined();
    await store.load('b');
    expect(store.take('a')).toBeUndefined();
    expect(store.bytes).toBe(400);
  });

  it('are fetched once, however often they are asked for', async () => {
    let fetched = 0;
    const store = new FilmStore((url) => Promise.resolve(sized(url, ++fetched)), 100);
    await Promise.all([store.load('a'), store.load('a'), store.prefetch(['a'])]);
    await store.load('a');
    expect(fetched).toBe(1);
  });

  it('are asked for again after a failure', async () => {
    let fails = true;
    const store = new FilmStore(
      (url) => (fails ? Promise.reject(new Error('no')) : Promise.resolve(sized(url, 1))),
      100,
    );
    await store.prefetch(['a']);
    fails = false;
    await expect(store.load('a')).resolves.toMatchObject({ url: 'a' });
  });

  it('stop being fetched ahead once others are wished for', async () => {
    const asked: string[] = [];
    const store = new FilmStore((url) => {
      asked.push(url);
      return Promise.resolve(sized(url, 1));
    }, 100);
    const first = store.prefetch(['a', 'b', 'c']);
    await store.prefetch(['x']);
    await first;
    expect(asked).toEqual(['a', 'x']);
  });
});
