/* Deaths of nodes at stages that do not depend on times: what to run in the page, and what it must say. */

/**
 * Kills nodes of a client's cluster at every stage of its work. Runs in the page.
 *
 * @returns {Promise<Record<string, unknown>>} the value of each stage
 */
export async function killAtEveryStage() {
  const { Client } = window.dagdeck.distributed;
  const client = new Client({ nodes: 2 });
  /** @type {Record<string, unknown>} */
  const values = {};
  /** @param {any} future */
  const killItsHolder = async (future) => {
    const [holder] = (await client.who_has(future))[future.key] ?? [];
    if (holder === undefined) throw new Error(`nobody has ${future.key}`);
    client.killNode(holder);
    client.addNode();
  };

  const early = client.submit('inc', 0);
  client.killNode(0);
  client.addNode();
  values['while nodes start'] = await early.result();

  const tasks = client.map('sleep', Array(40).fill(0.01), [...Array(40).keys()]);
  const total = client.submit('sum', ...tasks);
  await tasks[0]?.result();
  await killItsHolder(tasks[0]);
  values['while tasks run'] = await total.result();

  const links = [client.submit('inc', 0)];
  while (links.length < 20) links.push(client.submit('inc', links.at(-1)));
  const last = links.at(-1);
  await links[3]?.result();
  await killItsHolder(links[3]);
  values['in the middle of a chain'] = await last?.result();

  const inputs = client.map('inc', [...Array(20).keys()]);
  await client.gather(inputs);
  await killItsHolder(inputs[0]);
  const sum = client.submit('sum', ...inputs);
  values['before a value is needed'] = await sum.result();

  const late = client.submit('sum', sum, ...inputs);
  await killItsHolder(sum);
  values['while values move'] = await late.result();

  const places = new Set(Object.values(await client.who_has()).flat());
  client.scale(0);
  client.scale(2);
  values['all nodes'] = [places.size > 0, await client.submit('add', late, last).result()];

  values['at the end'] = await client.gather([sum, late]);
  await client.close();
  return values;
}

export const expectedValues = {
  'while nodes start': 1,
  'while tasks run': (40 * 39) / 2,
  'in the middle of a chain': 20,
  'before a value is needed': 210,
  'while values move': 420,
  'all nodes': [true, 440],
  'at the end': [210, 420],
};
