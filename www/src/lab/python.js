/*
 * The lab's button that writes the graph of the program as a Python file.
 */
import { api } from '../page/api.js';
import { download } from './download.js';

/** @import { DagDemo } from '../demo/dag-demo.js' */
/** @import { Params, ProgramSchema } from '../engine/protocol.js' */

/**
 * @param {{ demo: () => DagDemo | null, say: (text: string | null) => void }} lab
 */
export function connectPython({ demo, say }) {
  const button = /** @type {HTMLButtonElement} */ (document.querySelector('#python'));
  /** @type {ProgramSchema[]} */
  let programs = [];
  /** The program that is shown, if it runs a task graph. */
  const shown = () => {
    const name = demo()?.recorded ? null : demo()?.getAttribute('program');
    return programs.find((program) => program.name === name && program.runs === 'graph');
  };

  button.addEventListener('click', async () => {
    const program = shown();
    const settings = demo()?.settings;
    if (!program || !settings) return;
    say(null);
    const params = Object.fromEntries(
      program.parameters.flatMap(({ name }) => (name in settings ? [[name, settings[name]]] : [])),
    );
    try {
      const text = await api.python(program.name, /** @type {Params} */ (params), {
        seed: Number(settings.seed),
      });
      download(`${program.name}.py`, new Blob([text], { type: 'text/x-python' }));
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  });

  return {
    /** @param {ProgramSchema[]} known */
    open(known) {
      programs = known;
    },
    /** Enables the button if there is a graph to write. */
    refresh() {
      button.disabled = !shown();
    },
  };
}
