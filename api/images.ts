// Addresses of pictures: pixels never cross the procedures, they go by URL on the window's own origin.
// Must not fetch anything.

/** Thumbnail of a film, WebP; its longer side is at most `side` px. */
export const thumbnailUrl = (xray: number, side: 160 | 480 = 160) => `/images/xrays/${xray}/thumbnail/${side}`;

/**
 * Stored values of a film, little-endian, 8 or 16 bit, and behind them its VOI table, 16 bit, where it has one; how to read
 * both, a `PixelDescription`, comes in the header `x-pixels`.
 */
export const pixelsUrl = (xray: number) => `/images/xrays/${xray}/pixels`;

/** Where a picture is sent to by POST: one file of a set, under its relative path. */
export const uploadUrl = (set: string, path: string) =>
  `/images/uploads/${set}/${path.split('/').map(encodeURIComponent).join('/')}`;

/** The picture of a set of one, as it was sent or made. */
export const uploadedUrl = (set: string) => `/images/uploads/${set}`;

/** Film of an answer, in the same forms as a film of the library. */
export const predictionPixelsUrl = (prediction: string) => `/images/predictions/${prediction}/pixels`;
export const predictionThumbnailUrl = (prediction: string) => `/images/predictions/${prediction}/thumbnail`;
/** Heat map on the network's own grid: grey PNG of evidence, 0 to 255. */
export const heatUrl = (prediction: string) => `/images/predictions/${prediction}/heat`;
/** The picture the network saw, PNG at its input size. */
export const seenUrl = (prediction: string) => `/images/predictions/${prediction}/seen`;

/** All maps of a layer of a run on a film of the library, side by side: see `layerMaps`. `version` changes with the model. */
export const mapsUrl = (run: number, xray: number, layer: number, version: string) =>
  `/images/networks/${run}/${xray}/${layer}?${version}`;

/** How to read the bytes of `pixelsUrl` and how to show them. Units: stored values, after any modality table. */
export interface PixelDescription {
  width: number;
  height: number;
  /** Bits that carry grey, 8 to 16. */
  bits: number;
  type: 'uint8' | 'uint16' | 'int16';
  /** Stored value to modality value: slope * stored + intercept (DICOM PS3.3 C.11.1). */
  slope: number;
  intercept: number;
  /** Lowest value is white (MONOCHROME1). */
  inverted: boolean;
  /** Least and greatest stored value present. */
  min: number;
  max: number;
  /** Windows the file gives, in modality values (PS3.3 C.11.2). */
  windows: { center: number; width: number; name: string }[];
  /** How they are to be drawn (PS3.3 C.11.2.1.2.1, C.11.2.1.3.2 and C.11.2.1.3.1). */
  windowFunction: 'linear' | 'exact' | 'sigmoid';
  /**
   * The file's VOI table (PS3.3 C.11.2.1.1): its first entry belongs to the modality value `first` and all below it, its
   * greatest possible one, 2^bits - 1, is white. Null where the file has none.
   */
  table: { first: number; bits: number; entries: number } | null;
  /** Full range without the brightest and darkest half per cent, in modality values. */
  autoWindow: { center: number; width: number };
  pixelSpacingMm: [number, number] | null;
  pixelSpacingSource: string | null;
}
