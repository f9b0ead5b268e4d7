// The viewer: which film is on screen and how, and everything that can be done to its view. State of one viewer.
// Must not touch the film's file or know what a label is; knows Cornerstone only as a stage.
import type { PixelDescription } from '#api/images.ts';
import { FilmStore, FilmTrouble, fetchFilm } from './films.ts';
import type { Film } from './films.ts';
import type * as StageCode from './stage.ts';
import type { Rendering, Stage } from './stage.ts';
import {
  filmMatrix,
  filmToScreen,
  fitted,
  flipHorizontal,
  flipVertical,
  oneToOne,
  panned,
  screenToFilm,
  turnLeft,
  turnRight,
  upright,
  zoomed,
} from './view.ts';
import type { Orientation, Point, Size, View } from './view.ts';
import { brightness, darkens, dragWindow, nameOf, openingWindow, presetWindow, rampOf } from './window.ts';
import type { GreyWindow, Preset, Ramp } from './window.ts';

/** Films kept for going back and forth: about twenty of 7 megapixels and 16 bits. */
const KEEP_BYTES = 320_000_000;

export type ViewerState = 'empty' | 'loading' | 'shown' | 'failed';

const nowhere: View = { orientation: upright, center: { x: 0, y: 0 }, scale: 1 };

export class Viewer {
  #store: FilmStore;
  #wanted: 'auto' | 'cpu';
  #stage: Stage | null = null;
  #stageCode: typeof StageCode | null = null;
  #element: HTMLDivElement | null = null;
  #graphicsLost = false;
  #order = 0;
  #state = $state<ViewerState>('empty');
  #url = $state<string | null>(null);
  #film = $state.raw<Film | null>(null);
  #trouble = $state.raw<FilmTrouble | null>(null);
  #size = $state.raw<Size>({ width: 0, height: 0 });
  #view = $state.raw<View>(nowhere);
  #fits = $state(true);
  #window = $state.raw<GreyWindow>({ center: 128, width: 256 });
  #inverted = $state(false);
  #ramped: { of: unknown[]; ramp: Ramp } = { of: [], ramp: { lower: 0, upper: 1, inverted: false } };
  #rendering = $state<Rendering | null>(null);

  /** `rendering`: 'auto' takes WebGL where there is one. */
  constructor(rendering: 'auto' | 'cpu' = 'auto') {
    this.#wanted = rendering;
    this.#store = new FilmStore(fetchFilm, KEEP_BYTES, (url) => this.#stage?.forget(url));
  }

  get state(): ViewerState {
    return this.#state;
  }

  /** Address of the film asked for; it is on screen once `state` is 'shown'. */
  get url(): string | null {
    return this.#url;
  }

  /** How the film on screen is to be read; null while there is none. */
  get description(): PixelDescription | null {
    return this.#film?.description ?? null;
  }

  get trouble(): FilmTrouble | null {
    return this.#trouble;
  }

  get view(): View {
    return this.#view;
  }

  get size(): Size {
    return this.#size;
  }

  get window(): GreyWindow {
    return this.#window;
  }

  /** Screen pixels a film pixel; 1 is 1:1. */
  get zoom(): number {
    return this.#view.scale * devicePixelRatio;
  }

  get orientation(): Orientation {
    return this.#view.orientation;
  }

  /** Left and right changed: a marker on the film reads backwards. */
  get flipped(): boolean {
    return this.#view.orientation.mirrored;
  }

  /** Turned round by the user; a MONOCHROME1 film shown right is not. */
  get inverted(): boolean {
    return this.#inverted;
  }

  /** The whole film is shown, as large as it goes. */
  get fits(): boolean {
    return this.#fits;
  }

  get rendering(): Rendering | null {
    return this.#rendering;
  }

  /** Way from film to screen, for what is drawn over the film. */
  get matrix(): ReturnType<typeof filmMatrix> {
    return filmMatrix(this.#view, this.#size);
  }

  toScreen(film: Point): Point {
    return filmToScreen(this.#view, this.#size, film);
  }

  toFilm(screen: Point): Point {
    return screenToFilm(this.#view, this.#size, screen);
  }

  /** How bright the film shows at a place of the viewer, 0 to 1; null beside the film. */
  brightnessAt(screen: Point): number | null {
    const film = this.#film;
    if (!film) return null;
    const { width, height } = film.description;
    const { x, y } = this.toFilm(screen);
    if (x < 0 || y < 0 || x >= width || y >= height) return null;
    return brightness(film.values[Math.floor(y) * width + Math.floor(x)] ?? 0, this.#ramp(film));
  }

  /** Begins to draw on an element; returns how to stop. */
  attach(element: HTMLDivElement): () => void {
    this.#element = element;
    const observer = new ResizeObserver(() => this.#resized());
    observer.observe(element);
    this.#size = { width: element.clientWidth, height: element.clientHeight };
    let attached = true;
    void import('./stage.ts').then((code) => {
      if (!attached) return;
      this.#stageCode = code;
      this.#showAgain();
    });
    return () => {
      attached = false;
      observer.disconnect();
      this.#stage?.destroy();
      this.#stage = this.#stageCode = this.#element = null;
    };
  }

  /** Another way to render; the film on screen is drawn anew. */
  render(rendering: 'auto' | 'cpu'): void {
    if (rendering === this.#wanted) return;
    this.#wanted = rendering;
    this.#showAgain();
  }

  /** Puts a film on screen, fitted and with its own window. The film before it is gone at once. */
  async open(url: string | null): Promise<void> {
    const order = ++this.#order;
    if (url === null) return this.#empty();
    this.#url = url;
    this.#trouble = null;
    const here = this.#store.take(url);
    if (!here) {
      this.#film = null;
      this.#state = 'loading';
    }
    try {
      const film = here ?? (await this.#store.load(url));
      if (order !== this.#order) return;
      this.#film = film;
      this.#opening(film.description);
      await this.#show();
    } catch (error) {
      if (order === this.#order) this.#failed(error);
    }
  }

  /** Fetches films that are probably next. */
  prefetch(urls: string[]): void {
    const prepare = (film: Film) => this.#stage?.prepare(film, fitted(film.description, this.#size, upright));
    void this.#store.prefetch(urls, prepare);
  }

  #setWindow(window: GreyWindow): void {
    this.#window = window;
    this.#draw();
  }

  /** Sets a preset; false where this film has none. */
  preset(preset: Preset): boolean {
    const film = this.description;
    const window = film && presetWindow(preset, film, this.#window);
    if (!window) return false;
    this.#setWindow(window);
    return true;
  }

  hasPreset(preset: Preset): boolean {
    return this.description !== null && presetWindow(preset, this.description, this.#window) !== null;
  }

  /** Which window of the file is shown, in the file's words; null where it is none of them. */
  get windowName(): string | null {
    return this.description && nameOf(this.#window, this.description);
  }

  /** The window as dragging from `start` by CSS pixels leaves it. */
  dragWindow(start: GreyWindow, by: Point): void {
    const film = this.description;
    if (!film) return;
    this.#setWindow(dragWindow(start, by, film, darkens(film, this.#inverted)));
  }

  invert(): void {
    this.#inverted = !this.#inverted;
    this.#draw();
  }

  rotateRight(): void {
    this.#turn(turnRight(this.orientation));
  }

  rotateLeft(): void {
    this.#turn(turnLeft(this.orientation));
  }

  flipHorizontal(): void {
    this.#turn(flipHorizontal(this.orientation));
  }

  flipVertical(): void {
    this.#turn(flipVertical(this.orientation));
  }

  /** `at`: the place that stays, in CSS pixels of the viewer; its middle where none is given. */
  zoomBy(factor: number, at: Point = { x: this.#size.width / 2, y: this.#size.height / 2 }): void {
    this.#look(zoomed(this.#view, this.#size, factor, at, devicePixelRatio));
  }

  panBy(by: Point): void {
    if (this.description) this.#look(panned(this.#view, this.description, by));
  }

  fit(): void {
    if (!this.description) return;
    this.#look(fitted(this.description, this.#size, this.orientation), true);
  }

  oneToOne(): void {
    if (this.description) this.#look(oneToOne(this.#view, this.#size, devicePixelRatio));
  }

  /** As the film was opened: fitted, upright, its own window. */
  reset(): void {
    if (!this.description) return;
    this.#opening(this.description);
    this.#draw();
  }

  #empty(): void {
    this.#url = this.#film = this.#trouble = null;
    this.#state = 'empty';
  }

  #opening(film: PixelDescription): void {
    this.#window = openingWindow(film);
    this.#inverted = false;
    this.#fits = true;
    this.#view = fitted(film, this.#size, upright);
  }

  #turn(orientation: Orientation): void {
    this.#view = { ...this.#view, orientation };
    if (this.#fits) this.fit();
    else this.#draw();
  }

  #look(view: View, fits = false): void {
    this.#view = view;
    this.#fits = fits;
    this.#draw();
  }

  #resized(): void {
    const element = this.#element;
    if (!element || element.clientWidth === 0 || element.clientHeight === 0) return;
    this.#size = { width: element.clientWidth, height: element.clientHeight };
    this.#stage?.resize();
    if (this.#fits) this.fit();
    else this.#draw();
  }

  async #show(): Promise<void> {
    const film = this.#film;
    const stage = film && this.#stageFor(film);
    if (!film || !stage) return;
    await stage.draw(film, this.#view, this.#ramp(film));
    if (film === this.#film && stage === this.#stage) this.#state = 'shown';
  }

  #draw(): void {
    if (this.#state === 'shown') this.#showAgain();
  }

  /** Made once for each window of a film: drawing and the words over the film ask for it again and again. */
  #ramp(film: Film): Ramp {
    const { of } = this.#ramped;
    if (of[0] !== film || of[1] !== this.#window || of[2] !== this.#inverted) {
      const ramp = rampOf(this.#window, film.description, this.#inverted, film.table);
      this.#ramped = { of: [film, this.#window, this.#inverted], ramp };
    }
    return this.#ramped.ramp;
  }

  /** The stage to draw a film on; another one where it must be drawn another way. */
  #stageFor(film: Film): Stage | null {
    const code = this.#stageCode;
    if (!code || !this.#element) return null;
    const largest = code.largestTexture() ?? 0;
    const { width, height } = film.description;
    const card = this.#wanted === 'auto' && !this.#graphicsLost && Math.max(width, height) <= largest;
    const rendering: Rendering = card ? 'webgl' : 'cpu';
    if (this.#stage?.rendering !== rendering) {
      this.#stage?.destroy();
      this.#stage = code.createStage(this.#element, rendering, () => this.#withoutGraphics());
      this.#rendering = rendering;
    }
    return this.#stage;
  }

  /** The graphics card let go (a driver update, sleep): the processor draws from here on. */
  #withoutGraphics(): void {
    this.#graphicsLost = true;
    this.#showAgain();
  }

  #showAgain(): void {
    this.#show().catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    this.#film = null;
    this.#trouble = error instanceof FilmTrouble ? error : notDrawn();
    this.#state = 'failed';
  }
}

function notDrawn(): FilmTrouble {
  return new FilmTrouble(
    'FILM_NOT_DRAWN',
    'The film arrived but could not be drawn. The file itself is untouched.',
    'Open it again; if that does not help, set Settings, Rendering to the processor.',
  );
}
