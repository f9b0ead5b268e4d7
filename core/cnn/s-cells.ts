// The S-cells of a neocognitron as a layer that tfjs can save: how alike a patch is to each pattern, whatever its strength.
// Must not load tfjs; it is handed in.
import type { Tensor, Tensor4D, layers, serialization } from '@tensorflow/tfjs';
import type { Tf } from './engine.ts';

type Layer = layers.Layer;
type Weight = ReturnType<Layer['addWeight']>;

export interface SCellSettings {
  name?: string;
  /** Patterns, each with a plane of cells of its own. */
  patterns: number;
  kernelSize: number;
  /** Likeness (cosine) from which on a cell answers, 0 up to 1; at 1 it answers 1. */
  threshold: number;
}
type LayerClass = new (settings: SCellSettings) => Layer;

/** Keeps a flat patch, of which nothing can be said, from answering. In squares of what the patch holds. */
export const FLAT = 1e-3;

/**
 * [batch, height, width, channels] to [batch, height, width, patterns]: the cosine between the patch around each place
 * ("same" padding) and each pattern, less the threshold and over what is left of it, at least 0. Fukushima 2013, eq. 1 to
 * 5, in the form of its vectors. Patterns are kept with length 1; no gradient moves them.
 */
export function sCells(tf: Tf, settings: SCellSettings): Layer {
  return new (layerClass(tf))(settings);
}

export function likeness(tf: Tf, x: Tensor4D, patterns: Tensor4D, threshold: number): Tensor4D {
  const [height, width, channels] = patterns.shape;
  const ones = tf.ones([height, width, channels, 1]) as Tensor4D;
  const length = tf.sqrt(tf.add(tf.conv2d(tf.square(x), ones, 1, 'same'), FLAT));
  const cosine = tf.div(tf.conv2d(x, patterns, 1, 'same'), length);
  return tf.relu(tf.div(tf.sub(cosine, threshold), 1 - threshold)) as Tensor4D;
}

const classes = new WeakMap<Tf, LayerClass>();

/** The layer class, made and registered once, so that a saved model finds it. */
function layerClass(tf: Tf): LayerClass {
  const known = classes.get(tf);
  if (known) return known;

  class SCells extends tf.layers.Layer {
    static className = 'SCells';
    readonly settings: SCellSettings;
    kernel: Weight | null = null;
    constructor(settings: SCellSettings) {
      super({ trainable: false, ...(settings.name === undefined ? {} : { name: settings.name }) });
      this.settings = settings;
    }
    override build(inputShape: (number | null)[]): void {
      const { patterns, kernelSize } = this.settings;
      const shape = [kernelSize, kernelSize, inputShape.at(-1) ?? 1, patterns];
      this.kernel = this.addWeight('kernel', shape, 'float32', tf.initializers.heUniform({ seed: 1 }));
      this.built = true;
    }
    override computeOutputShape(shape: (number | null)[]): (number | null)[] {
      return [...shape.slice(0, -1), this.settings.patterns];
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const { kernel } = this;
      if (!x || !kernel) throw new Error('S-cells need an input and their patterns');
      return tf.tidy(() => likeness(tf, x as Tensor4D, kernel.read() as Tensor4D, this.settings.threshold));
    }
    override getConfig(): serialization.ConfigDict {
      const { patterns, kernelSize, threshold } = this.settings;
      return { ...super.getConfig(), patterns, kernelSize, threshold };
    }
  }
  tf.serialization.registerClass(SCells as unknown as Parameters<typeof tf.serialization.registerClass>[0]);
  classes.set(tf, SCells);
  return SCells;
}
