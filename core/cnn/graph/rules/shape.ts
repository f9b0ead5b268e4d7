// Layers that move figures about without changing them: flatten, reshape, permute, padding, cropping, upsampling.
// Channels last only.
import { cast, pad, reshape, slice, transpose } from '../ops.ts';
import type { Rule } from './rule.ts';
import { channelsLast, onlyInput, onlyShape } from './rule.ts';

/** Flatten and Reshape: the sizes are known from the network. */
export const reshaped: Rule = ({ g }, use) => {
  const x = onlyInput(use);
  return {
    output: reshape(g, x, [-1, ...use.outputShape]),
    backward: (dy) => ({ inputs: [reshape(g, dy, [-1, ...onlyShape(use)])], weights: [] }),
  };
};

export const permuted: Rule = ({ g }, use) => {
  const x = onlyInput(use);
  const order = [0, ...(use.config['dims'] as number[])];
  const back = order.map((_, place) => order.indexOf(place));
  return {
    output: transpose(g, x, order),
    backward: (dy) => ({ inputs: [transpose(g, dy, back)], weights: [] }),
  };
};

export const zeroPadding: Rule = ({ g }, use) => {
  channelsLast(use);
  const x = onlyInput(use);
  const [rows, columns] = sides(use.config['padding']);
  const [height = 0, width = 0, channels = 0] = onlyShape(use);
  return {
    output: pad(g, x, [[0, 0], rows, columns, [0, 0]]),
    backward: (dy) => ({
      inputs: [slice(g, dy, [0, rows[0], columns[0], 0], [-1, height, width, channels])],
      weights: [],
    }),
  };
};

export const cropping: Rule = ({ g }, use) => {
  channelsLast(use);
  const x = onlyInput(use);
  const [rows, columns] = sides(use.config['cropping']);
  return {
    output: slice(g, x, [0, rows[0], columns[0], 0], [-1, ...use.outputShape]),
    backward: (dy) => ({ inputs: [pad(g, dy, [[0, 0], rows, columns, [0, 0]])], weights: [] }),
  };
};

/** Nearest or bilinear, places counted from the corner as tfjs does. */
export const upsampling: Rule = ({ g, precision }, use) => {
  channelsLast(use);
  const x = onlyInput(use);
  const [height = 0, width = 0] = onlyShape(use);
  const size = g.ints(use.outputShape.slice(0, 2));
  const corners = { align_corners: { bool: false }, half_pixel_centers: { bool: false } } as const;
  const T = { T: { type: x.dtype } } as const;
  if (use.config['interpolation'] !== 'bilinear') {
    return {
      output: g.op('ResizeNearestNeighbor', [x, size], { ...T, ...corners }),
      backward: (dy) => ({
        inputs: [g.op('ResizeNearestNeighborGrad', [dy, g.ints([height, width])], { ...T, ...corners })],
        weights: [],
      }),
    };
  }
  // The bilinear pair computes in float32 whatever comes in.
  const full = cast(g, x, 'float32');
  const float = { T: { type: 'float32' } } as const;
  return {
    output: cast(g, g.op('ResizeBilinear', [full, size], { ...float, ...corners }), precision),
    backward: (dy) => {
      const back = g.op('ResizeBilinearGrad', [cast(g, dy, 'float32'), full], { ...float, ...corners });
      return { inputs: [cast(g, back, precision)], weights: [] };
    },
  };
};

/** [[top, bottom], [left, right]] from 1, [1, 2] or the pairs themselves. */
function sides(value: unknown): [[number, number], [number, number]] {
  if (typeof value === 'number') return [[value, value], [value, value]]; // prettier-ignore
  const [rows, columns] = value as [number | [number, number], number | [number, number]];
  const both = (side: number | [number, number]): [number, number] => (Array.isArray(side) ? side : [side, side]);
  return [both(rows), both(columns)];
}
