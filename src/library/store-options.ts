/** Where a model store is and what runs its models; everything as the command line would have it unless given. */
export interface StoreOptions {
  /** Folder of the model store. */
  readonly store?: string | undefined;
  /** Folder of all state; the store is in there unless `store` says otherwise. */
  readonly home?: string | undefined;
  /** Folder of the project whose `modelwright.json` counts; default: the nearest at or above the working directory. */
  readonly project?: string | undefined;
  /** Python interpreter, whose packages are used as they are unless `install` is true. */
  readonly python?: string | undefined;
  /** True: an environment is built from the version's packages. Default: true without `python`, else false. */
  readonly install?: boolean | undefined;
  /** Ends the work. */
  readonly signal?: AbortSignal | undefined;
}
