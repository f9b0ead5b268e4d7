// The gradient of max pooling on the wasm backend of tfjs. Its own (4.22) loses the gradient of every window in which all
// values are below zero: such windows are common where the activation is not ReLU.
// Must not load tfjs; it is handed in.
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from './engine.ts';
import { registerWasmKernel } from './wasm-kernel.ts';

interface Backend {
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
}

interface PoolAttributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Registers MaxPoolGrad for the wasm backend in place of the one that is there. */
export function registerMaxPoolGradient(tf: Tf): void {
  registerWasmKernel(
    tf,
    'MaxPoolGrad',
    ({ input, dy }: { input: TensorInfo; dy: TensorInfo }, attributes: PoolAttributes, backend: Backend) =>
      maxPoolGradient(tf, input, dy, attributes, backend),
  );
}

/** input [n, h, w, c] and dy [n, oh, ow, c] give [n, h, w, c]: each dy goes to the largest of its window, of equals the first. */
function maxPoolGradient(
  tf: Tf,
  input: TensorInfo,
  dy: TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
  backend: Backend,
): TensorInfo {
  const shape = input.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const gradient = backend.makeOutput(shape, 'float32');
  // Only now: making room may move what the others lie in.
  const [x, by, to] = [input, dy, gradient].map((tensor) => backend.typedArrayFromHeap(tensor)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  to.fill(0);
  const { batchSize, inHeight, inWidth, inChannels: channels, outHeight, outWidth, padInfo } = info;
  let from = 0;
  for (let film = 0; film < batchSize; film++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * info.strideHeight - padInfo.top;
      const [firstRow, lastRow] = [Math.max(0, top), Math.min(inHeight, top + info.effectiveFilterHeight)];
      for (let column = 0; column < outWidth; column++) {
        const left = column * info.strideWidth - padInfo.left;
        const [firstColumn, lastColumn] = [Math.max(0, left), Math.min(inWidth, left + info.effectiveFilterWidth)];
        for (let channel = 0; channel < channels; channel++, from++) {
          let largest = -Infinity;
          let place = -1;
          for (let y = firstRow; y < lastRow; y++) {
            let at = ((film * inHeight + y) * inWidth + firstColumn) * channels + channel;
            for (let column = firstColumn; column < lastColumn; column++, at += channels) {
              if ((x[at] as number) > largest) {
                largest = x[at] as number;
                place = at;
              }
            }
          }
          if (place >= 0) to[place] = (to[place] as number) + (by[from] as number);
        }
      }
    }
  }
  return gradient;
}
