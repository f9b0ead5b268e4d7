// Where a film lies on the screen: turn, mirror, zoom and centre, and the way between film and screen.
// Arithmetic only. Film points are in film pixels, (0, 0) the outer corner of the first one; screen points are
// CSS pixels from the top left of the viewer, y down.

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** First mirrored left to right, if at all, then turned clockwise by quarters. */
export interface Orientation {
  mirrored: boolean;
  quarters: 0 | 1 | 2 | 3;
}

export interface View {
  orientation: Orientation;
  /** Film point in the middle of the viewer. */
  center: Point;
  /** CSS pixels a film pixel. */
  scale: number;
}

export const upright: Orientation = { mirrored: false, quarters: 0 };

/** Smallest and largest zoom, in screen pixels a film pixel. */
const LEAST_ZOOM = 0.02;
const MOST_ZOOM = 64;

function quarters(turns: number): Orientation['quarters'] {
  return (((turns % 4) + 4) % 4) as Orientation['quarters'];
}

/** Turned clockwise, as seen on the screen. */
export function turnRight({ mirrored, quarters: now }: Orientation): Orientation {
  return { mirrored, quarters: quarters(now + 1) };
}

export function turnLeft({ mirrored, quarters: now }: Orientation): Orientation {
  return { mirrored, quarters: quarters(now - 1) };
}

/** Left and right of the screen changed; a turn before it goes the other way round. */
export function flipHorizontal({ mirrored, quarters: now }: Orientation): Orientation {
  return { mirrored: !mirrored, quarters: quarters(-now) };
}

export function flipVertical({ mirrored, quarters: now }: Orientation): Orientation {
  return { mirrored: !mirrored, quarters: quarters(2 - now) };
}

/** A direction of the film as it points on the screen. */
export function orient({ mirrored, quarters: turns }: Orientation, { x, y }: Point): Point {
  const from = { x: mirrored ? -x : x, y };
  if (turns === 1) return { x: -from.y, y: from.x };
  if (turns === 2) return { x: -from.x, y: -from.y };
  if (turns === 3) return { x: from.y, y: -from.x };
  return from;
}

/** A direction of the screen as it points on the film. */
export function orientBack({ mirrored, quarters: turns }: Orientation, point: Point): Point {
  const { x, y } = orient({ mirrored: false, quarters: quarters(-turns) }, point);
  return { x: mirrored ? -x : x, y };
}

export function filmToScreen(view: View, viewer: Size, point: Point): Point {
  const turned = orient(view.orientation, { x: point.x - view.center.x, y: point.y - view.center.y });
  return { x: viewer.width / 2 + view.scale * turned.x, y: viewer.height / 2 + view.scale * turned.y };
}

export function screenToFilm(view: View, viewer: Size, point: Point): Point {
  const back = orientBack(view.orientation, {
    x: (point.x - viewer.width / 2) / view.scale,
    y: (point.y - viewer.height / 2) / view.scale,
  });
  return { x: view.center.x + back.x, y: view.center.y + back.y };
}

/** `matrix(a b c d e f)` of the way from film to screen, for what is drawn over the film. */
export function filmMatrix(view: View, viewer: Size): [number, number, number, number, number, number] {
  const across = orient(view.orientation, { x: 1, y: 0 });
  const down = orient(view.orientation, { x: 0, y: 1 });
  const corner = filmToScreen(view, viewer, { x: 0, y: 0 });
  const { scale } = view;
  return [across.x * scale, across.y * scale, down.x * scale, down.y * scale, corner.x, corner.y];
}

/** The whole film, as large as it goes. */
export function fitted(film: Size, viewer: Size, orientation: Orientation): View {
  const lying = orientation.quarters % 2 === 1;
  const width = lying ? film.height : film.width;
  const height = lying ? film.width : film.height;
  const scale = Math.min(viewer.width / width, viewer.height / height);
  return { orientation, center: { x: film.width / 2, y: film.height / 2 }, scale: scale > 0 ? scale : 1 };
}

/**
 * One film pixel to one pixel of the screen, `pixelRatio` of which make a CSS pixel; edges of film pixels lie on
 * edges of screen pixels, so that nothing is blurred.
 */
export function oneToOne(view: View, viewer: Size, pixelRatio: number): View {
  const snap = (half: number, offset: number) => half - Math.round(half - offset);
  const turned = orient(view.orientation, view.center);
  const onEdges = {
    x: snap((viewer.width * pixelRatio) / 2, turned.x),
    y: snap((viewer.height * pixelRatio) / 2, turned.y),
  };
  return { ...view, scale: 1 / pixelRatio, center: orientBack(view.orientation, onEdges) };
}

/** Zoomed by a factor; the film point under `at` stays where it is. */
export function zoomed(view: View, viewer: Size, factor: number, at: Point, pixelRatio: number): View {
  const scale = Math.min(MOST_ZOOM / pixelRatio, Math.max(LEAST_ZOOM / pixelRatio, view.scale * factor));
  const fixed = screenToFilm(view, viewer, at);
  const back = orientBack(view.orientation, {
    x: (at.x - viewer.width / 2) / scale,
    y: (at.y - viewer.height / 2) / scale,
  });
  return { ...view, scale, center: { x: fixed.x - back.x, y: fixed.y - back.y } };
}

/** Moved with the hand by CSS pixels. The middle of the viewer stays on the film, so that it cannot be lost. */
export function panned(view: View, film: Size, by: Point): View {
  const back = orientBack(view.orientation, { x: by.x / view.scale, y: by.y / view.scale });
  const within = (value: number, most: number) => Math.min(most, Math.max(0, value));
  return {
    ...view,
    center: {
      x: within(view.center.x - back.x, film.width),
      y: within(view.center.y - back.y, film.height),
    },
  };
}
