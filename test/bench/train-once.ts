// One training of the bench in a process of its own: how many films a second, how much memory. Prints one JSON line.
// Arguments: preset, engine, size, precision, batches, epochs. Films are noise: speed does not look at them.
import { loadEngine } from '#core/cnn/engine.ts';
import type { Tf } from '#core/cnn/engine.ts';
import { buildNetwork } from '#core/cnn/networks/index.ts';
import { train } from '#core/cnn/train.ts';
import type { TrainingPlan } from '#core/cnn/trainer.ts';
import { runSettings } from '#api/runs.ts';
import { random } from '#core/random.ts';
import { trainingFlops } from './flops.ts';

const [preset, engineName, size, precision, batches, epochs] = process.argv.slice(2);
const settings = runSettings.parse({
  preset,
  engine: engineName,
  size: Number(size),
  precision,
  epochs: Number(epochs),
  classWeights: false,
});
const engine = await loadEngine(settings.engine);
const network = buildNetwork(engine.tf, settings);
const flops = trainingFlops(network);
network.dispose();
/** After each epoch, MB. */
const resident: number[] = [];
const {
  curve,
  model,
  engine: sentence,
} = await train(engine, planOf(Number(batches) * settings.batch), {
  onEpoch: () => resident.push(process.memoryUsage().rss / 2 ** 20),
});
const speeds = curve.slice(1).map(({ imagesPerSecond }) => imagesPerSecond);
model.dispose();
/** Before the matrices, which are no part of a training. */
const peakMb = process.resourceUsage().maxRSS / 1024;
const peakGflops = matrixPeak(engine.tf);
process.stdout.write(
  `${JSON.stringify({
    imagesPerSecond: median(speeds),
    peakMb,
    peakGflops,
    share: (median(speeds) * flops) / (peakGflops * 1e9),
    growthMb: (resident.at(-1) ?? 0) - (resident[9] ?? Number.NaN),
    sentence,
  })}\n`,
);

/** Learning films make full batches; a few more to choose by. */
function planOf(learn: number): TrainingPlan {
  const draw = random(1, 5);
  const films = learn + 8;
  return {
    settings,
    pixels: Uint8Array.from({ length: films * settings.size ** 2 }, () => draw.below(256)),
    labels: Uint8Array.from({ length: films }, (_, film) => film % 2),
    parts: Uint8Array.from({ length: films }, (_, film) => (film < learn ? 0 : 1)),
  };
}

/** Best of a few products of two matrices of 1024 by 1024, in thousand million operations a second. */
function matrixPeak(tf: Tf): number {
  const side = 1024;
  const [a, b] = [tf.randomUniform([side, side]), tf.randomUniform([side, side])];
  const times = Array.from({ length: 12 }, () => {
    const startedAt = performance.now();
    const product = tf.matMul(a, b);
    product.dataSync();
    product.dispose();
    return performance.now() - startedAt;
  });
  tf.dispose([a, b]);
  return (2 * side ** 3) / (Math.min(...times) / 1000) / 1e9;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
