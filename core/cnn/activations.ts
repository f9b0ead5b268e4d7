// The activation functions of the paper (Table 1 and ReLU) as layers that tfjs can save.
// Must not load tfjs; it is handed in.
import type { Tensor, layers, serialization } from '@tensorflow/tfjs';
import type { Activation } from '#api/runs.ts';
import type { Tf } from './engine.ts';

type Layer = layers.Layer;
type SlopedKind = Exclude<Activation, 'relu'>;
type SlopedClass = new (settings: SlopedSettings) => Layer;

interface SlopedSettings {
  name?: string;
  kind: SlopedKind;
  slope: number;
}

/**
 * One activation layer. Where tfjs and Keras have the function under a name of their own (ReLU, and the logistic and
 * hyperbolic tangent with slope 1) that one is used, so that a saved model opens there too.
 */
export function activationLayer(tf: Tf, kind: Activation, slope: number, name: string): Layer {
  if (kind === 'relu') return tf.layers.activation({ activation: 'relu', name });
  if (kind === 'logistic' && slope === 1) return tf.layers.activation({ activation: 'sigmoid', name });
  if (kind === 'tanh' && slope === 1) return tf.layers.activation({ activation: 'tanh', name });
  return new (slopedClass(tf))({ name, kind, slope });
}

/** 1 / (1 + exp(-a x)), tanh(x / a), or the unit step of x; shape as given. */
export function sloped(tf: Tf, kind: SlopedKind, slope: number, x: Tensor): Tensor {
  if (kind === 'logistic') return tf.sigmoid(tf.mul(x, slope));
  if (kind === 'tanh') return tf.tanh(tf.div(x, slope));
  return unitStep(tf, x);
}

/**
 * 1 where x > 0, else 0. Its gradient is zero wherever there is one, so nothing could be learned through it: backwards
 * it passes for the identity between -1 and 1 (straight-through estimator: Bengio, Léonard and Courville 2013; with the
 * clipping of Hubara et al. 2016, without which units drift where no gradient reaches them).
 */
function unitStep(tf: Tf, x: Tensor): Tensor {
  const step = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    save([input]);
    return {
      value: tf.step(input),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [given] = saved;
        if (!given) throw new Error('the input of the unit step was not kept');
        return tf.mul(dy, tf.cast(tf.lessEqual(tf.abs(given), 1), 'float32'));
      },
    };
  });
  return step(x);
}

const classes = new WeakMap<Tf, SlopedClass>();

/** The layer class, made and registered once, so that a saved model finds it. */
function slopedClass(tf: Tf): SlopedClass {
  const known = classes.get(tf);
  if (known) return known;

  class SlopedActivation extends tf.layers.Layer {
    static className = 'SlopedActivation';
    readonly kind: SlopedKind;
    readonly slope: number;
    constructor(settings: SlopedSettings) {
      super(settings.name === undefined ? {} : { name: settings.name });
      this.kind = settings.kind;
      this.slope = settings.slope;
    }
    override computeOutputShape(shape: (number | null)[]): (number | null)[] {
      return shape;
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!x) throw new Error('an activation needs an input');
      return tf.tidy(() => sloped(tf, this.kind, this.slope, x));
    }
    override getConfig(): serialization.ConfigDict {
      return { ...super.getConfig(), kind: this.kind, slope: this.slope };
    }
  }
  tf.serialization.registerClass(SlopedActivation as unknown as Parameters<typeof tf.serialization.registerClass>[0]);
  classes.set(tf, SlopedActivation);
  return SlopedActivation;
}
