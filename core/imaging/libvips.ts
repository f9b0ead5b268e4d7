// The one place sharp is loaded: which formats it may open, how strict and how large.
// Must not decide what a film is, and must never be asked to pass over a fault in a file.
import sharp from 'sharp';
import type { Sharp, SharpInput } from 'sharp';
import { MAX_PIXELS } from './size.ts';

/** Seconds one step in libvips may take; the parent's own limit is shorter. */
export const STEP_SECONDS = 120;

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadTiff'] });
sharp.cache(false);

/** A picture file in memory as a pipeline. A warning of the decoder is an error: half an X-ray must not pass. */
export function pictureFrom(bytes: SharpInput, page = 0): Sharp {
  return sharp(bytes, {
    failOn: 'warning',
    limitInputPixels: MAX_PIXELS,
    limitInputChannels: 5,
    ignoreIcc: true,
    page,
    pages: 1,
  }).timeout({ seconds: STEP_SECONDS });
}

/** Bytes of grey or colour, row by row, as a pipeline. */
export function rawFrom(pixels: Uint8Array | Uint16Array, width: number, height: number, channels: 1 | 3 = 1): Sharp {
  return sharp(pixels, { raw: { width, height, channels }, limitInputPixels: MAX_PIXELS }).timeout({
    seconds: STEP_SECONDS,
  });
}
