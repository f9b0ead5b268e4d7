// How blurred a film is, from how much its strongest edges lose when it is blurred once more.
// Must not decide what is done with a blurred film.
import type { GreyPicture } from './grey-picture.ts';

/** Share of pixels, those of the strongest edges, that are looked at; noise and soft tissue are left out. */
const EDGE_SHARE = 0.01;

/** Of those edges the spread at the end of the sharpest tenth counts: collimators throw soft shadows on sharp films. */
const SHARPEST = 0.1;

/** Share of each side that is passed over: there the plate's own edge lies, sharp or soft whatever the film is. */
const MARGIN = 1 / 16;

/** Every second row tells the same as all of them. */
const ROW_STEP = 2;

/** Fewest edge pixels that say something. */
const MIN_EDGES = 64;

/** Spread, in pixels, of the blur that is added: that of the binomial 1 4 6 4 1. */
const ADDED_SPREAD = 1;

/**
 * Spread (standard deviation, in pixels of the picture given) of the blur across the strongest edges: with an edge of spread s,
 * adding blur of spread a lowers its slope by R = sqrt(s^2 + a^2) / s, so s = a / sqrt(R^2 - 1) (Zhuo and Sim, Defocus map
 * estimation from a single image, Pattern Recognition 2011, eq. 4). Gives that of the sharpest tenth; 0 where there are too few
 * edges.
 */
export function edgeSpread(picture: GreyPicture): number {
  const { pixels, width, height } = picture;
  const slopes = new Uint16Array(width * height);
  const counts = new Uint32Array(512);
  let total = 0;
  const marginX = Math.max(4, Math.round(width * MARGIN));
  const marginY = Math.max(4, Math.round(height * MARGIN));
  for (let y = marginY; y < height - marginY; y += ROW_STEP) {
    for (let x = marginX; x < width - marginX; x++) {
      const at = y * width + x;
      const across = Math.abs((pixels[at + 1] as number) - (pixels[at - 1] as number));
      const down = Math.abs((pixels[at + width] as number) - (pixels[at - width] as number));
      const slope = across + down;
      slopes[at] = slope;
      counts[slope] = (counts[slope] as number) + 1;
      total++;
    }
  }
  const least = slopeOfShare(counts, total * EDGE_SHARE);
  const spreads: number[] = [];
  for (let at = 0; at < slopes.length; at++) {
    if ((slopes[at] as number) >= least) spreads.push(spreadAt(pixels, width, at));
  }
  if (spreads.length < MIN_EDGES) return 0;
  return spreads.sort((a, b) => a - b)[Math.floor(spreads.length * SHARPEST)] as number;
}

/** The least slope of the steepest `wanted` pixels; below 5 of 255 it is noise. */
function slopeOfShare(counts: Uint32Array, wanted: number): number {
  let slope = counts.length - 1;
  for (let passed = counts[slope] as number; passed < wanted && slope > 4; passed += counts[slope] as number) slope--;
  return slope;
}

const BINOMIAL = [1, 4, 6, 4, 1];

/** Spread of the edge at one pixel; a slope that blurring does not lower counts as very wide. */
function spreadAt(pixels: Uint8Array, width: number, at: number): number {
  const sharp = Math.hypot(
    (pixels[at + 1] as number) - (pixels[at - 1] as number),
    (pixels[at + width] as number) - (pixels[at - width] as number),
  );
  const soft = Math.hypot(
    blurredAt(pixels, width, at + 1) - blurredAt(pixels, width, at - 1),
    blurredAt(pixels, width, at + width) - blurredAt(pixels, width, at - width),
  );
  const ratio = soft === 0 ? Infinity : sharp / soft;
  return ratio <= 1.005 ? 10 : ADDED_SPREAD / Math.sqrt(ratio * ratio - 1);
}

function blurredAt(pixels: Uint8Array, width: number, at: number): number {
  let sum = 0;
  for (let dy = -2; dy <= 2; dy++) {
    let line = 0;
    for (let dx = -2; dx <= 2; dx++) line += (BINOMIAL[dx + 2] as number) * (pixels[at + dy * width + dx] as number);
    sum += (BINOMIAL[dy + 2] as number) * line;
  }
  return sum / 256;
}
