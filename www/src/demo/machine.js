/*
 * The state of a demo, which changes by the table of transitions.js and in no other way.
 */
import { transitions } from './transitions.js';

/** @import { DemoEvent, Effect, State } from './transitions.js' */

/** @typedef {Record<Effect, (data: any, from: State) => unknown>} Effects */

/**
 * @typedef {Object} Surroundings
 * @property {Effects} effects what is done, by name
 * @property {() => State} back the state that `back` stands for
 * @property {(from: State, event: DemoEvent, to: State) => void} onTransition called after each effect
 */

export class Machine {
  /** @type {State} */
  state = 'idle';
  #surroundings;

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.#surroundings = surroundings;
  }

  /** Whether an event means something in this state. @param {DemoEvent} event */
  can(event) {
    return event in transitions[this.state];
  }

  /**
   * Goes to the next state, if the event means something in this one.
   *
   * @param {DemoEvent} event
   * @param {any} [data] of the event, for the effect
   * @returns {any} what the effect returns
   */
  send(event, data) {
    const from = this.state;
    const transition = transitions[from][event];
    if (!transition) return undefined;
    const { effects, back, onTransition } = this.#surroundings;
    const [next, effect] = transition;
    this.state = next === 'back' ? back() : next;
    const to = this.state;
    const returned = effect && effects[effect](data, from);
    onTransition(from, event, to);
    return returned;
  }
}
