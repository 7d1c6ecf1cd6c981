// The app's two icons, drawn from shapes: a smart card with a tick. Teams takes PNG alone, 192 and 32 pixels wide.
import { drawPng, type Pixel } from '../../lib/png.js';

const COLOUR_SIDE = 192;
const OUTLINE_SIDE = 32;
const BLUE = [0x1d, 0x35, 0x57] as const;
const WHITE = [0xff, 0xff, 0xff] as const;

type Point = readonly [x: number, y: number];
/** How far a point lies outside of a shape; negative inside. In pixels. */
type Distance = (point: Point) => number;

/** White on the app's blue. */
export function colourIcon(): Buffer {
  const mark = cardWithTick(COLOUR_SIDE);
  return drawPng(COLOUR_SIDE, COLOUR_SIDE, (x, y) => mixed(BLUE, WHITE, coverage(mark, x, y)));
}

/** White on nothing, as Teams asks for the outline. */
export function outlineIcon(): Buffer {
  const mark = cardWithTick(OUTLINE_SIDE);
  return drawPng(OUTLINE_SIDE, OUTLINE_SIDE, (x, y) => [...WHITE, Math.round(255 * coverage(mark, x, y))]);
}

function cardWithTick(side: number): Distance {
  const at = (x: number, y: number): Point => [x * side, y * side];
  const half = Math.max(side * 0.03, 1);
  const outline = ring(box(at(0.5, 0.5), [side * 0.34, side * 0.24], side * 0.06), half);
  const chip = box(at(0.32, 0.43), [side * 0.065, side * 0.05], side * 0.015);
  const tick = [line(at(0.47, 0.53), at(0.56, 0.62)), line(at(0.56, 0.62), at(0.73, 0.42))].map((stroke) => thick(stroke, half));
  return (point) => Math.min(...[outline, chip, ...tick].map((shape) => shape(point)));
}

/** How much of a pixel the shape covers, from 0 to 1. */
function coverage(shape: Distance, x: number, y: number): number {
  return Math.min(Math.max(0.5 - shape([x + 0.5, y + 0.5]), 0), 1);
}

function mixed(under: readonly [number, number, number], over: readonly [number, number, number], share: number): Pixel {
  const channel = (at: 0 | 1 | 2): number => Math.round(under[at] + (over[at] - under[at]) * share);
  return [channel(0), channel(1), channel(2), 255];
}

function box([cx, cy]: Point, [halfWidth, halfHeight]: Point, radius: number): Distance {
  return ([x, y]) => {
    const [dx, dy] = [Math.abs(x - cx) - halfWidth + radius, Math.abs(y - cy) - halfHeight + radius];
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
}

function line([ax, ay]: Point, [bx, by]: Point): Distance {
  const [dx, dy] = [bx - ax, by - ay];
  return ([x, y]) => {
    const along = Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0), 1);
    return Math.hypot(x - ax - along * dx, y - ay - along * dy);
  };
}

function ring(shape: Distance, half: number): Distance {
  return (point) => Math.abs(shape(point)) - half;
}

function thick(shape: Distance, half: number): Distance {
  return (point) => shape(point) - half;
}
