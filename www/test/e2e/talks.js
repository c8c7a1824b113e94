/* Talk files for tests: given to the deck as if they were beside it on its server. */

/** @import { Page } from '@playwright/test' */

/**
 * Opens the deck with a talk.
 *
 * @param {Page} page
 * @param {string} text of the talk file
 * @param {string} [hash]
 */
export async function openTalk(page, text, hash = '') {
  await page.route('**/given/talk.md', (route) =>
    route.fulfill({ body: text, contentType: 'text/markdown' }),
  );
  await page.goto(`index.html?talk=given/talk.md${hash}`);
  await page.locator('.reveal.ready section.present').first().waitFor();
}

/**
 * Drops a file on the page.
 *
 * @param {Page} page
 * @param {string} name
 * @param {string} text
 */
export async function drop(page, name, text) {
  const data = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], fileName));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent('.reveal', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('.reveal', 'drop', { dataTransfer: data });
}
