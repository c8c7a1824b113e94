/*
 * Which view of a cluster is shown: they share one box, and buttons above it choose.
 */

/** @type {{ name: string, title: string }[]} */
const choices = [
  { name: 'nodes', title: 'Nodes' },
  { name: 'transfers', title: 'Transfers' },
  { name: 'log', title: 'Log' },
  { name: 'progress', title: 'Progress' },
];

/** So that the buttons of two demos do not exclude each other. */
let made = 0;

/**
 * @param {HTMLElement} views gets the name of the chosen view as `data-chosen`
 * @param {() => void} onChange
 * @returns {HTMLElement}
 */
export function createViewChoice(views, onChange) {
  const group = document.createElement('div');
  group.className = 'view-choice options';
  group.setAttribute('role', 'radiogroup');
  group.setAttribute('aria-label', 'View of the cluster');
  const name = `view-choice-${made++}`;
  for (const [place, { name: value, title }] of choices.entries()) {
    const label = document.createElement('label');
    const input = document.createElement('input');
    input.type = 'radio';
    input.name = name;
    input.value = value;
    input.checked = place === 0;
    input.addEventListener('change', () => {
      views.dataset.chosen = value;
      onChange();
    });
    const text = document.createElement('span');
    text.textContent = title;
    label.append(input, text);
    group.append(label);
  }
  views.dataset.chosen = choices[0].name;
  return group;
}
