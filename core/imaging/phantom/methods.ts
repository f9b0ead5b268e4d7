// What a child process does for the demo set: draws one film, writes it as a PNG, and says what is on it.
// Must not know the library or its database.
import { rawFrom } from '../libvips.ts';
import { drawPhantom } from './film.ts';
import type { Phantom } from './film.ts';

export const phantomMethods = {
  /** Film `index` of the set of `seed` as an 8-bit grey PNG without metadata at `to`. Gives everything but the pixels. */
  phantom: async ({
    seed,
    index,
    to,
  }: {
    seed: number;
    index: number;
    to: string;
  }): Promise<Omit<Phantom, 'pixels'>> => {
    const { pixels, ...facts } = drawPhantom(seed, index);
    // Noise hardly packs: filters and higher levels make files a third smaller for four times the time.
    await rawFrom(pixels, facts.width, facts.height).toColourspace('b-w').png({ compressionLevel: 1 }).toFile(to);
    return facts;
  },
};
