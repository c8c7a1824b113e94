/*
 * What a view is: a few functions that look at a frame. The kernel (kernel.js) owns everything else: the
 * canvas, when to draw, gestures, keys, the tooltip and what is read aloud. README.md says how to add one.
 */

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./figures.js').Beside} Beside */
/** @typedef {import('./surface.js').Viewport} Viewport */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./view-state.js').TimeWindow} TimeWindow */

/**
 * What drawing functions draw with: the part of a canvas context that an SVG can show too (svg-painter.js).
 *
 * @typedef {Pick<CanvasRenderingContext2D,
 *   'fillStyle' | 'strokeStyle' | 'lineWidth' | 'globalAlpha' | 'font' | 'textAlign' | 'textBaseline' |
 *   'beginPath' | 'closePath' | 'moveTo' | 'lineTo' | 'bezierCurveTo' | 'arc' | 'roundRect' | 'setLineDash' |
 *   'fill' | 'stroke' | 'fillRect' | 'strokeRect' | 'fillText' | 'measureText'>} Painter
 */

/** What linked views look at. @typedef {{ models: RunModel[], beside: Beside, theme: Theme }} Shown */

/**
 * Something in a view that can be pointed at. A view adds fields of its own.
 *
 * @typedef {object} Hit
 * @property {number} task -1 when it is no task
 * @property {number | null} timeMs the time that is pointed at, in views that have a time axis
 */

/**
 * What a view looks at. The kernel keeps one for each mounted view and renews it; a view does not change it.
 *
 * @template [Memo=any]
 * @template {Hit} [At=any]
 * @typedef {object} Frame
 * @property {RunModel[]} models the runs that are shown; none before there is a graph
 * @property {TimeWindow | null} window the part of the run that is shown; null shows all of it
 * @property {number} selection the selected task, -1 for none
 * @property {number} hover the task that is pointed at in any of the linked views, -1 for none
 * @property {number | null} cursorMs the time that is pointed at in any of the linked views
 * @property {At | null} at what is pointed at in this view
 * @property {Beside} beside what the page knows besides the run
 * @property {Theme} theme
 * @property {Viewport} viewport
 * @property {Change} changed the most that has changed since the last draw
 * @property {boolean} vector whether the painter makes a drawing that can be scaled, instead of pixels
 * @property {Memo} memo what the view keeps from one draw to the next
 */

/**
 * `all`: everything must be drawn again. `marks`: what is pointed at or selected has changed. `run`: the run has
 * gone on. `rest`: nothing has changed, but the last draw did not finish.
 *
 * @typedef {'all' | 'marks' | 'run' | 'rest'} Change
 */

/** @typedef {'left' | 'right' | 'up' | 'down' | 'first' | 'last'} Step */

/** @typedef {{ x: number, y: number }} Point CSS pixels in the view */

/**
 * How a view zooms. Each function returns whether it changed anything.
 *
 * @template [Memo=any]
 * @typedef {object} Zoom
 * @property {(factor: number, about: Point, frame: Frame<Memo>, show: ShowWindow) => boolean} by
 * @property {(dx: number, dy: number, frame: Frame<Memo>, show: ShowWindow) => boolean} pan by CSS pixels
 * @property {(frame: Frame<Memo>, show: ShowWindow) => boolean} reset shows everything
 * @property {(frame: Frame<Memo>) => boolean} zoomed
 */

/** Shows a part of the run in all linked views. @typedef {(window: TimeWindow | null) => void} ShowWindow */

/**
 * @template [Memo=any]
 * @template {Hit} [At=any]
 * @typedef {object} ViewDefinition
 * @property {string} name its CSS class
 * @property {string} title its heading; empty for none
 * @property {'canvas' | 'bitmap' | 'element'} [surface] what it draws on. `canvas`: a canvas as large as its box, and
 *   SVG on request; the painter is a `Painter`. `bitmap`: a canvas whose size in pixels is the view's own business.
 *   `element`: an element, which it fills with text. `canvas` by default.
 * @property {boolean} [clock] whether it also changes with the clock of the run, not only with its events
 * @property {() => Memo} [memo] what it keeps from one draw to the next; made when it is mounted
 * @property {(frame: Frame<Memo, At>, sameGraph: boolean) => void} [open] the models have changed
 * @property {(painter: any, frame: Frame<Memo, At>) => boolean | void} draw returns true when there is more to
 *   draw in the next frame
 * @property {(point: Point, frame: Frame<Memo, At>) => At | null} [hit] what is at a point
 * @property {(frame: Frame<Memo, At>, at: At | null) => string[]} words the view in words; with `at`, the lines of its
 *   tooltip, of which the first is the heading
 * @property {(step: Step, from: At | null, frame: Frame<Memo, At>, show: ShowWindow) => At | null} [step] the next thing
 *   for the arrow keys; without it the view cannot be focused
 * @property {(at: At, frame: Frame<Memo, At>) => Point} [place] where in the view something is
 * @property {string} [keys] what the arrow keys do, in a few words
 * @property {Zoom<Memo>} [zoom]
 * @property {(px: number, frame: Frame<Memo, At>) => boolean} [scroll] scrolls its content; false at its end
 */

/**
 * @template Memo
 * @template {Hit} At
 * @param {ViewDefinition<Memo, At>} definition
 * @returns {ViewDefinition<Memo, At>}
 */
export function defineView(definition) {
  return definition;
}
