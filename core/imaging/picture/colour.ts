// How colourful a picture is: radiographs are grey, photographs are not.
// Must not decide what counts as an X-ray.

/** Samples along the longer side: enough for a mean and a spread. */
const SAMPLES = 256;

/**
 * Colourfulness of Hasler and Suesstrunk (Measuring colourfulness in natural images, SPIE 2003, eq. 10) of RGB bytes, on a grid
 * of points: 0 for grey; their viewers called 15 slightly, 33 moderately, 59 quite and 109 extremely colourful.
 */
export function colourfulness(rgb: Uint8Array, width: number, height: number): number {
  const step = Math.max(1, Math.floor(Math.max(width, height) / SAMPLES));
  const redGreen = new Moments();
  const yellowBlue = new Moments();
  for (let y = step >> 1; y < height; y += step) {
    for (let x = step >> 1; x < width; x += step) {
      const at = 3 * (y * width + x);
      const red = rgb[at] ?? 0;
      const green = rgb[at + 1] ?? 0;
      const blue = rgb[at + 2] ?? 0;
      redGreen.add(red - green);
      yellowBlue.add((red + green) / 2 - blue);
    }
  }
  const spread = Math.sqrt(redGreen.variance + yellowBlue.variance);
  return spread + 0.3 * Math.hypot(redGreen.mean, yellowBlue.mean);
}

class Moments {
  #count = 0;
  #sum = 0;
  #squares = 0;
  add(value: number): void {
    this.#count++;
    this.#sum += value;
    this.#squares += value * value;
  }
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }
  get variance(): number {
    return this.#count === 0 ? 0 : Math.max(0, this.#squares / this.#count - this.mean ** 2);
  }
}
