// The pieces networks are put together from: named layers applied to what came before.
// Must not know any network; must not load tfjs, it is handed in.
import type { LayersModel, SymbolicTensor, layers } from '@tensorflow/tfjs';
import { activationLayer } from '../activations.ts';
import type { Tf } from '../engine.ts';
import { random } from '#core/random.ts';
import { mapLayer } from '../marks.ts';
import type { NetworkSettings } from './network.ts';

export type Flow = SymbolicTensor;

/** First weights are uniform after He et al. 2015, which keeps signals alive through many rectified layers. */
export class Parts {
  readonly #tf: Tf;
  readonly #settings: NetworkSettings;
  readonly #seeds: ReturnType<typeof random>;
  readonly input: Flow;

  constructor(tf: Tf, settings: NetworkSettings) {
    this.#tf = tf;
    this.#settings = settings;
    this.#seeds = random(settings.seed, 1);
    this.input = tf.input({ name: 'film', shape: [settings.size, settings.size, 1] });
  }

  initialiser() {
    return this.#tf.initializers.heUniform({ seed: this.#seeds.below(0x7fffffff) });
  }

  /** Same size out as in, divided by the strides and rounded up. No offset where a normalisation follows: it has its own. */
  convolution(name: string, x: Flow, filters: number, kernelSize: number, strides = 1, useBias = true): Flow {
    const kernelInitializer = this.initialiser();
    return this.#then(
      this.#tf.layers.conv2d({ name, filters, kernelSize, strides, padding: 'same', useBias, kernelInitializer }),
      x,
    );
  }

  activation(name: string, x: Flow): Flow {
    return this.#then(activationLayer(this.#tf, this.#settings.activation, this.#settings.slope, name), x);
  }

  /** Averages that follow within a few dozen steps: a training on some hundred films has few. */
  normalisation(name: string, x: Flow): Flow {
    return this.#then(this.#tf.layers.batchNormalization({ name, momentum: 0.9 }), x);
  }

  /** Convolution and activation. */
  convolved(name: string, x: Flow, filters: number, kernelSize: number, strides = 1): Flow {
    return this.activation(`${name}_activation`, this.convolution(name, x, filters, kernelSize, strides));
  }

  /** Convolution and normalisation; the activation is left to the caller. */
  steadied(name: string, x: Flow, filters: number, kernelSize: number, strides = 1): Flow {
    return this.normalisation(`${name}_normalisation`, this.convolution(name, x, filters, kernelSize, strides, false));
  }

  /** Convolution, normalisation and activation. */
  steadyConvolved(name: string, x: Flow, filters: number, kernelSize: number, strides = 1): Flow {
    return this.activation(`${name}_activation`, this.steadied(name, x, filters, kernelSize, strides));
  }

  /** The largest of each window; an odd row or column counts as well. A picture of one pixel stays what it is. */
  maxPooling(name: string, x: Flow, poolSize = 2, strides = 2): Flow {
    if (sideOf(x) === 1) return x;
    return this.#then(this.#tf.layers.maxPooling2d({ name, poolSize, strides, padding: 'same' }), x);
  }

  averagePooling(name: string, x: Flow, poolSize: number, strides: number): Flow {
    return this.#then(this.#tf.layers.averagePooling2d({ name, poolSize, strides, padding: 'same' }), x);
  }

  added(name: string, inputs: Flow[]): Flow {
    return this.#tf.layers.add({ name }).apply(inputs) as Flow;
  }

  joined(name: string, inputs: Flow[]): Flow {
    return this.#tf.layers.concatenate({ name }).apply(inputs) as Flow;
  }

  multiplied(name: string, inputs: Flow[]): Flow {
    return this.#tf.layers.multiply({ name }).apply(inputs) as Flow;
  }

  reshaped(name: string, x: Flow, targetShape: number[]): Flow {
    return this.#then(this.#tf.layers.reshape({ name, targetShape }), x);
  }

  flattened(x: Flow): Flow {
    return this.#then(this.#tf.layers.flatten({ name: 'flatten' }), x);
  }

  /** The largest of each map. */
  globalMaximum(name: string, x: Flow): Flow {
    return this.#then(this.#tf.layers.globalMaxPooling2d({ name }), x);
  }

  /** Logits of a mark in each cell, which boxes teach. At first a mark is rare: 3 of 100 cells. */
  map(x: Flow): Flow {
    const [kernelInitializer, biasInitializer] = [this.initialiser(), this.#tf.initializers.constant({ value: -3.5 })];
    return this.#then(
      this.#tf.layers.conv2d({ name: mapLayer, filters: 1, kernelSize: 1, kernelInitializer, biasInitializer }),
      x,
    );
  }

  globalAverage(name: string, x: Flow): Flow {
    return this.#then(this.#tf.layers.globalAveragePooling2d({ name }), x);
  }

  dense(name: string, x: Flow, units: number): Flow {
    return this.#then(this.#tf.layers.dense({ name, units, kernelInitializer: this.initialiser() }), x);
  }

  /** A dense layer that no gradient moves. */
  fixedDense(name: string, x: Flow, units: number): Flow {
    const kernelInitializer = this.initialiser();
    return this.#then(this.#tf.layers.dense({ name, units, kernelInitializer, trainable: false }), x);
  }

  /** Between 0 and 1, whatever the network's own activation. */
  gate(name: string, x: Flow): Flow {
    return this.#then(this.#tf.layers.activation({ name, activation: 'sigmoid' }), x);
  }

  layer(layer: layers.Layer, x: Flow): Flow {
    return this.#then(layer, x);
  }

  /** One logistic unit over the figures given: the network is whole. */
  answered(name: string, x: Flow): LayersModel {
    const kernelInitializer = this.#tf.initializers.glorotUniform({ seed: this.#seeds.below(0x7fffffff) });
    const logit = this.#then(this.#tf.layers.dense({ name: 'logit', units: 1, kernelInitializer }), x);
    const outputs = this.#then(this.#tf.layers.activation({ name: 'probability', activation: 'sigmoid' }), logit);
    return this.#tf.model({ name, inputs: this.input, outputs });
  }

  #then(layer: layers.Layer, x: Flow): Flow {
    return layer.apply(x) as Flow;
  }
}

export const sideOf = (x: Flow): number => x.shape[1] ?? 1;
