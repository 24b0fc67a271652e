/**
 * Whether pickles of a folder may be loaded, which runs code. Names: what they may import, `sklearn` with all below it,
 * `numpy.ndarray` as one class.
 */
export type Trust = boolean | readonly string[];
