/*
 * The types of what arrays and `dagdeck.array` can do, with a line on each. It holds no behaviour: the
 * functions are made from operations.js. The type checker refuses a method of that list that has no
 * type here. `DagArray` is a type parameter, because the module of that class imports this one.
 */

/** @import { OPERATIONS } from './operations.js' */
/** @import { Scalar } from './scalar.js' */

/**
 * @typedef {'float64' | 'float32' | 'int64' | 'int32' | 'uint8' | 'bool' | 'f8' | 'f4' | 'i8' | 'i4' | 'u1' | '?'} DType
 *
 * @typedef {number | number[]} Shape
 *
 * The lengths of blocks: one for all axes, or by axis; -1 is the whole axis, 'auto' as Dask chooses.
 *
 * @typedef {number | 'auto' | (number | 'auto' | number[])[]} Chunks
 *
 * What slices an axis: an integer; `[start, stop, step]`, null or absent as far as it goes; a typed array
 * of indices; null for a new axis; '...' for all axes that are not named; an array of bool, as a mask.
 *
 * @typedef {{ chunks?: Chunks, dtype?: DType }} CreationOptions
 * @typedef {{ axis?: number | number[] | null, keepdims?: boolean, split_every?: number }} ReductionOptions
 * @typedef {ReductionOptions & { dtype?: DType }} SumOptions
 * @typedef {SumOptions & { ddof?: number }} VarOptions
 */

/**
 * @template DagArray
 * @typedef {number | (number | null)[] | Int32Array | Uint32Array | Uint16Array | Uint8Array | null | '...' | DagArray} Index
 */

/**
 * @template DagArray
 * @typedef {DagArray | Scalar} Operand
 */

/**
 * `prepend` and `append` are what comes before and after along the axis; a number stands for an axis of length 1.
 *
 * @template DagArray
 * @typedef {{ n?: number, axis?: number, prepend?: Operand<DagArray>, append?: Operand<DagArray> }} DiffOptions
 */

/**
 * NumPy's functions of each element.
 *
 * @template DagArray
 * @typedef {{ [Name in typeof OPERATIONS.unary[number]]: () => DagArray }} UnaryMethods
 */

/**
 * NumPy's functions of two elements, with broadcasting.
 *
 * @template DagArray
 * @typedef {{ [Name in typeof OPERATIONS.binary[number]]: (y: Operand<DagArray>) => DagArray }} BinaryMethods
 */

/**
 * @template DagArray
 * @typedef {Object} OtherMethods
 * @property {(options?: SumOptions) => DagArray} sum
 * @property {(options?: SumOptions) => DagArray} prod
 * @property {(options?: SumOptions) => DagArray} mean
 * @property {(options?: VarOptions) => DagArray} std the standard deviation; it divides by the count less `ddof`
 * @property {(options?: VarOptions) => DagArray} var the variance
 * @property {(options?: ReductionOptions) => DagArray} min
 * @property {(options?: ReductionOptions) => DagArray} max
 * @property {(options?: ReductionOptions) => DagArray} any
 * @property {(options?: ReductionOptions) => DagArray} all
 * @property {(options?: SumOptions) => DagArray} nansum the sum of what is not NaN
 * @property {(options?: SumOptions) => DagArray} nanmean the mean of what is not NaN
 * @property {(options?: ReductionOptions) => DagArray} argmin where the least is, along one axis or in C order
 * @property {(options?: ReductionOptions) => DagArray} argmax where the greatest is
 * @property {(min: Operand<DagArray>, max: Operand<DagArray>) => DagArray} clip no less than `min`, no more than `max`
 * @property {(dtype: DType) => DagArray} astype
 * @property {(options: { axis: number | null, dtype?: DType }) => DagArray} cumsum running sums along an axis
 * @property {(options?: DiffOptions<DagArray>) => DagArray} diff each element less the one before, `n` times
 * @property {(axis?: number | number[] | null) => DagArray} flip in reverse order along some axes, or all
 * @property {(k: number, options?: { axis?: number }) => DagArray} topk the k greatest, sorted; the least, if k is
 *   negative
 * @property {(q: number | number[]) => DagArray} percentile of an array with one axis
 * @property {(axes?: number[]) => DagArray} transpose axis i of the result is axis `axes[i]`; without, all reversed
 * @property {(shape: Shape) => DagArray} reshape -1 stands for the length that is left
 * @property {() => DagArray} ravel one axis, in C order
 * @property {(chunks: Chunks) => DagArray} rechunk
 * @property {(y: Operand<DagArray>) => DagArray} dot
 * @property {(y: Operand<DagArray>) => DagArray} matmul
 * @property {(y: DagArray, options?: { axes?: number | [number | number[], number | number[]] }) => DagArray} tensordot
 */

/**
 * @template DagArray
 * @typedef {UnaryMethods<DagArray> & BinaryMethods<DagArray> &
 *   Pick<OtherMethods<DagArray>, keyof typeof OPERATIONS.methods>} Methods
 */

/**
 * A method as a function: `da.mean(x, { axis: 0 })`.
 *
 * @template DagArray
 * @typedef {{
 *   [Name in keyof Methods<DagArray>]: (x: DagArray, ...rest: Parameters<Methods<DagArray>[Name]>) => DagArray
 * }} Functions
 */

export {};
