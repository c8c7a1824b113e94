/*
 * Writes test/fixtures/pandoc-slides.json: how pandoc cuts the talks of test/fixtures/talks into slides. The
 * tests compare the deck's own dialect with that file, so that they need no pandoc. To make it anew:
 *
 *     node test/reference/pandoc.mjs        with pandoc 2.17 (Debian 12: apt-get install pandoc)
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { digestOf } from './slides-of-html.js';

const talks = new URL('../fixtures/talks/', import.meta.url);
const [version] =
  /[\d.]+$/m.exec(execFileSync('pandoc', ['--version'], { encoding: 'utf8' })) ?? [];

/** @param {string} file */
function slidesOf(file) {
  const path = fileURLToPath(new URL(file, talks));
  const options = ['--wrap=none', '--no-highlight', '--katex', '--reference-location=section'];
  const html = execFileSync('pandoc', [...options, '-t', 'revealjs', path], { encoding: 'utf8' })
    // Pandoc puts the footnotes of a slide into a section behind it.
    .replace(
      /<\/section>\s*<section class="footnotes[^>]*>\s*<hr \/>([\s\S]*?)<\/section>/g,
      '<div class="footnotes">$1</div></section>',
    )
    .replace(/<a [^>]*class="footnote-back"[\s\S]*?<\/a>/g, '');
  const slides = [];
  let depth = 0;
  for (const [, tag, attributes, content] of html.matchAll(
    /<(section|\/section)\b([^>]*)>((?:(?!<\/?section\b)[\s\S])*)/g,
  )) {
    depth += tag === 'section' ? 1 : -1;
    if (!/class="/.test(attributes)) continue;
    slides.push({
      id: /\bid="([^"]*)"/.exec(attributes)?.[1] ?? null,
      section: /title-slide/.test(attributes),
      stacked: depth > 1,
      ...digestOf(content),
    });
  }
  return slides;
}

const files = readdirSync(talks).filter((name) => name.endsWith('.md'));
const all = {
  pandoc: version,
  talks: Object.fromEntries(files.map((name) => [name, slidesOf(name)])),
};
const target = new URL('../fixtures/pandoc-slides.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(all, null, 1)}\n`);
