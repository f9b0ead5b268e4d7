// Films as images of Cornerstone: scheme "osteon:", one image for each time a film was halved.
// Stored values go in as they are, 16 bits as 16; must not know where they are drawn.
import { Enums, cache, imageLoader, metaData, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { Film } from './films.ts';
import { halved } from './levels.ts';
import type { Level } from './levels.ts';

const SCHEME = 'osteon';

interface Held {
  film: Film;
  /** By number of halvings. */
  levels: Level[];
}

const held = new Map<string, Held>();

/** Teaches Cornerstone the scheme; once. */
export function registerFilms(): void {
  imageLoader.registerImageLoader(SCHEME, load as Types.ImageLoaderFn);
  metaData.addProvider(describe, 10_000);
}

/** Name of a film's image; from here on Cornerstone can ask for it. */
export function imageIdOf(film: Film, halvings: number): string {
  if (held.get(film.url)?.film !== film) forgetFilm(film.url);
  levelOf(film, halvings);
  return `${SCHEME}:${halvings}:${film.url}`;
}

/** The film, halved so many times; kept until it is forgotten. */
export function levelOf(film: Film, halvings: number): Level {
  let entry = held.get(film.url);
  if (!entry) {
    const { width, height } = film.description;
    entry = { film, levels: [{ width, height, values: film.values }] };
    held.set(film.url, entry);
  }
  let level = entry.levels[0] as Level;
  for (let at = 1; at <= halvings; at++) level = entry.levels[at] ??= halved(level);
  return level;
}

/** Lets go of a film in Cornerstone's cache and here. */
export function forgetFilm(url: string): void {
  const entry = held.get(url);
  entry?.levels.forEach((_, halvings) => {
    const imageId = `${SCHEME}:${halvings}:${url}`;
    if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId);
  });
  held.delete(url);
}

function find(imageId: string): { film: Film; level: Level } | null {
  const [scheme, halvings, ...url] = imageId.split(':');
  const entry = scheme === SCHEME ? held.get(url.join(':')) : undefined;
  const level = entry?.levels[Number(halvings)];
  return entry && level ? { film: entry.film, level } : null;
}

/** Spacing is 1 and the middle of the first pixel the origin: lengths are of pixels until the film says otherwise. */
function describe(type: string, imageId: unknown): unknown {
  const found = typeof imageId === 'string' ? find(imageId) : null;
  if (!found) return undefined;
  const { width, height, values } = found.level;
  const bits = values.BYTES_PER_ELEMENT * 8;
  if (type === Enums.MetadataModules.IMAGE_PIXEL) {
    return {
      bitsAllocated: bits,
      bitsStored: bits,
      highBit: bits - 1,
      pixelRepresentation: values instanceof Int16Array ? 1 : 0,
      // MONOCHROME1 is part of the ramp, so that both ways of rendering turn it round alike.
      photometricInterpretation: 'MONOCHROME2',
      samplesPerPixel: 1,
    };
  }
  if (type === Enums.MetadataModules.IMAGE_PLANE) {
    return {
      rows: height,
      columns: width,
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      imagePositionPatient: [0, 0, 0],
      rowPixelSpacing: 1,
      columnPixelSpacing: 1,
      usingDefaultValues: true,
    };
  }
  return type === Enums.MetadataModules.GENERAL_SERIES ? { modality: 'CR' } : undefined;
}

function load(imageId: string): { promise: Promise<Partial<Types.IImage>> } {
  const found = find(imageId);
  if (!found) return { promise: Promise.reject(new Error('this film is no longer here')) };
  const { width, height, values } = found.level;
  const { min, max } = found.film.description;
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    width,
    height,
    scalarData: values,
    numberOfComponents: 1,
  });
  return {
    promise: Promise.resolve({
      imageId,
      minPixelValue: min,
      maxPixelValue: max,
      // The modality table is part of the ramp: stored values stay whole numbers.
      slope: 1,
      intercept: 0,
      windowCenter: (min + max + 1) / 2,
      windowWidth: Math.max(1, max - min + 1),
      voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
      rows: height,
      columns: width,
      height,
      width,
      color: false,
      rgba: false,
      numberOfComponents: 1,
      columnPixelSpacing: 1,
      rowPixelSpacing: 1,
      invert: false,
      sizeInBytes: values.byteLength,
      dataType: values.constructor.name as Types.PixelDataTypedArrayString,
      getPixelData: () => values,
      voxelManager: voxelManager as Types.IVoxelManager<number>,
    }),
  };
}
