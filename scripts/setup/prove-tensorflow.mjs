// Loads tfjs-node's native library and multiplies two matrices: a library that loads may still compute nonsense.
// A process of its own, since a library that does not fit may end it. Prints the library's version.
import { createRequire } from 'node:module';
import util from 'node:util';

// Two functions that tfjs-node 4.22 calls and Node 23 removed.
const old = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (util));
old.isNullOrUndefined ??= (/** @type {unknown} */ value) => value === null || value === undefined;
old.isArray ??= Array.isArray;
process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';

/** @type {typeof import('@tensorflow/tfjs')} */
const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node');
const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]));
const values = product.dataSync().join();
if (values !== '19,22,43,50') throw new Error(`two matrices multiplied gave ${values}`);
const { binding } = /** @type {{ binding: { TF_Version: string } }} */ (/** @type {unknown} */ (tf.backend()));
console.log(`TensorFlow ${binding.TF_Version}`);
