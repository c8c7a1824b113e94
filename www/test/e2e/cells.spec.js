/*
 * The cells of a talk: editing, running several, links with edits, looks. Needs a site that was built with Python
 * (make python). What Python itself does is tested in python.spec.js.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { addresses } from '../../playwright.config.js';
import { seriousBarriers } from './axe.js';
import { expect, hasPython, settled, test } from './site.js';
import { openTalk } from './talks.js';

/** @import { Locator, Page } from '@playwright/test' */

test.skip(!hasPython, 'the site was built without Python');

/** @param {string} code */
const cell = (code) => `\`\`\`{.python .run}\n${code}\n\`\`\`\n`;

/** @param {Page} page */
const shownCell = (page) => page.locator('section.present pre.cell');

/** @param {Locator} locator */
const partsOf = (locator) => ({
  run: locator.getByRole('button', { name: 'Run', exact: true }),
  stop: locator.getByRole('button', { name: 'Stop' }),
  edit: locator.getByRole('button', { name: 'Edit' }),
  editor: locator.getByRole('textbox', { name: 'Python code' }),
  text: locator.locator('.cell-output .text'),
  state: locator.locator('.cell-output .state'),
  mark: locator.locator('.mark'),
  /** @param {string} name */
  async choose(name) {
    await locator.getByRole('button', { name: 'More' }).click();
    await locator.getByRole('button', { name }).click();
  },
});

/** Opens the editor. @param {Locator} locator */
async function beginEdit(locator) {
  const { edit, editor } = partsOf(locator);
  await edit.click();
  await expect(editor).toBeFocused();
}

/** Accepts the warning about foreign code. @param {Locator} locator */
async function accept(locator) {
  const { run, state } = partsOf(locator);
  await run.click();
  await expect(state).toContainText('This code comes from');
}

test('the editor is loaded for the first edit, and a listing looks the same in it', async ({
  page,
}) => {
  /** @type {string[]} */
  const files = [];
  page.on('request', (request) => files.push(request.url()));
  const editorFiles = () => files.filter((url) => /\/editor-[^/]*\.js$/.test(url)).length;
  await openTalk(
    page,
    `# A\n\n${cell('def f(x):\n    # note\n\n    return len("a") + 12')}\n# B\n\n${cell('1')}`,
  );
  const { editor } = partsOf(shownCell(page));
  const code = shownCell(page).locator('code');
  /** The place and colour of each token. @param {Locator} locator @param {string} lines */
  const looksOf = (locator, lines) =>
    locator.locator(lines).evaluateAll((elements) =>
      elements.flatMap((line) => {
        const tokens = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        const looks = [];
        while (tokens.nextNode()) {
          const text = /** @type {Text} */ (tokens.currentNode);
          const range = document.createRange();
          for (const word of text.data.matchAll(/[\w"#]+/g)) {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const { x, y } = range.getBoundingClientRect();
            const { color } = getComputedStyle(/** @type {Element} */ (text.parentNode));
            looks.push(`${word[0]} ${color} ${Math.round(x)} ${Math.round(y)}`);
          }
        }
        return looks;
      }),
    );
  await settled(page);
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    const before = await looksOf(code, '.line');
    await beginEdit(shownCell(page));
    expect(await looksOf(editor, '.cm-line')).toEqual(before);
    expect(before.length).toBeGreaterThan(8);
    await editor.press('Escape');
    await expect(editor).toBeHidden();
    expect(editorFiles()).toBe(1);
  }
  // Another talk that nobody edits.
  files.length = 0;
  await page.reload();
  await expect(code).toBeVisible();
  expect(editorFiles()).toBe(0);
});

test('the editor indents, closes brackets, and completes modules, their names and built-in functions', async ({
  page,
}) => {
  await openTalk(page, `# A\n\n${cell('import threading')}\n# B\n\nend`);
  const { editor } = partsOf(shownCell(page));
  const code = shownCell(page).locator('code');
  const options = shownCell(page).getByRole('option');
  await beginEdit(shownCell(page));
  await editor.press('ControlOrMeta+End');
  await page.keyboard.type('\nfor i in range(3):\nprint(i');
  await page.keyboard.press('End');
  await page.keyboard.type('\nt = threading.Th');
  await expect(options.filter({ hasText: /^Thread$/ })).toBeVisible();
  // The editor takes no completion that has just appeared.
  await page.waitForTimeout(200);
  await page.keyboard.press('Tab');
  await page.keyboard.type('(target=pri');
  await expect(options.filter({ hasText: /^print/ })).toBeVisible();
  await page.waitForTimeout(200);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  // Escape closes the completion first.
  await page.keyboard.press('End');
  await page.keyboard.type('\nwh');
  await expect(options.filter({ hasText: /^while$/ }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(options).toHaveCount(0);
  await expect(editor).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(editor).toBeHidden();
  await expect(code).toHaveText(
    'import threading\nfor i in range(3):\n    print(i)\n    t = threading.Thread(target=print)\n    wh\n',
  );
  // The keys are the deck's again.
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('section.present')).toContainText('end');
});

test('a click on the code puts the cursor there, and edits survive turning slides', async ({
  page,
}) => {
  await openTalk(page, `# A\n\n${cell('first = 1\n\nsecond = 2')}\n# B\n\nend`);
  const { editor } = partsOf(shownCell(page));
  const code = shownCell(page).locator('code');
  await settled(page);
  await code
    .locator('.line')
    .nth(2)
    .click({ position: { x: 600, y: 20 } });
  await expect(editor).toBeFocused();
  await page.keyboard.type('0');
  await page.keyboard.press('Escape');
  await expect(code).toHaveText('first = 1\n\nsecond = 20\n');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await expect(code).toHaveText('first = 1\n\nsecond = 20\n');
  // So does the editor's history.
  await beginEdit(shownCell(page));
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('Escape');
  await expect(code).toHaveText('first = 1\n\nsecond = 2\n');
});

test('Shift+Enter runs, and goes on to the next cell and the next slide unless the cell failed', async ({
  page,
}) => {
  await openTalk(page, `# A\n\n${cell('a = 1')}\n${cell('b = a + 1')}\n# B\n\n${cell('b')}`);
  const first = page.locator('pre.cell').nth(0);
  const second = page.locator('pre.cell').nth(1);
  await accept(first);
  await beginEdit(first);
  await page.keyboard.press('Shift+Enter');
  await expect(partsOf(second).editor).toBeFocused();
  await expect(partsOf(first).mark).toHaveText('✓ ran');
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(' / 0');
  await page.keyboard.press('Shift+Enter');
  await expect(partsOf(second).text).toContainText('ZeroDivisionError');
  await expect(second).toBeVisible();
  await beginEdit(second);
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('1');
  await page.keyboard.press('Shift+Enter');
  await expect(shownCell(page)).toHaveCount(1);
  await partsOf(shownCell(page)).run.click();
  await expect(partsOf(shownCell(page)).text).toHaveText('2.0\n');
});

test('all cells above run in their order, up to one that fails; marks say what has run', async ({
  page,
}) => {
  const slides = ['n = 1', 'n += 1; print(n)', 'n'].map((code, i) => `# S${i}\n\n${cell(code)}`);
  await openTalk(page, slides.join('\n'), '#/s2');
  const last = shownCell(page);
  await accept(last);
  await partsOf(last).choose('Run all above');
  await expect(partsOf(last).state).toHaveText('All 2 cells above have run');
  await partsOf(last).run.click();
  await expect(partsOf(last).text).toHaveText('2\n');
  await expect(partsOf(last).mark).toHaveText('✓ ran');

  const second = page.locator('pre.cell').nth(1);
  await page.keyboard.press('ArrowLeft');
  await expect(partsOf(second).text).toHaveText('2\n');
  await beginEdit(second);
  await page.keyboard.type('raise ');
  await expect(partsOf(second).mark).toHaveText('● changed');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await partsOf(last).choose('Run all above');
  await expect(partsOf(last).state).toHaveText('Cell 2 of 2 above failed');
  await expect(partsOf(last).run).toBeVisible();

  // A new interpreter has run nothing.
  await partsOf(last).choose('Restart Python');
  await expect(partsOf(last).mark).toHaveText('');
  await partsOf(last).run.click();
  await expect(partsOf(last).text).toContainText("NameError: name 'n' is not defined");
});

test('Stop ends the cells above', async ({ page }) => {
  await openTalk(page, `# A\n\n${cell('while True: pass')}\n# B\n\n${cell('print("b")')}`, '#/b');
  const last = shownCell(page);
  await accept(last);
  await partsOf(last).choose('Run all above');
  await expect(partsOf(last).state).toHaveText('Running cell 1 of 1 above …');
  await partsOf(last).stop.click();
  await expect(partsOf(last).state).toHaveText('Stopped');
  await partsOf(last).run.click();
  await expect(partsOf(last).text).toHaveText('b\n');
});

test('a talk from elsewhere has cells only where it says so, and none runs by itself', async ({
  page,
}) => {
  await openTalk(page, `# A\n\n\`\`\`python\n1\n\`\`\`\n\n${cell('print("ran")')}`);
  await expect(page.locator('pre.python')).toHaveCount(2);
  await expect(page.locator('pre.cell')).toHaveCount(1);
  await expect(page.locator('.cell-output')).toBeHidden();
});

test('a link carries edits, whose code runs only after a warning', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('index.html');
  const one = page.locator('pre.cell').first();
  const id = await one.evaluate((element) => element.closest('section')?.id);
  await page.evaluate((hash) => void (location.hash = hash), `#/${id}`);
  await beginEdit(one);
  await page.keyboard.type('print("from a link")\n# ');
  await page.keyboard.press('Escape');
  await partsOf(one).choose('Copy link with my edits');
  await expect(partsOf(one).state).toHaveText('The link is in the clipboard');
  const link = await page.evaluate(() => navigator.clipboard.readText());

  await page.goto('about:blank');
  await page.goto(link);
  await expect(one.locator('code').first()).toContainText('print("from a link")');
  await expect(one.getByRole('button', { name: 'Reset' })).toBeVisible();
  await partsOf(one).run.click();
  await expect(partsOf(one).state).toContainText('This code comes from the link that you opened');
  await partsOf(one).run.click();
  await expect(partsOf(one).text).toContainText('from a link');
  await one.getByRole('button', { name: 'Reset' }).click();
  await expect(one.locator('code').first()).not.toContainText('from a link');
});

test('a link that cannot be read says so', async ({ page }) => {
  for (const [edits, words] of [
    ['nonsense!', /cannot be read/],
    ['A'.repeat(8001), /too long: 8001 characters/],
  ]) {
    await page.goto(`index.html?edits=${edits}`);
    await expect(page.getByRole('complementary', { name: 'Edits in the URL' })).toContainText(
      words,
    );
  }
});

test('the download of Python is shown while it lasts', async ({ page }) => {
  await openTalk(page, `# A\n\n${cell('print("here")')}`);
  const { run, text, state } = partsOf(shownCell(page));
  const loaded = shownCell(page).locator('.loaded');
  await accept(shownCell(page));
  /** What the bar showed. */
  await loaded.evaluate((element) => {
    /** @type {string[]} */
    const seen = [];
    Object.assign(window, { seen });
    new MutationObserver(() => seen.push(element.textContent ?? '')).observe(element, {
      childList: true,
    });
  });
  await run.click();
  await expect(text).toHaveText('here\n');
  await expect(loaded).toBeHidden();
  await expect(state).toHaveText('');
  const seen = await page.evaluate(() => /** @type {any} */ (window).seen);
  expect(seen.at(-1)).toMatch(/^ (\d+\.\d) of \1 MB$/);
});

test('the buttons and the editor of a cell have no barriers, and work by the keyboard alone', async ({
  page,
}) => {
  await openTalk(page, `# A\n\n${cell('print("one")')}\n# B\n\nend`);
  const { edit, editor, text, run } = partsOf(shownCell(page));
  await accept(shownCell(page));
  await run.press('Enter');
  await expect(text).toHaveText('one\n');
  await edit.focus();
  await page.keyboard.press('Enter');
  await expect(editor).toBeFocused();
  expect(await seriousBarriers(page)).toEqual([]);
  await page.keyboard.type('x = 1; ');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(text).toHaveText('one\n');
  await page.keyboard.press('Escape');
  const more = shownCell(page).getByRole('button', { name: 'More' });
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(shownCell(page).getByRole('button', { name: 'Run all above' })).toBeVisible();
  expect(await seriousBarriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(shownCell(page).getByRole('button', { name: 'Run all above' })).toBeHidden();
  await expect(more).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('section.present')).toContainText('end');
});

test('without isolation a cell can be edited, and says why it cannot run', async ({ page }) => {
  await page.goto(`${addresses.plain}index.html`);
  const one = page.locator('pre.cell').first();
  const id = await one.evaluate((element) => element.closest('section')?.id);
  await page.evaluate((hash) => void (location.hash = hash), `#/${id}`);
  await beginEdit(one);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(partsOf(one).state).toContainText('not cross-origin isolated');
});

test('the names that the editor proposes are those of Python in the page', async ({ page }) => {
  const file = fileURLToPath(new URL('../../src/cells/module-names.json', import.meta.url));
  /** @type {Record<string, string[]>} */
  const listed = JSON.parse(readFileSync(file, 'utf8'));
  await page.goto('lab.html');
  const found = await page.evaluate(async (modules) => {
    const source = `
import importlib, json
wanted, found = ${JSON.stringify(modules)}, {}
def is_name(module, key):
    try: value = getattr(module, key)
    except (AttributeError, ImportError): return False
    # A module that another one happens to import is none of its names.
    return type(value) is not type(json) or f"{module.__name__}.{key}" in wanted
for name in wanted:
    try: module = importlib.import_module(name)
    except ImportError: module = None
    names = {*vars(module), *getattr(module, "__all__", [])} if module else []
    found[name] = sorted(key for key in names if not key.startswith("_") and is_name(module, key))
print(json.dumps(found))`;
    const { output } = await window.dagdeck.python.run(source);
    return JSON.parse(output);
  }, Object.keys(listed));
  if (process.env.GENERATE === '1') writeFileSync(file, `${JSON.stringify(found)}\n`);
  const invented = Object.entries(listed).flatMap(([module, names]) =>
    names.filter((name) => !found[module].includes(name)).map((name) => `${module}.${name}`),
  );
  // Write the file anew: GENERATE=1 npx playwright test --project=e2e cells.spec -g names
  expect(process.env.GENERATE === '1' ? [] : invented).toEqual([]);
});

test.describe('the console of the lab', () => {
  /** @param {Page} page */
  const consoleOf = (page) => {
    const shown = page.getByRole('region', { name: 'Python console' });
    return {
      shown,
      input: shown.getByRole('textbox', { name: 'Python code' }),
      output: shown.getByRole('log'),
      state: shown.getByRole('status'),
      /** @param {string} name */
      button: (name) => shown.getByRole('button', { name, exact: true }),
    };
  };

  test('runs lines and blocks, and remembers them', async ({ page }) => {
    await page.goto('lab.html');
    const { shown, input, output, button } = consoleOf(page);
    await page.getByRole('button', { name: 'Python console' }).click();
    await expect(input).toBeFocused();
    await page.keyboard.type('n = 20\n');
    await expect(button('Run')).toBeVisible();
    await page.keyboard.type('for i in range(2):\nprint(n + i)\n');
    await expect(output).not.toContainText('21');
    await page.keyboard.type('\n');
    await expect(output).toContainText('...     print(n + i)');
    await expect(output).toContainText('20\n21\n');
    await page.keyboard.type('n / 0\n');
    await expect(output).toContainText('ZeroDivisionError: division by zero');
    expect(await seriousBarriers(page)).toEqual([]);
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowUp');
    // The arrow moves in a block before it leaves it.
    await expect(input).toContainText('print(n + i)');
    await button('Clear').click();
    await expect(output).toBeEmpty();
    await button('Close').click();
    await expect(shown).toBeHidden();
  });

  test('proposes the names that variables have, and stops what runs', async ({ page }) => {
    await page.goto('lab.html');
    const { shown, input, output, state, button } = consoleOf(page);
    await page.getByRole('button', { name: 'Python console' }).click();
    await expect(input).toBeFocused();
    await page.keyboard.type('from collections import Counter; tally = Counter("abca")\n');
    await expect(button('Run')).toBeVisible();
    await expect(state).toHaveText('');
    await page.keyboard.type('tally.most');
    await expect(shown.getByRole('option', { name: 'most_common' })).toBeVisible();
    await page.waitForTimeout(200);
    await page.keyboard.press('Tab');
    await expect(input).toContainText('tally.most_common');
    await page.keyboard.type('(1)\n');
    await expect(output).toContainText("[('a', 2)]");
    await expect(state).toHaveText('');
    await page.keyboard.type('while True: pass\n\n');
    await expect(state).toHaveText('Running …');
    await button('Stop').click();
    await expect(state).toHaveText('Stopped');
  });

  test('runs what is typed meanwhile afterwards, and forgets it on Stop', async ({ page }) => {
    await page.goto('lab.html');
    const { input, output, state, button } = consoleOf(page);
    await page.getByRole('button', { name: 'Python console' }).click();
    await expect(input).toBeFocused();
    await page.keyboard.type('import time; time.sleep(0.5)\nn = 6\nprint(n * 7)\n');
    await expect(output).toContainText('>>> print(n * 7)\n42\n');
    await page.keyboard.type('while True: pass\n\nprint("never")\n');
    await expect(state).toHaveText('Running …');
    await button('Stop').click();
    await expect(state).toHaveText('Stopped');
    await input.click();
    await page.keyboard.type('print("then")\n');
    await expect(output).toContainText('then\n');
    await expect(output).not.toContainText('never');
  });

  test('takes code from the URL and from a file, and waits for Run', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('lab.html');
    const { input, output, state, button } = consoleOf(page);
    await page.getByRole('button', { name: 'Python console' }).click();
    await expect(input).toBeFocused();
    await page.keyboard.type('print("from the URL")');
    await button('Copy link').click();
    await expect(state).toHaveText('The link is in the clipboard');
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.goto('about:blank');
    await page.goto(link);
    await expect(state).toContainText('This code comes from the URL');
    await expect(output).toBeEmpty();
    await button('Run').click();
    await expect(output).toContainText('>>> print("from the URL")\nfrom the URL\n');

    await page.locator('#file').setInputFiles({
      name: 'loop.py',
      mimeType: 'text/x-python',
      buffer: Buffer.from('for i in range(3):\n    print("line", i)\n'),
    });
    await expect(state).toContainText('loop.py');
    await button('Run').click();
    await expect(output).toContainText('line 2');

    await page.goto('lab.html?code=nonsense!');
    await expect(page.getByRole('alert')).toContainText('cannot be read');
  });
});
