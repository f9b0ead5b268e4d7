// Path lengths through one bone, pixel by pixel: how much of each ray lies inside it, and inside its cortex.
// Must not know shapes, nor what absorbs how much.
import type { Affine } from './affine.ts';

/** Millimetres along each ray: the whole bone, the inside of its cortex, spongy bone there. Kept clean between bones. */
export interface Layer {
  width: number;
  height: number;
  outer: Float32Array;
  inner: Float32Array;
  spongy: Float32Array;
  /** Pixels touched since the last clearing: rows from `top` to `bottom`, in each from `from` up to `to`. */
  top: number;
  bottom: number;
  from: Int32Array;
  to: Int32Array;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const nowhere = (): Box => ({ left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity });

export function stretch(box: Box, x: number, y: number): void {
  if (x < box.left) box.left = x;
  if (x > box.right) box.right = x;
  if (y < box.top) box.top = y;
  if (y > box.bottom) box.bottom = y;
}

export function layer(width: number, height: number): Layer {
  const make = (): Float32Array => new Float32Array(width * height);
  const from = new Int32Array(height).fill(width);
  return {
    width,
    height,
    outer: make(),
    inner: make(),
    spongy: make(),
    top: height,
    bottom: -1,
    from,
    to: new Int32Array(height),
  };
}

export function touch(layer: Layer, y: number, left: number, right: number): void {
  if (left < (layer.from[y] as number)) layer.from[y] = left;
  if (right >= (layer.to[y] as number)) layer.to[y] = right + 1;
  if (y < layer.top) layer.top = y;
  if (y > layer.bottom) layer.bottom = y;
}

/** Sets what was touched back to nothing. */
export function clean(layer: Layer): void {
  const { width, height, outer, inner, spongy, from, to } = layer;
  for (let y = layer.top; y <= layer.bottom; y++) {
    const left = y * width + (from[y] as number);
    const right = y * width + (to[y] as number);
    outer.fill(0, left, right);
    inner.fill(0, left, right);
    spongy.fill(0, left, right);
    from[y] = width;
    to[y] = 0;
  }
  layer.top = height;
  layer.bottom = -1;
}

/** Pixels that a rectangle of the bone's frame falls on, grown by one. */
export function window(layer: Layer, film: Affine, u0: number, u1: number, z0: number, z1: number): Box {
  const box = nowhere();
  for (const u of [u0, u1])
    for (const z of [z0, z1]) stretch(box, film.a + film.b * u + film.c * z, film.d + film.e * u + film.f * z);
  return {
    left: Math.max(0, Math.floor(box.left) - 1),
    top: Math.max(0, Math.floor(box.top) - 1),
    right: Math.min(layer.width - 1, Math.ceil(box.right) + 1),
    bottom: Math.min(layer.height - 1, Math.ceil(box.bottom) + 1),
  };
}
