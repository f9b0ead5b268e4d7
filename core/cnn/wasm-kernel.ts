// An operation of our own on the wasm backend of tfjs, in place of the backend's or where it has none.
// Must not load tfjs; it is handed in.
import type { KernelConfig } from '@tensorflow/tfjs';
import type { Tf } from './engine.ts';

/** `kernel` gets what tfjs hands a kernel: inputs by name, attributes, and the backend. */
export function registerWasmKernel<Inputs, Attributes, Backend>(
  tf: Tf,
  kernelName: string,
  kernel: (inputs: Inputs, attributes: Attributes, backend: Backend) => unknown,
): void {
  if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ((args: { inputs: Inputs; attrs: Attributes; backend: Backend }) =>
      kernel(args.inputs, args.attrs, args.backend)) as unknown as KernelConfig['kernelFunc'],
  });
}
