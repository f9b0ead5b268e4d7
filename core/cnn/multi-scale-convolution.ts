// The multi-scale convolution as a layer that tfjs can save: one set of kernels applied at several scales.
// Must not load tfjs; it is handed in.
import type { Tensor, Tensor4D, layers, serialization } from '@tensorflow/tfjs';
import type { Tf } from './engine.ts';

type Layer = layers.Layer;
type Weight = ReturnType<Layer['addWeight']>;
type Initialiser = ReturnType<Tf['initializers']['heUniform']>;

export interface MultiScaleSettings {
  name?: string;
  filters: number;
  kernelSize: number;
  /** How many pixels of the picture make one of the scale's; 1 is the picture itself. */
  scales: number[];
  useBias?: boolean;
  kernelInitializer?: Initialiser;
}
type LayerClass = new (settings: MultiScaleSettings) => Layer;

/**
 * [batch, height, width, channels] to [batch, height, width, filters]: the picture is shrunk to each scale by means of
 * its pixels, convolved with the same kernels ("same" padding), brought back to its size, and the strongest answer of all
 * scales is kept, so that a pattern is caught whatever its size (Kanazawa, Sharma and Jacobs 2014).
 */
export function multiScaleConvolution(tf: Tf, settings: MultiScaleSettings): Layer {
  return new (layerClass(tf))(settings);
}

/** Of equals the finer scale answers, and gets the gradient. */
export function convolveAtScales(tf: Tf, x: Tensor4D, kernel: Tensor4D, scales: readonly number[]): Tensor4D {
  const [, height, width] = x.shape;
  const answers = scales.map((scale) => {
    if (scale === 1) return tf.conv2d(x, kernel, 1, 'same');
    const small = tf.conv2d(tf.avgPool(x, scale, scale, 'same'), kernel, 1, 'same');
    const [, rows, columns, filters] = small.shape;
    const back = tf.image.resizeNearestNeighbor(small, [rows * scale, columns * scale]);
    return tf.slice(back, [0, 0, 0, 0], [-1, height, width, filters]);
  });
  return answers.reduce((strongest, answer) => tf.maximum(strongest, answer));
}

const classes = new WeakMap<Tf, LayerClass>();

/** The layer class, made and registered once, so that a saved model finds it. */
function layerClass(tf: Tf): LayerClass {
  const known = classes.get(tf);
  if (known) return known;

  class MultiScaleConv2D extends tf.layers.Layer {
    static className = 'MultiScaleConv2D';
    readonly settings: MultiScaleSettings;
    kernel: Weight | null = null;
    bias: Weight | null = null;
    constructor(settings: MultiScaleSettings) {
      super(settings.name === undefined ? {} : { name: settings.name });
      this.settings = settings;
    }
    override build(inputShape: (number | null)[]): void {
      const { filters, kernelSize, kernelInitializer } = this.settings;
      const shape = [kernelSize, kernelSize, inputShape.at(-1) ?? 1, filters];
      const initialiser = kernelInitializer ?? tf.initializers.heUniform({});
      this.kernel = this.addWeight('kernel', shape, 'float32', initialiser);
      if (this.settings.useBias !== false)
        this.bias = this.addWeight('bias', [filters], 'float32', tf.initializers.zeros());
      this.built = true;
    }
    override computeOutputShape(shape: (number | null)[]): (number | null)[] {
      return [...shape.slice(0, -1), this.settings.filters];
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const { kernel, bias } = this;
      if (!x || !kernel) throw new Error('a convolution needs an input and its weights');
      return tf.tidy(() => {
        const answer = convolveAtScales(tf, x as Tensor4D, kernel.read() as Tensor4D, this.settings.scales);
        return bias ? tf.add(answer, bias.read()) : answer;
      });
    }
    override getConfig(): serialization.ConfigDict {
      const { filters, kernelSize, scales, useBias = true } = this.settings;
      return { ...super.getConfig(), filters, kernelSize, scales, useBias };
    }
  }
  tf.serialization.registerClass(MultiScaleConv2D as unknown as Parameters<typeof tf.serialization.registerClass>[0]);
  classes.set(tf, MultiScaleConv2D);
  return MultiScaleConv2D;
}
