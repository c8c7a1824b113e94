/*
 * How an array was made, as the modules below DagArray see it: types only. They take any `Lazy`, so
 * that they need not import the class, which imports them.
 */

/** @import { Data } from './scalar.js' */

/**
 * @template Array
 * @typedef {{ array: Array } | { scalar: Data }} Operand
 */

/**
 * An operation, its operands, its keywords as JSON has them, and those of its keywords that are arrays.
 *
 * @template Array
 * @typedef {{ op: string, args: Operand<Array>[], keywords: Record<string, Data>, named?: Record<string, Array> }} Node
 */

/**
 * Something made by an operation. `operands` are the arrays that it is made from, each once.
 *
 * @typedef {{ node: Node<Lazy>, operands: Lazy[] }} Lazy
 */

export {};
