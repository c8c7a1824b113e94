/*
 * The videos of a slide. They have controls. A video that starts with its slide has to be muted. reveal.js starts
 * those, and stops all videos when the slide is left. A video that may not or cannot be loaded is replaced by a box
 * with its name, like an image.
 */
import { replaceMissing } from './images.js';
import { MISSING } from './sanitise.js';

/** Keys that a focused video uses itself: play, seek, volume. */
const KEYS = [' ', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];

/**
 * @param {HTMLElement} slide
 * @param {(message: string, video: Element) => void} report
 */
export function watchVideos(slide, report) {
  for (const stray of slide.querySelectorAll('source:not(video > source)')) stray.remove();
  for (const video of slide.querySelectorAll('video')) {
    const sources = [video, ...video.querySelectorAll('source')];
    const words = video.getAttribute('aria-label') ?? '';
    const named = sources.find((source) => source.hasAttribute('src'));
    if (!named) {
      const missing = sources.find((source) => source.hasAttribute(MISSING));
      const name = missing?.getAttribute(MISSING);
      replaceMissing(video, words, name ? `Not loaded: ${name}` : 'This video has no `src`');
      continue;
    }
    startQuietly(video, report);
    video.controls = true;
    video.preload = 'metadata';
    // As for images: a video from another host then needs the same CORS header as the talk file.
    video.crossOrigin = 'anonymous';
    const last = sources[sources.length - 1];
    last.addEventListener(
      'error',
      () => replaceMissing(video, words, `Not found: ${named.getAttribute('src')}`),
      { once: true },
    );
    video.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') video.blur();
      if (event.key === 'Escape' || KEYS.includes(event.key)) event.stopPropagation();
    });
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {(message: string, video: Element) => void} report
 */
function startQuietly(video, report) {
  // Copying an element does not copy `muted`.
  video.muted = video.defaultMuted;
  if (!video.hasAttribute('data-autoplay') || video.defaultMuted) return;
  video.removeAttribute('data-autoplay');
  report('this video does not start by itself: add `muted`', video);
}
