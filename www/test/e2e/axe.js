/* What axe finds on a page, as far as it is serious. */
import AxeBuilder from '@axe-core/playwright';

/**
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<string[]>} each with the elements that have it
 */
export async function seriousBarriers(page) {
  // Legacy mode leaves out other sites' frames, of which there are none. It takes half the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map((found) => `${found.id}: ${found.nodes.map(({ target }) => target).join(' ')}`);
}
