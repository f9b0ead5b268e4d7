// Films as images of Cornerstone: scheme "osteon:", one image for each time a film was halved. Stored values go in as they
// are, 16 bits as 16; a window that is no straight line goes in as the brightness it gives, since only WebGL could draw it.
// Must not know where they are drawn.
import { Enums, cache, imageLoader, metaData, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { Film } from './films.ts';
import { halved } from './levels.ts';
import type { Level } from './levels.ts';
import { toned } from './tones.ts';
import type { Tones } from './tones.ts';

const SCHEME = 'osteon';

interface Held {
  film: Film;
  /** By number of halvings. */
  levels: Level[];
  /** The same in the tones last asked for. */
  toned: { key: string; levels: Level[] };
}

const held = new Map<string, Held>();

/** Teaches Cornerstone the scheme; once. */
export function registerFilms(): void {
  imageLoader.registerImageLoader(SCHEME, load as Types.ImageLoaderFn);
  metaData.addProvider(describe, 10_000);
}

/** Name of a film's image; from here on Cornerstone can ask for it. */
export function imageIdOf(film: Film, halvings: number, tones?: Tones): string {
  if (held.get(film.url)?.film !== film) forgetFilm(film.url);
  const level = levelOf(film, halvings);
  if (tones) putOn(tones, entryOf(film), halvings, level);
  return nameOf(halvings, tones?.key ?? '', film.url);
}

/** The film, halved so many times; kept until it is forgotten. */
export function levelOf(film: Film, halvings: number): Level {
  const { levels } = entryOf(film);
  let level = levels[0] as Level;
  for (let at = 1; at <= halvings; at++) level = levels[at] ??= halved(level);
  return level;
}

/** Lets go of a film in Cornerstone's cache and here. */
export function forgetFilm(url: string): void {
  const entry = held.get(url);
  if (entry) {
    forgetLevels(entry.levels, '', url);
    forgetLevels(entry.toned.levels, entry.toned.key, url);
  }
  held.delete(url);
}

const nameOf = (halvings: number, key: string, url: string) => [SCHEME, halvings, key, url].join(':');

function entryOf(film: Film): Held {
  let entry = held.get(film.url);
  if (!entry) {
    const { width, height } = film.description;
    entry = { film, levels: [{ width, height, values: film.values }], toned: { key: '', levels: [] } };
    held.set(film.url, entry);
  }
  return entry;
}

/** Tones of one window at a time: each step of dragging has others. */
function putOn(tones: Tones, entry: Held, halvings: number, { width, height, values }: Level): void {
  if (entry.toned.key !== tones.key) {
    forgetLevels(entry.toned.levels, entry.toned.key, entry.film.url);
    entry.toned = { key: tones.key, levels: [] };
  }
  entry.toned.levels[halvings] ??= { width, height, values: toned(values, tones) };
}

function forgetLevels(levels: Level[], key: string, url: string): void {
  levels.forEach((_, halvings) => {
    const imageId = nameOf(halvings, key, url);
    if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId);
  });
}

/** An image of a film; `range`: least and greatest value in it. */
function find(imageId: string): { level: Level; range: { min: number; max: number } } | null {
  const [scheme, halvings, key, ...url] = imageId.split(':');
  const entry = scheme === SCHEME ? held.get(url.join(':')) : undefined;
  if (!entry || (key !== '' && key !== entry.toned.key)) return null;
  const level = (key === '' ? entry.levels : entry.toned.levels)[Number(halvings)];
  return level ? { level, range: key === '' ? entry.film.description : { min: 0, max: 255 } } : null;
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
  const { min, max } = found.range;
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
